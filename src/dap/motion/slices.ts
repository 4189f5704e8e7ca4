/** Runs a long motion in slices, so that *pause* and other requests are answered between them. */
import type { Stop } from '../../session/stop.ts';
import type { CommandOrigin } from './moving.ts';
import type { Progress } from './progress.ts';
import type { TimeLimit } from '../time-limit.ts';

/** A motion under way. */
export interface Motion {
  readonly slices: Slices<Stop>;
  readonly thread: number;
  /** Undefined if the client does not show it. */
  readonly progress: Progress | undefined;
  /** Set if the client did not send a motion. */
  readonly from?: CommandOrigin;
  readonly halted?: (() => void) | undefined;
}

/** How long a slice may take. */
const sliceMs = 10;

export const yieldToOthers: (next: () => void) => void =
  typeof setImmediate === 'function' ? (next) => setImmediate(next) : (next) => setTimeout(next, 0);

/** Calls `advance` until it returns a result, or until it is halted between two slices. */
export class Slices<Result> {
  private isHalted = false;

  constructor(
    private readonly advance: (budget: number) => Result | undefined,
    private readonly onEnd: (result: Result | 'halted') => void,
    private readonly onError: (error: unknown) => void,
    /** Called once, if the first slice is not the last. */
    private readonly onLong: () => void = () => undefined,
    private readonly limit: TimeLimit = (act) => act(),
    /** Called between two slices. */
    private readonly onSlice: () => void = () => undefined,
  ) {}

  start(): void {
    if (!this.slice(64)) this.onLong();
  }

  halt(): void {
    this.isHalted = true;
  }

  /** True if it ended in this slice. */
  private slice(before: number): boolean {
    let budget = before;
    try {
      const end = performance.now() + sliceMs;
      let now = performance.now();
      while (now < end) {
        const result = this.isHalted ? 'halted' : this.limit(() => this.advance(budget));
        if (result !== undefined) {
          this.onEnd(result);
          return true;
        }
        const next = performance.now();
        // Each call should take a millisecond or two, however slow the handlers are.
        if (next - now < 1) budget *= 2;
        else if (next - now > 2 && budget > 1) budget >>= 1;
        now = next;
      }
    } catch (error) {
      this.onError(error);
      return true;
    }
    this.onSlice();
    yieldToOthers(() => this.slice(budget));
    return false;
  }
}
