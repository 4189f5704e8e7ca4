/** Durations and moments as people write and read them: `150ms`, `1.5s`, `200us`. */
import type { Micros } from '../../protocol/types.ts';

export const durationUnits: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
};

const pattern = /^([+-]?)(\d+(?:\.\d+)?)(us|µs|ms|s|min|m|h)$/;

/** The microseconds that `15ms` or `-1.5s` stand for; undefined if the text is no duration. */
export function parseDuration(text: string): Micros | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const size = Number(match[2]) * durationUnits[match[3]];
  return Math.round(match[1] === '-' ? -size : size);
}

/** Exact, in the largest unit in which it has at most three decimals: `12.345ms`, `15s`. */
export function formatDuration(micros: Micros): string {
  const size = Math.abs(micros);
  const sign = micros < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size >= 1_000_000 && size % 1_000 === 0) return `${sign}${size / 1_000_000}s`;
  if (size >= 1_000) return `${sign}${size / 1_000}ms`;
  return `${sign}${size}us`;
}

/** A moment of the run in seconds with all its microseconds: `0.012345s`. */
export function formatMoment(time: Micros): string {
  const whole = Math.floor(time / 1_000_000);
  return `${whole}.${String(time - whole * 1_000_000).padStart(6, '0')}s`;
}

export function parseMoment(text: string): Micros | undefined {
  const match = /^(\d+)\.(\d{6})s$/.exec(text);
  return match ? Number(match[1]) * 1_000_000 + Number(match[2]) : undefined;
}
