/** A recorded run in a page: it is run again, and shows each of its steps as a session does. */
import { type Code, loadBuiltIn, loadProtocol } from '../../code/code.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { Playback } from '../../session/playback.ts';
import { digestOf, Rerun } from '../../session/recorded/rerun.ts';
import { scriptOf } from '../../session/script.ts';
import { Session } from '../../session/session.ts';
import { atStart, type Stop, stopFor } from '../../session/stop.ts';
import type { Moment, Views } from '../contract.ts';
import { stopView } from '../ending.ts';
import { momentOf } from '../moment.ts';
import { PanelSources } from '../panel-sources.ts';
import type { PanelName } from '../panels.ts';
import type { NamedText, RecordedRun } from './recorded-run.ts';

const stepped = stopFor({ type: 'step' });

export class ReplayedRun {
  private readonly session: Session;
  private readonly rerun: Rerun;
  private readonly sources = new PanelSources();
  private readonly moments: ReadonlySet<number>;
  private readonly stops = new Map<number, Stop>();

  /** Throws if the scenario or the protocol cannot be read, which then is not what was exported. */
  constructor(private readonly run: RecordedRun) {
    const code = codeOf(run);
    this.session = new Session(scriptOf(scenarioOf(run, code), code), code);
    this.rerun = new Rerun(this.session, run.choices, run.about.last);
    this.moments = new Set(run.moments.map(({ step }) => step));
  }

  /** Takes at most `budget` actions. Returns whether the run is complete. */
  advance(budget: number): boolean {
    return this.rerun.advance(budget);
  }

  /** How much of the run is there, from 0 to 1. */
  get progress(): number {
    return this.session.length / Math.max(1, this.run.about.last);
  }

  /** Whether the complete run is the one that was exported. */
  get isSame(): boolean {
    return digestOf(this.session.world) === this.run.digest;
  }

  get step(): number {
    return this.session.step;
  }

  /** Goes to the moment after `step` actions. */
  goTo(step: number): Moment {
    const { session } = this;
    const stop = this.stopAt(step);
    if (step !== session.step) session.goto(step);
    session.stopAt(stop);
    return this.moment;
  }

  get moment(): Moment {
    const { session, run } = this;
    const { reason } = session.stop;
    const { ending } = run.about;
    const isEnd = reason.type === 'end' && ending !== undefined;
    const stop = isEnd ? ({ type: 'end', ending } as const) : stopView(reason, session.moment);
    return { ...momentOf(session, stop), steps: run.about.steps };
  }

  /** The line of the scenario's step that is current; null if all are done. */
  get line(): number | null {
    const { session } = this;
    const current = session.scenario.steps[session.scenarioStep(session.step + 1)];
    return current?.range.line ?? null;
  }

  /** What these panels draw of the present moment. */
  views(names: Iterable<PanelName>): Partial<Views> {
    const views = this.sources.views(this.session, names);
    // The run of another scenario is not part of this one.
    return views.spacetime ? { ...views, spacetime: { ...views.spacetime, twin: '' } } : views;
  }

  /** Returns whether the value is a selection of the panel, whose views are of that from now on. */
  select(name: PanelName, value: unknown): boolean {
    return this.sources.select(name, value);
  }

  /** Undefined if the value is not a question of the panel. */
  answer(name: PanelName, question: unknown): { answer: unknown } | undefined {
    return this.sources.answer(name, this.session, question);
  }

  /** Why a debugger would stop here; of most steps, because it stepped. */
  private stopAt(step: number): Stop {
    if (!this.moments.has(step)) return step === 0 ? atStart : stepped;
    const known = this.stops.get(step) ?? this.foundStop(step);
    this.stops.set(step, known);
    return known;
  }

  private foundStop(step: number): Stop {
    const { session, run } = this;
    const { about } = run;
    const { ending } = about;
    if (ending && !ending.stoppedEarly && step === about.steps) return this.theEnd(step);
    const playback = new Playback(session, Math.max(0, step - 1));
    if (step > 0) playback.forward();
    return playback.stop;
  }

  private theEnd(step: number): Stop {
    const { session } = this;
    session.goto(step);
    const { script, world } = session;
    return stopFor({ type: 'end', time: world.time, verdicts: script.verdicts(world, true) });
  }
}

function codeOf({ sources, isOwn, about }: RecordedRun): Code {
  const files = new Map(sources.map(({ name, text }) => [name, text]));
  const entry = sources[0]!.name;
  return isOwn ? loadProtocol(files, entry, '.') : loadBuiltIn(files, entry, about.protocol);
}

function scenarioOf({ scenario, settings, about }: RecordedRun, { protocol }: Code) {
  const overrides = { seed: about.seed, settings, protocol };
  const parsed = parseScenario(scenario.text, scenario.name, [protocol], overrides);
  if (parsed.scenario !== undefined) return parsed.scenario;
  throw new Error(parsed.problems[0]!.message);
}

/** Without the folders that all files have in common. */
export function shortNames(files: readonly NamedText[]): NamedText[] {
  const folders = files.map(({ name }) => name.split('/').slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((part, depth) => folders.some((one) => one[depth] !== part));
  const depth = differs < 0 ? first.length : differs;
  return files.map(({ name, text }) => ({ name: name.split('/').slice(depth).join('/'), text }));
}
