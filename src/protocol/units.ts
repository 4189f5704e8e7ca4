/** Durations in a protocol's own words; the kernel counts whole microseconds. */
import type { Micros, Range } from './types.ts';

export const microseconds = (count: number): Micros => Math.round(count);
export const milliseconds = (count: number): Micros => Math.round(count * 1_000);
export const seconds = (count: number): Micros => Math.round(count * 1_000_000);

/** From `shortest` to `longest`, both included. */
export const between = (shortest: Micros, longest: Micros): Range => [shortest, longest];
