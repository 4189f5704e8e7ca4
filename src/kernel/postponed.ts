/** Actions for later: faults that end by themselves after a while, unless they are ended before. */
import type { Micros } from '../protocol/types.ts';
import type { Action } from './action.ts';
import { order, Postponed } from './pending.ts';
import { actionText } from './text/action-text.ts';
import type { World } from './world.ts';

export function postpone(world: World, after: Micros, action: Action): void {
  postponeUntil(world, world.time + after, action);
}

export function postponeUntil(
  world: World,
  at: Micros,
  action: Action,
  cause = world.step,
): void {
  world.queue.push(new Postponed(at, world.tie++, action, cause));
}

/** Removes the first postponed action that is the same, because it has been done. */
export function withdraw(world: World, action: Action): boolean {
  const first = firstPostponed(world, action);
  return first !== undefined && world.queue.remove(first);
}

export function isPostponed(world: World, action: Action): boolean {
  return firstPostponed(world, action) !== undefined;
}

/** The first postponed action that is the same, whatever its time. */
export function firstPostponed({ queue }: World, action: Action): Postponed | undefined {
  const text = actionText(action);
  let first: Postponed | undefined;
  for (const one of queue.items) {
    if (one.type !== 'postponed' || one.action.type !== action.type) continue;
    if (first !== undefined && order(first, one) < 0) continue;
    if (actionText(one.action) === text) first = one;
  }
  return first;
}
