/** What a check may use. A check has no clock: its time is a number of steps. */
import type { Undecided } from './verdict.ts';

export interface Limits {
  /** Steps of a search: a few million take a second. */
  readonly steps: number;
  /** Bytes of states that a search remembers, as estimated. */
  readonly memory: number;
}

export const defaultLimits: Limits = { steps: 100_000_000, memory: 1_000_000_000 };

/** Thrown by a meter, and caught by `checkModel`: a deep search ends at once. */
export class LimitReached extends Error {
  constructor(readonly why: Undecided) {
    super('the limit of a check was reached');
  }
}

/** Undefined if a limit was reached. */
export function attempted<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof LimitReached) return undefined;
    throw error;
  }
}

/** Counts what one check uses. What a part of it uses counts for the whole, too. */
export class Meter {
  private steps = 0;
  private memory = 0;

  constructor(
    readonly limits: Limits,
    private readonly whole?: Meter,
  ) {}

  /** A meter for a part of this check, which may use this much of what is left. */
  part(fraction: number): Meter {
    const steps = Math.ceil((this.limits.steps - this.steps) * fraction);
    return new Meter({ steps, memory: this.limits.memory - this.memory }, this);
  }

  /** Counts steps; throws `LimitReached` once there were too many. */
  step(count = 1): void {
    this.steps += count;
    this.whole?.step(count);
    const { steps: max } = this.limits;
    if (this.steps > max) throw new LimitReached({ code: 'limit-reached', limit: 'steps', max });
  }

  /** Counts bytes that are kept until they are released. */
  keep(bytes: number): void {
    this.memory += bytes;
    this.whole?.keep(bytes);
    const { memory: max } = this.limits;
    if (this.memory > max) throw new LimitReached({ code: 'limit-reached', limit: 'memory', max });
  }

  release(bytes: number): void {
    this.memory -= bytes;
    this.whole?.release(bytes);
  }

  /** Releases all that this part keeps. */
  end(): void {
    this.release(this.memory);
  }

  get used(): { readonly steps: number; readonly memory: number } {
    return { steps: this.steps, memory: this.memory };
  }
}
