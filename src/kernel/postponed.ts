/** Actions for later: faults that end by themselves after a while, unless they are ended before. */
import type { Action } from './action.ts';
import { order, Postponed } from './pending.ts';
import { actionText } from './text/action-text.ts';
import type { World } from './world.ts';

export function postpone(world: World, after: number, action: Action): void {
  world.queue.push(new Postponed(world.time + after, world.tie++, action, world.step));
}

/** Removes the first postponed action that is the same, because it has been done. */
export function withdraw(world: World, action: Action): boolean {
  const same = samePostponed(world, action);
  return same.length > 0 && world.queue.remove(same.sort(order)[0]);
}

export function isPostponed(world: World, action: Action): boolean {
  return samePostponed(world, action).length > 0;
}

function samePostponed({ queue }: World, action: Action): Postponed[] {
  const text = actionText(action);
  return queue.items.filter((one): one is Postponed => {
    return one.type === 'postponed' && actionText(one.action) === text;
  });
}
