/** A conversation with the adapter in this process: every message that it sends, in order. */
import { readFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { LockstepDebugSession } from '../../../src/dap/session.ts';

export type Message = DebugProtocol.Response | DebugProtocol.Event;

export const isResponse = (message: Message): message is DebugProtocol.Response =>
  message.type === 'response';

export class Conversation {
  readonly session: LockstepDebugSession;
  readonly messages: Message[] = [];
  private seq = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly onMessage: (message: Message) => void = () => undefined) {
    this.session = new LockstepDebugSession({ readFile: (file) => readFile(file, 'utf8') });
    this.session.onDidSendMessage((message) => {
      // As a client gets it: over a wire, without what JSON leaves out.
      const sent = JSON.parse(JSON.stringify(message)) as Message;
      this.messages.push(sent);
      this.onMessage(sent);
      const { waiting } = this;
      this.waiting = [];
      for (const wake of waiting) wake();
    });
  }

  /** Sends a request, and returns its number. */
  send(command: string, args?: unknown): number {
    const seq = ++this.seq;
    const request: DebugProtocol.Request = { seq, type: 'request', command };
    if (args !== undefined) request.arguments = args;
    this.session.handleMessage(request);
    return seq;
  }

  response(seq: number): DebugProtocol.Response | undefined {
    for (let at = this.messages.length - 1; at >= 0; at--) {
      const message = this.messages[at];
      if (isResponse(message) && message.request_seq === seq) return message;
    }
    return undefined;
  }

  /** Waits until `found` returns something, or until the time is over. */
  async until<Found>(
    found: () => Found | undefined,
    waitMs: number,
  ): Promise<Found | undefined> {
    const end = Date.now() + waitMs;
    for (;;) {
      const one = found();
      if (one !== undefined) return one;
      const left = end - Date.now();
      if (left <= 0) return undefined;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, left))),
      ]);
      clearTimeout(timer);
    }
  }

  /** A request that must succeed; throws the adapter's message otherwise. */
  async ask<Body = Record<string, never>>(command: string, args: object = {}): Promise<Body> {
    const seq = this.send(command, args);
    const response = await this.until(() => this.response(seq), 30_000);
    if (!response) throw new Error(`${command} was not answered`);
    if (!response.success) throw new Error(`${command} was refused: ${response.message}`);
    return response.body as Body;
  }
}

/** Lets everything that is due run: promises and immediates, several times over. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
