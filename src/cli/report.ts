/** The end of a run as text for people, and as JSON for tools. */
import type { Units } from '../kernel/text/data-text.ts';
import { historyAt } from '../check/history/recording.ts';
import type { SimulationResult } from '../check/simulate.ts';
import {
  aftermathNote, failureNotes, type FailedStep, isFailure, laterStepText, subjectText, untestedText,
  verdictMarks, verdictReason,
} from '../check/verdict-words.ts';
import { inspectLook } from '../kernel/look/look.ts';
import { formatTime } from '../kernel/text/duration.ts';
import { lookProblemText } from '../kernel/text/look-text.ts';
import type { World } from '../kernel/world.ts';
import { aftermath } from '../scenario/aftermath.ts';
import { endTime, progressAt } from '../scenario/driver.ts';
import { measuredAt, measureLines } from '../scenario/measures.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Verdict } from '../scenario/verdict.ts';

/** Whether the run is as the scenario demands. */
export function isAsDemanded({ verdicts, cut }: SimulationResult): boolean {
  return !cut && !verdicts.some(isFailure);
}

/** `checked`: each action was taken twice, with the same effects. */
export function reportText(
  scenario: Scenario,
  { world, verdicts, cut }: SimulationResult,
  checked: boolean,
): string {
  const lines: string[] = [];
  if (cut) lines.push(`✗ the run does not end: it was stopped after ${world.step} actions`);
  // All invariants that hold share one line.
  const invariants = verdicts.filter(isHeldInvariant);
  const others = verdicts.filter((verdict) => !isHeldInvariant(verdict));
  lines.push(...verdictLines(scenario, others, world));
  const { name, invariants: all } = scenario.protocol;
  const count = Object.keys(all).length;
  if (invariants.length > 0) lines.push(`✓ ${invariants.length} of ${count} invariants of ${name}`);
  lines.push(...untestedInvariants(invariants));
  if (checked) lines.push(`✓ each of ${world.step} actions ran twice with the same effects`);
  lines.push(...failureNotes(progressAt(scenario, world, false).failed));
  lines.push(...lookProblems(world));
  const after = cut ? undefined : aftermath(scenario, world);
  if (after !== undefined) lines.push(aftermathNote(after));
  const ended = endTime(scenario, world);
  // Those without a value have a verdict.
  lines.push(...measureLines(measuredAt(scenario, world, ended)).map((line) => `  ${line}`));
  const time = formatTime(ended);
  lines.push(`${world.step} actions, ${time} of virtual time, seed ${scenario.setup.seed}`);
  return `${lines.join('\n')}\n`;
}

function isHeldInvariant({ type, subject }: Verdict): boolean {
  return type === 'holds' && subject.kind === 'invariant';
}

/** Most scenarios test only some of many invariants, so these share a line; --json has each. */
function untestedInvariants(invariants: readonly Verdict[]): string[] {
  const untested = invariants.filter((verdict) => verdictReason(verdict) !== undefined);
  if (untested.length === 0) return [];
  const names = untested.map(({ subject }) => `"${subjectText(subject)}"`).join(', ');
  return [untestedText(untested.length, names)];
}

/**
 * What was violated first leads. Steps that fail after another one often do so because of it, so
 * each of them has only a short line below the first.
 */
function verdictLines(scenario: Scenario, verdicts: readonly Verdict[], world: World): string[] {
  const [first, ...later] = verdicts.filter(isFailedStep);
  if (first === undefined) return verdicts.map((verdict) => textOf(scenario, verdict, world));
  const others = verdicts.filter((verdict) => !isFailedStep(verdict));
  const isEarlier = (one: Verdict) => one.type === 'violated' && one.step < first.step;
  const short = later.map((verdict) => laterStepText(verdict, world.wording.units));
  return [
    ...others.filter(isEarlier).map((verdict) => textOf(scenario, verdict, world)),
    [textOf(scenario, first, world), ...short].join('\n'),
    ...others.filter((one) => !isEarlier(one)).map((verdict) => textOf(scenario, verdict, world)),
  ];
}

function isFailedStep(verdict: Verdict): verdict is FailedStep {
  return verdict.type === 'violated' && verdict.subject.kind === 'step';
}

function textOf(scenario: Scenario, verdict: Verdict, { wording }: World): string {
  const { type, subject } = verdict;
  const range = 'range' in subject ? subject.range : undefined;
  const place = range === undefined ? '' : `${scenario.file}:${range.line}: `;
  const why = verdictReason(verdict, wording.units);
  const reason = why === undefined ? '' : `\n    ${why}`;
  return `${verdictMarks[type]} ${place}${subjectText(subject)}${reason}`;
}

/** Mistakes in `look`, one for each role. They change no verdict: `look` only shows a node. */
function lookProblems({ nodes }: World): string[] {
  const found = new Map<string, string>();
  for (const { id, role, cast, state } of nodes) {
    const { problem } = inspectLook(cast, state);
    if (problem && !found.has(role)) found.set(role, `! ${lookProblemText(problem, role, id)}`);
  }
  return [...found.values()];
}

/**
 * The history, if there is one, an object for each verdict and each measure, and one for the end of
 * the run.
 */
export function reportLines(scenario: Scenario, result: SimulationResult): string {
  const { world, verdicts, cut } = result;
  const { failed } = progressAt(scenario, world, false);
  const after = cut ? undefined : aftermath(scenario, world);
  const end = {
    end: isAsDemanded(result) ? 'holds' : 'violated',
    step: world.step,
    time: endTime(scenario, world),
    seed: scenario.setup.seed,
    ...(cut && { cut }),
    ...(failed.length > 0 && { failedOperations: failed }),
    ...(after && { afterLastStep: after }),
  };
  const operations = historyAt(world);
  const history = operations.length > 0 ? [{ history: operations }] : [];
  const measured = measuredAt(scenario, world, endTime(scenario, world));
  const measures = measured.map(({ name, result }) => ({
    measure: name,
    ...(result.ok ? { value: result.value } : { why: result.why }),
  }));
  const { units } = world.wording;
  const judged = verdicts.map((verdict) => verdictObject(verdict, units));
  const lines = [...history, ...judged, ...measures, end];
  return `${lines.map((one) => JSON.stringify(one)).join('\n')}\n`;
}

/** `kind`, `subject` and `why` are the words of the report; `reason` is the data behind them. */
function verdictObject(verdict: Verdict, units: Units): object {
  const { type, subject } = verdict;
  const { kind } = subject;
  const why = verdictReason(verdict, units);
  const range = 'range' in subject ? subject.range : undefined;
  return {
    verdict: type,
    kind,
    subject: subjectText(subject),
    ...(range && { line: range.line }),
    ...(kind === 'handler' && { node: subject.node, handler: subject.handler }),
    ...(why !== undefined && { why }),
    ...(type === 'violated' && { step: verdict.step, time: verdict.time }),
    ...(type === 'holds' && verdict.tested && { tested: verdict.tested }),
    ...(type !== 'holds' && { reason: verdict.reason }),
    ...(type !== 'holds' && 'place' in verdict.reason && verdict.reason.place),
  };
}
