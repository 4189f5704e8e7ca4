/** `lockstep explore --save DIR`: writes a violation as a scenario that shows it again. */
import { folderOf, plainPath } from '../../code/load/source-paths.ts';
import { scenarioFileNames } from '../../explore/saved/file-names.ts';
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
  const { real = plainPath } = terminal;
  // Where the file will be: a path from there is not one from a link to that folder.
  const folder = real(plainPath(place.folder).replace(/(?<=.)\/+$/, ''));
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
  return written(findingName(file, subject), folder, text, { place, breaksAgain });
}

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
  for (;;) {
    const saved = pathIn(folder, names.next().value);
    const present = textAt(saved, terminal);
    const isSame = present !== 'none' && 'text' in present && present.text === text;
    if (present !== 'none' && !isSame) continue;
    const root = rootFor(saved, text, place, breaksAgain);
    if ('notSaved' in root) return root;
    try {
      if (!isSame) terminal.writeNew!(saved, text);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // A link that leads nowhere: what would be written is not in the folder.
      if (code === 'EEXIST') continue;
      return { notSaved: `${saved} cannot be written: ${message}` };
    }
    const option = root.root === undefined ? '' : ` --root ${root.root}`;
    return { saved, command: `lockstep run ${saved}${option}` };
  }
}

function pathIn(folder: string, name: string): string {
  if (folder === '.') return name;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
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
