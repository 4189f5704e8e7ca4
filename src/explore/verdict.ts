/** What an exploration showed, as data without words. */
import type { Action } from '../kernel/action.ts';
import type { NodeId } from '../protocol/types.ts';
import type { EvaluationFailure } from '../scenario/conditions/errors.ts';
import type { Reason, Subject } from '../scenario/verdict.ts';
import type { FaultBudget, Limits } from './budgets.ts';

/**
 * What a choice means in time. *Untimed*: any message in flight may arrive and any set timer may
 * fire, as in the proofs. *Timed*: only what the kernel's windows allow.
 */
export type TimeMode = 'untimed' | 'timed';

/** A promise that a search holds against what it finds. */
export type Promised =
  | Subject
  /** `reach: CONDITION`: a search for a state; finding it is what breaks the promise. */
  | { readonly kind: 'reach'; readonly text: string }
  /** From every state found, once faults stop, this is reached. */
  | { readonly kind: 'leads to'; readonly text: string };

/** A run that ends with the violation: `step` takes each action after the start. */
export interface Trace {
  readonly actions: readonly Action[];
}

/** How far the search went. */
export interface Extent {
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** The only nodes that faults may strike; absent if that is all of them. */
  readonly faulty?: readonly NodeId[];
  readonly limits: Limits;
  /**
   * Different states visited, the choices of all of them that were explored further, and the
   * longest run to a state, in choices.
   */
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** The limits that left out something, such as runs that are longer than `depth`. */
  readonly cut: readonly Cut[];
  /** Untimed: promises that read the time, so that they were not judged. */
  readonly unjudged?: readonly string[];
  /** States in which the condition of `within` is false; TLC does not count those. */
  readonly notInside?: number;
  /** If a role of the protocol declares that its nodes are alike. */
  readonly symmetry?: Symmetry;
  readonly reduction?: Reduction;
}

/**
 * How many of the choices were not taken, because they commute with others that were: they lead to
 * states that were visited anyway. Or why all were taken.
 */
export type Reduction = { readonly skipped: number } | { readonly none: NoReduction };

export type NoReduction =
  /** The user turned it off, or counts what each choice does. */
  | { readonly code: 'off' | 'coverage' }
  /** Of the first states, too few choices commuted to be worth what it costs to know them. */
  | { readonly code: 'few' }
  /** All choices share the time and its draws. */
  | { readonly code: 'timed' | 'draws' }
  /** States stand for others, or are looked up in tables, which takes less time. */
  | { readonly code: 'symmetry' | 'look-ups' }
  /** What is judged or explored of a state depends on the run to it. */
  | { readonly code: 'leads-to' | 'within' | 'depth' | 'messages' | 'monitors' }
  | { readonly code: 'connections' }
  /** A promise that is not searched for was broken, which is remembered. */
  | { readonly code: 'broken' }
  /** A condition that must be true once, in a state on the way. */
  | { readonly code: 'eventually' | 'until'; readonly text: string };

/**
 * Nodes that are alike, in groups: states that differ only in which of them is which are one. Or
 * why no nodes were treated so.
 */
export type Symmetry =
  | { readonly alike: readonly (readonly NodeId[])[] }
  | { readonly none: NoSymmetry };

export type NoSymmetry =
  /** Draws of latencies, losses and timers depend on names. */
  | { readonly code: 'timed' | 'draws' }
  /** What is judged follows one run of the seed, or the order of all operations. */
  | { readonly code: 'leads-to' | 'history' | 'connections' }
  /** The scenario names all of them, or gives them different settings. */
  | { readonly code: 'named' }
  /** A step chooses a node or a message. */
  | { readonly code: 'choosing-step'; readonly text: string }
  /** The same action has another effect with other names. */
  | {
      readonly code: 'told-apart';
      readonly names: readonly [NodeId, NodeId];
      readonly where: string;
    };

/** A limit that left out something. */
export type Cut =
  | keyof Limits
  | 'within'
  | 'draws'
  /** Timed: each action is taken at its earliest time only, and the seed draws all numbers. */
  | 'times'
  /** Of losses and duplicates that links draw, only those of the seed. */
  | 'losses'
  /** Untimed: of what nodes draw when the run begins, only the numbers of the seed. */
  | 'boots'
  | 'partitions'
  /** `leads to`: from each state, only one run on. */
  | 'continuations'
  /** No run ended, so that what is expected at the end was not judged. */
  | 'ends'
  /** What must happen was not judged in runs with faults. */
  | 'spent'
  /** Of some history, it was not decided whether its model has it. */
  | 'undecided';

export type Exploration =
  /** In all states within the limits. */
  | ({ readonly type: 'holds' } & Extent)
  | ({
      readonly type: 'violated';
      readonly subject: Promised;
      readonly reason: BreakReason;
      readonly trace: Trace;
    } & Extent)
  | ({ readonly type: 'unknown'; readonly why: Unknown } & Extent);

export type BreakReason =
  | Reason
  | { readonly code: 'reached' }
  /** The trace leads to a state from which it is not reached any more. */
  | { readonly code: 'not-reached'; readonly within: number };

export type Unknown =
  | { readonly code: 'stopped'; readonly at: 'states' | 'bytes' | 'time' }
  /** A condition that the search is about has no value in some state. */
  | {
      readonly code: 'condition-failed';
      readonly of: 'reach' | 'within' | 'leads to';
      readonly failure: EvaluationFailure;
    }
  /** `leads to`: a run had so many actions before its time was over. */
  | { readonly code: 'too-long'; readonly actions: number }
  /** Untimed: some step draws in more ways than so many, and not all of them were tried. */
  | { readonly code: 'long-draw'; readonly most: number }
  /** Untimed: this handler reads a clock, so its runs depend on the time that passes. */
  | { readonly code: 'reads-clock'; readonly node: NodeId; readonly handler: string };

/** What walks showed. They take some runs of many, so that they never prove anything. */
export type Walked =
  | ({
      readonly type: 'violated';
      readonly subject: Promised;
      readonly reason: BreakReason;
      /** The walk with this seed found it, in so many actions; the trace has fewer. */
      readonly seed: number;
      readonly before: number;
      /** `step` takes its actions on a network that holds every message back, of these nodes. */
      readonly trace: Trace;
      readonly nodes: readonly NodeId[];
    } & WalkExtent)
  | ({ readonly type: 'unknown'; readonly why: WalkUnknown } & WalkExtent);

/** How far the walks went. */
export interface WalkExtent {
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** As in a search. */
  readonly faulty?: readonly NodeId[];
  readonly limits: Limits;
  /** The first and the last seed of the runs that ended; undefined if none did. */
  readonly seeds: readonly [number, number] | undefined;
  /** Runs, the actions of all of them, and those of the longest one. */
  readonly runs: number;
  readonly transitions: number;
  readonly depth: number;
  /** Runs that were longer than the limit ended there. */
  readonly cut: readonly Cut[];
  /** As in a search. */
  readonly unjudged?: readonly string[];
}

export type WalkUnknown =
  | { readonly code: 'stopped'; readonly at: 'seeds' | 'time' }
  | Extract<Unknown, { code: 'reads-clock' }>;
