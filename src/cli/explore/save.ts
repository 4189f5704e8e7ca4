/** `lockstep explore --save DIR`: writes a violation as a scenario that shows it again. */
import { folderOf, plainPath } from '../../code/load/source-paths.ts';
import { scenarioFileNames } from '../../explore/saved/file-names.ts';
import { sliceOf, stepInTime } from '../../dap/process/run-limit.ts';
import { noFaults } from '../../explore/budgets.ts';
import { isOfScenario } from '../../explore/find/request.ts';
import {
  breaks, breaksPlainly, plainScenario, savedScenario, type Trying,
} from '../../explore/saved/saved.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import { protocolReference } from '../../scenario/parse/protocol-reference.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { notWritten } from '../files.ts';
import { type Loaded, loadScenario } from '../load.ts';
import { findingName } from '../find/finding-name.ts';
import type { Values } from '../options.ts';
import { commandOn } from '../process/shell-words.ts';
import type { Terminal } from '../terminal.ts';
import type { Promised } from '../../explore/verdict.ts';
import { promiseOf, withReach } from '../../explore/walks/broken.ts';
import { walks } from '../../explore/walks/walks.ts';
import type { Found } from './found.ts';
import { lasting, saveMsMost } from './request.ts';

export type Saved =
  /** The file, and the command that runs it. */
  | { readonly saved: string; readonly command: string }
  | { readonly notSaved: string };

interface Place {
  /** The scenario's file, and the folder to write to. */
  readonly file: string;
  readonly folder: string;
  readonly loaded: Loaded & { readonly scenario: Scenario };
  readonly values: Values;
  readonly terminal: Terminal;
}

export function saveFinding(found: Found, place: Place): Saved {
  const { subject } = found;
  const { file, loaded: { scenario, source }, terminal } = place;
  const { real = plainPath } = terminal;
  // Where the file will be: a path from there is not one from a link to that folder.
  const folder = real(plainPath(place.folder).replace(/(?<=.)\/+$/, ''));
  const { text: original } = source!;
  const protocol = protocolFrom(folder, file, original, terminal);
  const promising = found.reach === undefined ? scenario : withReach(scenario, found.reach);
  const origin = { scenario: promising, text: original, ...protocol };
  const shrunk = found.shrunk();
  const isOver = lasting(saveMsMost);
  const isOwn = place.loaded.code !== undefined;
  const trying: Trying = { isOver, ...(isOwn && { inTime: (act) => stepInTime('', 0, act) }) };
  const steps = shrunk && savedScenario(origin, shrunk, trying);
  // What plain steps cannot say, the scenario says itself, if a run of its own breaks the promise.
  const plain = steps === undefined
    ? (found.plain ?? plainRun(promising, subject, place, isOver))
    : undefined;
  const own = plain && plainScenario(origin, plain.seed, plain.subject, trying);
  const text = steps ?? own;
  if (text === undefined) {
    return {
      notSaved: shrunk === undefined
        ? 'without its latencies, losses and later steps, the run does not break the promise'
        : isOver()
          ? `no seed that draws its numbers was found within ${formatDuration(saveMsMost * 1_000)}`
          : 'the steps of a scenario cannot say what happens in this run',
    };
  }
  const breaksAgain = (one: Scenario) => own === undefined
    ? breaks(text, one, shrunk!.broken.subject, trying)
    : breaksPlainly(text, one, plain!.subject, trying);
  return written(findingName(file, subject), folder, text, { place, breaksAgain });
}

/** Where no name is free after so many, none will be. */
const namesMost = 1_000;

/** Under the first name that is free, or whose file has this text already. */
function written(
  name: string,
  folder: string,
  text: string,
  { place, breaksAgain }: {
    readonly place: Place; readonly breaksAgain: (scenario: Scenario) => boolean;
  },
): Saved {
  const { terminal } = place;
  const names = scenarioFileNames(name);
  for (let tried = 0; tried < namesMost; tried++) {
    const saved = pathIn(folder, names.next().value);
    const present = textAt(saved, terminal);
    const isSame = present !== 'none' && 'text' in present && present.text === text;
    if (present !== 'none' && !isSame) continue;
    const root = rootFor(saved, text, place, breaksAgain);
    if ('notSaved' in root) return root;
    try {
      if (!isSame) terminal.writeNew!(saved, text);
    } catch (error) {
      // A link that leads nowhere: what would be written is not in the folder.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      return { notSaved: notWritten(saved, error) };
    }
    return { saved, command: commandOn('run', saved, root.root) };
  }
  return { notSaved: `${folder} has no free name for ${name}: choose another folder` };
}

function pathIn(folder: string, name: string): string {
  if (folder === '.') return name;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** In so many runs one of the scenario's own is looked for that breaks the promise, too. */
const plainRunsMost = 1_000;
const plainStepsMost = 20_000;

/** A run with another seed that breaks the same promise, as the simulator takes it. */
function plainRun(
  scenario: Scenario,
  subject: Promised,
  { loaded: { code } }: Place,
  isOver: () => boolean,
): Found['plain'] {
  if (!isOfScenario(subject)) return undefined;
  const promise = promiseOf(subject);
  const options = {
    strategies: [{ type: 'plain' }], time: 'timed', faults: noFaults,
    stepsMost: plainStepsMost, slice: sliceOf(code !== undefined),
  } as const;
  for (let first = 1; first <= plainRunsMost;) {
    const all = walks(scenario, { ...options, seeds: [first, plainRunsMost] });
    let next = all.next();
    while (next.done !== true && !isOver()) {
      next = code === undefined ? all.next() : stepInTime('', 0, () => all.next());
    }
    const finding = next.done === true ? next.value.finding : undefined;
    if (finding === undefined) return undefined;
    const { broken, seed } = finding;
    if (promiseOf(broken.subject) === promise) return { seed, subject: broken.subject };
    first = seed + 1;
  }
  return undefined;
}

/** Loads the file from where it will be: its protocol must be found there. */
function rootFor(
  saved: string,
  text: string,
  { values, terminal }: Place,
  breaksAgain: (scenario: Scenario) => boolean,
): { readonly root?: string } | { readonly notSaved: string } {
  const read = (file: string) => (file === saved ? text : terminal.read(file));
  const { real = plainPath } = terminal;
  const roots = typeof values.root === 'string' ? [undefined, real(values.root)] : [undefined];
  let why = '';
  for (const root of roots) {
    const given = root === undefined ? {} : { root };
    const { scenario, problems } = loadScenario(saved, { ...terminal, read }, given);
    if (scenario !== undefined && breaksAgain(scenario)) return given;
    why = problems[0] ?? 'the promise is not broken there';
  }
  return { notSaved: `the scenario cannot run in this folder: ${why}` };
}

/** A file that exists and cannot be read differs from any text. */
function textAt(
  file: string,
  terminal: Terminal,
): 'none' | { readonly text: string } | { readonly unreadable: true } {
  try {
    return { text: terminal.read(file) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'none' : { unreadable: true };
  }
}

/** The protocol's file as a scenario in the folder names it; nothing for a built-in protocol. */
function protocolFrom(
  folder: string,
  file: string,
  text: string,
  { whole = plainPath, real = plainPath }: Terminal,
): { readonly protocol?: string } {
  const reference = protocolReference(text);
  if (reference === undefined) return {};
  // The folder of the protocol without links, as the other one is; the file may be a link itself.
  const given = parts(`${folderOf(whole(file))}/${reference.path}`).join('/');
  const [slash] = /^\/*/.exec(whole(file))!;
  const above = whole(real(folderOf(`${slash}${given}`)));
  const target = parts(`${above}/${given.slice(given.lastIndexOf('/') + 1)}`);
  const from = parts(whole(folder));
  let same = 0;
  while (same < from.length && from[same] === target[same]) same++;
  const ups = '../'.repeat(from.length - same);
  return { protocol: `${ups === '' ? './' : ups}${target.slice(same).join('/')}` };
}

function parts(path: string): string[] {
  const all: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && all.length > 0 && all.at(-1) !== '..') all.pop();
    else if (part !== '.' && part !== '') all.push(part);
  }
  return all;
}
