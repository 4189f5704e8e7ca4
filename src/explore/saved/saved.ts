/** A finding as a scenario of plain steps, which breaks the same promise when it is run. */
import { isMap, parseDocument, YAMLMap } from 'yaml';
import { simulateInSlices } from '../../check/simulate.ts';
import { promiseName, reasonSentence } from '../../check/verdict-words.ts';
import { unitsOf } from '../../kernel/wording.ts';
import { formatRange } from '../../kernel/text/duration.ts';
import type { NodeSetup, Setup } from '../../kernel/plan.ts';
import type { Json } from '../../protocol/types.ts';
import { library } from '../../protocols/library.ts';
import { areConnections } from '../../scenario/commands/hosts.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { takeStepLines } from '../../scenario/parse/step-lines.ts';
import type { Expectation, Scenario } from '../../scenario/scenario.ts';
import type { Subject } from '../../scenario/verdict.ts';
import type { Shrunk } from '../shrink/shrink.ts';
import { promiseOf } from '../walks/broken.ts';
import { stepsOf } from './steps.ts';

export interface Origin {
  readonly scenario: Scenario;
  /** The text of its file. */
  readonly text: string;
  /** The protocol as the saved file must name it, if that is in another folder. */
  readonly protocol?: string;
  /** Settings that a launch put in the place of those of the file. */
  readonly settings?: Readonly<Record<string, Json>>;
}

/**
 * The text of the scenario; undefined if it cannot be written so that it breaks the same promise.
 * That is tried: the text is parsed and run.
 */
export function savedScenario(
  origin: Origin,
  shrunk: Shrunk,
  trying: Trying = {},
): string | undefined {
  return tried(savingScenario(origin, shrunk), trying);
}

/** How long a file is tried. */
export interface Trying {
  readonly isOver?: () => boolean;
  /** Code of a workspace may never end. */
  readonly inTime?: <Result>(act: () => Result) => Result;
}

/** So few actions end within a limit of time, and a run of so many is not tried further. */
const actionsInSlice = 20;
const actionsMost = 1_000_000;

/** Undefined if the time is over before. */
function tried<Result>(
  slices: Generator<void, Result>,
  { isOver, inTime = (act) => act() }: Trying,
): Result | undefined {
  for (;;) {
    const next = inTime(() => slices.next());
    if (next.done) return next.value;
    if (isOver?.() === true) return undefined;
  }
}

/** The same for callers with a clock; yields between some actions of the runs that it tries. */
export function* savingScenario(
  origin: Origin,
  shrunk: Shrunk,
): Generator<void, string | undefined> {
  const { scenario } = origin;
  const steps = stepsOf(scenario, shrunk);
  if (steps === undefined) return undefined;
  const { broken, tail } = shrunk;
  const { subject } = broken;
  const { lines } = steps;
  const textOf = (seed: number) => scenarioText(origin, {
    setup: { ...shrunk.setup, seed },
    lines: tail?.type === 'step' ? [...lines, tail.text] : lines,
    ...(tail?.type === 'until' && { until: tail.text }),
    title: `Found: ${scenario.title.replace(/^Broken: /, '')}`,
    comments: comment(shrunk, scenario),
    expected: scenario.expect.filter((one) => isExpectation(one, subject)),
    isHeld: true,
  });
  const seed = yield* seedFor(textOf(shrunk.setup.seed), scenario, shrunk);
  return seed === undefined ? undefined : textOf(seed);
}

/**
 * The scenario itself with another seed, if its run breaks the promise: for what plain steps cannot
 * say, such as connections that are sent again by themselves.
 */
export function plainScenario(
  { scenario, text, protocol }: Origin,
  seed: number,
  subject: Subject,
  trying: Trying = {},
): string | undefined {
  const seeded = /^seed:.*$/m.test(text)
    ? text.replace(/^seed:.*$/m, `seed: ${seed}`)
    : text.replace(/^protocol:.*$/m, (line) => `${line}\nseed: ${seed}`);
  const moved = protocol === undefined
    ? seeded
    : seeded.replace(/^protocol:.*$/m, () => `protocol: ${protocol}`);
  const parsed = parsedAgain(moved, scenario);
  return parsed !== undefined && tried(violates(parsed, subject), trying) ? moved : undefined;
}

function* violates(scenario: Scenario, subject: Subject): Generator<void, boolean> {
  return (yield* violatedIn(scenario)).some((one) => promiseOf(one) === promiseOf(subject));
}

function* violatedIn(scenario: Scenario): Generator<void, Subject[]> {
  const run = simulateInSlices(scenario, actionsInSlice, undefined, { actionsMax: actionsMost });
  for (;;) {
    const next = run.next();
    if (next.done) {
      const { verdicts } = next.value;
      return verdicts.filter(({ type }) => type === 'violated').map((one) => one.subject);
    }
    yield;
  }
}

/** Whether the run of a file breaks the promise, whatever else it breaks. */
export function breaksPlainly(
  text: string,
  scenario: Scenario,
  subject: Subject,
  trying: Trying = {},
): boolean {
  const parsed = parsedAgain(text, scenario);
  return parsed !== undefined && tried(violates(parsed, subject), trying) === true;
}

/** So many seeds are tried for one that draws the numbers of the schedule. */
const seedsMost = 2_000;

/**
 * A scenario has no words for the numbers that handlers draw. An untimed search chooses them; the
 * first seed that draws as much as the violation needs says the same.
 */
function* seedFor(
  text: string,
  scenario: Scenario,
  { broken: { subject }, setup, actions }: Shrunk,
): Generator<void, number | undefined> {
  const parsed = parsedAgain(text, scenario);
  if (parsed === undefined) return undefined;
  if (yield* breaksWith(parsed, subject)) return setup.seed;
  const draws = actions.some(({ action }) => 'draws' in action && action.draws !== undefined);
  for (let seed = 1; draws && seed <= seedsMost; seed++) {
    const other = { ...parsed, setup: { ...parsed.setup, seed } };
    if (yield* breaksWith(other, subject)) return seed;
    yield;
  }
  return undefined;
}

/** Whether the run of a saved scenario breaks the promise, and takes all steps before. */
export function breaks(
  text: string,
  scenario: Scenario,
  subject: Subject,
  trying: Trying = {},
): boolean {
  const parsed = parsedAgain(text, scenario);
  return parsed !== undefined && tried(breaksWith(parsed, subject), trying) === true;
}

/** What a saved scenario has of its own, beside the settings of the original. */
export interface Written {
  readonly setup: Setup;
  readonly lines: readonly string[];
  readonly title: string;
  /** Lines at its beginning. */
  readonly comments: readonly string[];
  readonly expected: readonly Expectation[];
  /** When the run ends, if not after its steps. */
  readonly until?: string;
  /** Whether no message arrives unless a step delivers it. */
  readonly isHeld: boolean;
}

export function scenarioText(origin: Origin, written: Written): string {
  const { comments, lines, expected, until } = written;
  const all = lines.some((line) => !line.startsWith('#')) ? lines : [...lines, 'wait 0s'];
  const expectations = expected.map(expectLine);
  return [
    // A title may have several lines; the second would not be a comment.
    ...comments.map((line) => `# ${line.replace(/\s+/g, ' ')}`.trimEnd()),
    headerOf(origin, written).trimEnd(),
    'steps:',
    ...all.map((line) => (line.startsWith('#') ? `  ${line}` : `  - ${quoted(line)}`)),
    ...(until === undefined ? [] : [`until: ${quoted(until)}`]),
    ...(expectations.length > 0 ? ['expect:', ...expectations.map((line) => `  - ${line}`)] : []),
    '',
  ].join('\n');
}

/** The scenario of a saved text, on the protocol of the original. */
export function parsedAgain(text: string, { file, protocol }: Scenario): Scenario | undefined {
  const { scenario } = parseScenario(text, file, library, { protocol });
  return scenario && { ...scenario, protocol, setup: { ...scenario.setup, protocol } };
}

function* breaksWith(scenario: Scenario, subject: Subject): Generator<void, boolean> {
  const violated = yield* violatedIn(scenario);
  const promise = promiseOf(subject);
  return (
    violated.some((one) => promiseOf(one) === promise) &&
    !violated.some((one) => one.kind === 'step' && promiseOf(one) !== promise)
  );
}

function comment({ broken, isTimed, tail }: Shrunk, { title, protocol }: Scenario): string[] {
  const { subject, reason } = broken;
  const time = isTimed
    ? 'The waits are part of it.'
    : 'Time does not matter: all of it happens at once.';
  const lines = [
    `A schedule that breaks a promise of "${title}": ${promiseName(subject)}.`,
    ...reasonSentence(reason, unitsOf(protocol)).split('\n').map((line) => line.trim()),
    `No message arrives unless a step delivers it. ${time}`,
    ...(tail === undefined ? [] : ['At the end, faults stop, and the network runs by itself.']),
  ];
  return lines;
}

/** The settings of the original, without what its own steps and expectations need. */
function headerOf({ scenario, text, protocol, settings = {} }: Origin, written: Written): string {
  const { setup, title, isHeld } = written;
  const document = parseDocument(takeStepLines(text)?.rest ?? text, { uniqueKeys: false });
  if (!isMap(document.contents)) throw new Error('a scenario that was parsed is not a map');
  const { contents } = document;
  document.commentBefore = null;
  document.comment = null;
  contents.commentBefore = null;
  contents.comment = null;
  const gone = ['steps', 'expect', 'until', 'breaks', 'breakOn', 'measure'];
  for (const name of gone) document.delete(name);
  for (const { key } of contents.items) {
    if (typeof key === 'object' && key !== null && 'commentBefore' in key) key.commentBefore = null;
  }
  for (const [name, value] of Object.entries(settings)) {
    if (!gone.includes(name)) document.set(name, document.createNode(value));
  }
  document.set('title', title);
  if (protocol !== undefined) document.set('protocol', protocol);
  document.set('seed', setup.seed);
  document.set('settle', '0s');
  const given = document.get('network');
  const network = given instanceof YAMLMap ? given : new YAMLMap();
  network.flow = true;
  if (isHeld) {
    network.delete('loss');
    network.delete('duplicate');
    // Of the nodes that are left, all may talk over connections, which keep their order.
    if (areConnections(scenario.protocol, setup.nodes, undefined, undefined)) {
      network.delete('reorder');
    }
    network.set('latency', formatRange(setup.network.latency));
    document.set('network', network);
  }
  if (setup.nodes.length < scenario.setup.nodes.length) {
    // Nodes of one range share their settings, and an alias is not read.
    const plainly = { aliasDuplicateObjects: false };
    const nodes = nodesOf(document.get('nodes'), setup.nodes);
    document.set('nodes', document.createNode(nodes, plainly));
  }
  return document.toString({ lineWidth: 96 });
}

/** The text of a scenario with the settings that a launch put in the place of its own. */
export function withSettings(text: string, settings: Readonly<Record<string, Json>>): string {
  if (Object.keys(settings).length === 0) return text;
  const document = parseDocument(text, { uniqueKeys: false });
  for (const [name, value] of Object.entries(settings)) {
    document.set(name, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** The nodes that are left, each with the settings that the file gives it. */
function nodesOf(given: unknown, left: readonly NodeSetup[]): Record<string, unknown> {
  const settings = given instanceof YAMLMap ? (given.toJSON() as Record<string, unknown>) : {};
  const setting = (id: string) => settings[id] ?? settingOf(settings, id);
  return Object.fromEntries(left.map(({ id, role }) => [id, setting(id) ?? role]));
}

/** The settings of `a1..a5`, which stand for each of these nodes. */
function settingOf(settings: Record<string, unknown>, id: string): unknown {
  const [, name, number] = /^(.*?)(\d+)$/.exec(id) ?? [];
  if (number === undefined) return undefined;
  for (const [key, setting] of Object.entries(settings)) {
    const range = /^(.*?)(\d+)\s*\.\.\s*(.*?)(\d+)$/.exec(key);
    if (range === null || range[1] !== name) continue;
    if (Number(range[2]) <= Number(number) && Number(number) <= Number(range[4])) return setting;
  }
  return undefined;
}

function isExpectation(expectation: Expectation, subject: Subject): boolean {
  return subject.kind === 'expectation' && subject.text === expectation.text;
}

/** `no event X` is a string in YAML; `never: CONDITION` a map with one condition. */
function expectLine({ type, text }: Expectation): string {
  if (type !== 'always' && type !== 'never' && type !== 'end' && type !== 'eventually') {
    return quoted(text);
  }
  const colon = text.indexOf(':');
  return `${text.slice(0, colon)}: ${JSON.stringify(text.slice(colon + 1).trim())}`;
}

/** Quoted if YAML would read more into it. */
function quoted(line: string): string {
  const isPlain = /^[\w*]/.test(line) && !/:(\s|$)|\s#/.test(line);
  return isPlain ? line : `'${line.replaceAll("'", "''")}'`;
}
