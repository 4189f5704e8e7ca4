/** A bench has a name, parameters, and a run that returns figures, named with their unit. */

export type Figures = Record<string, number>;

export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  run(): Figures | Promise<Figures>;
}

/** The `fraction` quantile of durations in milliseconds, rounded to a microsecond. */
export function quantile(durations: readonly number[], fraction: number): number {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * fraction));
  return Number(sorted[at].toFixed(3));
}

export function percentiles(durations: readonly number[]): Figures {
  return {
    p50Ms: quantile(durations, 0.5),
    p95Ms: quantile(durations, 0.95),
    p99Ms: quantile(durations, 0.99),
    maxMs: quantile(durations, 1),
  };
}
