/** A thread that runs seeds of a scenario, what it is given, and what it returns: plain data. */
import type { Expanded, Part } from '../../explore/search/parts/part.ts';
import type { WalkOptions, WalkResult } from '../../explore/walks/walks.ts';

/** A scenario and the files of its protocol, for a machine that does not have them. */
export interface Sources {
  /** The name of the scenario's file, as the user gave it: sentences have it. */
  readonly file: string;
  readonly text: string;
  /** A protocol of the workspace: its files by name, and which of them is the protocol. */
  readonly own?: {
    readonly entry: string;
    readonly files: readonly (readonly [name: string, text: string])[];
  };
}

export interface SeedsJob {
  readonly file: string;
  readonly root?: string;
  /** In place of the files. */
  readonly sources?: Sources;
  readonly until?: string;
}

/** Walks instead of plain runs. */
export interface WalkJob extends Pick<SeedsJob, 'file' | 'root' | 'sources'> {
  readonly walk: Omit<WalkOptions, 'seeds' | 'slice' | 'leadsTo' | 'watch'>;
  /** The conditions of `--reach` and `--leads-to`, which the thread compiles. */
  readonly reach?: string;
  readonly leadsTo?: { readonly condition: string; readonly within: number };
}

/** Parts of a search, with the options that say what it is about. */
export interface SearchJob extends Pick<SeedsJob, 'file' | 'root' | 'sources'> {
  readonly search: Readonly<Record<string, string | boolean>>;
  readonly readsHistory: boolean;
}

/** The time was over before another machine had done it. */
export type Over = 'over';

/** Expands parts of a search elsewhere. */
export type SearchThread = SeedsThread<readonly Expanded[], Part>;

/** Undefined if the clock ended a run: the code of the protocol takes too long. */
export type WalkChunk = WalkResult | undefined;

/** Seeds from the first to the last one. */
export interface SeedsRange {
  readonly first: number;
  readonly last: number;
  /** No run begins after this time, in milliseconds since 1970; absent for no limit. */
  readonly until?: number;
}

/** Another thread that runs seeds, here or on another machine. */
export interface SeedsThread<Result = ChunkResult, Range = SeedsRange> {
  run(range: Range): Promise<Result | Over>;
  end(): void;
  /** Nothing needs what it does now any more: `run` returns at once. */
  abandon?(): void;
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
