/** How two takings of one action differ: on other code, or because something is kept elsewhere. */
import { changes } from '../kernel/data/changes.ts';
import type { Effects } from '../kernel/effects.ts';
import { equal } from '../kernel/data/plain.ts';
import type { World } from '../kernel/world.ts';
import { valueText } from './read/value.ts';

const kinds: readonly [string, (effects: Effects) => readonly unknown[]][] = [
  ['threw', ({ failure }) => (failure ? [failure.message] : [])],
  ['reported', ({ events }) => events.map(({ name, fields }) => [name, fields])],
  ['sent', ({ sent }) => sent.map(({ to, body: { type, ...body } }) => [`${type} to ${to}`, body])],
  ['answered', ({ replies }) => replies.map(({ operation, result }) => [operation, result])],
  ['set', ({ timers }) => timers.map(({ timer, key, at }) => [`timer ${timer}${key}`, { at }])],
];

/** How two takings of one action differ, in words; undefined where they are the same. */
export function differenceOf(before: Effects, now: Effects): string | undefined {
  for (const [verb, what] of kinds) {
    const [once, again] = [what(before), what(now)];
    if (equal(once, again)) continue;
    const from = Math.max(0, once.findIndex((one, index) => !equal(one, again[index])));
    return `${verb} ${listed(once.slice(from))} before, and ${listed(again.slice(from))} now`;
  }
  return undefined;
}

function listed(items: readonly unknown[]): string {
  if (items.length === 0) return 'nothing more';
  const [first] = items;
  const text = Array.isArray(first)
    ? `${String(first[0])} ${valueText(first[1], 80)}`
    : String(first);
  return items.length === 1 ? text : `${text} and ${items.length - 1} more`;
}

/** The first state of a node that differs, in words. */
export function stateDifference(before: World, now: World): string | undefined {
  for (const [index, { id, state }] of before.nodes.entries()) {
    const again = now.nodes[index]?.state;
    if (equal(state, again)) continue;
    const [{ path, before: was, after }] = changes(state, again, 1);
    const field = [id, 'state', ...path].join('.');
    return `leaves ${field}: ${valueText(was, 60)} before, and ${valueText(after, 60)} now`;
  }
  return undefined;
}
