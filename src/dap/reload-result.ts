/** The response to the request `lockstep/reload`, as JSON: how the run on the new code compares. */

export interface ReloadReport {
  readonly outcome: ReloadOutcome;
  readonly place: ReloadPlace;
}

/** Interrupted: the user paused or ended the session before the comparison was complete. */
export type ReloadOutcome =
  | { readonly type: 'same' }
  | ({ readonly type: 'state differs' } & DifferingState)
  | RunDiffers
  | { readonly type: 'interrupted' };

/** The first field of a node's state that differs; everything sent and reported is the same. */
export interface DifferingState {
  /** The step after which it differs; 0 is the start. */
  readonly step: number;
  readonly node: string;
  /** Field names and array positions from the root of the state. */
  readonly path: readonly string[];
  /** The values on the old and on the new code, as the Variables view shows them. */
  readonly before: string;
  readonly after: string;
}

/** The effects of `step` are not the same; the session stops before it. */
export interface RunDiffers {
  readonly type: 'run differs';
  readonly step: number;
  /** The action of that step, as the call stack names it. */
  readonly action: string;
  readonly difference: ActionDifference;
  /** A state that differed after an earlier step. */
  readonly state?: DifferingState;
}

export type ActionDifference =
  | { readonly type: 'impossible' }
  | {
      readonly type: 'effects';
      readonly kind: EffectKind;
      /** The effects of that kind from the first different one on; at most one list is empty. */
      readonly before: readonly string[];
      readonly after: readonly string[];
    };

export type EffectKind = 'exception' | 'event' | 'message' | 'reply' | 'timer';

/** Where the session is after the reload. */
export interface ReloadPlace {
  readonly step: number;
  /** True inside the handler of the next step. */
  readonly inside: boolean;
}
