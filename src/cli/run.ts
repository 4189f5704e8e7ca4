/** `lockstep run FILE…`: runs scenarios, prints what happened and what became of it. */
import type { World } from '../kernel/world.ts';
import { type Outcome, simulateInSlices } from '../check/simulate.ts';
import { commandContext } from '../check/console.ts';
import { formatMoment } from '../kernel/text/duration.ts';
import { parseUntil } from '../scenario/parse/lines.ts';
import type { Scenario, Verdict } from '../scenario/scenario.ts';
import { SequenceItems } from '../view/sequence.ts';
import { sequenceToMermaid } from '../view/mermaid.ts';
import { loadScenario } from './load.ts';
import type { Terminal } from './terminal.ts';
import { isStartWorthTelling, jsonLine, traceLine } from './trace-line.ts';

interface Format {
  readonly json: boolean;
  readonly mermaid: boolean;
  readonly quiet: boolean;
}

export async function run(
  files: string[],
  values: Record<string, string | boolean | undefined>,
  terminal: Terminal,
): Promise<number> {
  if (files.length === 0) return refuse('run needs a file: `lockstep run FILE…`', terminal);
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0 && values.seed !== '')) {
    return refuse(`--seed is a whole number from 0 on, not \`${String(values.seed)}\``, terminal);
  }
  const format = {
    json: values.json === true,
    mermaid: values.mermaid === true,
    quiet: values.quiet === true,
  };
  if (format.json && format.mermaid) return refuse('choose one of --json and --mermaid', terminal);
  let code = 0;
  for (const file of files) {
    const loaded = loadScenario(file, terminal, seed === undefined ? {} : { seed });
    for (const problem of loaded.problems) await terminal.error(`${problem}\n`);
    const scenario = loaded.scenario && (await withUntil(loaded.scenario, values.until, terminal));
    if (scenario === undefined) {
      code = 2;
      continue;
    }
    if (files.length > 1 && !format.json && !format.mermaid) await terminal.out(`# ${file}\n`);
    const violated = await runOne(scenario, format, terminal);
    if (violated && code === 0) code = 1;
  }
  return code;
}

async function refuse(why: string, terminal: Terminal): Promise<number> {
  await terminal.error(`lockstep: ${why}\n`);
  return 2;
}

/** The scenario with the end that `--until` asks for, looked for from the start of the run. */
async function withUntil(
  scenario: Scenario,
  text: string | boolean | undefined,
  terminal: Terminal,
): Promise<Scenario | undefined> {
  if (typeof text !== 'string') return scenario;
  const parsed = parseUntil(text, commandContext(scenario));
  if ('until' in parsed) return { ...scenario, until: { ...parsed.until, early: true } };
  const { message, start, hint } = parsed.fault;
  await terminal.error(`--until:1:${start + 1}: ${message}${hint ? ` (${hint})` : ''}\n`);
  return undefined;
}

const sliceActions = 2_000;

/** Answers whether something was violated. */
async function runOne(scenario: Scenario, format: Format, terminal: Terminal): Promise<boolean> {
  const items = new SequenceItems();
  let lines: string[] = [];
  const slices = simulateInSlices(scenario, sliceActions, (world, action, effects) => {
    if (action === null && !isStartWorthTelling(effects)) return;
    if (format.mermaid) items.note({ step: world.step, action, effects, moment: world });
    else if (format.json) lines.push(jsonLine(world, action, effects));
    else if (!format.quiet) lines.push(traceLine(scenario, world, action, effects));
  });
  let outcome: Outcome | undefined;
  while (outcome === undefined) {
    const slice = slices.next();
    if (slice.done) outcome = slice.value;
    if (lines.length > 0) await terminal.out(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (format.mermaid) await terminal.out(`${mermaid(outcome.world, items).trimEnd()}\n`);
  const report = reportText(scenario, outcome);
  await (format.json || format.mermaid ? terminal.error(report) : terminal.out(report));
  return outcome.cut || outcome.verdicts.some(({ type }) => type === 'violated');
}

function mermaid(world: World, items: SequenceItems): string {
  const participants = world.nodes.map((slot) => ({ id: slot.id, about: [] }));
  return sequenceToMermaid(participants, items.finish(-1, world));
}

const marks: Record<Verdict['type'], string> = { holds: '✓', violated: '✗', unknown: '?' };

function reportText(scenario: Scenario, { world, verdicts, cut }: Outcome): string {
  const { seed } = scenario.setup;
  const lines: string[] = [];
  if (cut)
    lines.push(`✗ the run was stopped after ${world.step} actions: it does not come to its end`);
  for (const verdict of verdicts) {
    // An invariant that holds goes without saying: there is one line for all of them.
    if (verdict.type === 'holds' && verdict.range === undefined) continue;
    const place = verdict.range === undefined ? '' : `${scenario.file}:${verdict.range.line}: `;
    const why = verdict.type === 'holds' ? '' : `\n    ${verdict.why}`;
    lines.push(`${marks[verdict.type]} ${place}${verdict.text}${why}`);
  }
  const invariants = verdicts.filter(({ type, range }) => type === 'holds' && range === undefined);
  const count = Object.keys(scenario.protocol.invariants).length;
  if (invariants.length > 0) {
    lines.push(`✓ ${invariants.length} of ${count} invariants of ${scenario.protocol.name}`);
  }
  lines.push(`${world.step} actions, ${formatMoment(world.time)} of virtual time, seed ${seed}`);
  return `${lines.join('\n')}\n`;
}
