/** Whether nothing but heartbeats is left to happen: where a run ends that nobody ends. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { World } from '../kernel/world.ts';
import type { Progress } from './progress.ts';

/**
 * A run is calm when a whole generation of pending messages and timers has passed (each that was
 * pending has been replaced) in which only background timers fired, with what they brought about,
 * and no protocol event was reported; no operation is without an answer, and no fault will end by
 * itself.
 */
export function noteCalm(
  world: World,
  action: Action | Pending | null,
  effects: Effects,
  progress: Progress,
): void {
  if (stirs(world, action, effects)) {
    progress.mark = world.tie;
    progress.calm = false;
  } else if (!progress.calm) {
    progress.calm = isNewGeneration(world, progress.mark);
  }
}

function stirs(world: World, action: Action | Pending | null, effects: Effects): boolean {
  if (action === null || effects.events.length > 0 || effects.replies.length > 0) return true;
  if (action.type === 'deliver') return false;
  if (action.type !== 'fire') return true;
  const slot = world.node(action.node);
  return !slot?.cast.role.background?.includes(action.timer);
}

function isNewGeneration(world: World, mark: number): boolean {
  for (const pending of world.queue.items) {
    if (pending.type === 'postponed') return false;
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
