/** What a sweep over seeds has shown so far. */
import type { ChunkResult, SeedViolation } from './seeds-thread.ts';

/** A promise that some seeds violate. */
export interface BrokenPromise {
  readonly subject: string;
  readonly type: SeedViolation['type'];
  /** How many seeds, the first ones, and why with the first. */
  readonly count: number;
  readonly seeds: readonly number[];
  readonly why: string;
}

export interface Totals {
  readonly file: string;
  readonly first: number;
  readonly last: number;
  readonly runs: number;
  readonly actions: number;
  /** How many seeds violate something, and how many only have no verdict. */
  readonly violated: number;
  readonly unknown: number;
  /** The seeds that violate something, the first ones. */
  readonly violating: readonly number[];
  readonly promises: readonly BrokenPromise[];
  /** Whether a limit ended the sweep before the last seed. */
  readonly isCut: boolean;
}

/** How many seeds are listed. */
const listedMost = 10;

/** The same whatever the threads and their order. */
export function totalsOf(
  about: Pick<Totals, 'file' | 'first' | 'last'>,
  chunks: readonly ChunkResult[],
): Totals {
  const sorted = [...chunks].sort((a, b) => a.first - b.first);
  const violations = sorted.flatMap((chunk) => chunk.violations);
  const seedsOf = (type: SeedViolation['type']) => {
    return new Set(violations.filter((one) => one.type === type).map(({ seed }) => seed));
  };
  const violating = seedsOf('violated');
  const unknown = [...seedsOf('unknown')].filter((seed) => !violating.has(seed));
  const runs = sorted.reduce((sum, chunk) => sum + chunk.runs, 0);
  return {
    ...about,
    runs,
    actions: sorted.reduce((sum, chunk) => sum + chunk.actions, 0),
    violated: violating.size,
    unknown: unknown.length,
    violating: [...violating].slice(0, listedMost),
    promises: promisesOf(violations),
    isCut: runs < about.last - about.first + 1,
  };
}

function promisesOf(violations: readonly SeedViolation[]): BrokenPromise[] {
  const all = new Map<string, { first: SeedViolation; seeds: Set<number> }>();
  for (const one of violations) {
    const key = `${one.type} ${one.subject}`;
    const known = all.get(key);
    if (known === undefined) all.set(key, { first: one, seeds: new Set([one.seed]) });
    else known.seeds.add(one.seed);
  }
  return [...all.values()].map(({ first: { subject, type, why }, seeds }) => {
    return { subject, type, count: seeds.size, seeds: [...seeds].slice(0, listedMost), why };
  });
}

/** 0 if all hold, 1 if some seed violates something, 3 if that is not known. */
export function exitCode({ violated, unknown, isCut }: Totals): number {
  if (violated > 0) return 1;
  return unknown > 0 || isCut ? 3 : 0;
}
