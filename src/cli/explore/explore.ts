/** `lockstep explore FILE`: looks for a run of a scenario that breaks a promise. */
import { performance } from 'node:perf_hooks';
import { stepInTime } from '../../dap/process/run-limit.ts';
import { slowed } from '../../explore/auto/beyond.ts';
import { autoTries, type Tried, type WalkTry } from '../../explore/auto/driver.ts';
import { exploreScenario, type Request } from '../../explore/search/explore.ts';
import type { Coverage } from '../../check/coverage/coverage.ts';
import type { CoverageReport } from '../../check/coverage/report.ts';
import type { Exploration } from '../../explore/verdict.ts';
import { problemOf } from '../../explore/search/of-scenario.ts';
import { leavesOutStates } from '../../explore/search/problem.ts';
import { isOfTuples } from '../../explore/search/tuples/explore-tuples.ts';
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
import { commandOn } from '../process/shell-words.ts';
import type { Terminal } from '../terminal.ts';
import { type Found, foundBySearch, foundByWalk } from './found.ts';
import { exploreJunit } from './junit.ts';
import { nearestText, nearestTo } from './nearest.ts';
import {
  type Asked, readOptions, renamed, searchValues, sharing, type WalkRequest, within,
} from './request.ts';
import { type Saved, saveFinding } from './save.ts';
import { traceLines } from './trace-lines.ts';
import { walkedScenario } from './walk.ts';
import { type Answer, savedText, verdictJson, verdictText } from './words.ts';

const exitCodes: Readonly<Record<Exploration['type'], number>> = {
  holds: 0, violated: 1, unknown: 3,
};

interface Around {
  readonly file: string;
  readonly values: Values;
  readonly terminal: Terminal;
  readonly coverage: Coverage | undefined;
  readonly queue: JobQueue | undefined;
}

type Runnable = Loaded & { readonly scenario: Scenario };

/** What was found out, and the violation, if there is one. */
interface Explored {
  readonly answer: Answer;
  readonly found?: Found;
}

export async function explore(
  files: string[],
  given: Values,
  terminal: Terminal,
): Promise<number> {
  if (given.within !== undefined && given.inside !== undefined) {
    return refuse('--within is what --inside was called before: give one of them', terminal);
  }
  const values = renamed(given);
  if (files.length !== 1) {
    return refuse('explore needs one file: `lockstep explore FILE`', terminal);
  }
  const writing = (['save', 'junit'] as const).find((option) => values[option] !== undefined);
  if (writing !== undefined && terminal.write === undefined) {
    return refuse(`--${writing}: files cannot be written here`, terminal);
  }
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
  const { isOver, hasEnd } = asked;
  return withQueue(values, terminal, { isOver, hasEnd }, async (queue) => {
    const around = { file, values, terminal, coverage, queue };
    const result = await explored(loaded, asked, around);
    if (coverage === undefined) return report(loaded, result, around);
    all!.end(coverage, read);
    const { reports } = all!;
    const code = await report(loaded, result, around, reports);
    if (values.json !== true) await terminal.out(reports.map(coverageText).join(''));
    return (await writeLcov(reports, values, terminal)) ? code : 2;
  });
}

async function report(
  loaded: Runnable,
  { answer, found }: Explored,
  { file, values, terminal }: Around,
  covered?: readonly CoverageReport[],
): Promise<number> {
  const saved = found && typeof values.save === 'string'
    ? saveFinding(found, { file, folder: values.save, loaded, values, terminal })
    : undefined;
  const steps = found && traceLines(loaded.scenario, found);
  const nearest = found && values.nearest === true
    ? await nearestTo(loaded, found, terminal)
    : undefined;
  const units = unitsOf(loaded.scenario.protocol);
  const command = commandOn('explore', file, values.root);
  if (values.json === true) {
    const coverage = covered && { coverage: covered };
    const more = { ...(steps && { steps }), ...saved, ...nearest, ...coverage };
    await terminal.out(`${verdictJson(file, answer, more)}\n`);
  } else {
    await terminal.out((steps ?? []).map((line) => `${line}\n`).join(''));
    await terminal.out(verdictText(answer, units, command));
    if (nearest !== undefined) await terminal.out(nearestText(nearest));
  }
  await tell(saved, values, terminal);
  if (typeof values.junit === 'string') {
    const text = () => exploreJunit(file, answer, { steps: steps ?? [], units, command });
    if (!(await writeFile('junit', values.junit, text, terminal))) return 2;
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

/** Coverage has its price: it sees the steps of each world, which tuples do not have. */
async function warnOfWorlds(
  { scenario }: Runnable,
  asked: Asked,
  { coverage, terminal }: Around,
): Promise<void> {
  if (coverage === undefined || asked.type === 'walk') return;
  const request = asked.type === 'both' ? asked.search : asked.request;
  if (!isOfTuples(problemOf(scenario, request.setting, request))) return;
  await terminal.error(
    'lockstep: with --coverage, each state is visited as a whole, so the search takes longer\n',
  );
}

async function explored(loaded: Runnable, asked: Asked, around: Around): Promise<Explored> {
  await warnOfWorlds(loaded, asked, around);
  switch (asked.type) {
    case 'search':
      return bySearch(loaded, asked.request, around);
    case 'walk':
      return byWalk(loaded, asked.request, around);
    case 'both':
      return byBoth(loaded, asked, around);
  }
}

/** The options by which a user chooses what a search is about. */
const chosen = ['mode', 'untimed', 'faults', 'on', 'reach', 'leads-to', 'inside'] as const;

/** Takes what the driver tries. */
async function byBoth(
  loaded: Runnable,
  { search, walk }: Extract<Asked, { type: 'both' }>,
  around: Around,
): Promise<Explored> {
  const { setting: { time, faults }, limits } = search;
  const { strategies, seeds, stepsMost } = walk;
  const tries = autoTries<Explored & Tried>({
    scenario: loaded.scenario, time, faults, limits, strategies, seeds, stepsMost,
    msMost: Math.max(0, walk.ends - performance.now()),
    goesBeyond: chosen.every((name) => around.values[name] === undefined),
    leavesOutStates: leavesOutStates(search.targets, limits),
  });
  // It takes no longer than the first jobs of a queue.
  const here = { ...around, queue: undefined };
  for (let next = tries.next(); ;) {
    if (next.done) {
      const { result: { answer, found }, ...beside } = next.value;
      return { answer: { ...answer, ...beside } as Answer, ...(found && { found }) };
    }
    const one = next.value;
    const explored = one.type === 'search'
      ? await bySearch(
        loaded, { ...search, limits: { ...limits, states: one.states } },
        one.isFirst ? here : around, 'auto',
      )
      : await byTry(loaded, walk, one, one.isShort ? here : around);
    next = tries.next({ ...explored, verdict: explored.answer.verdict });
  }
}

/** Other threads read the scenario from its file, as it is. */
function byTry(
  loaded: Runnable,
  walk: WalkRequest,
  { scenario, slower, strategies, time, faults, seeds, stepsMost, lasts, isShort }: WalkTry,
  around: Around,
): Promise<Explored> {
  return byWalk({ ...loaded, scenario: slowed(scenario, slower) }, {
    ...walk, strategies, time, faults, seeds, stepsMost,
    isOver: 'ms' in lasts ? within(walk, lasts.ms) : sharing(walk, lasts.share),
    ...(isShort && { workers: 1 }),
  }, around);
}

async function bySearch(
  loaded: Runnable,
  request: Request,
  around: Around,
  mode = request.mode,
): Promise<Explored> {
  const { scenario, code } = loaded;
  const { file, values, terminal, queue } = around;
  const isOwn = code !== undefined;
  const job = () => ({
    file, sources: sourcesOf(file, loaded), search: searchValues(values, request),
  });
  const limited = inTimeOf(isOwn, request);
  const verdict = queue === undefined
    ? searchHere(scenario, limited, around.coverage)
    : await searchByQueue({ scenario, isOwn, request: limited, job: job() }, queue, terminal);
  const answer: Answer = { kind: 'search', mode, verdict };
  if (verdict.type !== 'violated') return { answer };
  return { answer, found: foundBySearch(scenario, verdict, request.targets) };
}

/** Code of a workspace may never end. */
function inTimeOf(isOwn: boolean, request: Request): Request {
  if (!isOwn) return request;
  const inTime = <Result>(act: () => Result) => stepInTime('', 0, act);
  return { ...request, setting: { ...request.setting, inTime } };
}

function searchHere(
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
  const answer: Answer = { kind: 'walk', mode: request.mode, verdict };
  if (finding === undefined || verdict.type !== 'violated') return { answer };
  const { subject } = verdict;
  const reach = subject.kind === 'reach' ? request.targets.reach : undefined;
  return { answer, found: foundByWalk(loaded.scenario, finding, { subject, shrunk, reach }) };
}
