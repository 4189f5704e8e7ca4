/** What the views read of a session: the moment where it stopped, and the steps that led there. */
import type { Action } from '../kernel/action.ts';
import type { Moment, StepEffects, Upcoming } from '../kernel/seam/moment.ts';
import type { StopView } from './contract.ts';

export interface Scene {
  readonly scenario: { readonly title: string; readonly file: string };
  readonly cursor: { readonly branch: number; readonly step: number };
  readonly stop: StopView;
  /** How many actions the branch holds. */
  readonly length: number;
  /** The moment after `cursor.step` actions, before the one that was entered. */
  readonly moment: Moment;
  /** The action, or the boot of the nodes, that the cursor is in or before; null between actions. */
  readonly entered: Action | Upcoming | { readonly type: 'start' } | null;
  /** The middle of what was entered; undefined before its first statement. */
  readonly inside: { readonly moment: Moment; readonly effects: StepEffects } | undefined;
  /** A past step; undefined if it can no longer be read, as in a live system. */
  explain(step: number): Explained | undefined;
  /** Calls `visit` after each step from `first` to the cursor's, in order. */
  walk(first: number, visit: (step: WalkedStep) => void): void;
}

export interface Explained {
  readonly action: Action | null;
  readonly before: Moment;
  readonly after: Moment;
  readonly effects: StepEffects;
}

/** A step, and the moment right after it. The moment is valid only during the visit. */
export interface WalkedStep {
  readonly step: number;
  /** Null for the boot of the nodes, which is step 0. */
  readonly action: Action | Upcoming | null;
  readonly effects: StepEffects;
  readonly moment: Moment;
}
