/** The adapter inside another program, as in a web worker: without a process or a disk. */
import { readFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import { type AdapterOptions, LockstepDebugSession } from '../../src/dap/session.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import { scenarios, within } from './client.ts';

const program = `${scenarios}/write.scenario.yaml`;

class Host {
  readonly session: LockstepDebugSession;
  readonly messages: DebugProtocol.ProtocolMessage[] = [];
  private wake: () => void = () => undefined;
  private seq = 0;

  constructor(options: Partial<AdapterOptions> = {}) {
    this.session = new LockstepDebugSession({
      readFile: (file) => readFile(file, 'utf8'),
      ...options,
    });
    this.session.onDidSendMessage((message) => {
      this.messages.push(message as DebugProtocol.ProtocolMessage);
      this.wake();
    });
  }

  /** The first message that fits, now or later. */
  async received<Found>(find: (message: DebugProtocol.ProtocolMessage) => Found | undefined) {
    const come = async () => {
      for (;;) {
        for (const message of this.messages) {
          const found = find(message);
          if (found !== undefined) return found;
        }
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    };
    return within(come(), 'a message');
  }

  async ask(command: string, args: object = {}) {
    const seq = ++this.seq;
    const request: DebugProtocol.Request = { seq, type: 'request', command, arguments: args };
    this.session.handleMessage(request);
    const answer = await this.received((message) => {
      const response = message as DebugProtocol.Response;
      return response.type === 'response' && response.request_seq === seq ? response : undefined;
    });
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

  views(): ViewEvent[] {
    return this.messages
      .filter((message) => (message as DebugProtocol.Event).event === 'lockstep/view')
      .map((message) => (message as DebugProtocol.Event).body as ViewEvent);
  }

  async launch(args: object = {}): Promise<void> {
    await this.ask('initialize', { adapterID: 'lockstep' });
    await this.ask('launch', { program, ...args });
    await this.event('initialized');
    await this.ask('configurationDone');
    await this.event('stopped');
  }
}

describe('inside another program', () => {
  test('sources are served if there is no disk', async () => {
    const host = new Host();
    await host.launch({ breakOn: ['TermChanged'] });
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    const { source, line } = stackFrames[0] as DebugProtocol.StackFrame;
    expect(source!.sourceReference).toBeGreaterThan(0);
    const { content } = await host.ask('source', {
      source,
      sourceReference: source!.sourceReference,
    });
    expect((content as string).split('\n')[line - 1]).toContain("node.event('TermChanged'");
    const set = await host.ask('setBreakpoints', { source, breakpoints: [{ line }] });
    expect(set.breakpoints[0]).toMatchObject({ verified: true, line });
    const { sources } = await host.ask('loadedSources');
    expect(sources.map(({ name }: DebugProtocol.Source) => name)).toContain('raft.ts');
  });

  test('frames can be restarted', async () => {
    const host = new Host();
    await host.launch({ breakOn: ['LeaderElected'] });
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    const frames = stackFrames as DebugProtocol.StackFrame[];
    const sender = frames.find(({ name }) => name.startsWith('RequestVote '))!;
    await host.ask('restartFrame', { frameId: sender.id });
    await host.event('stopped', 3);
    const again = await host.ask('stackTrace', { threadId: 1 });
    expect(again.stackFrames[0].name).toBe(sender.name);
    expect(again.stackFrames[0].line).toBeLessThan(sender.line);
  });

  test('panels are sent each stop once they are ready, and nothing before', async () => {
    const host = new Host();
    await host.launch();
    await host.ask('next', { threadId: 1 });
    await host.event('stopped', 2);
    expect(host.views()).toEqual([]);
    await host.ask('lockstep/panel', { type: 'ready' });
    await host.event('lockstep/view');
    expect(host.views()).toMatchObject([{ type: 'stopped', view: { moment: { step: 1 } } }]);
    await host.ask('next', { threadId: 1 });
    await host.event('lockstep/view', 2);
    await host.ask('lockstep/panel', { type: 'goto', step: 1 });
    await host.event('lockstep/view', 3);
    expect(host.views()[2]).toMatchObject({ type: 'stopped', view: { moment: { step: 1 } } });
    await host.ask('lockstep/panel', { type: 'take', action: 'crash n1' });
    await host.event('lockstep/view', 4);
    const last = host.views()[3];
    expect(last).toMatchObject({ view: { moment: { branch: 'branch 1', action: 'crash n1' } } });
  });

  test('a scenario that is known beforehand names the filters at once', async () => {
    const host = new Host({ scenario: program });
    const { exceptionBreakpointFilters } = await host.ask('initialize', { adapterID: 'lockstep' });
    const filters = exceptionBreakpointFilters as DebugProtocol.ExceptionBreakpointsFilter[];
    const filter = filters.find(({ label }) => label === 'TermChanged');
    expect(filter).toMatchObject({ filter: 'event:TermChanged', supportsCondition: true });
    expect(filter!.description).toContain('term');
  });

  test('paths may be URIs', async () => {
    const host = new Host({ protocolRoot: '/opt/lockstep/protocols' });
    await host.ask('initialize', { adapterID: 'x', pathFormat: 'uri' });
    await host.ask('launch', { program: `file://${program}`, breakOn: ['TermChanged'] });
    await host.event('initialized');
    const source = { path: `file://${program}` };
    const set = await host.ask('setBreakpoints', { source, breakpoints: [{ line: 12 }] });
    expect(set.breakpoints[0]).toMatchObject({ verified: true, line: 12 });
    await host.ask('configurationDone');
    await host.event('stopped');
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    expect(stackFrames[0].source.path).toBe('file:///opt/lockstep/protocols/raft/raft.ts');
    expect(stackFrames.at(-1).source.path).toBe(`file://${program}`);
  });
});
