/** `lockstep compare FILE…`: runs scenarios, and prints a table of what they cost and guarantee. */
import { isBrokenTwin } from '../../check/broken-twin.ts';
import { figuresOf, overRuns, type RunFigures } from '../../check/compare/figures.ts';
import type { TestedRun } from '../../check/scenario-test.ts';
import { subjectText } from '../../check/verdict-words.ts';
import { Interrupted } from '../../dap/process/run-limit.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { loadScenario, scenarioFiles } from '../load.ts';
import { refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { testToEnd } from '../test.ts';
import { chosenColumns } from './columns.ts';
import type { CompareReport } from './compare-report.ts';
import { rowObject } from './row-object.ts';
import { type Failure, nameOf, type Row } from './row.ts';
import { tableText } from './table.ts';

/** Each row runs once for each seed, so more would take too long. */
const seedsMax = 1_000;

export async function compare(
  files: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length === 0) return refuse('compare needs files: `lockstep compare FILE…`', terminal);
  const isJson = values.json === true;
  const isView = values.view === true;
  const [one, another] = ['json', 'markdown', 'view'].filter((name) => values[name] === true);
  if (another !== undefined) return refuse(`choose one of --${one} and --${another}`, terminal);
  const seeds = readSeeds(values.seeds);
  if ('problem' in seeds) return refuse(seeds.problem, terminal);
  const found = scenarioFiles(files, terminal);
  if ('problem' in found) return refuse(found.problem, terminal);
  const rows: Row[] = [];
  const report = (one: CompareReport) => terminal.out(`${JSON.stringify(one)}\n`);
  for (const [index, file] of found.files.entries()) {
    if (isView) await report({ type: 'running', file, number: index + 1, of: found.files.length });
    const row = await rowOf(file, seeds.list, values, terminal);
    rows.push(row);
    for (const text of row.problems) {
      await (isView ? report({ type: 'problem', text }) : terminal.error(`${text}\n`));
    }
    if (isJson) await terminal.out(`${JSON.stringify(rowObject(row))}\n`);
  }
  const columns = chosenColumns(rows, values.columns);
  if ('problem' in columns) return refuse(columns.problem, terminal);
  const table = () => tableText(columns.columns, rows, isView || values.markdown === true);
  if (isView) await report({ type: 'compared', table: table() });
  else if (!isJson) await terminal.out(table());
  if (rows.some(({ figures }) => figures === undefined)) return 2;
  return rows.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/** The seeds of `--seeds A..B`; undefined stands for the seed of the scenario. */
function readSeeds(
  given: Values[string],
): { readonly list: readonly (number | undefined)[] } | { readonly problem: string } {
  if (given === undefined) return { list: [undefined] };
  const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(String(given)) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || !Number.isSafeInteger(to) || from > to) {
    return { problem: `--seeds must be two numbers such as 1..20, not \`${String(given)}\`` };
  }
  if (to - from >= seedsMax) {
    return { problem: `--seeds: at most ${seedsMax} seeds, not ${to - from + 1}` };
  }
  return { list: Array.from({ length: to - from + 1 }, (_, i) => from + i) };
}

async function rowOf(
  file: string,
  seeds: readonly (number | undefined)[],
  values: Values,
  terminal: Terminal,
): Promise<Row> {
  const loaded = loadScenario(file, terminal, values);
  const { scenario, problems } = loaded;
  const about = { file, problems, runs: seeds.length };
  if (scenario === undefined) {
    return { ...about, title: nameOf(file), isTwin: false, violated: [], failures: [] };
  }
  const runs: RunFigures[] = [];
  const failures: Failure[] = [];
  const violated = new Set<string>();
  for (const seed of seeds) {
    const own = seed === undefined ? scenario : withSeed(scenario, seed);
    let run: TestedRun;
    try {
      run = await testToEnd({ ...loaded, scenario: own }, terminal);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      failures.push({ seed: own.setup.seed, type: 'interrupted', message: error.message });
      continue;
    }
    runs.push(figuresOf(own, run.world));
    for (const one of run.verdicts) {
      if (one.type === 'violated') violated.add(subjectText(one.subject));
    }
    const [failure] = run.failures;
    if (failure !== undefined) failures.push({ seed: own.setup.seed, ...failure });
  }
  return {
    ...about,
    title: scenario.title,
    isTwin: isBrokenTwin(scenario),
    ...(scenario.breaks !== undefined && { breaks: scenario.breaks }),
    violated: [...violated],
    failures,
    ...(runs.length > 0 && { figures: overRuns(runs) }),
  };
}

function withSeed(scenario: Scenario, seed: number): Scenario {
  return { ...scenario, setup: { ...scenario.setup, seed } };
}
