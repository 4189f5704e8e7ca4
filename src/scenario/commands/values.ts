/** Values as scenarios write them, beside those of the kernel, and what each must look like. */
import { parseDuration } from '../../kernel/text/duration.ts';
import type { Json, Micros } from '../../protocol/types.ts';

/** How messages describe each kind of value. */
export const valueForms = {
  duration: (example: string) => `a duration, such as \`${example}\``,
  range: (example: string) => `a duration or a range, such as \`${example}\``,
  probability: 'a probability, such as `5%`',
  rate: 'a rate, such as `200ppm`',
  boolean: '`true` or `false`',
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  list: 'a list, such as `[a, b]`',
  natural: 'a non-negative integer',
} as const;

/** A duration that is not negative. */
export function parseSpan(text: string): Micros | undefined {
  const span = parseDuration(text);
  return span === undefined || span < 0 ? undefined : span;
}

// A number as JavaScript prints it may have an exponent: `1e-7`.
const digits = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const numberForm = new RegExp(String.raw`^[+-]?(?:${digits}|\.\d+(?:[eE][+-]?\d+)?)$`);

export function parseBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === 'yes' || text === 'on') return true;
  return text === 'false' || text === 'no' || text === 'off' ? false : undefined;
}

/** The value that a word looks like: a number, true, false, null, or else a string. */
export function parseScalar(text: string): Json {
  if (numberForm.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}
