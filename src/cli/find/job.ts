/** Does a search for a schedule in slices, and reports how far it is. */
import { loadProtocol } from '../../code/code.ts';
import { CodeFault, faultText } from '../../code/code-fault.ts';
import type { FindJob, FindReport, FindStatus } from '../../dap/find/finder.ts';
import { conditionText } from '../../dap/words/conditions.ts';
import { clockReadIn } from '../../explore/find/clock-probe.ts';
import { finding } from '../../explore/find/find.ts';
import type { Finding } from '../../explore/find/found.ts';
import type { FindHost, FindProgress } from '../../explore/find/progress.ts';
import { conditionProblem, planOf } from '../../explore/find/request.ts';
import { savingFinding } from '../../explore/find/saved-finding.ts';
import { targetsOf } from '../../explore/find/targets.ts';
import type { Action } from '../../kernel/action.ts';
import { LimitError } from '../../kernel/text/execution-limits.ts';
import { unitsOf } from '../../kernel/wording.ts';
import type { Json } from '../../protocol/types.ts';
import { library } from '../../protocols/library.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { problemText } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { findingName } from './finding-name.ts';
import { alikeText, notSavedText, refusedText, resultOf, wrongText } from './words.ts';

type Report = (report: FindReport) => void;

/** What the thread of a job is like. */
interface Around {
  /** Whether it does other work, too. */
  readonly isSliced: boolean;
  /** Whether the user has cancelled. */
  readonly isEnough: () => boolean;
}

/** Yields between slices of some milliseconds. */
export function* working(
  job: FindJob,
  report: Report,
  around: Around,
): Generator<undefined, void> {
  const meter = new Meter(report);
  const loaded = scenarioOf(job);
  if ('problem' in loaded) return report({ type: 'refused', text: loaded.problem });
  const { scenario } = loaded;
  meter.begin();
  if (job.task.type === 'describe') return describe(scenario, report);
  if (job.task.type === 'check') return;
  const units = unitsOf(scenario.protocol);
  const isFromStart = job.actions.length === 0;
  const host: FindHost = {
    elapsed: () => meter.elapsed,
    progress: (progress) => meter.note(progress),
    keep: (best) => meter.keep(() => {
      report({ type: 'best', result: resultOf(best, units, isFromStart) });
    }),
    ...around,
  };
  const plan = planOf(job.task.request, scenario);
  if ('wrong' in plan) return report({ type: 'refused', text: wrongText(plan.wrong) });
  const actions = job.actions as readonly Action[];
  const found = yield* noted(finding(plan, actions, host), meter);
  if (found.type === 'refused') {
    return report({ type: 'refused', text: refusedText(found.why, units) });
  }
  report({ type: 'found', result: resultOf(found, units, isFromStart) });
  if (found.finding !== undefined) yield* save(scenario, job, found.finding, { meter, report });
}

function* save(
  scenario: Scenario,
  job: FindJob,
  found: Finding,
  { meter, report }: { readonly meter: Meter; readonly report: Report },
): Generator<undefined, void> {
  const host = { elapsed: () => meter.elapsed };
  const actions = job.actions as readonly Action[];
  const slices = savingFinding(scenario, job.text, actions, found, host);
  const saved = yield* noted(slices, meter);
  if ('notSaved' in saved) {
    return report({ type: 'saved', saved: { notSaved: notSavedText(saved) } });
  }
  const name = findingName(job.program, found.subject);
  report({ type: 'saved', saved: { text: saved.text, name } });
}

/** Reads the scenario of a job that checks, and then checks conditions. */
export function checking(job: FindJob, report: Report): (condition: string) => void {
  const loaded = scenarioOf(job);
  return (condition) => {
    const problem = 'problem' in loaded
      ? loaded.problem
      : problemIn(condition, loaded.scenario);
    report({ type: 'checked', ...(problem !== undefined && { problem }) });
  };
}

function problemIn(condition: string, scenario: Scenario): string | undefined {
  const problem = conditionProblem(condition, scenario);
  return problem && conditionText(problem);
}

function describe(scenario: Scenario, report: Report): void {
  const readsClock = clockReadIn(scenario);
  const alike = alikeText(scenario);
  report({
    type: 'described',
    targets: targetsOf(scenario),
    nodes: scenario.setup.nodes.map(({ id }) => id),
    ...(readsClock && { readsClock }),
    ...(alike !== undefined && { alike }),
  });
}

function* noted<Result>(
  slices: Generator<FindProgress, Result>,
  meter: Meter,
): Generator<undefined, Result> {
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
    meter.note(next.value);
    yield undefined;
  }
}

function scenarioOf(job: FindJob): { readonly scenario: Scenario } | { readonly problem: string } {
  const { program, text, settings, seed, own } = job;
  try {
    const protocol = own && loadProtocol(new Map(own.files), own.files[0][0], '.').protocol;
    const { scenario, problems } = parseScenario(text, program, library, {
      settings: settings as Readonly<Record<string, Json>>,
      ...(seed === undefined ? {} : { seed }),
      ...(protocol && { protocol }),
    });
    if (scenario !== undefined) return { scenario };
    return { problem: problemText(program, problems[0]) };
  } catch (error) {
    if (error instanceof CodeFault) return { problem: faultText(error.all[0]) };
    if (error instanceof LimitError) return { problem: error.message };
    throw error;
  }
}

const betweenMs = 200;

/** Reports progress a few times a second. */
class Meter {
  private began = performance.now();
  private told = 0;
  private phase: FindProgress['phase'] | undefined;
  private phaseBegan = 0;
  private keeping: (() => void) | undefined;
  private hasKept = false;

  constructor(private readonly report: Report) {}

  begin(): void {
    this.began = performance.now();
    this.report({ type: 'progress', phase: 'replaying', count: 0, depth: 0, rate: 0 });
  }

  get elapsed(): number {
    return performance.now() - this.began;
  }

  /** The first finding is reported at once, and a shorter one with the progress. */
  keep(report: () => void): void {
    if (this.hasKept) this.keeping = report;
    else report();
    this.hasKept = true;
  }

  note(progress: FindProgress): void {
    const now = performance.now();
    const isSame = progress.phase === this.phase;
    if (!isSame) {
      this.phase = progress.phase;
      this.phaseBegan = now;
    }
    if (isSame && now - this.told < betweenMs) return;
    this.told = now;
    this.keeping?.();
    this.keeping = undefined;
    this.report({ type: 'progress', ...statusOf(progress, now - this.phaseBegan) });
  }
}

function statusOf(progress: FindProgress, ms: number): FindStatus {
  const { phase } = progress;
  const perSecond = (count: number) => (ms > 0 ? Math.round((count * 1_000) / ms) : 0);
  switch (progress.phase) {
    case 'replaying':
      return { phase, count: progress.step, depth: progress.of, rate: perSecond(progress.step) };
    case 'walking': {
      const { runs, depth } = progress;
      return { phase, count: runs, depth, rate: perSecond(runs) };
    }
    case 'searching': {
      const { states, depth } = progress;
      return { phase, count: states, depth, rate: perSecond(states) };
    }
    case 'shrinking':
      return { phase, count: progress.actions, depth: progress.actions, rate: 0 };
  }
}
