/**
 * How a reader moves from moment to moment, whatever supplies them: a simulation, a recorded trace,
 * or a live system behind a proxy. What a supplier cannot do, its capabilities say beforehand.
 */
import type { Action } from '../action.ts';
import type { Moment, StepEffects } from './moment.ts';

export interface Capabilities {
  /** Whether an action other than the next one can be taken, which a recording does not have. */
  readonly branches: boolean;
  /**
   * How an earlier moment is reached. From a checkpoint near it; only by running again from the
   * start, if the code of a node keeps state to itself; not at all, if the system is live.
   */
  readonly back: 'from a checkpoint' | 'from the start' | 'impossible';
}

export interface Movement {
  readonly capabilities: Capabilities;
  readonly moment: Moment;
  /** What the action before `moment` caused; at the start, what the boot of the nodes did. */
  readonly effects: StepEffects;
  /** How many actions are known on this branch; `moment.step` is at most this. */
  readonly length: number;
  /** Takes the action that comes next. */
  next(): Moved;
  /** Returns to the moment before the last action. */
  back(): Moved;
  /** Goes to the moment after `step` actions of this branch. */
  goto(step: number): Moved;
  /** Takes `action` now; if it is not the one that comes next, a branch begins. */
  take(action: Action): Moved;
}

/** Whether a movement happened. If not, the moment is the one before. */
export type Moved = { readonly type: 'moved' } | NotMoved;

export type NotMoved =
  /** Nothing comes next, or nothing comes before. */
  | { readonly type: 'no such step'; readonly step: number }
  /** The run did not part from another: there is no branch to leave. */
  | { readonly type: 'no branch' }
  /** The action is not possible at this moment. */
  | { readonly type: 'not possible'; readonly action: Action }
  /** The supplier lacks the capability. */
  | { readonly type: 'unsupported'; readonly capability: keyof Capabilities };
