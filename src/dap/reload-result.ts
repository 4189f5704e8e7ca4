/**
 * The body of the response to `lockstep/reload`: what replaying the run on the reloaded code found,
 * and where the session is now. Plain JSON, which the client turns into sentences.
 */

export type ReloadResult = ReloadOutcome & { readonly at: ReloadCursor };

export type ReloadOutcome =
  /** Every action had the same effects and left the same state. */
  | { readonly type: 'same' }
  /** Every action had the same effects; one of them left another state, and then perhaps others. */
  | ({ readonly type: 'state differs' } & StateDiffersAt)
  /** An action is not possible any more, or has other effects. The session is before it. */
  | {
      readonly type: 'run differs';
      readonly step: number;
      /** The action of that step, in words: `AppendEntries n1 → n3`. */
      readonly action: string;
      readonly difference: RunDifference;
      /** The first state that differed before, if one did. */
      readonly state?: StateDiffersAt;
    }
  /** The replay was paused, or its code did not end. The session is at the last replayed step. */
  | { readonly type: 'interrupted' };

export interface StateDiffersAt {
  /** 0 for the start, in which the nodes boot. */
  readonly step: number;
  /** The action of that step, in words; `the start` for step 0. */
  readonly action: string;
  readonly difference: StateDifference;
}

/** The first field that differs. Values are written as the Variables view shows them. */
export interface StateDifference {
  readonly node: string;
  /** The keys from the state: `['log', '3', 'term']`. */
  readonly path: readonly string[];
  readonly before: string;
  readonly now: string;
}

export type RunDifference =
  | { readonly type: 'not possible' }
  | {
      readonly type: 'effects differ';
      readonly kind: EffectKind;
      /** From the first effect of this kind that differs on. */
      readonly before: EffectList;
      readonly now: EffectList;
    };

/** What the handler threw, reported, sent or replied, and the timers that it set. */
export type EffectKind = 'threw' | 'reported' | 'sent' | 'replied' | 'set';

export interface EffectList {
  /** The first, as `Token to a {hops: 2}`; undefined if there is none. */
  readonly first?: string;
  /** How many follow it. */
  readonly more: number;
}

export interface ReloadCursor {
  readonly step: number;
  /** Whether the session is inside the handler of the action after `step`. */
  readonly inside: boolean;
}
