/** Why the session stopped: typed values, which each edge turns into its own words. */
import type { MessageName } from '../kernel/action.ts';
import type { DataHit, EventHit, HandlerHit } from '../kernel/text/hit-text.ts';
import type { Micros } from '../protocol/types.ts';
import type { Verdict } from '../scenario/verdict.ts';

/** The kinds of stops that the Debug Adapter Protocol knows, and the end of the run. */
export type StopType =
  | 'entry'
  | 'step'
  | 'pause'
  | 'goto'
  | 'restart'
  | 'breakpoint'
  | 'function breakpoint'
  | 'data breakpoint'
  | 'exception'
  | 'end';

export interface Stop {
  readonly type: StopType;
  readonly reason: StopReason;
  /** The breakpoints that were hit, by their ids. */
  readonly breakpoints: readonly number[];
  /** The node whose thread was stepped; undefined for the cluster's thread. */
  readonly node?: number;
  /**
   * The event at which it stopped, by its index in the effects: those of the entered action, which
   * is about to report it, or between two actions those of the last one.
   */
  readonly event?: number;
  /** True if the user did not ask to go there: the editor keeps its focus. */
  readonly quiet?: true;
  /** The scenario's step that is about to begin, if its breakpoint was hit. */
  readonly begins?: number;
  /** The scenario's step that has failed. */
  readonly fails?: number;
}

/** How a run ends that a search found: only the end of a run shows some promises. */
export type FoundEnd = 'broken' | 'broken at its end' | 'reached';

/** Why a stop happened that no breakpoint caused. */
export type PlainReason =
  /** Before the first action. */
  | { readonly type: 'start' }
  /** The run is over: when that was, and what is judged then. */
  | { readonly type: 'end'; readonly time: Micros; readonly verdicts: readonly Verdict[] }
  /** A step that ended where such a step ends. */
  | { readonly type: 'step' }
  | { readonly type: 'step back' }
  | { readonly type: 'pause' }
  /** The user went to the moment after this many actions. */
  | { readonly type: 'goto'; readonly step: number }
  /** A frame was restarted: before the first statement of its handler. */
  | { readonly type: 'restarted' }
  /** The message that was followed is about to be handled, or was lost. */
  | { readonly type: 'delivered' | 'lost'; readonly message: MessageName }
  /** The client's operation that was stepped out of has its answer. */
  | { readonly type: 'answered'; readonly operation: string }
  /** Every message that goes back to the same timer, operation or start has arrived. */
  | { readonly type: 'round over' }
  /** The user chose this action, in the command language. */
  | { readonly type: 'taken'; readonly action: string }
  /** The user left a branch: this is where it parted. */
  | { readonly type: 'branch left'; readonly number: number }
  /** A run that a search found was opened: the next action breaks the promise, or is its last. */
  | { readonly type: 'found'; readonly promise: string; readonly ends: FoundEnd }
  /** The code was reloaded. `differsAt` is the first step that it does not repeat. */
  | { readonly type: 'reloaded'; readonly differsAt?: number }
  /** The action did not end within the time limit; it was not taken. */
  | { readonly type: 'endless'; readonly action: string }
  | { readonly type: 'internal error'; readonly message: string };

/** Why a breakpoint was hit. */
export type HitReason =
  | {
      readonly type: 'line';
      readonly file: string;
      readonly line: number;
      /** The node that runs the line; undefined in an invariant after a fault. */
      readonly node?: string;
    }
  | HandlerHit
  /** `doc` is what the protocol says that the event means. */
  | (EventHit & { readonly doc: string })
  | {
      readonly type: 'violated';
      readonly property: PropertyKind;
      readonly name: string;
      readonly why: string;
      /** True if the code of the property itself threw. */
      readonly threw: boolean;
    }
  | { readonly type: 'thrown'; readonly node: string; readonly message: string }
  | DataHit
  /** A line of the scenario is about to begin; undefined after the last. */
  | { readonly type: 'scenario step'; readonly text: string | undefined };

export type StopReason = PlainReason | HitReason;

/** What watches each step and can find something wrong with it. */
export type PropertyKind = 'invariant' | 'derived event' | 'expectation' | 'scenario step';

const plainTypes: Readonly<Record<PlainReason['type'], StopType>> = {
  start: 'entry',
  end: 'end',
  step: 'step',
  'step back': 'step',
  pause: 'pause',
  goto: 'goto',
  restarted: 'restart',
  delivered: 'step',
  lost: 'step',
  answered: 'step',
  'round over': 'step',
  taken: 'step',
  'branch left': 'pause',
  found: 'pause',
  reloaded: 'pause',
  endless: 'exception',
  'internal error': 'pause',
};

export function stopFor(reason: PlainReason, node?: number): Stop {
  const thread = node === undefined ? {} : { node };
  return { type: plainTypes[reason.type], reason, breakpoints: [], ...thread };
}

export const atStart = stopFor({ type: 'start' });

/** One stop for all that was hit in a step: the first gives the reason. */
export function joined(stop: Stop, other: Stop | undefined): Stop;
export function joined(stop: Stop | undefined, other: Stop | undefined): Stop | undefined;
export function joined(stop: Stop | undefined, other: Stop | undefined): Stop | undefined {
  if (stop === undefined || other === undefined) return stop ?? other;
  const event = stop.event ?? other.event;
  const breakpoints = [...stop.breakpoints, ...other.breakpoints];
  return { ...stop, breakpoints, ...(event === undefined ? {} : { event }) };
}
