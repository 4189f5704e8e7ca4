/** Everything that may happen next in a world, within a budget of faults. */
import type { Action } from '../kernel/action.ts';
import { whyImpossible } from '../kernel/impossible.ts';
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { NodeId } from '../protocol/types.ts';
import { isOver, runEnd, scenarioAction } from '../scenario/due.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Fault, type FaultBudget, noFaults } from './budgets.ts';
import { type CandidateKind, Candidates } from './candidates.ts';
import type { TimeMode } from './verdict.ts';

/** What an exploration chooses from. */
export interface Setting {
  /** Sees the world after each step, and its effects. */
  readonly watch?: (world: World, effects: Effects) => void;
  readonly time: TimeMode;
  /** The budget at the start; what is left of it is part of each state. */
  readonly faults: FaultBudget;
  /** Whose steps are taken, if the world was started with its monitor. */
  readonly scenario?: Scenario;
  /**
   * Operations that are invoked in this order, each at any time. They stand for the steps of a
   * world that follows no scenario. Untimed only.
   */
  readonly operations?: readonly Extract<Action, { type: 'invoke' }>[];
  /** The nodes that faults happen to; all, if absent. */
  readonly faulty?: readonly NodeId[];
  /** Runs a few outcomes' worth of workspace code within a limit of time, which throws. */
  readonly inTime?: <Result>(act: () => Result) => Result;
  /**
   * Whether a delivery that changes nothing leaves its message in flight, as in Stateright. Node
   * states are the same, and there are fewer states; but a run may never end.
   */
  readonly skipsIdle?: boolean;
}

/** One thing that may happen next. */
export interface Choice {
  /** `step` takes them one after the other. All but deliveries of messages that stay are one. */
  readonly actions: readonly Action[];
  /** The fault that it takes from the budget. */
  readonly fault?: Fault;
}

/** Messages stay in flight when they are delivered, if any number of duplicates is allowed. */
export function keepsMessages({ faults }: Setting): boolean {
  return faults.duplicates === Infinity;
}

/** In a fixed order: the scenario, messages, timers, what was postponed, faults. */
export function choicesAt(world: World, left: FaultBudget, setting: Setting): Choice[] {
  const { scenario, time } = setting;
  if (scenario !== undefined && isOver(scenario, world)) return [];
  const pending = time === 'timed' ? timedChoices(world, setting) : untimedChoices(world, setting);
  return [...pending, ...faultChoices(world, left, setting)];
}

// What happens by itself

/** Reused by all calls: none of them keeps it. */
const lists = {
  timed: new Candidates({ time: 'timed', lateTimers: true, keepsMessages: false }),
  untimed: new Candidates({ time: 'untimed', lateTimers: true, keepsMessages: false }),
  keeping: {
    timed: new Candidates({ time: 'timed', lateTimers: true, keepsMessages: true }),
    untimed: new Candidates({ time: 'untimed', lateTimers: true, keepsMessages: true }),
  },
};

function candidatesOf(world: World, setting: Setting, due?: Action, end?: number): Candidates {
  const candidates = (keepsMessages(setting) ? lists.keeping : lists)[setting.time];
  candidates.gather(world, due, end);
  return candidates;
}

/** Nothing that comes after the end of the scenario's run. */
function timedChoices(world: World, setting: Setting): Choice[] {
  const { due, end } = ofScenario(world, setting);
  return chosen(world, candidatesOf(world, setting, due, end));
}

/** Timed: the scenario's next action, if it comes before the end of the run; and that end. */
function ofScenario(world: World, { scenario }: Setting): { due?: Action; end: number } {
  if (scenario === undefined) return { end: Infinity };
  const end = runEnd(scenario, world);
  const due = scenarioAction(scenario, world, true);
  return due === undefined || due.at > end ? { end } : { due, end };
}

/** Timed: whether a run may end here, because nothing must happen until its end. */
export function mayEndByTime(world: World, setting: Setting): boolean {
  const { due, end } = ofScenario(world, setting);
  if (due !== undefined) return false;
  const candidates = candidatesOf(world, setting);
  return candidates.count === 0 || candidates.close > end;
}

/** The world's time stands still, so that all states are of the same moment. */
function untimedChoices(world: World, setting: Setting): Choice[] {
  const { scenario } = setting;
  const due = scenario && scenarioAction(scenario, world, false);
  const choices = chosen(world, candidatesOf(world, setting, due));
  const operation = setting.operations?.[invokedIn(world)];
  if (operation === undefined) return choices;
  return [{ actions: [{ ...operation, at: world.time }] }, ...choices];
}

const ranks: Readonly<Record<CandidateKind, number>> = {
  script: 0, message: 1, timer: 2, postponed: 3,
};

/** Messages in the order in which they were sent, which no time changes. */
function chosen(world: World, candidates: Candidates): Choice[] {
  const places = Array.from({ length: candidates.count }, (_, at) => at);
  const rankOf = (at: number) => ranks[candidates.kind(at)];
  places.sort((a, b) => {
    const isTied = candidates.kind(a) === 'message' || candidates.kind(a) === 'postponed';
    return rankOf(a) - rankOf(b) || (isTied ? candidates.tie(a) - candidates.tie(b) : a - b);
  });
  return places.map((at): Choice => {
    const action = candidates.action(world, at, 'earliest');
    // A copy stays in flight in place of the message.
    return { actions: candidates.stays(at) ? [copyOf(action), action] : [action] };
  });
}

/** Made before the message is delivered, so that the message stays in flight. */
export function copyOf(action: Action): Action {
  return { ...action, type: 'duplicate' } as Action;
}

/** How many operations were invoked in the world. */
export function invokedIn({ nodes }: World): number {
  return nodes.reduce((sum, { invoked }) => sum + invoked, 0);
}

/** Ties grow with each message that is sent. */
export function bySending(a: { readonly tie: number }, b: { readonly tie: number }): number {
  return a.tie - b.tie;
}

// Faults

function faultChoices(world: World, left: FaultBudget, setting: Setting): Choice[] {
  const at = world.time;
  const { faults } = setting;
  const choices: Choice[] = [];
  const ids = setting.faulty ?? world.nodes.map(({ id }) => id);
  for (const node of ids) {
    const slot = world.node(node);
    if (slot === undefined) continue;
    if (slot.up && left.crashes > 0) {
      choices.push({ actions: [{ type: 'crash', at, node }], fault: 'crashes' });
    }
    // A crash is not for ever: how long a node is down is not counted.
    if (!slot.up && slot.started && faults.crashes > 0) {
      choices.push({ actions: [{ type: 'restart', at, node }] });
    }
  }
  if (left.drops > 0) choices.push(...ofMessages(world, { type: 'drop', fault: 'drops', ids }));
  if (left.duplicates > 0 && !keepsMessages(setting)) {
    choices.push(...ofMessages(world, { type: 'duplicate', fault: 'duplicates', ids }));
  }
  if (faults.partitions > 0) choices.push(...partitionChoices(world, left, ids));
  return choices;
}

/** The choices that are one kind of fault. */
export function choicesOf(fault: Fault, world: World, setting: Setting): Choice[] {
  const left = { ...noFaults, [fault]: 1 };
  return faultChoices(world, left, setting).filter((one) => one.fault === fault);
}

/** Messages from and to the nodes that faults happen to. */
function ofMessages(
  world: World,
  { type, fault, ids }: { type: 'drop' | 'duplicate'; fault: Fault; ids: readonly NodeId[] },
): Choice[] {
  const at = world.time;
  const messages = world.queue.items.filter((one) => one.type === 'deliver').sort(bySending);
  return messages.flatMap(({ from, to, ordinal, copy }): Choice[] => {
    if (!ids.includes(from) && !ids.includes(to)) return [];
    const action: Action = { type, at, from, to, ordinal, copy };
    return whyImpossible(world, action) === undefined ? [{ actions: [action], fault }] : [];
  });
}

/** With more nodes, only single ones are cut off: there are too many ways to make two sides. */
const sidesMax = 5;

/** Whether there are partitions that are not among the choices, because there are too many. */
export function leavesOutPartitions({ nodes }: World, { faults, faulty }: Setting): boolean {
  return faults.partitions > 0 && new Set(faulty ?? nodes.map(({ id }) => id)).size > sidesMax;
}

function partitionChoices(world: World, left: FaultBudget, ids: readonly NodeId[]): Choice[] {
  const at = world.time;
  if (world.network.isCut) return [{ actions: [{ type: 'heal', at }] }];
  if (left.partitions <= 0) return [];
  const all = world.nodes.map(({ id }) => id);
  return sidesOf([...new Set(ids)], all.length).map((side): Choice => {
    const groups = [[...side], all.filter((id) => !side.includes(id))];
    return { actions: [{ type: 'partition', at, groups }], fault: 'partitions' };
  });
}

function sidesOf(ids: readonly NodeId[], size: number): (readonly NodeId[])[] {
  if (ids.length > sidesMax) return ids.map((id) => [id]);
  const sides: NodeId[][] = [];
  // Of all nodes, the last is always on the other side: both names of a cut would be the same cut.
  const bound = ids.length === size ? ids.length - 1 : ids.length;
  for (let bits = 1; bits < 1 << bound; bits++) {
    sides.push(ids.filter((_, i) => (bits >> i) & 1));
  }
  return sides;
}
