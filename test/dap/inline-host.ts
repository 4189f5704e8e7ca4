/** A program that holds the debug adapter inside, as a web worker does, for tests. */
import { readFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { AdapterOptions } from '../../src/dap/options.ts';
import { LockstepDebugSession } from '../../src/dap/session.ts';
import { scenarios, within } from './client.ts';

export class Host {
  readonly session: LockstepDebugSession;
  readonly messages: DebugProtocol.ProtocolMessage[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly listeners: ((message: DebugProtocol.ProtocolMessage) => void)[] = [];
  private seq = 0;

  constructor(options: Partial<AdapterOptions> = {}) {
    this.session = new LockstepDebugSession({
      readFile: (file) => readFile(file, 'utf8'),
      ...options,
    });
    this.session.onDidSendMessage((message) => {
      this.messages.push(message as DebugProtocol.ProtocolMessage);
      for (const listener of this.listeners) listener(message as DebugProtocol.ProtocolMessage);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** Calls `listener` with each message to come. The adapter itself has a single listener. */
  listen(listener: (message: DebugProtocol.ProtocolMessage) => void): void {
    this.listeners.push(listener);
  }

  /** The first message for which `find` returns something, among those received and those to come. */
  async received<Found>(find: (message: DebugProtocol.ProtocolMessage) => Found | undefined) {
    const search = async () => {
      for (;;) {
        for (const message of this.messages) {
          const found = find(message);
          if (found !== undefined) return found;
        }
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
    };
    return within(search(), 'a message');
  }

  /** The response to a request, granted or refused. */
  async send(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const seq = ++this.seq;
    const request: DebugProtocol.Request = { seq, type: 'request', command, arguments: args };
    this.session.handleMessage(request);
    return this.received((message) => {
      const response = message as DebugProtocol.Response;
      return response.type === 'response' && response.request_seq === seq ? response : undefined;
    });
  }

  /** The body of the response to a request that must succeed. */
  async ask(command: string, args: object = {}) {
    const answer = await this.send(command, args);
    if (!answer.success) throw new Error(answer.message);
    return answer.body;
  }

  event(name: string, count = 1) {
    let left = count;
    return this.received((message) => {
      const { type, event, body } = message as DebugProtocol.Event;
      if (message === this.messages[0]) left = count;
      return type === 'event' && event === name && --left === 0 ? { body } : undefined;
    });
  }

  async launch(args: object = {}): Promise<void> {
    await this.ask('initialize', { adapterID: 'lockstep' });
    await this.ask('launch', { program: `${scenarios}/write.scenario.yaml`, ...args });
    await this.event('initialized');
    await this.ask('configurationDone');
    await this.event('stopped');
  }
}
