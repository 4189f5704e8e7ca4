/**
 * What stacks, variables and panels read of a session: where it is, and what its past steps did.
 * `Session` implements it for a simulation; a recorded trace or a live system can too.
 */
import type { Action } from '../../kernel/action.ts';
import type { ActMoment, Subject } from '../../kernel/seam/acts.ts';
import type { Causality } from '../../kernel/seam/causality.ts';
import type { HandlerMoment, Moment, StepEffects, Upcoming } from '../../kernel/seam/moment.ts';
import type { Capabilities } from '../../kernel/seam/movement.ts';
import type { RecordedOperation } from '../../protocol/history.ts';
import type { Measured } from '../../scenario/measures.ts';
import type { Fault } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ActivityNow } from '../../scenario/workload/activity.ts';
import type { Code } from '../../code/code.ts';
import type { Property } from '../../code/record/variants.ts';
import type { RootCall } from '../../code/record/recorder.ts';
import type { Site } from '../../code/transform/instrument.ts';
import type { Stop } from '../stop.ts';
import type { Local } from './locals.ts';

export interface Reading {
  readonly capabilities: Capabilities;
  readonly scenario: Pick<Scenario, 'title' | 'file' | 'steps' | 'introduction'>;
  readonly code: Code;
  readonly cursor: Cursor;
  /** Why the session stopped at the cursor. */
  readonly stop: Stop;
  /** How many actions the branch of the cursor holds. */
  readonly length: number;
  /** The moment after `cursor.step` actions, before the one that was entered. */
  readonly moment: Moment;
  /** What the cursor is inside of; null between actions. */
  readonly entered: Entered | null;
  /** The handler that the entered action runs, if it runs one. */
  readonly handler: HandlerMoment | undefined;
  /** The statements of what was entered; undefined if it cannot be stepped through. */
  readonly trace: HandlerTrace | undefined;
  /** The middle of what was entered, before the statement of the cursor. */
  readonly inside: LineMoment | undefined;
  /** The client operations up to `moment`, in the order of their invocations. */
  readonly history: readonly RecordedOperation[];
  /** The workloads and nemeses of the scenario that are under way at `moment`. */
  readonly activities: readonly ActivityNow[];
  /** The figures that the scenario's `measure` names, as they are at `moment`. */
  readonly measured: readonly Measured[];
  /** The logical clocks of this branch, up to `length`. */
  readonly clocks: Causality;
  /** A step of this branch; undefined if it can no longer be read, as in a live system. */
  explain(step: number): ExplainedStep | undefined;
  /** Several, in ascending order: cheaper than one by one. Ends before one that cannot be read. */
  explainAll(steps: readonly number[]): readonly ExplainedStep[];
  /** The statements of a past step; undefined if it cannot be stepped through. */
  traceOf(step: number): HandlerTrace | undefined;
  /** The steps that led to a step: from itself back to a client's command, a timer or the start. */
  chain(step: number): readonly number[];
  /** The last step up to `step` in which a node acted; 0, the boot of all, if it never did. */
  lastActed(node: number, step: number): number;
  /** The scenario's step that was current before `step`; the number of steps if all were done. */
  scenarioStep(step: number): number;
  /** What a person can do to something now, and what cannot be done, with the reason. */
  actsOn(subject: Subject): readonly ActMoment[];
  /** What is wrong with a command, if it were typed now; undefined if it can be taken. */
  faultIn(command: string): Fault | undefined;
  /**
   * Calls `visit` after each step from `first` to `last`, in order: to the cursor's, if `last` is
   * absent. The branch may be recorded beyond that. The moment is valid only during the call.
   */
  walk(first: number, visit: (step: WalkedStep) => void, last?: number): void;
  /** All branches, in the order in which they were made, whichever the cursor is on. */
  readonly recorded: readonly RecordedBranch[];
  /** The run of another scenario, with which the user compares this one; null if there is none. */
  readonly compared: Reading | null;
  /** The file of the scenario's counterpart, its broken twin or its story; '' without one. */
  readonly counterpart: string;
}

/** A branch with all that is recorded of it, also beyond the cursor. Always the same object. */
export interface RecordedBranch {
  readonly number: number;
  /** The branch from which it parted after `step` actions; null for the first. */
  readonly parted: { readonly from: number; readonly step: number } | null;
  readonly length: number;
  readonly clocks: Causality;
  /** Undefined if the step can no longer be read, as in a live system. */
  explain(step: number): ExplainedStep | undefined;
  /** Begins a walk at step `first`; 0 is the start. */
  walk(first: number): Walk;
}

/** A walk over a branch in parts, each of which costs only its own steps. */
export interface Walk {
  /** The step that is visited next. */
  readonly next: number;
  /** Visits at most `most` recorded steps. The moment is valid only during the call. */
  go(most: number, visit: (step: WalkedStep) => void): void;
}

/** The place of the debugger in the tree of branches. A value: only the session replaces it. */
export interface Cursor {
  /** The number of the branch, counted from 0 in the order in which they were made. */
  readonly branch: number;
  /** How many actions were taken. */
  readonly step: number;
  /** Set if the cursor is inside the action that follows, or inside the start, at step 0. */
  readonly inside: CursorInside | null;
}

export interface CursorInside {
  readonly type: 'action' | 'start';
  /** How many of its statements were executed; −1 if it has none. */
  readonly line: number;
}

/** The boot of all nodes. It is not an action, so it is not a step of a run. */
export interface Start {
  readonly type: 'start';
  readonly at: 0;
}

export type Entered = Action | Upcoming | Start;

/** What a past step did, and the moments around it. */
export interface ExplainedStep {
  /** 0 is the start, in which every node boots. */
  readonly step: number;
  readonly action: Action | null;
  /** The handler that it ran; undefined for the start, a network fault, a lost message. */
  readonly handler: HandlerMoment | undefined;
  readonly before: Moment;
  readonly after: Moment;
  /** With the call stack of each effect. */
  readonly effects: StepEffects;
}

export interface WalkedStep {
  readonly step: number;
  /** Null for the start. */
  readonly action: Action | null;
  readonly effects: StepEffects;
  readonly moment: Moment;
}

/** The statements that a handler executed, numbered from 0. */
export interface HandlerTrace {
  readonly length: number;
  /** What the whole action did. */
  readonly effects: StepEffects;
  /** The statement that threw; −1 if none did. */
  readonly thrownAt: number;
  /** The moment before a statement. */
  at(line: number): LineMoment;
  /** The outermost function on the call stack at a statement, and the node that ran it. */
  root(line: number): RootCall;
  /** The invariant or derived event whose code a statement is; undefined for a node's own. */
  property(line: number): Property | undefined;
  /** The statement that sent a message or reported an event, by its index in the effects. */
  doing(kind: 'sent' | 'events', index: number): number | undefined;
}

/** The middle of a handler: before a statement, with all that was done up to there. */
export interface LineMoment {
  readonly moment: Moment;
  readonly effects: StepEffects;
  /** Innermost first. */
  readonly frames: readonly LineFrame[];
}

/** A function on the call stack. */
export interface LineFrame {
  readonly name: string;
  readonly site: Site;
  /** The statement at which it began. */
  readonly first: number;
  readonly locals: readonly Local[];
  /** Names of its module. */
  readonly constants: readonly Local[];
}
