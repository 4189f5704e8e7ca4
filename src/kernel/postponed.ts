/** Actions put off: what ends by itself after a while, unless somebody ends it before. */
import type { Action } from './action.ts';
import { order, Postponed } from './pending.ts';
import { actionText } from './text/action-text.ts';
import type { World } from './world.ts';

export function postpone(world: World, after: number, action: Action): void {
  world.queue.push(new Postponed(world.time + after, world.tie++, action, world.step));
}

/** Forgets the first postponed action of the same words, now that it is done. */
export function withdraw(world: World, action: Action): boolean {
  const words = actionText(action);
  const same = world.queue.items.filter(
    (one) => one.type === 'postponed' && actionText(one.action) === words,
  );
  return same.length > 0 && world.queue.remove(same.sort(order)[0]);
}
