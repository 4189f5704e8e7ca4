/** `lockstep run FILE…`: runs scenarios, prints what happened, and the verdicts. */
import { type SimulationResult, simulateInSlices } from '../check/simulate.ts';
import { withPlaces } from '../check/thrown-errors.ts';
import { failureNotes, subjectText, verdictMarks, verdictReason } from '../check/verdict-words.ts';
import { inspectLook } from '../kernel/look.ts';
import { differenceText } from '../kernel/text/difference-text.ts';
import { formatTime } from '../kernel/text/duration.ts';
import { lookProblemText } from '../kernel/text/look-text.ts';
import type { World } from '../kernel/world.ts';
import { endTime, progressAt } from '../scenario/driver.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { sequenceToMermaid } from '../view/mermaid.ts';
import { SequenceItems } from '../view/sequence.ts';
import { DeterminismCheck } from './determinism-check.ts';
import { loadScenario } from './load.ts';
import { readSeed, refuse, type Values, withUntil } from './options.ts';
import type { Terminal } from './terminal.ts';
import { ThrownPlaces } from './thrown-places.ts';
import { actionName, hasStartEffects, jsonLine, stepLine } from './step-line.ts';

interface Format {
  readonly json: boolean;
  readonly mermaid: boolean;
  readonly quiet: boolean;
  readonly checkDeterminism: boolean;
}

export async function run(files: string[], values: Values, terminal: Terminal): Promise<number> {
  if (files.length === 0) return refuse('run needs a file: `lockstep run FILE…`', terminal);
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const format = {
    json: values.json === true,
    mermaid: values.mermaid === true,
    quiet: values.quiet === true,
    checkDeterminism: values['check-determinism'] === true,
  };
  if (format.json && format.mermaid) return refuse('choose one of --json and --mermaid', terminal);
  let code = 0;
  for (const file of files) {
    const loaded = loadScenario(file, terminal, seed);
    for (const problem of loaded.problems) await terminal.error(`${problem}\n`);
    if (loaded.scenario === undefined) {
      code = 2;
      continue;
    }
    const ending = withUntil(loaded.scenario, values.until);
    if ('fault' in ending) {
      await terminal.error(`--until:1:${ending.column}: ${ending.fault}\n`);
      code = 2;
      continue;
    }
    if (files.length > 1 && !format.json && !format.mermaid) await terminal.out(`# ${file}\n`);
    const places = new ThrownPlaces(ending.scenario, loaded.code);
    const isGood = await runOne(ending.scenario, format, places, terminal);
    if (!isGood && code === 0) code = 1;
  }
  return code;
}

const sliceActions = 2_000;

/** Whether everything holds that was checked. */
async function runOne(
  scenario: Scenario,
  format: Format,
  places: ThrownPlaces,
  terminal: Terminal,
): Promise<boolean> {
  const check = format.checkDeterminism ? new DeterminismCheck(scenario) : undefined;
  const items = new SequenceItems();
  let lines: string[] = [];
  const slices = simulateInSlices(
    scenario,
    sliceActions,
    (world, action, effects) => {
      if (check?.isPast(world)) return;
      const thrownAt = places.note(world, effects);
      if (action === null && !hasStartEffects(effects)) return;
      if (format.mermaid) items.note({ step: world.step, action, effects, moment: world });
      else if (format.json) lines.push(jsonLine(world, action, effects, thrownAt));
      else if (!format.quiet) lines.push(stepLine(scenario, world, action, effects, thrownAt));
    },
    check && { take: check.take },
  );
  let outcome: SimulationResult | undefined;
  while (outcome === undefined && check?.found === undefined) {
    const slice = slices.next();
    if (slice.done) {
      outcome = { ...slice.value, verdicts: withPlaces(slice.value.verdicts, places.at) };
    }
    if (lines.length > 0) await terminal.out(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (outcome && format.mermaid) {
    await terminal.out(`${mermaid(outcome.world, items).trimEnd()}\n`);
  }
  // Verdicts of a run that comes out differently each time mean nothing.
  const isDeterministic = check?.found === undefined;
  const report =
    outcome && isDeterministic ? reportText(scenario, outcome, check) : differentText(check!);
  await (format.json || format.mermaid ? terminal.error(report) : terminal.out(report));
  if (outcome === undefined || !isDeterministic) return false;
  return !outcome.cut && !outcome.verdicts.some(({ type }) => type === 'violated');
}

function mermaid(world: World, items: SequenceItems): string {
  const participants = world.nodes.map((slot) => ({ id: slot.id, about: [] }));
  return sequenceToMermaid(participants, items.finish(-1, world));
}

function reportText(
  scenario: Scenario,
  { world, verdicts, cut }: SimulationResult,
  check: DeterminismCheck | undefined,
): string {
  const { seed } = scenario.setup;
  const lines: string[] = [];
  if (cut) lines.push(`✗ the run does not end: it was stopped after ${world.step} actions`);
  for (const verdict of verdicts) {
    // All invariants that hold share one line.
    const { type, subject } = verdict;
    if (type === 'holds' && subject.kind === 'invariant') continue;
    const range = 'range' in subject ? subject.range : undefined;
    const place = range === undefined ? '' : `${scenario.file}:${range.line}: `;
    const why = verdictReason(verdict, world.wording.units);
    const reason = why === undefined ? '' : `\n    ${why}`;
    lines.push(`${verdictMarks[type]} ${place}${subjectText(subject)}${reason}`);
  }
  const invariants = verdicts.filter(
    ({ type, subject }) => type === 'holds' && subject.kind === 'invariant',
  );
  const count = Object.keys(scenario.protocol.invariants).length;
  if (invariants.length > 0) {
    lines.push(`✓ ${invariants.length} of ${count} invariants of ${scenario.protocol.name}`);
  }
  if (check) lines.push(`✓ each of ${world.step} actions ran twice with the same effects`);
  lines.push(...failureNotes(progressAt(scenario, world, false).failed));
  lines.push(...lookProblems(world));
  const time = formatTime(endTime(scenario, world));
  lines.push(`${world.step} actions, ${time} of virtual time, seed ${seed}`);
  return `${lines.join('\n')}\n`;
}

/** Mistakes in `look`, one for each role. They change no verdict: `look` only shows a node. */
function lookProblems({ nodes }: World): string[] {
  const found = new Map<string, string>();
  for (const { id, role, cast, state } of nodes) {
    const { problem } = inspectLook(cast.role, state);
    if (problem && !found.has(role)) found.set(role, `! ${lookProblemText(problem, role, id)}`);
  }
  return [...found.values()];
}

function differentText({ found }: DeterminismCheck): string {
  const { step, action, difference } = found!;
  const name = step === 0 ? 'the start' : `step ${step} (${actionName(action)})`;
  return [
    `✗ not deterministic: ${name} ran twice from the same state, with different results`,
    `    ${differenceText(difference)}`,
    '    keep everything that changes in node.state, and draw with node.random',
    '',
  ].join('\n');
}
