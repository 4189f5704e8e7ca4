/**
 * Reads scenario files and the protocols of their workspaces, with problems as compilers report
 * them.
 */
import { CodeFault, faultText } from '../code/code-fault.ts';
import { type Code, loadProtocol } from '../code/code.ts';
import { entryOf, gather } from '../code/load/workspace-files.ts';
import { library } from '../protocols/library.ts';
import { type Overrides, parseScenario } from '../scenario/parse/parse.ts';
import { protocolReference } from '../scenario/parse/protocol-reference.ts';
import { problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Terminal } from './terminal.ts';

export interface Loaded {
  readonly scenario?: Scenario;
  /** Each is `file:line:column: message`. */
  readonly problems: readonly string[];
  /** What the scenario was made from; absent if it could not be read. */
  readonly source?: ScenarioSource;
  /** The code of a protocol of the workspace. */
  readonly code?: Code;
}

export interface ScenarioSource {
  readonly text: string;
  /** The files of a protocol of the workspace; undefined for a built-in one. */
  readonly own?: OwnFiles;
}

/** A protocol of the workspace: the text of the entry and of each file that it imports, by name. */
export interface OwnFiles {
  readonly entry: string;
  readonly texts: ReadonlyMap<string, string>;
}

export function loadScenario(file: string, terminal: Terminal, overrides: Overrides = {}): Loaded {
  const read = readText(file, terminal);
  if ('problem' in read) return { problems: [read.problem] };
  const { text } = read;
  if (/^lockstep trace \d/.test(text)) {
    const how = `\`lockstep replay ${file}\``;
    return { problems: [`${file}:1:1: this is a trace and not a scenario: run it with ${how}`] };
  }
  const own = loadReferenced(text, file, terminal);
  if (own && 'problem' in own) return { problems: [own.problem] };
  const resolved = own ? { ...overrides, protocol: own.code.protocol } : overrides;
  const { scenario, problems } = parseScenario(text, file, library, resolved);
  return {
    ...(scenario && { scenario }),
    problems: problems.map((problem) => problemText(file, problem)),
    source: { text, ...(own && { own: own.files }) },
    ...(own && { code: own.code }),
  };
}

/** The text of a file, or why it cannot be read. */
export function readText(
  file: string,
  terminal: Terminal,
): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: terminal.read(file) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = readErrors[code ?? ''] ?? message;
    return { problem: `${file}:1:1: ${why}` };
  }
}

const tooLarge = 'this file is too large to read';
const readErrors: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, and a file is expected',
  ERR_FS_FILE_TOO_LARGE: tooLarge,
  ERR_STRING_TOO_LONG: tooLarge,
};

/** The protocol of the workspace that a scenario names, from its file and what that imports. */
function loadReferenced(
  text: string,
  file: string,
  terminal: Terminal,
): { code: Code; files: OwnFiles } | { problem: string } | undefined {
  const reference = protocolReference(text);
  if (reference === undefined) return undefined;
  let root: string | undefined;
  try {
    // A protocol may import from the folder where the command runs, if its scenario is below that;
    // otherwise only from the folder that holds both.
    const isBelow = !/^(\.\.|[\\/]|[a-z]:)/i.test(file);
    const entry = isBelow
      ? entryOf(`./${file.replace(/^\.\//, '')}`, reference.path, '.')
      : entryOf(file, reference.path);
    root = entry.root;
    const gathering = gather(entry);
    let next = gathering.next();
    while (!next.done) next = gathering.next(textOrNone(next.value, terminal));
    const texts = next.value;
    const code = loadProtocol(texts, entry.file);
    return { code, files: { entry: entry.file, texts } };
  } catch (error) {
    const folder = root === '.' ? undefined : root;
    if (error instanceof CodeFault) return { problem: faultText(error, folder) };
    throw error;
  }
}

function textOrNone(file: string, terminal: Terminal): string | undefined {
  try {
    return terminal.read(file);
  } catch {
    return undefined;
  }
}
