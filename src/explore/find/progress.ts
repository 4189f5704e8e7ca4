/** How far a search for a schedule is. */
import type { SearchProgress } from '../budgets.ts';
import type { FoundSoFar } from './found.ts';

export type FindProgress =
  /** The run up to the moment from which the search begins is taken again. */
  | { readonly phase: 'replaying'; readonly step: number; readonly of: number }
  | {
      readonly phase: 'walking';
      readonly runs: number;
      readonly steps: number;
      readonly depth: number;
    }
  | ({ readonly phase: 'searching' } & SearchProgress)
  /** A finding is made shorter; so many actions are left. */
  | { readonly phase: 'shrinking'; readonly actions: number };

/** What a search needs of its host, which has a clock. */
export interface FindHost {
  /** Milliseconds since the search began. */
  elapsed(): number;
  /** Called now and then in a search that is not sliced. */
  progress(progress: FindProgress): void;
  /** Called when a finding is being made shorter, with what it is so far. */
  keep?(found: FoundSoFar): void;
  /** Whether the user has cancelled: what is being made shorter is taken as it is. */
  isEnough?(): boolean;
  /** Whether the host does other work in the same thread, between the slices of a search. */
  readonly isSliced: boolean;
}
