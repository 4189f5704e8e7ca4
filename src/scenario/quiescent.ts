/** Notices when a run is quiescent: only background timers are left, such as heartbeats. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';
import type { NodeId } from '../protocol/types.ts';
import { handlerName } from './handler-name.ts';
import type { Progress } from './progress.ts';
import { count } from './stall.ts';

/**
 * A run is quiescent when every message and timer that was pending at some moment has been
 * delivered or replaced, with all that these messages led to, and since that moment only background
 * timers fired, with the messages that they caused; no protocol event was reported, no operation is
 * open, and no pause or other fault will end by itself. One heartbeat is not enough: the answer to
 * it may still start an election.
 */
export function noteQuiescence(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  progress: Progress,
): void {
  noteTimer(world, action, effects, progress);
  if (isActivity(world, action, effects, progress)) {
    progress.activeUntil = world.tie;
    progress.quiescent = false;
  } else if (!progress.quiescent) {
    progress.quiescent = isAllNewerThan(world, progress.activeUntil);
  }
}

/** After the last step, counts the timers that keep the run from being quiescent. */
function noteTimer(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  { after }: Progress,
): void {
  if (action?.type !== 'fire' || isBackground(world, action)) return;
  count(action.node, handlerName(action, effects), after);
}

function isBackground(world: World, { node, timer }: { node: NodeId; timer: string }): boolean {
  return world.node(node)?.cast.role.background?.includes(timer) === true;
}

function isActivity(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  { activeUntil }: Progress,
): boolean {
  if (action === null || effects.events.length > 0 || effects.replies.length > 0) return true;
  if (isProbe(action)) return false;
  // What a message of the activity leads to belongs to it.
  if (action.type === 'deliver') return (effects.message?.tie ?? Infinity) < activeUntil;
  if (action.type !== 'fire') return true;
  return !isBackground(world, action);
}

/** Whether a host only looks whether its silent peer is still there, as heartbeats do. */
function isProbe(action: Action | Pending): boolean {
  return (action.type === 'postponed' ? action.action : action).type === 'probe';
}

/** Whether everything that is pending was scheduled after the mark, a value of `World.tie`. */
function isAllNewerThan(world: World, mark: number): boolean {
  for (const pending of world.queue.items) {
    if (pending.type === 'postponed' && !isProbe(pending)) return false;
    if (pending.type === 'deliver' && pending.tie < mark) return false;
  }
  for (const slot of world.nodes) {
    if (!slot.up) continue;
    if (slot.operations.length > 0) return false;
    if (slot.paused) continue;
    for (const timer of slot.timers) if (timer.isSet && timer.tie < mark) return false;
  }
  return true;
}
