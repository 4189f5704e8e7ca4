/** What the History panel draws, of a run or of a file: operations, verdicts and witnesses. */
import type { HistoryOrigin } from '../../check/formats/events.ts';
import type { OrderEdge } from '../../scenario/history/order-edges.ts';

export interface HistoryView extends HistoryPart {
  /** One for each model that was checked. */
  verdicts: ModelVerdictView[];
}

/** Consecutive operations of a history. */
export interface HistoryPart {
  /** In the order of their invocations. */
  operations: OperationView[];
  /** How many operations precede these, and how many follow them. */
  before: number;
  after: number;
}

/** A client operation: an interval from its invocation to its response. */
export interface OperationView {
  /** Its number in the whole history, from 0. */
  index: number;
  process: string;
  /** What was called and what it returned: `write 4 → ok`. */
  text: string;
  /** Whether `text` names the client, as that of a transaction does: `T1 (A): r x nil`. */
  namesClient?: boolean;
  outcome: 'ok' | 'failed' | 'unknown';
  /** The positions of invocation and response among all of the history; open if it has no end. */
  invoked: number;
  returned?: number;
  /** The steps of a run, to which a debugger can go. */
  invokedStep?: number;
  endedStep?: number;
}

export type ModelVerdictView = {
  model: string;
  /** One sentence: what the model guarantees; empty if the model is not known. */
  doc: string;
  /** The verdict in words, beyond its type; one sentence or operation a line. */
  lines: string[];
} & (
  | { type: 'holds' | 'unknown' }
  /** The check runs, or was stopped by the user. */
  | { type: 'checking' | 'stopped' }
  | {
      type: 'violated';
      witness: WitnessView;
      /** The position of the first response at which the history violates the model. */
      validUntil?: number;
      /** The part with the witness, if it is not among the operations of the view. */
      around?: HistoryPart;
    }
);

export type ViolatedView = Extract<ModelVerdictView, { type: 'violated' }>;

/** The smallest set of operations that a model does not allow. */
export interface WitnessView {
  operations: OperationView[];
  /** Which come before which others, as places in `operations`. */
  edges: OrderEdge[];
  /** The operations of the longest order that is possible, by their `index`, in that order. */
  longest: number[];
  /** The operations that cannot come next, by their `index`. */
  blocked: number[];
}

/** What is wrong in the text of a history, and where; both count from 1. */
export interface HistoryProblem {
  line: number;
  column: number;
  message: string;
}

/** What the check of a file reports, one after the other. */
export type HistoryReport =
  | { type: 'problem'; problem: HistoryProblem }
  | {
      type: 'read';
      format: string;
      /** What the operations do; undefined if no specification has all of them. */
      specification?: string;
      view: HistoryView;
      origin?: HistoryOrigin;
    }
  | { type: 'verdict'; verdict: ModelVerdictView };

/**
 * What one check of a model may use, and the search for the longest valid prefix once more, where
 * the user can end it.
 */
export const stepsOfCheck = 20_000_000;

/** What the user chose for a file; undefined if Lockstep finds it out. */
export interface HistoryChoice {
  format?: string;
  specification?: string;
  /** How many steps each check may take. */
  steps: number;
}

/** From the extension to the page of a history file. */
export type FileEvent =
  | {
      type: 'opened';
      file: string;
      choice: HistoryChoice;
      formats: string[];
      specifications: string[];
    }
  | HistoryReport
  /** All models are checked, or the user stopped the check. */
  | { type: 'done'; isStopped: boolean; failure?: string };

/** From the page of a history file to the extension. */
export type FileMessage =
  | { type: 'file ready' }
  | { type: 'choose'; choice: HistoryChoice }
  | { type: 'stop' }
  | { type: 'open as text'; line?: number; column?: number }
  | { type: 'moment'; step: number };
