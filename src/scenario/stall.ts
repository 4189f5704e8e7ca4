/** Notices a run that makes no progress: it acts on and on while virtual time does not move. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';
import type { Micros, NodeId } from '../protocol/types.ts';
import { type HandlerName, handlerName } from './handler-name.ts';
import { type Reason, type Witness, witnessAt } from './verdict.ts';

/** No real cluster acts so often in one microsecond. */
const actionsMax = 100_000;
/** Only the last actions are counted by their handlers, so that other runs do not pay for it. */
const countedMax = 1_000;

/** How often a node ran a handler. */
export interface Count {
  readonly node: NodeId;
  readonly handler: HandlerName;
  times: number;
}

/** Plain data in the world, beside the progress of the scenario. */
export interface Stall {
  time: Micros;
  /** The step at which virtual time last moved. */
  since: number;
  counts: Count[];
  /** Where the run was found to make no progress, after which it ends. */
  found: Witness | null;
}

export function noStall(): Stall {
  return { time: 0, since: 0, counts: [], found: null };
}

/** Returns the reason once, with the action that reaches the limit. */
export function noteStall(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  stall: Stall,
): Reason | undefined {
  if (world.time !== stall.time) {
    stall.time = world.time;
    stall.since = world.step;
    if (stall.counts.length > 0) stall.counts = [];
    return undefined;
  }
  const actions = world.step - stall.since;
  if (actions <= actionsMax - countedMax || stall.found !== null) return undefined;
  if (effects.acted >= 0) {
    count(world.nodes[effects.acted].id, handlerName(action, effects), stall.counts);
  }
  if (actions < actionsMax) return undefined;
  const most = [...stall.counts].sort((a, b) => b.times - a.times).at(0);
  const { node, handler } = most ?? { node: '', handler: handlerName(action, effects) };
  const reason: Reason = { code: 'no-progress', actions, node, handler };
  stall.found = witnessAt(world, reason);
  return reason;
}

/** Counts one more run of a handler. */
export function count(node: NodeId, handler: HandlerName, counts: Count[]): void {
  const known = counts.find(
    (one) =>
      one.node === node && one.handler.name === handler.name && one.handler.kind === handler.kind,
  );
  if (known) known.times++;
  else counts.push({ node, handler, times: 1 });
}
