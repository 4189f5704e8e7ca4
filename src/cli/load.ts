/** Scenario files from disk, with their problems told as compilers tell them. */
import { parseScenario, type Overrides } from '../scenario/parse/parse.ts';
import { problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { library } from '../protocols/library.ts';
import { protocolReference } from '../scenario/parse/protocol-reference.ts';
import { CodeFault, faultText } from '../code/code-fault.ts';
import { loadProtocol } from '../code/code.ts';
import { entryOf, gather } from '../code/load/workspace-files.ts';
import type { Protocol } from '../protocol/types.ts';
import type { Terminal } from './terminal.ts';

export interface Loaded {
  readonly scenario?: Scenario;
  /** `file:line:column: message`, one a problem. */
  readonly problems: readonly string[];
}

export function loadScenario(file: string, terminal: Terminal, overrides: Overrides = {}): Loaded {
  let text: string;
  try {
    text = terminal.read(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    return { problems: [`${file}:1:1: ${why}`] };
  }
  const own = loadReferenced(text, file, terminal);
  if (own && 'problem' in own) return { problems: [own.problem] };
  const resolved = own ? { ...overrides, protocol: own.protocol } : overrides;
  const { scenario, problems } = parseScenario(text, file, library, resolved);
  return { scenario, problems: problems.map((problem) => problemText(file, problem)) };
}

/** The protocol of the workspace that a scenario names, from its file and what that imports. */
function loadReferenced(
  text: string,
  file: string,
  terminal: Terminal,
): { protocol: Protocol } | { problem: string } | undefined {
  const reference = protocolReference(text);
  if (reference === undefined) return undefined;
  let root: string | undefined;
  try {
    // A file below the folder where the command runs may import what is in it; another, what is
    // beside it.
    const isBelow = !/^(\.\.|[\\/]|[a-z]:)/i.test(file);
    const entry = isBelow
      ? entryOf(`./${file.replace(/^\.\//, '')}`, reference.path, '.')
      : entryOf(file, reference.path);
    root = entry.root;
    const gathering = gather(entry);
    let next = gathering.next();
    while (!next.done) next = gathering.next(textOf(next.value, terminal));
    return { protocol: loadProtocol(next.value, entry.file).protocol };
  } catch (error) {
    const folder = root === '.' ? undefined : root;
    if (error instanceof CodeFault) return { problem: faultText(error, folder) };
    throw error;
  }
}

function textOf(file: string, terminal: Terminal): string | undefined {
  try {
    return terminal.read(file);
  } catch {
    return undefined;
  }
}
