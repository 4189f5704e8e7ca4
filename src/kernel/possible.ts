/** What can happen next in a world: the pending actions whose windows allow them now. */
import type { Action } from './action.ts';
import { Alarm, Message, order, type Pending } from './pending.ts';
import { overtaken } from './network/in-flight.ts';
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
