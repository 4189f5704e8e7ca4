/** Values as scenarios write them, from string to value and back, and what each must look like. */
import { formatDuration, parseDuration } from '../../kernel/text/duration.ts';
import type { Json, Micros } from '../../protocol/types.ts';

/** How messages describe each kind of value. */
export const valueForms = {
  duration: (example: string) => `a duration, such as \`${example}\``,
  range: (example: string) => `a duration or a range, such as \`${example}\``,
  probability: 'a probability, such as `5%`',
  rate: 'a rate, such as `200ppm`',
  boolean: '`true` or `false`',
  integer: 'an integer',
  natural: 'a non-negative integer',
} as const;

/** A duration that is not negative. */
export function parseSpan(text: string): Micros | undefined {
  const span = parseDuration(text);
  return span === undefined || span < 0 ? undefined : span;
}

/** `1ms..5ms`, or `3ms` for a range of one. */
export function parseRange(text: string): [Micros, Micros] | undefined {
  const parts = text.split('..');
  const [low, high = low] = parts.map((part) => parseSpan(part.trim()));
  if (low === undefined || high === undefined || parts.length > 2) return undefined;
  return high >= low ? [low, high] : undefined;
}

export function formatRange([low, high]: readonly [Micros, Micros]): string {
  return low === high ? formatDuration(low) : `${formatDuration(low)}..${formatDuration(high)}`;
}

// A number as JavaScript prints it may have an exponent: `1e-7`.
const digits = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const probabilityForm = new RegExp(`^(${digits})(%?)$`);
const rateForm = new RegExp(`^([+-]?${digits})(ppm|%)$`);
const numberForm = new RegExp(String.raw`^[+-]?(?:${digits}|\.\d+(?:[eE][+-]?\d+)?)$`);

/** `5%` or `0.05`, from 0 to 1. */
export function parseProbability(text: string): number | undefined {
  const match = probabilityForm.exec(text);
  if (!match) return undefined;
  const probability = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return probability <= 1 ? probability : undefined;
}

/** `200ppm` or `0.02%`: the fraction of a second by which a clock gains each second, 0.0002. */
export function parseRate(text: string): number | undefined {
  const match = rateForm.exec(text);
  if (!match) return undefined;
  const rate = Number(match[1]) / (match[2] === 'ppm' ? 1e6 : 100);
  return rate > -1 && rate <= 10 ? rate : undefined;
}

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
