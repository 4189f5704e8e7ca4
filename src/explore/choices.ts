/** Everything that may happen next in a world, within a budget of faults. */
import type { Action } from '../kernel/action.ts';
import { isOwn, type Message, type Pending, type Postponed } from '../kernel/pending.ts';
import { possibleActions, takenNow } from '../kernel/possible.ts';
import { isReset } from '../kernel/connection/reception.ts';
import { whyImpossible } from '../kernel/impossible.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { NodeId } from '../protocol/types.ts';
import { isOver, runEnd, scenarioAction } from '../scenario/due.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Fault, FaultBudget } from './budgets.ts';
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

/** Nothing that comes after the end of the scenario's run. */
function timedChoices(world: World, setting: Setting): Choice[] {
  const { due, end } = ofScenario(world, setting);
  const pending = possibleActions(world);
  // Nothing that the windows allow comes after the scenario's next action is due.
  const last = Math.min(due?.at ?? Infinity, end);
  const open = inOrder(world, pending).filter((one) => earliestOf(world, one) <= last);
  const isFirst = due !== undefined && (pending.length === 0 || due.at <= closesAt(world, pending));
  const chosen = open.map((one) => chosenOf(world, one, setting));
  return isFirst ? [{ actions: [due] }, ...chosen] : chosen;
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
  const pending = possibleActions(world);
  return pending.length === 0 || closesAt(world, pending) > end;
}

/** Without the messages that would overtake another on a link that keeps its order. */
function inOrder({ network, plan }: World, pending: readonly Pending[]): readonly Pending[] {
  const first = new Map<number, Message>();
  const linkOf = ({ fromIndex, toIndex }: Message) => fromIndex * plan.size + toIndex;
  const isInLine = (one: Pending): one is Message => {
    return one.type === 'deliver' && one.connection === '' && !network.links[linkOf(one)].reorder;
  };
  for (const one of pending) {
    if (!isInLine(one)) continue;
    const before = first.get(linkOf(one));
    if (before === undefined || bySending(one, before) < 0) first.set(linkOf(one), one);
  }
  return pending.filter((one) => !isInLine(one) || first.get(linkOf(one)) === one);
}

function earliestOf(world: World, one: Pending): number {
  return takenNow(world, one).at;
}

/** When the first window of those that are open closes. */
function closesAt(world: World, pending: readonly Pending[]): number {
  return Math.min(...pending.map((one) => latestOf(world, one)));
}

function latestOf(world: World, one: Pending): number {
  if (one.type === 'deliver') return one.latest;
  if (one.type === 'postponed') return one.at;
  return world.nodes[one.nodeIndex].timers[one.timerIndex].latest;
}

/** The world's time stands still, so that all states are of the same moment. */
function untimedChoices(world: World, setting: Setting): Choice[] {
  const at = world.time;
  const { scenario } = setting;
  const due = scenario && scenarioAction(scenario, world, false);
  const choices: Choice[] = due === undefined ? [] : [{ actions: [due] }];
  const operation = setting.operations?.[invokedIn(world)];
  if (operation !== undefined) choices.push({ actions: [{ ...operation, at }] });
  for (const message of deliverable(world, setting)) {
    choices.push(chosenOf(world, message, setting));
  }
  for (const { id: node, timers, paused } of world.nodes) {
    if (paused) continue;
    for (const { isSet, name: timer, key } of timers) {
      if (isSet) choices.push({ actions: [{ type: 'fire', at, node, timer, key }] });
    }
  }
  for (const { action } of firstPostponed(world)) {
    choices.push({ actions: [{ ...action, at }] });
  }
  return choices;
}

/** How many operations were invoked in the world. */
export function invokedIn({ nodes }: World): number {
  return nodes.reduce((sum, { invoked }) => sum + invoked, 0);
}

/** Of equal postponed actions, the first: `step` takes that one, whichever is meant. */
function firstPostponed({ queue }: World): Postponed[] {
  const first = new Map<string, Postponed>();
  for (const one of queue.items) {
    if (one.type !== 'postponed') continue;
    const text = actionText(one.action);
    const known = first.get(text);
    if (known === undefined || one.tie < known.tie) first.set(text, one);
  }
  return [...first.values()].sort((a, b) => a.tie - b.tie);
}

/**
 * The messages that may arrive: any; of a link that keeps its order, and of a connection, only the
 * first. They are in the order in which they were sent, which no time changes.
 */
export function deliverable(world: World, setting: Setting): Message[] {
  const { network, plan, queue } = world;
  const keeps = keepsMessages(setting);
  const messages = queue.items.filter((one) => one.type === 'deliver').sort(bySending);
  const begun = new Set<string>();
  return messages.filter((one) => {
    const rule = network.links[one.fromIndex * plan.size + one.toIndex];
    const stays = keeps && !isOwn(one);
    const isAnyOrder = one.connection === '' ? rule.reorder || stays : isReset(one);
    if (isAnyOrder) return true;
    const line = one.connection === '' ? `${one.fromIndex} ${one.toIndex}` : lineOf(one);
    if (begun.has(line)) return false;
    begun.add(line);
    return true;
  });
}

function lineOf({ connection, fromIndex }: Message): string {
  return `${connection} ${fromIndex}`;
}

/** Ties grow with each message that is sent. */
export function bySending(a: { readonly tie: number }, b: { readonly tie: number }): number {
  return a.tie - b.tie;
}

function chosenOf(world: World, pending: Pending, setting: Setting): Choice {
  const untimed = setting.time === 'untimed';
  const taken = takenNow(world, pending);
  const action = untimed ? { ...taken, at: world.time } : taken;
  if (action.type !== 'deliver' || !keepsMessages(setting)) return { actions: [action] };
  const message = pending as Message;
  if (isOwn(message) || message.connection !== '') return { actions: [action] };
  // A copy stays in flight in place of the message.
  return { actions: [{ ...action, type: 'duplicate' }, action] };
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
  if (left.drops > 0) choices.push(...ofMessages(world, 'drop', 'drops'));
  if (left.duplicates > 0 && !keepsMessages(setting)) {
    choices.push(...ofMessages(world, 'duplicate', 'duplicates'));
  }
  if (faults.partitions > 0) choices.push(...partitionChoices(world, left, ids));
  return choices;
}

function ofMessages(world: World, type: 'drop' | 'duplicate', fault: Fault): Choice[] {
  const at = world.time;
  const messages = world.queue.items.filter((one) => one.type === 'deliver').sort(bySending);
  return messages.flatMap(({ from, to, ordinal, copy }): Choice[] => {
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
