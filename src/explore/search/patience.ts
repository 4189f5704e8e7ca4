/**
 * How a search ends when its time is over. What waits may lead to known states only, and then the
 * search is complete: it goes on as long as nothing is new, and not for long.
 */
import type { Meter, SearchProgress } from '../budgets.ts';
import type { Unknown } from '../verdict.ts';

/** So many states and outcomes more; both take a few milliseconds. */
const visitsMost = 1_024;
const outcomesMost = 256;

export const outOfStates: Unknown = { code: 'stopped', at: 'states' };
export const outOfTime: Unknown = { code: 'stopped', at: 'time' };
export const outOfMemory: Unknown = { code: 'stopped', at: 'bytes' };

export class Patience {
  /** How far the search was when its time was over. */
  private over: SearchProgress | undefined;
  private visits = 0;

  constructor(
    private readonly meter: Meter = () => false,
    private readonly progress: () => SearchProgress,
  ) {}

  /** Calls the meter, unless the time is over. Returns whether it is. */
  look(): boolean {
    if (this.over !== undefined) return true;
    const progress = this.progress();
    if (this.meter(progress)) this.over = progress;
    return this.over !== undefined;
  }

  /** Called before each state. Returns true when the search ends, and something is left. */
  endsBeforeState(): boolean {
    if (this.over === undefined) return false;
    return ++this.visits > visitsMost || this.endsAfterOutcome();
  }

  /** The same after an outcome. */
  endsAfterOutcome(): boolean {
    if (this.over === undefined) return false;
    const { states, transitions } = this.progress();
    return states > this.over.states || transitions - this.over.transitions > outcomesMost;
  }
}
