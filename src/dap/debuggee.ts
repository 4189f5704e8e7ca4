/** What a launch creates: the session, and the numbers by which the client refers to its parts. */
import { withPlaces } from '../check/thrown-errors.ts';
import { failureNotes } from '../check/verdict-words.ts';
import { progressAt } from '../scenario/driver.ts';
import { sourceCalls } from '../code/call-stack.ts';
import type { Verdict } from '../scenario/verdict.ts';
import { Evaluator } from '../session/read/evaluate.ts';
import { scriptOf } from '../session/script.ts';
import { Session } from '../session/session.ts';
import type { StepTarget, GotoTarget } from '../session/targets.ts';
import type { Output } from '../session/breakpoints/output.ts';
import type { LaunchArguments } from './requests/arguments.ts';
import { BreakpointRequests, type Counting, type Counts } from './requests/breakpoints.ts';
import { FramesStore } from './requests/frames.ts';
import type { Loaded } from './load.ts';
import { type Paths, Sources } from './requests/sources.ts';
import { VariablesStore } from './requests/variables.ts';

export class Debuggee {
  readonly session: Session;
  readonly evaluator: Evaluator;
  readonly sources: Sources;
  readonly breakpoints: BreakpointRequests;
  readonly frames: FramesStore;
  readonly variables = new VariablesStore();
  /** The targets that were offered last; a target's number is its index plus one. */
  stepTargets: readonly StepTarget[] = [];
  gotoTargets: readonly GotoTarget[] = [];

  readonly lines: Counting;
  readonly columns: Counting;

  constructor(
    readonly launched: LaunchArguments,
    { scenario, code }: Loaded,
    paths: Paths,
    counts: Counts,
    output: Output,
  ) {
    this.lines = counts.lines;
    this.columns = counts.columns;
    this.session = new Session(scriptOf(scenario, code), code, output);
    this.evaluator = new Evaluator(this.session);
    this.sources = new Sources(this.session, launched.program, paths);
    this.breakpoints = new BreakpointRequests(this.session, this.sources, counts);
    this.frames = new FramesStore(this.session, this.sources, counts);
  }

  /** Invalidates all numbers of the moment that the session leaves. */
  leave(): void {
    this.frames.clear();
    this.variables.clear();
    this.stepTargets = [];
    this.gotoTargets = [];
  }

  failureNotes(): string[] {
    const { script, world } = this.session;
    return failureNotes(progressAt(script.scenario, world, false).failed);
  }

  verdicts(ended: boolean): readonly Verdict[] {
    const { session } = this;
    return withPlaces(session.script.verdicts(session.world, ended), (step) => {
      const { failure } = session.explain(step).effects;
      return failure === null ? undefined : sourceCalls(session.code, failure.stack)[0];
    });
  }
}
