/** Units of time: each returns whole microseconds, the unit in which virtual time is counted. */
import type { Micros, Range } from './types.ts';

/** Rounds to a whole microsecond. */
export const microseconds = (count: number): Micros => Math.round(count);
export const milliseconds = (count: number): Micros => Math.round(count * 1_000);
export const seconds = (count: number): Micros => Math.round(count * 1_000_000);

/** The durations from `shortest` to `longest`, both included. */
export const between = (shortest: Micros, longest: Micros): Range => [shortest, longest];
