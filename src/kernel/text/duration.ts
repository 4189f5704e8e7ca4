/**
 * Virtual time as text. `format…` loses nothing, and `parse…` reads it back; these are the forms of
 * traces, commands and scenario files. `…Text` is for reading and may round; nothing parses it.
 */
import type { Micros, Range } from '../../protocol/types.ts';

const unitMicros: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
};

const pattern = /^([+-]?)(\d+)(?:\.(\d+))?(us|µs|ms|s|min|m|h)$/;

/**
 * The microseconds of `15ms` or `-1.5s`, rounded to whole ones; undefined if the string is not a
 * duration, or is too long for an exact number of microseconds (285 years).
 */
export function parseDuration(text: string): Micros | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = '0', unit] = match;
  const size = unitMicros[unit];
  // Apart, because the product of a long decimal number and a unit is not exact.
  const micros = Number(whole) * size + Math.round(Number(`0.${fraction}`) * size);
  if (!Number.isSafeInteger(micros)) return undefined;
  return sign === '-' && micros > 0 ? -micros : micros;
}

/** Exact, in the largest unit in which it has at most three decimals: `12.345ms`, `15s`. */
export function formatDuration(micros: Micros): string {
  const size = Math.abs(micros);
  const sign = micros < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size >= 1_000_000 && size % 1_000 === 0) return `${sign}${decimal(size, 1_000_000)}s`;
  if (size >= 1_000) return `${sign}${decimal(size, 1_000)}ms`;
  return `${sign}${size}us`;
}

/** `size / unit` in decimals. Digit by digit, because the quotient of long numbers is not exact. */
function decimal(size: number, unit: number): string {
  if (!Number.isSafeInteger(size)) return String(size / unit);
  const rest = size % unit;
  const whole = String((size - rest) / unit);
  if (rest === 0) return whole;
  return `${whole}.${String(unit + rest).slice(1).replace(/0+$/, '')}`;
}

/** `1ms..5ms`, or `3ms` for a range of one. Both ends are durations that are not negative. */
export function parseRange(text: string): [Micros, Micros] | undefined {
  const ends = text.split('..');
  const [low, high = low] = ends.map((end) => parseDuration(end.trim()));
  if (low === undefined || high === undefined || ends.length > 2) return undefined;
  return low >= 0 && high >= low ? [low, high] : undefined;
}

export function formatRange([low, high]: Range): string {
  return low === high ? formatDuration(low) : `${formatDuration(low)}..${formatDuration(high)}`;
}

/** A virtual time in seconds, to the microsecond: `0.012345s`. */
export function formatTime(time: Micros): string {
  const rest = time % 1_000_000;
  return `${(time - rest) / 1_000_000}.${String(1_000_000 + rest).slice(1)}s`;
}

/** The time that `formatTime` wrote; undefined for any other string. */
export function parseTime(text: string): Micros | undefined {
  const match = /^(\d+)\.(\d{6})s$/.exec(text);
  if (!match) return undefined;
  const time = Number(match[1]) * 1_000_000 + Number(match[2]);
  return Number.isSafeInteger(time) ? time : undefined;
}

/** `1.204117 s`: a time as a variable, where each microsecond matters. */
export function exactSecondsText(time: Micros): string {
  return `${(time / 1_000_000).toFixed(6)} s`;
}

/** `12.345 ms`: as `formatDuration` has it, with a space. */
export function exactTimeText(micros: Micros): string {
  return formatDuration(micros).replace('us', 'µs').replace(/(?=[a-zµ])/, ' ');
}

/**
 * `0 s`, `850 µs`, `12.3 ms`, `1.204 s`: a time or duration for reading, as exact as matters.
 * Panels, stack frames, menus and the console write it in this way.
 */
export function timeText(micros: Micros): string {
  const size = Math.abs(micros);
  if (size === 0) return '0 s';
  if (size < 1_000) return `${micros} µs`;
  // From there on, whole milliseconds would be 1000 ms.
  if (size < 999_500) return `${trimmed(micros / 1_000, size < 100_000 ? 1 : 0)} ms`;
  return `${trimmed(micros / 1_000_000, 3)} s`;
}

function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
