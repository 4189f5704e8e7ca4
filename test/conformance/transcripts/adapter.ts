// A recorded transcript of a real server, and what a simulated server offers to replay it.

/** Plain JSON, as steps and results are written in a transcript. */
export type Data =
  | null
  | boolean
  | number
  | string
  | readonly Data[]
  | { readonly [name: string]: Data };

/** One thing that the recorder did. */
export interface Step {
  readonly n: number;
  /** A client or a server; none for the surroundings (`sleep`, `await`). */
  readonly actor?: string;
  readonly action: string;
  readonly args?: { readonly [name: string]: Data };
  /** The step is started under this name and not waited for; the next begins 10 ms later. */
  readonly as?: string;
  /** Remembers the time at which the step ended. */
  readonly mark?: string;
  /** The time of the step is measured from this mark instead of from its own start. */
  readonly since?: string;
  /** The observation says how long the step took. */
  readonly timed?: boolean;
}

/** Times in milliseconds: the median, the extremes, and by how much a simulation may differ. */
export interface Timing {
  readonly typical: number;
  readonly least: number;
  readonly most: number;
  readonly tolerance: number;
}

/** What the real server did in a step: one result, or one of several. */
export interface Observation {
  readonly step: number;
  readonly result?: Data;
  readonly varies?: readonly { readonly result: Data; readonly runs: number }[];
  readonly ms?: Timing;
}

export interface Transcript {
  readonly name: string;
  readonly group: string;
  readonly shows: string;
  readonly server: {
    readonly name: string;
    readonly version: string;
    readonly settings?: { readonly [name: string]: Data };
  };
  readonly steps: readonly Step[];
  readonly observed: readonly Observation[];
  readonly runs: number;
  readonly outcome: string;
  readonly note?: string;
}

/** What the simulated server did in a step. */
export interface Outcome {
  readonly step: number;
  readonly result: Data;
  /** The virtual milliseconds from the start of the step, or from its mark, to its end. */
  readonly ms?: number;
}

export type Replay =
  /** Has an outcome for each step with an observation; others may have one, too. */
  | { readonly type: 'replayed'; readonly outcomes: readonly Outcome[] }
  /** `reason` says what Lockstep does not model: "Lockstep's Redis does not model GEOADD". */
  | { readonly type: 'not modelled'; readonly reason: string };

/** Replays transcripts on a simulated server. */
export interface Adapter {
  /**
   * Replays all steps of a transcript, in order, in a simulated run of its own that begins with this
   * seed. It changes the world through the kernel's `step` alone, as a session does.
   */
  replay(transcript: Transcript, seed: number): Replay;
}

/**
 * Thrown by an adapter where it meets what is not modelled; `replaying` turns it into the result.
 * So no function between the two needs to pass it on.
 */
export class NotModelled extends Error {}

/** Runs `replay` and returns what it did, or why the transcript is not modelled. */
export function replaying(replay: () => readonly Outcome[]): Replay {
  try {
    return { type: 'replayed', outcomes: replay() };
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
    return { type: 'not modelled', reason: error.message };
  }
}
