/** What a search for a schedule found out. */
import type { Action } from '../../kernel/action.ts';
import type { BeyondBounds, Notice, Outside } from '../auto/beyond.ts';
import type { BreakReason, Exploration, Promised, Walked } from '../verdict.ts';

/** What one mode showed. */
export type Shown = {
  /** What the mode that does all tried beyond the bounds. */
  readonly outside?: Outside;
} & (
  | {
      readonly kind: 'search';
      readonly mode: string;
      readonly verdict: Exploration;
      /** What walks showed beside it. */
      readonly runs?: Walked;
      /** What breaks beyond what was asked. */
      readonly notice?: Notice;
    }
  | {
      readonly kind: 'walk';
      readonly mode: string;
      readonly verdict: Walked;
      /** It was found beyond the bounds of the scenario. */
      readonly beyond?: BeyondBounds;
    }
);

/** A run that breaks a promise: `step` takes each action after the moment. */
export interface Finding {
  readonly subject: Promised;
  readonly reason: BreakReason;
  readonly actions: readonly Action[];
  /** Whether the promise is about the run as a whole, and is judged at its end. */
  readonly isAtEnd: boolean;
  /** Whether the user cancelled before the run was as short as it can become. */
  readonly isCutShort?: boolean;
}

/** A promise that the run broke before the moment: it is not searched for. */
export interface BrokenBefore {
  readonly subject: Promised;
  readonly reason: BreakReason;
  readonly step: number;
}

export interface Searched {
  readonly type: 'shown';
  readonly shown: Shown;
  readonly before: readonly BrokenBefore[];
  readonly finding?: Finding;
}

/** A finding that is still being made shorter. */
export type FoundSoFar = Searched & { readonly finding: Finding };

export type Found =
  | Searched
  | { readonly type: 'refused'; readonly why: FindRefused };

export type FindRefused =
  /** Nothing can happen after the moment. */
  | { readonly code: 'run ended' }
  /** All that is searched for is broken already. */
  | { readonly code: 'broken already'; readonly before: BrokenBefore }
  /** The actions are not possible in this scenario: its files have changed. */
  | { readonly code: 'other run' };
