/** Benches of the debug adapter in a long run: next, step back, goto, continue and the panels. */
import { draw } from '../../src/kernel/keyed-draw.ts';
import { LockstepDebugSession } from '../../src/dap/session.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import { type PanelName, panelNames } from '../../src/view/panels.ts';
import type { Bodies } from '../dap/client.ts';
import { type Bench, type Figures, percentiles } from './bench.ts';

interface Message {
  type: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

interface Expected {
  accepts(message: Message): boolean;
  resolve(message: Message): void;
}

type Stopped = Extract<ViewEvent, { type: 'stopped' }>;

/** An adapter in this process. Messages pass through JSON, as they would over a pipe. */
export class Conversation {
  private readonly session: LockstepDebugSession;
  private readonly expected: Expected[] = [];
  private sequence = 0;

  constructor(scenario: string) {
    this.session = new LockstepDebugSession({ readFile: () => Promise.resolve(scenario) });
    this.session.onDidSendMessage((message) =>
      this.receive(JSON.parse(JSON.stringify(message)) as Message),
    );
  }

  async ask<Command extends keyof Bodies & string>(
    command: Command,
    args: object = {},
  ): Promise<Bodies[Command]> {
    const seq = ++this.sequence;
    const answer = this.expect(
      ({ type, request_seq }) => type === 'response' && request_seq === seq,
    );
    this.session.handleMessage({ seq, type: 'request', command, arguments: args } as never);
    const response = await answer;
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body as Bodies[Command];
  }

  async event<Body = unknown>(name: string): Promise<Body> {
    const found = await this.expect(({ type, event }) => type === 'event' && event === name);
    return found.body as Body;
  }

  /** Sends a request and waits for the stop that it leads to. */
  async move(command: string, args: object = { threadId: 1 }): Promise<void> {
    const stop = this.event('stopped');
    await this.ask(command, args);
    await stop;
  }

  async launch(breakOn: readonly object[], panels: boolean): Promise<void> {
    await this.ask('initialize', { adapterID: 'lockstep', linesStartAt1: true });
    const ready = this.event('initialized');
    await this.ask('launch', {
      program: '/bench.scenario.yaml',
      stopOnEntry: true,
      breakOn,
      panels,
    });
    await ready;
    await this.move('configurationDone');
  }

  /** Opens a panel; resolves with the event that holds its view. */
  async openPanel(panel: PanelName): Promise<Stopped> {
    await this.ask('lockstep/panel', { type: 'ready', panel });
    for (;;) {
      const event = await this.stopped();
      if (event.views[panel]) return event;
    }
  }

  /** The next stop that is announced to panels. A slow machine announces that it runs, too. */
  async stopped(): Promise<Stopped> {
    for (;;) {
      const event = await this.event<ViewEvent>('lockstep/view');
      if (event.type === 'stopped') return event;
    }
  }

  /** Sends what an editor requests at each stop. */
  async inspect(): Promise<void> {
    await this.ask('threads');
    const { stackFrames } = await this.ask('stackTrace', {
      threadId: 1,
      startFrame: 0,
      levels: 20,
    });
    const { scopes } = await this.ask('scopes', { frameId: stackFrames[0].id });
    for (const { variablesReference, expensive } of scopes) {
      if (!expensive) await this.ask('variables', { variablesReference });
    }
  }

  private expect(accepts: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => this.expected.push({ accepts, resolve }));
  }

  private receive(message: Message): void {
    const at = this.expected.findIndex(({ accepts }) => accepts(message));
    if (at >= 0) this.expected.splice(at, 1)[0].resolve(message);
  }
}

/** A scenario with at least this many events: five Raft nodes make about 160 per virtual second. */
export function longScenario(events: number): string {
  return `
title: A long run
protocol: raft
nodes:
  n1..n5: replica
  client: client
network: { latency: 10ms..15ms }
options: { electionTimeout: 100ms..200ms, heartbeatInterval: 50ms }
seed: 7
steps:
  - client put x 1
  - wait ${Math.ceil(events / 150)}s
`;
}

/** A conversation that has stopped after `events` actions, or a little later. */
export async function stoppedAt(events: number, panels = false): Promise<Conversation> {
  const conversation = new Conversation(longScenario(events * 1.2));
  await conversation.launch([], panels);
  // Just under half of all actions deliver an AppendEntries.
  const hitCondition = `== ${Math.floor(events * 0.45)}`;
  const breakpoints = [{ name: 'AppendEntries', hitCondition }];
  await conversation.ask('setFunctionBreakpoints', { breakpoints });
  await conversation.move('continue');
  await conversation.ask('setFunctionBreakpoints', { breakpoints: [] });
  return conversation;
}

async function timedMoves(
  conversation: Conversation,
  count: number,
  move: (i: number) => Promise<unknown>,
) {
  const durations: number[] = [];
  for (let i = 1; i <= count; i++) {
    const began = performance.now();
    await move(i);
    durations.push(performance.now() - began);
    await conversation.inspect();
  }
  return durations;
}

const dapStep: Bench = {
  name: 'dap-step',
  parameters: { nodes: 5, events: 100_000 },
  about: 'one `next` with threads, stack, scopes and variables, after 100,000 events',
  async run() {
    const conversation = await stoppedAt(100_000);
    const durations: number[] = [];
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      await conversation.move('next');
      await conversation.inspect();
      durations.push(performance.now() - began);
    }
    return percentiles(durations.slice(20));
  },
};

const dapBack: Bench = {
  name: 'dap-step-back',
  parameters: { nodes: 5, events: 100_000 },
  about: 'one `stepBack`, 300 times in a row, from 100,000 events',
  async run() {
    const conversation = await stoppedAt(100_000);
    return percentiles(await timedMoves(conversation, 300, () => conversation.move('stepBack')));
  },
};

const dapGoto: Bench = {
  name: 'dap-goto',
  parameters: { nodes: 5, events: 100_000 },
  about: 'goto to 100 random steps of 100,000',
  async run() {
    const conversation = await stoppedAt(100_000);
    const randomStep = (i: number) => Math.floor((draw(2, i) / 0x1_0000_0000) * 100_000);
    const goto = (i: number) =>
      conversation.move('lockstep/panel', { type: 'goto', step: randomStep(i) });
    return percentiles(await timedMoves(conversation, 100, goto));
  },
};

const continuing: Bench = {
  name: 'dap-continue',
  parameters: { nodes: 5, breakpoints: 5 },
  about: 'continue to the end with 5 conditional event breakpoints and all invariants',
  async run(): Promise<Figures> {
    const conversation = new Conversation(longScenario(400_000));
    const names = [
      'VoteGranted',
      'LeaderElected',
      'EntryCommitted',
      'EntryApplied',
      'EntryAppended',
    ];
    const breakOn = names.map((event) => ({ event, condition: 'event.term > 1000000' }));
    await conversation.launch(breakOn, false);
    const began = performance.now();
    await conversation.move('continue');
    const wallSeconds = (performance.now() - began) / 1000;
    const events = (await conversation.openPanel('cluster')).moment.step;
    return { events, eventsPerSecond: Math.round(events / wallSeconds) };
  },
};

/** Only open panels are computed, so what a stop costs depends on which are open. */
const viewBench = (name: string, open: readonly PanelName[]): Bench => ({
  name,
  parameters: { nodes: 5, events: 100_000, panels: open.length },
  about: `from \`next\` until the moment and the views of ${open.length} open panels arrive`,
  async run() {
    const conversation = await stoppedAt(100_000, true);
    for (const panel of open) await conversation.openPanel(panel);
    const durations: number[] = [];
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      const view = conversation.stopped();
      await conversation.ask('next', { threadId: 1 });
      await view;
      durations.push(performance.now() - began);
    }
    return percentiles(durations.slice(20));
  },
});

export const adapterBenches: readonly Bench[] = [
  dapStep,
  dapBack,
  dapGoto,
  continuing,
  viewBench('panel-view', panelNames),
  viewBench('panel-view-cluster', ['cluster']),
  viewBench('panel-view-none', []),
];
