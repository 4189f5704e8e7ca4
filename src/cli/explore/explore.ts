/** `lockstep explore FILE`: looks for a run of a scenario that breaks a promise. */
import { stepInTime } from '../../dap/process/run-limit.ts';
import { noFaults } from '../../explore/budgets.ts';
import { exploreScenario, type Request } from '../../explore/search/explore.ts';
import type { Cut, Exploration } from '../../explore/verdict.ts';
import { unitsOf } from '../../kernel/wording.ts';
import { writeFile } from '../files.ts';
import { type Loaded, loadToRun } from '../load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import {
  type BeyondBounds, goesBeyond, type Trial, trialsForNotice, trialsOfProtocol, walkOf,
} from './beyond.ts';
import { type Found, foundBySearch, foundByWalk } from './found.ts';
import { exploreJunit } from './junit.ts';
import { nearestText, nearestTo } from './nearest.ts';
import { type Asked, readOptions, sharing, type WalkRequest, within } from './request.ts';
import { type Saved, saveFinding } from './save.ts';
import { traceLines } from './trace-lines.ts';
import { walkedScenario } from './walk.ts';
import { type Answer, savedText, verdictJson, verdictText } from './words.ts';

const exitCodes: Readonly<Record<Exploration['type'], number>> = {
  holds: 0, violated: 1, unknown: 3,
};

interface Place {
  readonly file: string;
  readonly values: Values;
  readonly terminal: Terminal;
}

type SearchAnswer = Extract<Answer, { kind: 'search' }>;

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
  const loaded = await loadToRun(file, terminal, values, {});
  if (loaded === undefined) return 2;
  const asked = readOptions(values, loaded.scenario, terminal);
  if ('problem' in asked) return refuse(asked.problem, terminal);
  const { answer, found } = await explored(loaded, asked, { file, values, terminal });
  const saved = found && typeof values.save === 'string'
    ? saveFinding(found, { file, folder: values.save, loaded, values, terminal })
    : undefined;
  const steps = found && traceLines(loaded.scenario, found);
  const nearest = found && values.nearest === true
    ? await nearestTo(loaded, found, terminal)
    : undefined;
  const units = unitsOf(loaded.scenario.protocol);
  if (values.json === true) {
    const more = { ...(steps && { steps }), ...saved, ...nearest };
    await terminal.out(`${verdictJson(file, answer, more)}\n`);
  } else {
    await terminal.out((steps ?? []).map((line) => `${line}\n`).join(''));
    await terminal.out(verdictText(answer, units));
    if (nearest !== undefined) await terminal.out(nearestText(nearest));
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

async function explored(loaded: Runnable, asked: Asked, place: Place): Promise<Explored> {
  switch (asked.type) {
    case 'search':
      return bySearch(loaded, asked.request);
    case 'walk':
      return byWalk(loaded, asked.request, place);
    case 'both': {
      const { values } = place;
      const all = await byBoth(loaded, asked, place);
      return goesBeyond(values) ? withNotice(all, loaded, asked.walk, place) : all;
    }
  }
}

/** So many states are searched before walks begin: many faults are near, and need no luck. */
const statesAtFirst = 10_000;

/** What a search took from the seed alone. */
const ofOneSeed: readonly Cut[] = ['times', 'losses', 'draws'];

/** So many runs are tried beside a search that went to its end. */
const runsBeside = 1_000;

/** The run of the scenario itself may be this long. */
const ownStepsMost = 100_000;

/** So many runs, for so long at most, are tried before anything beyond the bounds, in ms. */
const runsBefore = 300;
const msBefore = 3_000;

/** Walks may take this part of the time that is left; then the search goes to its end. */
const walkShare = 0.4;

async function byBoth(
  loaded: Runnable,
  { search, walk }: Extract<Asked, { type: 'both' }>,
  place: Place,
): Promise<Explored> {
  const { limits } = search;
  const { setup: { seed } } = loaded.scenario;
  if (walk.time === 'timed') {
    // The run of the scenario itself: a broken twin violates its promise there.
    const own = await byWalk(loaded, {
      ...walk, strategies: [{ type: 'plain' }], faults: noFaults, seeds: [seed, seed], workers: 1,
      stepsMost: Math.min(limits.depth, ownStepsMost),
    }, place);
    if (own.found !== undefined) return own;
  }
  const states = Math.min(limits.states, statesAtFirst);
  const first = bySearch(loaded, { ...search, limits: { ...limits, states } }, 'auto');
  const { verdict } = first.answer as SearchAnswer;
  const isShort = verdict.type === 'unknown' && verdict.why.code === 'stopped' &&
    verdict.why.at === 'states' && states < limits.states;
  // With time, a search tries one moment for each action; walks try others.
  const isPartial = verdict.type === 'holds' && verdict.cut.some((one) => ofOneSeed.includes(one));
  if (!isShort && !isPartial) return first;
  const { seeds: [begin, last] } = walk;
  const seeds = [begin, isPartial ? Math.min(last, begin + runsBeside - 1) : last] as const;
  if (goesBeyond(place.values)) {
    const before = { ...walk, seeds: [begin, Math.min(seeds[1], begin + runsBefore - 1)] } as const;
    const near = await byWalk(loaded, { ...before, isOver: within(walk, msBefore) }, place);
    if (near.found !== undefined) return near;
    const beyond = await beyondBounds(loaded, walk, verdict, place);
    if (beyond !== undefined) return beyond;
  }
  const walked = await byWalk(loaded, { ...walk, seeds, isOver: sharing(walk, walkShare) }, place);
  if (walked.found !== undefined) return walked;
  const whole = isPartial ? first : bySearch(loaded, search, 'auto');
  return { ...whole, answer: { ...whole.answer, runs: walked.answer.verdict } as Answer };
}

/** A violation that the protocol has in runs that its scenario does not show. */
async function beyondBounds(
  loaded: Runnable,
  walk: WalkRequest,
  inside: Exploration,
  place: Place,
): Promise<Explored | undefined> {
  for (const trial of trialsOfProtocol(loaded.scenario)) {
    const { answer, found } = await tried(loaded, walk, trial, place);
    if (found === undefined) continue;
    const { slower } = trial;
    const beyond: BeyondBounds = { within: inside, ...(slower && { slower }) };
    return { answer: { ...answer, beyond } as Answer, found };
  }
  return undefined;
}

/** The verdict, with a notice if the promises are broken under conditions beyond what was asked. */
async function withNotice(
  explored: Explored,
  loaded: Runnable,
  walk: WalkRequest,
  place: Place,
): Promise<Explored> {
  const { answer } = explored;
  if (answer.kind !== 'search' || explored.found !== undefined) return explored;
  for (const trial of trialsForNotice(loaded.scenario)) {
    const { verdict } = (await tried(loaded, walk, trial, place)).answer;
    if (verdict.type !== 'violated' || !('seed' in verdict)) continue;
    return { answer: { ...answer, notice: { options: trial.options!, verdict } } };
  }
  return explored;
}

function tried(
  loaded: Runnable,
  walk: WalkRequest,
  trial: Trial,
  place: Place,
): Promise<Explored> {
  return byWalk({ ...loaded, scenario: trial.scenario }, walkOf(walk, trial), place);
}

function bySearch({ scenario, code }: Runnable, asked: Request, mode = asked.mode): Explored {
  const { setting } = asked;
  const inTime = <Result>(act: () => Result) => stepInTime('', 0, act);
  const request = code === undefined ? asked : { ...asked, setting: { ...setting, inTime } };
  const verdict = exploreScenario(scenario, request);
  const answer: Answer = { kind: 'search', mode, verdict };
  if (verdict.type !== 'violated') return { answer };
  return { answer, found: foundBySearch(scenario, verdict, request.targets) };
}

async function byWalk(
  loaded: Runnable,
  request: WalkRequest,
  { file, values: { root }, terminal }: Place,
): Promise<Explored> {
  const place = { file, ...(typeof root === 'string' && { root }) };
  const { verdict, finding, shrunk } = await walkedScenario(loaded, request, place, terminal);
  const answer: Answer = { kind: 'walk', mode: request.mode, verdict };
  if (finding === undefined || verdict.type !== 'violated') return { answer };
  const { subject } = verdict;
  const reach = subject.kind === 'reach' ? request.targets.reach : undefined;
  return { answer, found: foundByWalk(loaded.scenario, finding, { subject, shrunk, reach }) };
}
