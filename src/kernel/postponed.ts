/** What happens later: faults that end by themselves, unless they are ended before; and timers. */
import type { Micros } from '../protocol/types.ts';
import type { Action } from './action.ts';
import { order, Postponed } from './pending.ts';
import { actionText } from './text/action-text.ts';
import type { Effects } from './effects.ts';
import { refuseKey, refuseTimer } from './refusals/node-refusals.ts';
import type { Slot, Timer, World } from './world.ts';

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

// Timers

/** When a timer fires, and the earliest and the latest that may be drawn for it. */
interface Span {
  readonly span: Micros;
  readonly earliest: Micros;
  readonly latest: Micros;
}

export function setTimer(
  world: World,
  slot: Slot,
  timer: Timer,
  { span, earliest, latest }: Span,
  effects: Effects | null,
): void {
  timer.isSet = true;
  timer.at = world.time + span;
  timer.earliest = world.time + earliest;
  timer.latest = world.time + latest;
  timer.setAt = world.time;
  timer.tie = world.tie++;
  timer.cause = world.step;
  const queued = world.queuedAt[timer.serial];
  if (queued === 0 || queued > timer.at) {
    world.queueTimer(slot.cast.index, slot.timers.indexOf(timer), timer);
  }
  const { name, key, at } = timer;
  effects?.timers.push({ node: slot.cast.id, timer: name, key, at });
}

export function timerNamed(slot: Slot, name: string, key: string): Timer | undefined {
  for (const timer of slot.timers) if (timer.name === name && timer.key === key) return timer;
  if (!slot.cast.timerIndex.has(name)) refuseTimer(slot.cast, name);
  if (typeof key !== 'string') refuseKey(name, key);
  return undefined;
}

export function timerOf(world: World, slot: Slot, name: string, key: string): Timer {
  const found = timerNamed(slot, name, key);
  if (found !== undefined) return found;
  const serial = world.queuedAt.length;
  world.queuedAt.push(0);
  const timer: Timer = {
    nameIndex: slot.cast.timerIndex.get(name)!,
    name,
    key,
    serial,
    isSet: false,
    at: 0,
    earliest: 0,
    latest: 0,
    setAt: 0,
    tie: 0,
    ordinal: 0,
    cause: 0,
    data: undefined,
  };
  slot.timers.push(timer);
  return timer;
}
