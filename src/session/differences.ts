/** How two executions of one action differ, in words: because of edited code or hidden state. */
import {
  type Caused,
  type EffectsDifference,
  effectsDifference,
  stateDifference as differenceOfStates,
} from '../kernel/compare/difference.ts';
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import { valueText } from './read/value.ts';

/** A verb for each kind of effect, and what of one such effect is shown. */
const words: {
  readonly [Kind in keyof Caused]: readonly [string, (effect: Caused[Kind]) => string];
} = {
  threw: ['threw', ({ message }) => message],
  reported: ['reported', ({ name, fields }) => `${name} ${valueText(fields, 80)}`],
  sent: ['sent', ({ to, body: { type, ...body } }) => `${type} to ${to} ${valueText(body, 80)}`],
  replied: ['answered', ({ operation, result }) => `${operation} ${valueText(result, 80)}`],
  timers: ['set', ({ timer, key, at }) => `timer ${timer}${key} ${valueText({ at }, 80)}`],
};

/** The effects from the first different one on, each described. */
export function describedEffects(found: EffectsDifference): { first: string[]; second: string[] } {
  const [, text] = words[found.kind] as [string, (effect: unknown) => string];
  return { first: found.first.map(text), second: found.second.map(text) };
}

/** How the effects differ, in words; undefined if they are the same. */
export function differenceOf(before: Effects, now: Effects): string | undefined {
  const found = effectsDifference(before, now);
  if (found === undefined) return undefined;
  const { first, second } = describedEffects(found);
  const listed = ([effect, ...more]: readonly string[]) => {
    if (effect === undefined) return 'nothing more';
    return more.length === 0 ? effect : `${effect} and ${more.length} more`;
  };
  return `${words[found.kind][0]} ${listed(first)} before, and ${listed(second)} now`;
}

/** The first state of a node that differs, in words; undefined if all are the same. */
export function stateDifference(before: World, now: World): string | undefined {
  const found = differenceOfStates(before, now);
  if (found === undefined) return undefined;
  const field = [found.node, 'state', ...found.path].join('.');
  const [was, is] = [valueText(found.first, 60), valueText(found.second, 60)];
  return `leaves ${field}: ${was} before, and ${is} now`;
}
