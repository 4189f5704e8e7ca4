/** Verdicts: what a run showed of each step, expectation and property, as data without words. */
import type { Impossible } from '../kernel/impossible.ts';
import type { NotAdded } from '../kernel/joining.ts';
import type { MessageName } from '../kernel/action.ts';
import type { World } from '../kernel/world.ts';
import type { Json, Micros, NodeId } from '../protocol/types.ts';
import type { Comparison } from './conditions/comparisons.ts';
import type { EvaluationFailure } from './conditions/errors.ts';
import type { ModelName } from './history/models.ts';
import type { OrderEdge } from './history/order-edges.ts';
import type { HandlerName } from './handler-name.ts';
import type { SourceRange } from './problem.ts';

/** `src/check/verdict-words.ts` turns a verdict into sentences. */
export type Verdict =
  /** `tested` is set if the subject applies only under a condition. */
  | { readonly type: 'holds'; readonly subject: Subject; readonly tested?: Tested }
  | { readonly type: 'unknown'; readonly subject: Subject; readonly reason: Reason }
  | ({ readonly type: 'violated'; readonly subject: Subject } & Witness);

/**
 * How often the condition of "if … then …" was true. If it never was, the subject holds for that
 * reason only.
 */
export interface Tested {
  /** Of an event, the condition is that it was reported; of a history, that it has an answer. */
  readonly on: 'condition' | 'condition at the end' | 'event' | 'history';
  readonly times: number;
  /** The actions of the run. */
  readonly steps: number;
}

/** What a verdict is about. */
export type Subject =
  /** A line of `steps`, or of `expect`, as the file has it. */
  | { readonly kind: 'step' | 'expectation'; readonly text: string; readonly range: SourceRange }
  /** The `until` of the scenario, or one that the command line sets, which has no range. */
  | { readonly kind: 'until'; readonly text: string; readonly range?: SourceRange }
  /** A property that the protocol declares. */
  | { readonly kind: 'invariant' | 'derived event'; readonly name: string }
  /** A figure of the scenario that has no value. */
  | { readonly kind: 'measure'; readonly name: string; readonly range: SourceRange }
  /** How nodes of a role are shown. */
  | { readonly kind: 'look'; readonly role: string }
  /** A handler that threw. */
  | { readonly kind: 'handler'; readonly node: NodeId; readonly handler: HandlerName }
  /** The run as a whole. */
  | { readonly kind: 'run' }
  /** The run of a broken twin, which must violate something. */
  | { readonly kind: 'broken twin' };

/**
 * Where and why something was violated: `step` actions had been taken, at virtual time `time`.
 * Monitors keep it in the world, so it is plain data.
 */
export interface Witness {
  readonly reason: Reason;
  readonly step: number;
  readonly time: Micros;
}

export function witnessAt(
  { step, time: now }: World,
  reason: Reason,
  time: Micros = now,
): Witness {
  return { reason, step, time };
}

/** What a field is read of; `step` is what an invariant receives, as a whole. */
export type FieldOwner =
  | 'node' | 'event' | 'message' | 'operation' | 'answer' | 'memory' | 'step'
  | 'number' | 'string' | 'boolean';

export type Reason =
  | StepReason
  | ExpectationReason
  /** The run ended before its `until` happened; `failure`: why its condition had no value. */
  | { readonly code: 'until-not-reached'; readonly failure?: EvaluationFailure }
  /** The sentence in which the author of the invariant says why it is violated. */
  | { readonly code: 'invariant'; readonly sentence: string }
  /** The author's own code threw, or returned something invalid. */
  | {
      readonly code: 'author-code-failed';
      readonly kind: 'invariant' | 'derived event' | 'specification' | 'transactions';
      readonly message: string;
      readonly place?: Place;
      /** It read the history in a world that records none. */
      readonly lacksHistory?: true;
    }
  /** `place` is that of the line that threw; absent if it is not known. */
  | { readonly code: 'handler-threw'; readonly message: string; readonly place?: Place }
  /** The code at this place reads a field that its owner never had in the run. */
  | {
      readonly code: 'misspelt-field';
      readonly field: string;
      readonly of: FieldOwner;
      readonly place: Place;
    }
  /** `node` and `handler` acted most often while virtual time did not move. */
  | {
      readonly code: 'no-progress';
      readonly actions: number;
      readonly node: NodeId;
      readonly handler: HandlerName;
    }
  | TwinFault
  /** The steps that failed with one action; only the violations of an action have this reason. */
  | {
      readonly code: 'steps-failed';
      readonly failures: readonly {
        /** The number of the step in the scenario, from 0 on. */
        readonly index: number;
        readonly text: string;
        readonly line: number;
        readonly reason: StepReason;
      }[];
    };

/** Why the run of a broken twin does not fail as it must. */
export type TwinFault =
  /** It violates nothing, or not what it names. */
  | { readonly code: 'nothing-broken'; readonly breaks?: string }
  | { readonly code: 'other-broken'; readonly breaks: string; readonly broken: readonly string[] }
  /** What it must violate failed because its own code or condition did. */
  | { readonly code: 'broken-by-fault'; readonly subject: string };

/** A place in the source of a protocol; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why a step of the scenario was not done as it asks. */
export type StepReason =
  /** `within` is set if the step waited that long for what it names. */
  | { readonly code: 'not-possible'; readonly obstacle: Obstacle; readonly within?: Micros }
  | { readonly code: 'no-answer'; readonly within: Micros }
  | { readonly code: 'crashed-before-answer' }
  /** No client could invoke another operation. */
  | { readonly code: 'workload-stalled'; readonly invoked: number; readonly within: Micros }
  /** `expected` is the answer that the step names; undefined if the operation should fail. */
  | {
      readonly code: 'wrong-answer';
      readonly ok: boolean;
      readonly answer: Json;
      readonly expected?: { readonly value: Json };
    }
  | EventMissing
  | ConditionNeverTrue
  | { readonly code: 'operations-unanswered'; readonly node: NodeId; readonly within: Micros }
  | {
      readonly code: 'node-unanswered';
      readonly by: NodeId;
      readonly node: NodeId;
      readonly within: Micros;
    };

/** Why an expectation is violated, or cannot be judged. */
export type ExpectationReason =
  | EventMissing
  | ConditionNeverTrue
  | {
      readonly code: 'event-reported';
      readonly event: string;
      readonly node: NodeId;
      readonly fields: Readonly<Record<string, Json>>;
    }
  | {
      readonly code: 'condition-true';
      readonly condition: string;
      readonly compared?: readonly Comparison[];
    }
  | {
      readonly code: 'condition-false';
      readonly condition: string;
      readonly atEnd: boolean;
      readonly compared?: readonly Comparison[];
    }
  | { readonly code: 'condition-failed'; readonly failure: EvaluationFailure }
  /** No handler threw the expected error; `failure`: why its condition last had no value. */
  | { readonly code: 'nothing-thrown'; readonly failure?: EvaluationFailure }
  | { readonly code: 'run-not-ended' }
  | HistoryReason;

/** What the check of a history found. */
export type HistoryReason =
  | {
      readonly code: 'history-violates';
      readonly model: ModelName;
      readonly witness: HistoryWitness;
    }
  /** The scenario expects that it does not. */
  | { readonly code: 'history-satisfies'; readonly model: ModelName; readonly operations: number }
  | {
      readonly code: 'history-undecided';
      readonly model: ModelName;
      readonly why:
        | { readonly code: 'limit-reached'; readonly limit: 'steps' | 'memory' }
        | { readonly code: 'not-defined'; readonly needs: string }
        | {
            readonly code: 'not-transactions';
            readonly fault: 'not a transaction' | 'list and register' | 'not a list';
            readonly part: Json;
          }
        | { readonly code: 'repeated-value'; readonly key: Json; readonly value: Json }
        | {
            readonly code: 'excluded';
            readonly operation: string;
            readonly specification: string;
          };
    };

/** A smallest set of operations that a model does not allow. */
export type HistoryWitness = {
  readonly operations: readonly WitnessedOperation[];
  /** Which come before which others, as indices in `operations`. */
  readonly edges: readonly OrderEdge[];
} & (
  /** They have no order. After the longest one found, none of `blocked` is possible in `state`. */
  | {
      readonly type: 'no order';
      readonly state: Json;
      readonly blocked: readonly WitnessedOperation[];
    }
  /** They form a pattern that the model rules out, such as a stale read. */
  | { readonly type: 'pattern'; readonly pattern: string }
  /** `labels` are the operations in words, one for each. */
  | {
      readonly type: 'other';
      readonly lines: readonly string[];
      readonly labels?: readonly string[];
    }
);

/** An operation of a witness, and the steps to which a debugger can go. */
export interface WitnessedOperation {
  readonly process: string;
  readonly node: NodeId;
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly outcome: 'ok' | 'failed' | 'unknown';
  readonly result?: Json;
  readonly invokedStep: number;
  readonly endedStep?: number;
}

/** `event` is the pattern, as it is written; `failure`: why its condition last had no value. */
interface EventMissing {
  readonly code: 'event-missing';
  readonly event: string;
  readonly within?: Micros;
  readonly failure?: EvaluationFailure;
}

interface ConditionNeverTrue {
  readonly code: 'condition-never-true';
  readonly condition: string;
  /** The values at the end of the run or of the wait. */
  readonly compared?: readonly Comparison[];
  readonly within?: Micros;
  readonly failure?: EvaluationFailure;
}

/** Why a command is not possible at a moment. */
export type Obstacle =
  | { readonly code: 'unknown-node'; readonly node: NodeId }
  | {
      readonly code:
        | 'crashed'
        | 'down'
        | 'already-crashed'
        | 'already-paused'
        | 'not-running'
        | 'not-paused'
        | 'not-crashed'
        | 'timers-paused';
      /** A node, or the selector that found it: `the leader`. */
      readonly node: string;
    }
  /** `present` are the standings that nodes have at that moment. */
  | {
      readonly code: 'no-such-standing';
      readonly standing: string;
      readonly present: readonly string[];
    }
  | { readonly code: 'unknown-operation'; readonly node: NodeId; readonly operation: string }
  | { readonly code: 'timer-not-set'; readonly node: string; readonly timer: string }
  | { readonly code: 'not-added'; readonly refusal: NotAdded }
  /** The action itself is not possible, of a command about hosts and connections. */
  | { readonly code: 'not-now'; readonly reason: Impossible }
  | { readonly code: 'message-gone'; readonly message: MessageName }
  | { readonly code: 'no-such-message' }
  /** Both sides of the link are the same node at that moment. */
  | { readonly code: 'own-link'; readonly node: NodeId }
  /** The step was passed over while something that it names was missing. */
  | { readonly code: 'target-missing' };
