/** `lockstep run FILE…`: runs scenarios, prints what happened, and the verdicts. */
import { type HistoryFormat, historyText } from '../check/history/export.ts';
import { historyAt } from '../check/history/recording.ts';
import { type SimulationResult, simulateInSlices } from '../check/simulate.ts';
import { withPlaces } from '../check/thrown-errors.ts';
import type { Code } from '../code/code.ts';
import { differenceText } from '../kernel/text/difference-text.ts';
import type { World } from '../kernel/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { sequenceToMermaid } from '../view/sequence/mermaid.ts';
import { SequenceItems } from '../view/sequence/items.ts';
import { DeterminismCheck } from './determinism-check.ts';
import { writeFile } from './files.ts';
import { loadToRun } from './load.ts';
import { readSeed, refuse, type Values } from './options.ts';
import { sweep } from './seeds/seeds.ts';
import { isAsDemanded, reportLines, reportText } from './report.ts';
import type { Terminal } from './terminal.ts';
import { ThrownPlaces } from './thrown-places.ts';
import { inTime, sliceOf } from '../dap/process/run-limit.ts';
import { StepClocks } from './clocks/step-clocks.ts';
import { actionName, hasStartEffects, jsonLine, stepLine } from './step-line.ts';

interface HistoryFile {
  readonly file: string;
  readonly format: HistoryFormat;
}

interface Format {
  readonly history: HistoryFile | undefined;
  readonly json: boolean;
  readonly mermaid: boolean;
  readonly quiet: boolean;
  readonly clocks: boolean;
  readonly checkDeterminism: boolean;
}

export async function run(files: string[], values: Values, terminal: Terminal): Promise<number> {
  if (files.length === 0) return refuse('run needs a file: `lockstep run FILE…`', terminal);
  if (values.seeds !== undefined) return sweep(files, values, terminal);
  const ofSweeps = ['workers', 'for', 'junit', 'queue'];
  const unusedHere = ofSweeps.find((name) => values[name] !== undefined);
  if (unusedHere !== undefined) return refuse(`--${unusedHere} needs --seeds A..B`, terminal);
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const history = historyFile(values.history, files, terminal);
  if (history !== undefined && 'problem' in history) return refuse(history.problem, terminal);
  const format: Format = {
    history,
    json: values.json === true,
    mermaid: values.mermaid === true,
    quiet: values.quiet === true,
    clocks: values.clocks === true,
    checkDeterminism: values['check-determinism'] === true,
  };
  if (format.json && format.mermaid) return refuse('choose one of --json and --mermaid', terminal);
  const unused = whyNoClocks(format);
  if (unused !== undefined) return refuse(unused, terminal);
  let code = 0;
  for (const file of files) {
    const loaded = await loadToRun(file, terminal, values, seed);
    if (loaded === undefined) {
      code = 2;
      continue;
    }
    const { scenario } = loaded;
    if (files.length > 1 && !format.json && !format.mermaid) await terminal.out(`# ${file}\n`);
    const places = new ThrownPlaces(scenario, loaded.code, terminal);
    const isGood = await runOne(scenario, format, places, terminal, loaded.code);
    if (isGood === 'not written') code = 2;
    else if (!isGood && code === 0) code = 1;
  }
  return code;
}

/** Why the clocks of the steps cannot be printed; undefined if they can, or are not requested. */
function whyNoClocks({ clocks, json, mermaid, quiet }: Format): string | undefined {
  if (!clocks) return undefined;
  if (json) return '--json prints the clocks of each step already: leave out --clocks';
  const other = mermaid ? '--mermaid' : quiet ? '--quiet' : undefined;
  return other && `choose one of --clocks and ${other}, which prints no steps`;
}

/** The file of `--history`, in the format that its name says. */
function historyFile(
  file: Values[string],
  files: readonly string[],
  terminal: Terminal,
): HistoryFile | { readonly problem: string } | undefined {
  if (file === undefined) return undefined;
  const name = String(file);
  if (files.length > 1) return { problem: '--history is for one scenario: name one FILE' };
  if (terminal.write === undefined) return { problem: '--history: files cannot be written here' };
  const extension = /\.(edn|jsonl?)$/.exec(name)?.[1];
  if (extension !== undefined) {
    return { file: name, format: extension === 'edn' ? 'edn' : 'jsonl' };
  }
  return { problem: `--history: the name must end in .edn, .json or .jsonl, not \`${name}\`` };
}

/** Returns false if the file cannot be written. */
function writeHistory(
  { file, format }: HistoryFile,
  scenario: string,
  world: World,
  terminal: Terminal,
): Promise<boolean> {
  const origin = { scenario: pathFrom(file, scenario, terminal), seed: world.plan.setup.seed };
  return writeFile('history', file, () => historyText(historyAt(world), format, origin), terminal);
}

/** The path of a file from the folder of another one, with `/`; whole if they share no folder. */
export function pathFrom(from: string, to: string, { whole }: Terminal): string {
  const [base, target] = [from, to].map((file) => whole?.(file) ?? file.replaceAll('\\', '/'));
  const folders = base.split('/').slice(0, -1);
  const parts = target.split('/');
  const same = folders.findIndex((name, place) => parts[place] !== name);
  const shared = same < 0 ? folders.length : same;
  if (shared === 0 && /^(\/|[a-z]:)/i.test(target)) return target;
  return [...folders.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

/** Whether everything holds that was checked; or that its history could not be written. */
async function runOne(
  scenario: Scenario,
  format: Format,
  places: ThrownPlaces,
  terminal: Terminal,
  own: Code | undefined,
): Promise<boolean | 'not written'> {
  const check = format.checkDeterminism ? new DeterminismCheck(scenario) : undefined;
  const items = new SequenceItems();
  const clocks = format.json || format.clocks ? new StepClocks() : undefined;
  let lines: string[] = [];
  const all = simulateInSlices(
    scenario,
    sliceOf(own !== undefined),
    (world, action, effects) => {
      if (check?.isPast(world)) return;
      const thrownAt = places.note(world, effects);
      clocks?.note(world, action, effects);
      const isShown = hasStartEffects(effects) || (format.json && effects.sent.length > 0);
      if (action === null && !isShown) return;
      if (format.mermaid) items.note({ step: world.step, action, effects, moment: world });
      else if (format.json) lines.push(jsonLine(world, action, effects, clocks!, thrownAt));
      else if (!format.quiet) {
        lines.push(stepLine(scenario, world, action, effects, thrownAt, clocks));
      }
    },
    check && { take: check.take },
  );
  const slices = own ? inTime(scenario.file, all) : all;
  let outcome: SimulationResult | undefined;
  while (outcome === undefined && check?.found === undefined) {
    const slice = slices.next();
    if (slice.done) {
      const verdicts = withPlaces(slice.value.verdicts, places.at, places.shown);
      outcome = { ...slice.value, verdicts };
    }
    if (lines.length > 0) await terminal.out(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (outcome && format.mermaid) {
    await terminal.out(`${mermaid(outcome.world, items).trimEnd()}\n`);
  }
  // Verdicts of a run that comes out differently each time mean nothing.
  const isDeterministic = check?.found === undefined;
  const judged = isDeterministic ? outcome : undefined;
  const report = judged ? reportText(scenario, judged, check !== undefined) : differentText(check!);
  await (format.json || format.mermaid ? terminal.error(report) : terminal.out(report));
  if (judged && format.json) await terminal.out(reportLines(scenario, judged));
  const isWritten =
    !outcome ||
    !format.history ||
    (await writeHistory(format.history, scenario.file, outcome.world, terminal));
  if (!isWritten) return 'not written';
  return judged !== undefined && isAsDemanded(judged);
}

function mermaid(world: World, items: SequenceItems): string {
  const participants = world.nodes.map((slot) => ({ id: slot.id, about: [] }));
  return sequenceToMermaid(participants, items.finish(world));
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
