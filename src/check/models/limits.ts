/** What a check may use. A check has no clock: its time is a number of steps. */
import type { Undecided } from './verdict.ts';

export interface Limits {
  /** Steps of a search: about ten million take a second. */
  readonly steps: number;
  /** Bytes of states that a search remembers, as estimated. */
  readonly memory: number;
}

export const defaultLimits: Limits = { steps: 200_000_000, memory: 1_000_000_000 };

/** Thrown by a meter, and caught by `checkModel`: a deep search ends at once. */
export class LimitReached extends Error {
  constructor(readonly why: Undecided) {
    super('the limit of a check was reached');
  }
}

/** Counts what one check uses. */
export class Meter {
  private steps = 0;
  private memory = 0;

  constructor(readonly limits: Limits) {}

  /** Counts steps; throws `LimitReached` once there were too many. */
  step(count = 1): void {
    this.steps += count;
    const { steps: max } = this.limits;
    if (this.steps > max) throw new LimitReached({ code: 'limit-reached', limit: 'steps', max });
  }

  /** Counts bytes that are kept until the check ends. */
  keep(bytes: number): void {
    this.memory += bytes;
    const { memory: max } = this.limits;
    if (this.memory > max) throw new LimitReached({ code: 'limit-reached', limit: 'memory', max });
  }

  /** Gives back bytes that are no longer kept. */
  release(bytes: number): void {
    this.memory -= bytes;
  }

  get used(): { readonly steps: number; readonly memory: number } {
    return { steps: this.steps, memory: this.memory };
  }
}
