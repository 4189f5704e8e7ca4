/** What a launch creates: the session, and the numbers by which the client refers to its parts. */
import { stackOf, withPlaces } from '../check/thrown-errors.ts';
import { aftermath } from '../scenario/aftermath.ts';
import { endTime, progressAt } from '../scenario/driver.ts';
import { measuredAt, measureLines } from '../scenario/measures.ts';
import { thrownAt } from '../code/call-stack.ts';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { aftermathNote, failureNotes, isFailure, verdictLine } from '../check/verdict-words.ts';
import { capabilities } from './capabilities.ts';
import type { Bases } from './checked.ts';
import type { Verdict } from '../scenario/verdict.ts';
import { Evaluator } from '../session/read/evaluate.ts';
import { scriptOf } from '../session/script.ts';
import { Session } from '../session/session.ts';
import type { StepTarget, GotoTarget } from '../session/targets.ts';
import type { Output, OutputLine } from '../session/breakpoints/output.ts';
import type { LaunchArguments } from './requests/arguments.ts';
import { BreakpointRequests, type Counting, type Counts } from './requests/breakpoints.ts';
import type { AdapterOptions } from './options.ts';
import { FramesStore } from './requests/frames.ts';
import { type Loaded, tickedOf } from './load.ts';
import { type Paths, Sources } from './requests/sources.ts';
import { type TimeLimit, withoutLimit } from './time-limit.ts';
import { VariablesStore } from './requests/variables.ts';
import { outputText, runEndedText } from './words/console.ts';

export type Category = 'console' | 'stdout' | 'stderr';

/** A line of the debug console. */
export interface Line {
  readonly text: string;
  readonly category: Category;
}

/** Handlers of built-in protocols are known to end; code of the workspace may not. */
export function limitOf(debuggee: Debuggee | undefined, { limit }: AdapterOptions): TimeLimit {
  const isOwn = debuggee?.session.code.root !== undefined;
  return (isOwn ? limit : undefined) ?? withoutLimit;
}

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

  /** The events that the scenario itself stops at: their filters are ticked. */
  readonly ticked: readonly string[];
  /** The text of the scenario's file. */
  readonly text: string;
  readonly lines: Counting;
  readonly columns: Counting;

  constructor(
    readonly launched: LaunchArguments,
    { scenario, text, code }: Loaded,
    paths: Paths,
    counts: Counts,
    output: Output,
  ) {
    this.lines = counts.lines;
    this.columns = counts.columns;
    this.text = text;
    this.ticked = tickedOf(scenario);
    this.session = new Session(scriptOf(scenario, code), code, output);
    this.evaluator = new Evaluator(this.session);
    this.sources = new Sources(this.session, launched.program, paths);
    this.breakpoints = new BreakpointRequests(this.session, this.sources, counts);
    this.frames = new FramesStore(this.session, this.sources, counts);
  }

  get capabilities(): DebugProtocol.Capabilities {
    const { session, ticked } = this;
    const named = { events: ticked, scenario: session.scenario.file };
    return capabilities(session.code.protocol, named, session.capabilities);
  }

  /** Invalidates all numbers of the moment that the session leaves. */
  leave(): void {
    this.frames.clear();
    this.variables.clear();
    this.stepTargets = [];
    this.gotoTargets = [];
  }

  verdicts(ended: boolean): readonly Verdict[] {
    const { session } = this;
    return withPlaces(session.script.verdicts(session.world, ended), (step, property) => {
      const stack = stackOf(session.explain(step).effects, property);
      return stack === undefined ? undefined : thrownAt(session.code, stack);
    });
  }

  /** What the console shows at the end of the run. */
  endLines(): Line[] {
    const title = runEndedText(this.session.scenario.title);
    const { units } = this.session.world.wording;
    const verdicts = this.verdicts(true).map(
      (verdict): Line => ({
        text: verdictLine(verdict, units),
        category: isFailure(verdict) ? 'stderr' : 'console',
      }),
    );
    const { script, world } = this.session;
    const after = aftermath(script.scenario, world);
    const failed = failureNotes(progressAt(script.scenario, world, false).failed);
    const time = endTime(script.scenario, world);
    const measures = measureLines(measuredAt(script.scenario, world, time));
    const notes = after === undefined ? failed : [...failed, aftermathNote(after)];
    return [
      { text: title, category: 'console' },
      ...verdicts,
      ...[...notes, ...measures].map((text): Line => ({ text, category: 'console' })),
    ];
  }

  /** A line of the session, at the place of its log point if it has one. */
  outputBody(line: OutputLine): DebugProtocol.OutputEvent['body'] {
    const body = plainOutput(line);
    const place = 'place' in line ? line.place : undefined;
    if (!place) return body;
    const range = { line: place.line, column: 1, endLine: place.line, endColumn: 1 };
    const source =
      place.file === ''
        ? this.sources.of({ in: 'scenario', range })
        : this.sources.ofFile(place.file);
    return { ...body, source, line: this.lines.toClient(place.line) };
  }
}

export function plainOutput(line: OutputLine): DebugProtocol.OutputEvent['body'] {
  return { category: 'console', output: `${outputText(line)}\n` };
}

/** The lines or columns of a client that counts them from `base`, which is 0 or 1. */
export function counting(base: number): Counting {
  const offset = 1 - base;
  return { toClient: (line) => line - offset, fromClient: (line) => line + offset };
}

export function basesOf(client: Partial<DebugProtocol.InitializeRequestArguments>): Bases {
  const { linesStartAt1 = true, columnsStartAt1 = true } = client;
  return { line: linesStartAt1 ? 1 : 0, column: columnsStartAt1 ? 1 : 0 };
}
