/** TrueTime (§3): the time as an interval that contains the true time, whatever the clock reads. */
import type { IntervalLook } from '../../protocol/look.ts';
import type { Micros, Node, NodeId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { OptionFor } from '../../protocol/values.ts';

/** What the time masters said last. The machine keeps it when a process on it crashes. */
export interface Polled {
  /** The machine's clock at that time. */
  at: Micros;
  /** How far the clock is behind the masters. */
  correction: Micros;
  /** The uncertainty right after the poll. */
  epsilon: Micros;
}

/** Offsets from the machine's clock between which a master's answer places the true time. */
export interface MasterAnswer {
  readonly master: NodeId;
  readonly lowest: Micros;
  readonly highest: Micros;
}

export interface Clocked {
  polled: Polled;
  /** The poll that is under way: when it began, by the machine's clock, and the answers so far. */
  poll: { askedAt: Micros; answers: MasterAnswer[] };
}

export interface ClockOptions {
  driftBound: number;
  pollInterval: Micros;
  pollEpsilon: Micros;
}

export const clockOptions: { [Name in keyof ClockOptions]: OptionFor<ClockOptions[Name]> } = {
  driftBound: {
    kind: 'number',
    default: 200,
    min: 0,
    max: 100_000,
    doc: 'How much the clock may drift, in parts per million: ε grows by that between polls (§3).',
  },
  pollInterval: {
    kind: 'duration',
    default: seconds(30),
    min: milliseconds(1),
    doc: 'How often the machine polls the time masters (§3). Without any, ε only grows.',
  },
  pollEpsilon: {
    kind: 'duration',
    default: milliseconds(1),
    min: 10,
    doc: 'The least ε after a poll, and ε at the start of the run: a clock must be that right.',
  },
};

/** The time as TT.now() returns it: the true time is in it, both ends included. */
export interface Interval {
  readonly earliest: Micros;
  readonly latest: Micros;
}

type ClockedNode = Pick<Node, 'now'> & {
  readonly state: Clocked;
  readonly options: Readonly<ClockOptions>;
};

export function firstClock(options: Readonly<ClockOptions>): Clocked {
  return {
    polled: { at: 0, correction: 0, epsilon: options.pollEpsilon },
    poll: { askedAt: 0, answers: [] },
  };
}

/** TT.now() (table 1). */
export function now(node: ClockedNode): Interval {
  const time = node.now() + node.state.polled.correction;
  const uncertainty = epsilon(node);
  return { earliest: time - uncertainty, latest: time + uncertainty };
}

/** ε: half of the interval's width. A saw-tooth that grows from poll to poll (§3). */
export function epsilon(node: ClockedNode): Micros {
  const { at, epsilon: atPoll } = node.state.polled;
  const elapsed = Math.max(0, node.now() - at);
  return atPoll + Math.ceil(elapsed * growth(node.options.driftBound));
}

/** The elapsed time is itself measured by a clock that may be too slow by the bound. */
function growth(driftBound: number): number {
  const rate = driftBound / 1_000_000;
  return rate / (1 - rate);
}

/** TT.now() as panels draw it: they know what the machine's clock shows at any moment. */
export function intervalLook(
  { polled }: Clocked,
  { driftBound }: Pick<ClockOptions, 'driftBound'>,
): IntervalLook {
  const { at, correction, epsilon: uncertainty } = polled;
  return { name: 'TT.now()', correction, uncertainty, at, growth: growth(driftBound) };
}

/** TT.after(t): t has definitely passed. */
export function after(node: ClockedNode, time: Micros): boolean {
  return now(node).earliest > time;
}

/** TT.before(t): t has definitely not arrived. */
export function before(node: ClockedNode, time: Micros): boolean {
  return now(node).latest < time;
}

/** How long to set a timer until TT.after(t) can be true: while it runs, ε may grow. */
export function untilAfter(node: ClockedNode, time: Micros): Micros {
  return stretched(node, time + 1 - now(node).earliest);
}

/** How long to set a timer until TT.before(t) can be false. */
export function untilNotBefore(node: ClockedNode, time: Micros): Micros {
  return Math.max(0, time - now(node).latest);
}

function stretched(node: ClockedNode, duration: Micros): Micros {
  return Math.max(1, Math.ceil(duration * (1 + (2 * node.options.driftBound) / 1_000_000)));
}

// Polls. Each machine asks all masters, and rejects those that disagree with a majority.

export interface PollTypes {
  state: Clocked;
  receives: { MasterTime: { askedAt: Micros; time: Micros } };
  sends: { AskTime: { askedAt: Micros } };
  timers: { poll: void };
  events: ClockEvents;
  options: ClockOptions;
}

export interface ClockEvents {
  TimePolled: { epsilon: Micros; correction: Micros };
}

export const clockEvents: Record<keyof ClockEvents, string> = {
  TimePolled: 'A machine set its clock by the time masters: ε is small again (§3).',
};

type Poller = Node<PollTypes>;

/** When a process boots, the time service of its machine is running already. */
export function startPolling(node: Poller): void {
  if (node.nodes('timeMaster').length > 0) node.setTimer('poll', node.options.pollInterval);
}

export function poll(node: Poller): void {
  const { state, options } = node;
  state.poll = { askedAt: node.now(), answers: [] };
  for (const master of node.nodes('timeMaster')) {
    node.send(master, { type: 'AskTime', askedAt: state.poll.askedAt });
  }
  node.setTimer('poll', options.pollInterval);
}

/** The master read its clock after the question left and before its answer arrived. */
export function hearMaster(
  node: Poller,
  { askedAt, time }: { readonly askedAt: Micros; readonly time: Micros },
  master: NodeId,
): void {
  const { poll: { askedAt: current, answers } } = node.state;
  if (askedAt !== current || answers.some((one) => one.master === master)) return;
  const roundTrip = Math.max(0, node.now() - askedAt);
  const lowest = time - node.now();
  answers.push({ master, lowest, highest: lowest + roundTrip });
  const agreed = agreement(answers, Math.floor(node.nodes('timeMaster').length / 2) + 1);
  if (agreed === undefined) return;
  const correction = Math.round((agreed.lowest + agreed.highest) / 2);
  const half = Math.ceil((agreed.highest - agreed.lowest) / 2) + 2;
  const atPoll = Math.max(node.options.pollEpsilon, half);
  node.state.polled = { at: askedAt, correction, epsilon: atPoll };
  node.event('TimePolled', { epsilon: atPoll, correction });
}

/**
 * Marzullo's algorithm: the offsets on which the most masters agree. Undefined if these are fewer
 * than `needed`: then some of the masters that answered are wrong, and it is not known which.
 */
function agreement(
  answers: readonly MasterAnswer[],
  needed: number,
): { lowest: Micros; highest: Micros } | undefined {
  let best: { lowest: Micros; highest: Micros } | undefined;
  let most = needed - 1;
  for (const { lowest } of answers) {
    const agreeing = answers.filter((one) => one.lowest <= lowest && lowest <= one.highest);
    if (agreeing.length <= most) continue;
    most = agreeing.length;
    best = { lowest, highest: Math.min(...agreeing.map(({ highest }) => highest)) };
  }
  return best;
}
