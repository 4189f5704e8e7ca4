/** What a check has used: it has no clock, so it counts its work. */

/** Its methods throw once a limit is reached; the caller of the check then has no verdict. */
export interface Work {
  step(count?: number): void;
  /** Counts bytes that are kept until the check ends. */
  keep(bytes: number): void;
  /** Gives back bytes that are no longer kept. */
  release(bytes: number): void;
}
