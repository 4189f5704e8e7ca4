/** Units of time: each returns whole microseconds, the unit in which virtual time is counted. */
import type { Micros, Range } from './types.ts';

/** Rounds to a whole microsecond. */
export const microseconds = (count: number): Micros => Math.round(count);
export const milliseconds = (count: number): Micros => Math.round(count * 1_000);
export const seconds = (count: number): Micros => Math.round(count * 1_000_000);

/** A duration as text, for a `summary`, for `look` or for an invariant: `1.5s`, `250ms`. */
export function asDuration(micros: Micros): string {
  const size = Math.abs(micros);
  const [unit, name] = size >= 1_000_000 || size === 0 ? [1_000_000, 's'] : smaller(size);
  const rest = size % unit;
  // Digit by digit, because the quotient of long numbers is not exact.
  const decimals = rest === 0 ? '' : `.${String(unit + rest).slice(1).replace(/0+$/, '')}`;
  return `${micros < 0 ? '-' : ''}${(size - rest) / unit}${decimals}${name}`;
}

function smaller(size: number): [number, string] {
  return size >= 1_000 ? [1_000, 'ms'] : [1, 'us'];
}

/** The durations from `shortest` to `longest`, both included. */
export const between = (shortest: Micros, longest: Micros): Range => [shortest, longest];
