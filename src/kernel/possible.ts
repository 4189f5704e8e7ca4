/**
 * What can happen next in a world: the pending actions whose windows allow them now, and what a
 * person can do to a node, a timer, a message or a link.
 */
import type { NodeId } from '../protocol/types.ts';
import type { Action } from './action.ts';
import { whyImpossible } from './impossible.ts';
import { Alarm, Message, order, type Pending } from './pending.ts';
import { overtaken } from './network/in-flight.ts';
import type { ActMoment, Subject } from './seam/acts.ts';
import type { World } from './world.ts';

/**
 * Every pending action that may be taken now, soonest first: each whose window has opened by the
 * time at which the first window closes. The simulator takes the one with the earliest drawn time;
 * the debugger and the explorer may take any of them. For messages on one link that keeps its
 * order, the windows overlap: taking the later one first is a choice, not an error.
 */
export function possibleActions(world: World): Pending[] {
  const queued = world.queue.items.filter((one) => one.type !== 'fire' && isFirst(world, one));
  const pending = [...queued, ...alarms(world)];
  const firstClose = Math.min(...pending.map((one) => windowOf(world, one)[1]));
  return pending.filter((one) => windowOf(world, one)[0] <= firstClose).sort(order);
}

/** A message on a connection arrives after those that were sent on it before. */
function isFirst(world: World, pending: Pending): boolean {
  return pending.type !== 'deliver' || overtaken(world, pending) === undefined;
}

/**
 * The timers that can fire. They are read from the nodes, because the queue has out-of-date
 * entries: a timer that was set again keeps its earlier entry until that comes up.
 */
function alarms({ nodes }: World): Alarm[] {
  return nodes.flatMap(({ id, index, paused, timers }) =>
    timers.flatMap(({ isSet, at, tie, name, key }, timerIndex) =>
      isSet && !paused ? [new Alarm(at, tie, id, index, timerIndex, name, key)] : [],
    ),
  );
}

/** When a pending action may happen: `[earliest, latest]`, in microseconds of virtual time. */
function windowOf(world: World, pending: Pending): readonly [number, number] {
  if (pending.type === 'deliver') return [pending.earliest, pending.latest];
  if (pending.type === 'postponed') return [pending.at, pending.at];
  const timer = world.nodes[pending.nodeIndex].timers[pending.timerIndex];
  return [timer.earliest, timer.latest];
}

/** The action in a form that `step` applies now, whatever time was drawn for it. */
export function takenNow(world: World, action: Action | Pending): Action {
  if (action.type === 'postponed') return { ...action.action, at: world.time };
  if (action instanceof Message) {
    const { from, to, ordinal, copy } = action;
    return { type: 'deliver', at: Math.max(world.time, action.earliest), from, to, ordinal, copy };
  }
  if (action instanceof Alarm) {
    const at = Math.max(world.time, windowOf(world, action)[0]);
    return { type: 'fire', at, node: action.node, timer: action.timer, key: action.key };
  }
  return { ...action, at: Math.max(world.time, action.at) };
}

/** The actions on a subject, each with the reason if it cannot be taken or would change nothing. */
export function actsOn(world: World, subject: Subject): ActMoment[] {
  return actionsOn(world, subject).map((action) => {
    const obstacle = whyImpossible(world, action) ?? whyNoEffect(world, action);
    return obstacle === undefined ? { action } : { action, obstacle };
  });
}

/** What is proposed for the durations and rates that a person chooses; of arguments, nothing is. */
const proposed = { delay: 50_000, offset: 50_000, jump: 1_000_000, drift: 0.0002, fsync: 20_000 };

function actionsOn(world: World, subject: Subject): Action[] {
  const at = world.time;
  switch (subject.type) {
    case 'node':
      return actionsOnNode(world, subject.node);
    case 'timer': {
      const { node, timer, key } = subject;
      return [{ type: 'fire', at, node, timer, key }];
    }
    case 'message': {
      const { from, to, ordinal, copy } = subject.message;
      const name = { at, from, to, ordinal, copy };
      return [
        { type: 'deliver', ...name },
        { type: 'drop', ...name },
        { type: 'delay', ...name, by: proposed.delay },
        { type: 'duplicate', ...name },
      ];
    }
    case 'link':
      return actionsOnLink(world, subject.nodes);
  }
}

function actionsOnNode(world: World, node: NodeId): Action[] {
  const at = world.time;
  const slot = world.node(node);
  const timers = (slot?.timers ?? []).map(
    ({ name: timer, key }): Action => ({ type: 'fire', at, node, timer, key }),
  );
  const operations = Object.keys(slot?.cast.role.operations ?? {}).map(
    (operation): Action => ({ type: 'invoke', at, node, operation, args: {} }),
  );
  return [
    ...operations,
    { type: 'crash', at, node },
    { type: 'restart', at, node },
    { type: 'pause', at, node },
    { type: 'resume', at, node },
    ...timers,
    { type: 'skew', at, node, offset: proposed.offset },
    { type: 'skew', at, node, jump: proposed.jump },
    { type: 'skew', at, node, drift: proposed.drift },
    { type: 'power-off', at, node },
    { type: 'unplug', at, node },
    { type: 'plug-in', at, node },
    { type: 'disk', at, node, does: 'slow', by: proposed.fsync },
    { type: 'disk', at, node, does: 'stall' },
    { type: 'disk', at, node, does: 'ok' },
  ];
}

/** One way, the other way, both ways. Of longer lists, links of a node to itself are left out. */
function actionsOnLink(world: World, nodes: readonly [NodeId, NodeId]): Action[] {
  const at = world.time;
  const [one, other] = [[nodes[0]], [nodes[1]]];
  const both = [...nodes];
  return [
    { type: 'cut', at, from: one, to: other },
    { type: 'cut', at, from: other, to: one },
    { type: 'partition', at, groups: [one, other] },
    { type: 'heal', at, from: one, to: other },
    { type: 'heal', at, from: other, to: one },
    { type: 'heal', at, from: both, to: both },
    ...(mayConnect(world, nodes) ? [{ type: 'reset', at, nodes } as const] : []),
  ];
}

function mayConnect({ plan }: World, nodes: readonly [NodeId, NodeId]): boolean {
  const [one, other] = nodes.map((node) => plan.indexOf.get(node) ?? -1);
  return one >= 0 && other >= 0 && plan.connected[one * plan.size + other] === 1;
}

/** Why `step` takes the action, but no link changes. */
function whyNoEffect(world: World, action: Action): ActMoment['obstacle'] {
  const isHeal = action.type === 'heal';
  const sides =
    action.type === 'partition' ? action.groups
    : action.type === 'cut' || (isHeal && action.from) ? [action.from, action.to]
    : undefined;
  if (sides === undefined) return undefined;
  const [from, to] = sides;
  const links = from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b] as const));
  const both = action.type === 'partition' ? links.flatMap(([a, b]) => [[a, b], [b, a]]) : links;
  const changes = both.some(([a, b]) => {
    const { indexOf } = world.plan;
    const [one, other] = [indexOf.get(a), indexOf.get(b)];
    if (one === undefined || other === undefined) return true;
    return world.network.isSevered(one, other) === isHeal;
  });
  if (changes) return undefined;
  return { type: isHeal ? 'not cut' : 'already cut', from: from[0], to: to.at(-1)! };
}
