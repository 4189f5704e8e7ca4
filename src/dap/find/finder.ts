/** What searches for schedules, beside the adapter: another thread, or slices of this one. */
import type { FoundEnd } from '../../session/stop.ts';
import type { FindRequest } from '../../explore/find/request.ts';
import type { Reduction } from '../../explore/verdict.ts';

/** Plain data, so that another thread can be given it: no file is read again. */
export interface FindJob {
  /** The scenario: the name of its file, its text, and what a launch overrides. */
  readonly program: string;
  readonly text: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** A protocol of the workspace: its files, that of the protocol first. */
  readonly own?: { readonly files: readonly (readonly [name: string, text: string])[] };
  /** The actions of the run up to the moment from which the search begins. */
  readonly actions: readonly object[];
  readonly task:
    | { readonly type: 'describe' }
    /** Conditions follow, as the user types them: the scenario is read once. */
    | { readonly type: 'check' }
    | { readonly type: 'find'; readonly request: FindRequest };
}

/** What a search reports, in this order; `described` of a job that describes. */
export type FindReport =
  | ({ readonly type: 'progress' } & FindStatus)
  | ({ readonly type: 'described' } & FindTargets)
  /** What is wrong with a condition; nothing, if `problem` is absent. */
  | { readonly type: 'checked'; readonly problem?: string }
  /** A finding that is being made shorter, as it is so far. */
  | { readonly type: 'best'; readonly result: FindResult }
  | { readonly type: 'found'; readonly result: FindResult }
  /** After a finding: the scenario that shows it from a start, or why there is none. */
  | { readonly type: 'saved'; readonly saved: SavedText }
  /** The job cannot be done; `text` says why, and what to do. */
  | { readonly type: 'refused'; readonly text: string };

export interface FindStatus {
  readonly phase: 'replaying' | 'walking' | 'searching' | 'shrinking';
  /** Runs, states, steps that were taken again, or actions that are left. */
  readonly count: number;
  /** The actions of the longest run so far. */
  readonly depth: number;
  /** States or runs per second; 0 where that means nothing. */
  readonly rate: number;
}

export interface FindTargets {
  readonly targets: readonly {
    readonly id: string;
    readonly text: string;
    readonly kind: 'expectation' | 'invariant';
    readonly note?: 'at the end';
  }[];
  /** Those that faults may strike. */
  readonly nodes: readonly string[];
  /** What a search without time says of nodes that are alike; absent if no role declares any. */
  readonly alike?: string;
  /** Why *untimed* does not apply; absent if no handler was seen to read a clock. */
  readonly readsClock?: { readonly node: string; readonly handler: string };
}

export interface FindResult {
  readonly outcome: 'holds' | 'violated' | 'unknown';
  /** The words of `lockstep explore`: the verdict first, then how far it reaches. */
  readonly lines: readonly string[];
  /** What was not searched for, because the run had broken it before. */
  readonly brokenBefore: readonly string[];
  /** What breaks beyond what was asked, and the settings of a search that finds it. */
  readonly notice?: {
    readonly text: string;
    readonly time: 'timed' | 'untimed';
    readonly faults: string;
  };
  /** How many states, or runs, it covers. */
  readonly states?: number;
  readonly runs?: number;
  /** How many choices were left out, or why none were; only of a search. */
  readonly reduction?: Reduction;
  /** The names of limits that left out something. */
  readonly cut: readonly string[];
  readonly finding?: FoundRun;
}

export interface FoundRun {
  /** What it breaks, or the condition that it reaches; and why, in words. */
  readonly promise: string;
  readonly why: string;
  /** The actions after the moment, up to the one that breaks the promise. */
  readonly actions: readonly object[];
  readonly ends: FoundEnd;
}

export type SavedText =
  | { readonly text: string; readonly name: string }
  | { readonly notSaved: string };

export interface Search {
  /** Resolves after the last report. Rejects if the search itself fails. */
  readonly done: Promise<void>;
  /** Ends it, whatever it does; `done` resolves. */
  end(): void;
  /**
   * As a user cancels it. Returns true if a finding is being made shorter: it is reported as it is,
   * and then saved. Else, or when called again, ends the search and returns false.
   */
  cancel(): boolean;
  /** Of a job that checks: each condition is reported as checked, in the order of the calls. */
  check?(condition: string): void;
}

/** Begins a search. */
export type Finder = (job: FindJob, report: (report: FindReport) => void) => Search;
