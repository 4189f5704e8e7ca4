/** What the options of `lockstep explore` ask for. */
import { performance } from 'node:perf_hooks';
import {
  type FaultBudget, type Limits, noFaults, noLimits, parseFaults,
} from '../../explore/budgets.ts';
import { modeNames, modes } from '../../explore/modes.ts';
import type { Request } from '../../explore/search/explore.ts';
import type { Targets } from '../../explore/search/problem.ts';
import { whyTimed } from '../../explore/timeless.ts';
import type { TimeMode } from '../../explore/verdict.ts';
import type { Strategy } from '../../explore/walks/strategies.ts';
import { stepsMostDefault } from '../../explore/walks/walks.ts';
import { parseDuration } from '../../kernel/text/duration.ts';
import { wholeNumber } from '../../kernel/text/whole-number.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import { withHint } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import {
  queueOrWorkers, readFor, readSeeds, readWorkers, type Values, wrong,
} from '../options.ts';
import type { Terminal } from '../terminal.ts';

export type Asked = (
  | { readonly type: 'search'; readonly request: Request }
  | { readonly type: 'walk'; readonly request: WalkRequest }
  | { readonly type: 'both'; readonly search: Request; readonly walk: WalkRequest }
) & {
  /** Returns true when the time is over. */
  readonly isOver: () => boolean;
  /** Whether it ever is. */
  readonly hasEnd: boolean;
};

export interface WalkRequest {
  readonly mode: string;
  /** One after the other, a run each. */
  readonly strategies: readonly Strategy[];
  readonly faulty?: readonly string[];
  readonly targets: Targets;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  /** The first and the last seed. */
  readonly seeds: readonly [number, number];
  /** No run takes more actions. */
  readonly stepsMost: number;
  /** How many threads walk. */
  readonly workers: number;
  /** Returns true when no more runs should begin. */
  readonly isOver: () => boolean;
  /** When that is, by `performance.now`. */
  readonly ends: number;
}

type Read<Value> = Value | { readonly problem: string };

/** Without `--seeds` and `--for`, so many runs. */
export const runsDefault = 10_000;

/** What only one kind of mode understands. */
const ofSearches = [
  'inside', 'max-states', 'max-messages', 'max-memory', 'skip-idle', 'no-reduction',
];
const ofWalks = ['seeds', 'workers'];

/** How long the mode that does all may take, if neither `--for` nor `--max-states` says so. */
const forDefault = 60_000_000;

export function readOptions(
  values: Values,
  scenario: Scenario,
  terminal: Terminal,
): Read<Asked> {
  const mode = String(values.mode ?? 'auto');
  if (!Object.hasOwn(modes, mode)) {
    const names = Object.keys(modes);
    const hint = didYouMean(mode, names) ?? `choose from ${names.join(', ')}`;
    return { problem: `--mode: there is no mode \`${mode}\` (${hint})` };
  }
  const chosen = modes[mode];
  const isWalk = 'walk' in chosen;
  const queueProblem = whyNoQueue(mode, values) ?? whyNotCovered(values);
  if (queueProblem !== undefined) return { problem: queueProblem };
  const foreign = 'both' in chosen
    ? undefined
    : (isWalk ? ofSearches : ofWalks).find((name) => values[name] !== undefined);
  if (foreign !== undefined) {
    const others = [...modeNames('both'), ...modeNames(isWalk ? 'run' : 'walk')].join(', ');
    return { problem: `--${foreign} does not apply to --mode ${mode}: choose from ${others}` };
  }
  const faults = readFaults(values);
  if ('problem' in faults) return faults;
  const given = readFor(values);
  if ('problem' in given) return given;
  const { lasts } = given;
  const isBounded = values.for !== undefined || values['max-states'] !== undefined;
  const most = 'both' in chosen && !isBounded ? forDefault : lasts;
  const until = performance.now() + most / 1_000;
  const isOver = () => performance.now() > until;
  const time = values.untimed === true ? 'untimed' : 'timed';
  const limits = readLimits(values);
  if ('problem' in limits) return limits;
  const search = readSearch({ mode, time, faults, limits, isOver }, values, scenario);
  if ('problem' in search) return search;
  const walking = 'both' in chosen ? whyNoWalks(values) : undefined;
  if (walking !== undefined) return { problem: walking };
  const patience = { isOver, hasEnd: until < Infinity };
  if ('run' in chosen) return { type: 'search', request: search, ...patience };
  const last = lasts === Infinity ? runsDefault : Number.MAX_SAFE_INTEGER;
  const seeds = values.seeds === undefined ? { first: 1, last } : readSeeds(values);
  if ('problem' in seeds) return seeds;
  const threads = values.coverage === true ? { workers: 1 } : readWorkers(values, terminal);
  if ('problem' in threads) return threads;
  const { setting: { faulty }, targets } = search;
  const walk: WalkRequest = {
    mode,
    strategies: 'walk' in chosen ? [chosen.walk] : chosen.both,
    time,
    faults,
    ...(faulty && { faulty }),
    targets,
    seeds: [seeds.first, seeds.last],
    stepsMost: Math.min(limits.depth, stepsMostDefault),
    ...threads,
    isOver,
    ends: until,
  };
  if ('walk' in chosen) return { type: 'walk', request: walk, ...patience };
  return { type: 'both', search: { ...search, mode: 'bfs' }, walk, ...patience };
}

/** Over once this part of the time that was left has passed. */
export function sharing({ ends, isOver }: WalkRequest, part: number): WalkRequest['isOver'] {
  const now = performance.now();
  const end = now + (Math.min(ends, now + forDefault / 1_000) - now) * part;
  return () => performance.now() > end || isOver();
}

/** Over after so many milliseconds, too. */
export function within({ isOver }: WalkRequest, ms: number): WalkRequest['isOver'] {
  const end = performance.now() + ms;
  return () => performance.now() > end || isOver();
}

/** Walks do not know which states are left out, so the mode that does all only searches then. */
function whyNoWalks(values: Values): string | undefined {
  const given = (names: readonly string[]) => names.find((name) => values[name] !== undefined);
  const leavingOut = given(['inside', 'max-messages']);
  const walking = given(ofWalks);
  if (leavingOut === undefined || walking === undefined) return undefined;
  return `choose one of --${walking} and --${leavingOut}: a walk cannot leave out states`;
}

function whyNoQueue(mode: string, { queue, workers }: Values): string | undefined {
  if (queue === undefined) return undefined;
  if (workers !== undefined) return queueOrWorkers;
  if (mode !== 'dfs') return undefined;
  const others = Object.keys(modes).filter((name) => name !== mode).join(', ');
  return `--queue does not apply to --mode ${mode}: choose from ${others}`;
}

/** What threads and machines cover is not counted. */
function whyNotCovered(values: Values): string | undefined {
  const other = ['queue', 'workers'].find((name) => values[name] !== undefined);
  if (values.coverage !== true || other === undefined) return undefined;
  return `choose one of --coverage and --${other}: one thread counts`;
}

/**
 * How long each thing may take that is done with a finding, in milliseconds, whatever `--for` says:
 * to make it shorter, to write it, and to look for the nearest run. Then what is there is shown.
 */
export const shrinkMsMost = 10_000;
export const saveMsMost = 10_000;
export const nearestMsMost = 10_000;

/** Over after so long. */
export function lasting(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}

interface Common {
  readonly mode: string;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  readonly limits: Limits;
  readonly isOver: () => boolean;
}

function readSearch(
  { mode, time, faults, limits, isOver: meter }: Common,
  values: Values,
  scenario: Scenario,
): Read<Request> {
  const faulty = readNodes(values.on, scenario);
  if (faulty !== undefined && 'problem' in faulty) return faulty;
  const targets = readTargets(values, scenario);
  if ('problem' in targets) return targets;
  const skipsIdle = values['skip-idle'] === true;
  const setting = { time, faults, ...(faulty && { faulty }), ...(skipsIdle && { skipsIdle }) };
  const isWhole = values['no-reduction'] === true;
  return { mode, setting, limits, targets, meter, ...(isWhole && { reduces: false }) };
}

/** What says what a search is about, besides its mode. */
const searchOptions = [...ofSearches, 'untimed', 'faults', 'on', 'reach', 'leads-to', 'max-depth'];

/** The options that say what a search is about, for a machine that takes a part of it. */
export function searchValues(
  values: Values,
  { mode }: Request,
): Readonly<Record<string, string | boolean>> {
  const all = searchOptions.toSorted().flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([['mode', mode], ...all]);
}

/** The options by the names that they have now. */
export function renamed({ within: before, ...values }: Values): Values {
  return before === undefined ? values : { inside: before, ...values };
}

function readFaults({ faults }: Values): Read<FaultBudget> {
  if (faults === undefined) return noFaults;
  const read = parseFaults(String(faults));
  return 'problem' in read ? { problem: `--faults: ${read.problem}` } : read.budget;
}

function readNodes(
  on: Values[string],
  { setup }: Scenario,
): Read<readonly string[]> | undefined {
  if (on === undefined) return undefined;
  const names = String(on).split(',').map((name) => name.trim());
  const known = setup.nodes.map(({ id }) => id);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  const hint = didYouMean(unknown, known);
  return { problem: `--on: there is no node \`${unknown}\`${hint ? ` (${hint})` : ''}` };
}

function readLimits(values: Values): Read<Limits> {
  const read: Record<string, number> = {};
  for (const [option, name, unit] of [
    ['max-states', 'states', 1], ['max-depth', 'depth', 1], ['max-messages', 'messages', 1],
    ['max-memory', 'bytes', 1e6],
  ] as const) {
    const value = values[option];
    if (value === undefined) continue;
    const number = wholeNumber(value, 1);
    if (number === undefined) return { problem: wrong(option, value, 'a positive integer') };
    read[name] = number * unit;
  }
  return { ...noLimits, ...read };
}

function readTargets(values: Values, scenario: Scenario): Read<Targets> {
  const time = values.untimed === true ? 'untimed' : 'timed';
  const reach = readCondition('reach', values.reach, scenario, time);
  if (reach !== undefined && 'problem' in reach) return reach;
  const within = readCondition('inside', values.inside, scenario, time);
  if (within !== undefined && 'problem' in within) return within;
  const leadsTo = readLeadsTo(values['leads-to'], scenario);
  if (leadsTo !== undefined && 'problem' in leadsTo) return leadsTo;
  return { ...(reach && { reach }), ...(within && { within }), ...(leadsTo && { leadsTo }) };
}

function readCondition(
  option: string,
  text: Values[string],
  { language }: Scenario,
  time: TimeMode = 'timed',
): Read<Expression> | undefined {
  if (text === undefined) return undefined;
  const compiled = language.condition(String(text));
  if ('expression' in compiled) {
    const why = whyTimed(time, compiled.expression);
    return why === undefined ? compiled.expression : { problem: `--${option}: ${why}` };
  }
  return { problem: `--${option}:1:${compiled.fault.start + 1}: ${withHint(compiled.fault)}` };
}

function readLeadsTo(
  text: Values[string],
  scenario: Scenario,
): Read<NonNullable<Targets['leadsTo']>> | undefined {
  if (text === undefined) return undefined;
  const whole = String(text);
  const comma = whole.lastIndexOf(',');
  const within = comma < 0 ? undefined : parseDuration(whole.slice(comma + 1).trim());
  if (within === undefined || within <= 0) {
    const expected = 'a condition and a time above zero, as in `n1.up,10s`';
    return { problem: wrong('leads-to', text, expected) };
  }
  const condition = readCondition('leads-to', whole.slice(0, comma), scenario)!;
  return 'problem' in condition ? condition : { condition, within };
}
