/** `lockstep explore --save DIR`: writes a violation as a scenario that shows it again. */
import { folderOf, plainPath } from '../../code/load/source-paths.ts';
import { breaks, breaksPlainly, plainScenario, savedScenario } from '../../explore/saved/saved.ts';
import { protocolReference } from '../../scenario/parse/protocol-reference.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Loaded, loadScenario } from '../load.ts';
import { findingName } from '../find/finding-name.ts';
import type { Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { withReach } from '../../explore/walks/broken.ts';
import type { Found } from './found.ts';

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
  const folder = plainPath(place.folder).replace(/(?<=.)\/+$/, '');
  const { text: original } = source!;
  const protocol = protocolFrom(folder, file, original, terminal);
  const promising = found.reach === undefined ? scenario : withReach(scenario, found.reach);
  const origin = { scenario: promising, text: original, ...protocol };
  const shrunk = found.shrunk();
  const steps = shrunk && savedScenario(origin, shrunk);
  const { plain } = found;
  // What plain steps cannot say, the scenario says itself, if the run is one of its own.
  const own = steps === undefined && plain !== undefined
    ? plainScenario(origin, plain.seed, plain.subject)
    : undefined;
  const text = steps ?? own;
  if (text === undefined) {
    return {
      notSaved: shrunk === undefined
        ? 'without its latencies, losses and later steps, the run does not break the promise'
        : 'the steps of a scenario cannot say what happens in this run',
    };
  }
  const breaksAgain = (one: Scenario) => own === undefined
    ? breaks(text, one, shrunk!.broken.subject)
    : breaksPlainly(text, one, plain!.subject);
  const saved = freeName(findingName(file, subject), folder, text, terminal);
  const root = rootFor(saved, text, place, breaksAgain);
  if ('notSaved' in root) return root;
  if (!isPresent(saved, text, terminal)) {
    try {
      terminal.write!(saved, text);
    } catch (error) {
      return { notSaved: `${saved} cannot be written: ${(error as Error).message}` };
    }
  }
  const option = root.root === undefined ? '' : ` --root ${root.root}`;
  return { saved, command: `lockstep run ${saved}${option}` };
}

/** Loads the file from where it will be: its protocol must be found there. */
function rootFor(
  saved: string,
  text: string,
  { values, terminal }: Place,
  breaksAgain: (scenario: Scenario) => boolean,
): { readonly root?: string } | { readonly notSaved: string } {
  const read = (file: string) => (file === saved ? text : terminal.read(file));
  const roots = typeof values.root === 'string' ? [undefined, values.root] : [undefined];
  let why = '';
  for (const root of roots) {
    const given = root === undefined ? {} : { root };
    const { scenario, problems } = loadScenario(saved, { ...terminal, read }, given);
    if (scenario !== undefined && breaksAgain(scenario)) return given;
    why = problems[0] ?? 'the promise is not broken there';
  }
  return { notSaved: `the scenario cannot run in this folder: ${why}` };
}

/** The first name that is free, or whose file has this text already. */
function freeName(name: string, folder: string, text: string, terminal: Terminal): string {
  const before = folder === '.' ? '' : folder.endsWith('/') ? folder : `${folder}/`;
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const file = `${before}${name}${suffix}.scenario.yaml`;
    const present = textAt(file, terminal);
    if (present === 'none' || ('text' in present && present.text === text)) return file;
  }
}

function isPresent(file: string, text: string, terminal: Terminal): boolean {
  const present = textAt(file, terminal);
  return present !== 'none' && 'text' in present && present.text === text;
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
  { whole = plainPath }: Terminal,
): { readonly protocol?: string } {
  const reference = protocolReference(text);
  if (reference === undefined) return {};
  const target = parts(`${folderOf(whole(file))}/${reference.path}`);
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
