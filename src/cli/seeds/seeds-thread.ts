/** A thread that runs seeds of a scenario, what it is given, and what it returns: plain data. */
import type { WalkOptions, WalkResult } from '../../explore/walks/walks.ts';

export interface SeedsJob {
  readonly file: string;
  readonly root?: string;
  readonly until?: string;
}

/** Walks instead of plain runs. */
export interface WalkJob extends Pick<SeedsJob, 'file' | 'root'> {
  readonly walk: Omit<WalkOptions, 'seeds' | 'slice' | 'leadsTo'>;
  /** The conditions of `--reach` and `--leads-to`, which the thread compiles. */
  readonly reach?: string;
  readonly leadsTo?: { readonly condition: string; readonly within: number };
}

/** Undefined if the clock ended a run: the code of the protocol takes too long. */
export type WalkChunk = WalkResult | undefined;

/** Seeds from the first to the last one. */
export interface SeedsRange {
  readonly first: number;
  readonly last: number;
  /** No run begins after this time, in milliseconds since 1970; absent for no limit. */
  readonly until?: number;
}

/** Another thread that runs seeds. */
export interface SeedsThread<Result = ChunkResult> {
  run(range: SeedsRange): Promise<Result>;
  end(): void;
}

/** Seeds that one thread takes at a time, and what they showed: plain data. */
export interface ChunkResult {
  readonly first: number;
  readonly runs: number;
  readonly actions: number;
  readonly violations: readonly SeedViolation[];
}

/** What a run violated, or why it has no verdict. */
export interface SeedViolation {
  readonly seed: number;
  readonly type: 'violated' | 'unknown';
  readonly subject: string;
  readonly why: string;
}
