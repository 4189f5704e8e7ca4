/** A thread that runs seeds of a scenario, what it is given, and what it returns: plain data. */

export interface SeedsJob {
  readonly file: string;
  readonly root?: string;
  readonly until?: string;
}

/** Seeds from the first to the last one. */
export interface SeedsRange {
  readonly first: number;
  readonly last: number;
}

/** Another thread that runs seeds. */
export interface SeedsThread {
  run(range: SeedsRange): Promise<ChunkResult>;
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
