/** Effects in words, for a difference between two executions of one action. */
import type { Caused, EffectsDifference } from '../../kernel/compare/difference.ts';
import { timerName } from '../../kernel/text/action-text.ts';
import { exactSecondsText } from '../../kernel/text/duration.ts';
import { valueText } from '../../session/read/value.ts';
import type { EffectKind } from '../reload-result.ts';

/** What a handler did, as a verb: `sent Token to a`. */
export const effectVerbs: Readonly<Record<keyof Caused, EffectKind>> = {
  threw: 'threw',
  reported: 'reported',
  sent: 'sent',
  replied: 'replied',
  timers: 'set',
};

const texts: { readonly [Kind in keyof Caused]: (effect: Caused[Kind]) => string } = {
  threw: ({ message }) => message,
  reported: ({ name, fields }) => named(name, fields),
  sent: ({ to, body: { type, ...fields } }) => named(`${type} to ${to}`, fields),
  replied: ({ operation, ok, result }) => named(`${operation}${ok ? '' : ' (failed)'}`, result),
  timers: ({ timer, key, at }) => {
    return `timer ${timerName(timer, key)} ${at < 0 ? 'off' : `to ${exactSecondsText(at)}`}`;
  },
};

/** The effects on each side, such as `Token to a {hops: 2}`. */
export function effectTexts({ kind, first, second }: EffectsDifference): {
  readonly first: readonly string[];
  readonly second: readonly string[];
} {
  const text = texts[kind] as (effect: unknown) => string;
  return { first: first.map(text), second: second.map(text) };
}

function named(name: string, data: unknown): string {
  return `${name} ${valueText(data, 80)}`;
}
