/** `lockstep explore FILE`: looks for a run of a scenario that breaks a promise. */
import { exploreScenario, type Request } from '../../explore/search/explore.ts';
import type { Coverage } from '../../check/coverage/coverage.ts';
import type { Exploration } from '../../explore/verdict.ts';
import { unitsOf } from '../../kernel/wording.ts';
import { CoverageOfAll, whyNoCoverage, writeLcov } from '../coverage/collect.ts';
import { coverageText } from '../coverage/report.ts';
import { writeFile } from '../files.ts';
import { type Loaded, loadToRun } from '../load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { refuse, type Values } from '../options.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import { withQueue } from '../queue/open.ts';
import { searchByQueue } from '../queue/search.ts';
import { sourcesOf } from '../queue/sources.ts';
import type { Terminal } from '../terminal.ts';
import { type Found, foundBySearch, foundByWalk } from './found.ts';
import { exploreJunit } from './junit.ts';
import { type Asked, readOptions, searchValues, type WalkRequest } from './request.ts';
import { type Saved, saveFinding } from './save.ts';
import { traceLines } from './trace-lines.ts';
import { walkedScenario } from './walk.ts';
import { type Answer, savedText, verdictJson, verdictText } from './words.ts';

const exitCodes: Readonly<Record<Exploration['type'], number>> = {
  holds: 0, violated: 1, unknown: 3,
};

type Runnable = Loaded & { readonly scenario: Scenario };

/** What was found out, and the violation, if there is one. */
interface Explored {
  readonly answer: Answer;
  readonly found?: Found;
}

export async function explore(
  files: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length !== 1) {
    return refuse('explore needs one file: `lockstep explore FILE`', terminal);
  }
  const writing = (['save', 'junit'] as const).find((option) => values[option] !== undefined);
  if (writing !== undefined && terminal.write === undefined) {
    return refuse(`--${writing}: files cannot be written here`, terminal);
  }
  if (values.save === '') return refuse('--save needs a folder', terminal);
  const [file] = files;
  const wrong = whyNoCoverage(values, terminal);
  if (wrong !== undefined) return refuse(wrong, terminal);
  const read = await loadToRun(file, terminal, values, {});
  if (read === undefined) return 2;
  const all = values.coverage === true ? new CoverageOfAll(terminal) : undefined;
  const coverage = all?.begin(read);
  const loaded = coverage ? { ...read, scenario: coverage.covered(read.scenario) } : read;
  const asked = readOptions(values, loaded.scenario, terminal);
  if ('problem' in asked) return refuse(asked.problem, terminal);
  const patience = { isOver: asked.isOver, hasEnd: values.for !== undefined };
  return withQueue(values, terminal, patience, async (queue) => {
    const code = await report(loaded, asked, {
      file, values, terminal, coverage, ...(queue && { queue }),
    });
    if (coverage === undefined) return code;
    all!.end(coverage, read);
    const { reports } = all!;
    const text = reports.map(coverageText).join('');
    await terminal.out(values.json === true ? `${JSON.stringify({ coverage: reports })}\n` : text);
    return (await writeLcov(reports, values, terminal)) ? code : 2;
  });
}

interface Around {
  readonly file: string;
  readonly values: Values;
  readonly terminal: Terminal;
  readonly coverage: Coverage | undefined;
  readonly queue?: JobQueue;
}

async function report(loaded: Runnable, asked: Asked, around: Around): Promise<number> {
  const { file, values, terminal } = around;
  const { answer, found } = asked.type === 'walk'
    ? await byWalk(loaded, asked.request, around)
    : await bySearch(loaded, asked.request, around);
  const saved = found && typeof values.save === 'string'
    ? saveFinding(found, { file, folder: values.save, loaded, values, terminal })
    : undefined;
  const steps = found && traceLines(loaded.scenario, found);
  const units = unitsOf(loaded.scenario.protocol);
  if (values.json === true) {
    await terminal.out(`${verdictJson(file, answer, { ...(steps && { steps }), ...saved })}\n`);
  } else {
    await terminal.out((steps ?? []).map((line) => `${line}\n`).join(''));
    await terminal.out(verdictText(answer, units));
  }
  await tell(saved, values, terminal);
  if (typeof values.junit === 'string') {
    const text = () => exploreJunit(file, answer, { steps: steps ?? [], units });
    if (!(await writeFile(values.junit, text, terminal))) return 2;
  }
  return exitCodes[answer.verdict.type];
}

async function tell(
  saved: Saved | undefined,
  { json }: Values,
  terminal: Terminal,
): Promise<void> {
  if (saved === undefined) return;
  if ('notSaved' in saved) await terminal.error(`lockstep: not saved: ${saved.notSaved}\n`);
  else if (json !== true) await terminal.out(savedText(saved));
}

async function bySearch(
  loaded: Runnable,
  request: Request,
  { file, values, terminal, coverage, queue }: Around,
): Promise<Explored> {
  const { scenario, code } = loaded;
  const job = { file, sources: sourcesOf(file, loaded), search: searchValues(values) };
  const verdict = queue === undefined
    ? exploreCovered(scenario, request, coverage)
    : await searchByQueue({ scenario, isOwn: code !== undefined, request, job }, queue, terminal);
  const answer: Answer = { kind: 'search', mode: request.mode, verdict };
  if (verdict.type !== 'violated') return { answer };
  return { answer, found: foundBySearch(scenario, verdict) };
}

function exploreCovered(
  scenario: Scenario,
  request: Request,
  coverage: Coverage | undefined,
): Exploration {
  if (coverage === undefined) return exploreScenario(scenario, request);
  const setting = { ...request.setting, watch: coverage.note };
  return coverage.during(() => exploreScenario(scenario, { ...request, setting }));
}

async function byWalk(
  loaded: Runnable,
  request: WalkRequest,
  { file, values: { root }, terminal, coverage, queue }: Around,
): Promise<Explored> {
  const place = queue === undefined
    ? { file, ...(typeof root === 'string' && { root }) }
    : { file, sources: sourcesOf(file, loaded) };
  const { verdict, finding, shrunk } =
    await walkedScenario(loaded, request, place, { terminal, coverage, queue });
  const answer: Answer = { kind: 'walk', mode: request.strategy.type, verdict };
  if (finding === undefined) return { answer };
  return { answer, found: foundByWalk(loaded.scenario, finding, shrunk) };
}
