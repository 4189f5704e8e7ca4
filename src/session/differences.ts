/** How two takings of one action differ: on other code, or because something is kept elsewhere. */
import { changes } from '../kernel/data/changes.ts';
import type { Effects } from '../kernel/effects.ts';
import { equal } from '../kernel/data/plain.ts';
import type { World } from '../kernel/world.ts';
import { valueText } from './read/value.ts';

/** The first kind of effects that differs, each from the first different effect on. */
export interface EffectDifference {
  readonly kind: EffectKind;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type EffectKind = 'exception' | 'event' | 'message' | 'reply' | 'timer';

/** The first field of a node's state that differs, with its values as variables show them. */
export interface StateDifference {
  readonly node: string;
  readonly path: readonly string[];
  readonly before: string;
  readonly after: string;
}

const kindOf: Readonly<Record<string, EffectKind>> = {
  threw: 'exception',
  reported: 'event',
  sent: 'message',
  answered: 'reply',
  set: 'timer',
};

const kinds: readonly [string, (effects: Effects) => readonly unknown[]][] = [
  ['threw', ({ failure }) => (failure ? [failure.message] : [])],
  ['reported', ({ events }) => events.map(({ name, fields }) => [name, fields])],
  ['sent', ({ sent }) => sent.map(({ to, body: { type, ...body } }) => [`${type} to ${to}`, body])],
  ['answered', ({ replies }) => replies.map(({ operation, result }) => [operation, result])],
  ['set', ({ timers }) => timers.map(({ timer, key, at }) => [`timer ${timer}${key}`, { at }])],
];

/** How two takings of one action differ; undefined where they are the same. */
export function effectDifference(before: Effects, after: Effects): EffectDifference | undefined {
  for (const [verb, what] of kinds) {
    const [once, again] = [what(before), what(after)];
    if (equal(once, again)) continue;
    const different = once.findIndex((one, index) => !equal(one, again[index]));
    const from = different < 0 ? once.length : different;
    const describe = (effects: readonly unknown[]) => effects.slice(from).map(described);
    return { kind: kindOf[verb], before: describe(once), after: describe(again) };
  }
  return undefined;
}

/** The same in words. */
export function differenceOf(before: Effects, after: Effects): string | undefined {
  const difference = effectDifference(before, after);
  if (difference === undefined) return undefined;
  const [verb] = Object.entries(kindOf).find(([, kind]) => kind === difference.kind)!;
  return `${verb} ${listed(difference.before)} before, and ${listed(difference.after)} now`;
}

function described(effect: unknown): string {
  if (!Array.isArray(effect)) return String(effect);
  return `${String(effect[0])} ${valueText(effect[1], 80)}`;
}

function listed([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'nothing more';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** The first state of a node that differs; undefined where none does. */
export function differingState(before: World, after: World): StateDifference | undefined {
  for (const [index, { id, state }] of before.nodes.entries()) {
    const again = after.nodes[index]?.state;
    if (equal(state, again)) continue;
    const [change] = changes(state, again, 1);
    const [was, now] = [valueText(change.before, 60), valueText(change.after, 60)];
    return { node: id, path: change.path, before: was, after: now };
  }
  return undefined;
}

/** The same in words. */
export function stateDifference(before: World, after: World): string | undefined {
  const found = differingState(before, after);
  if (found === undefined) return undefined;
  const field = [found.node, 'state', ...found.path].join('.');
  return `leaves ${field}: ${found.before} before, and ${found.after} now`;
}
