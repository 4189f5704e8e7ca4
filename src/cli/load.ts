/**
 * Reads scenario files and the protocols of their workspaces, with problems as compilers report
 * them.
 */
import { CodeFault, faultText } from '../code/code-fault.ts';
import { type Code, loadProtocol } from '../code/code.ts';
import { type Entry, gather, locate, type Reading } from '../code/load/workspace-files.ts';
import { LimitError } from '../kernel/text/execution-limits.ts';
import { library } from '../protocols/library.ts';
import { type Overrides, parseScenario } from '../scenario/parse/parse.ts';
import { protocolReference } from '../scenario/parse/protocol-reference.ts';
import { problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Values, withUntil } from './options.ts';
import { unknownEventFields } from '../check/unknown-event-fields.ts';
import { OverwriteError, readText, textOrNone, whyNotThere } from './files.ts';
import { commandOn } from './process/shell-words.ts';
import type { Terminal } from './terminal.ts';
import { loadInTime } from '../dap/process/run-limit.ts';

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

interface Places {
  /** `--root` names a folder; other options name files that must not be those of the protocol. */
  readonly values: Values;
  readonly terminal: Terminal;
}

/** `values` are the options of the command: `--root` names the root of a protocol. */
export function loadScenario(
  file: string,
  terminal: Terminal,
  values: Values,
  overrides: Overrides = {},
): Loaded {
  const read = readText(file, terminal);
  if ('problem' in read) return { problems: [read.problem] };
  // Of a folder, a command finds the scenarios itself.
  refuseToOverwrite([file], values, terminal);
  const { text } = read;
  if (/^lockstep trace \d/.test(text)) {
    const how = `\`${commandOn('replay', file)}\``;
    return { problems: [`${file}:1:1: this is a trace and not a scenario: run it with ${how}`] };
  }
  const own = loadReferenced(text, file, { values, terminal });
  if (own && 'problems' in own) return { problems: own.problems };
  const resolved = own ? { ...overrides, protocol: own.code.protocol } : overrides;
  const { scenario, problems } = parseScenario(text, file, library, resolved);
  const unknown = scenario === undefined ? [] : unknownEventFields(scenario);
  return {
    ...(scenario && unknown.length === 0 && { scenario }),
    problems: [...problems, ...unknown].map((problem) => problemText(file, problem)),
    source: { text, ...(own && { own: own.files }) },
    ...(own && { code: own.code }),
  };
}

function refuseToOverwrite(files: readonly string[], values: Values, terminal: Terminal): void {
  const why = whyNotThere(files, values, terminal);
  if (why !== undefined) throw new OverwriteError(why);
}

/** A scenario, ended by `--until`; undefined if it cannot run: its problems have been printed. */
export async function loadToRun(
  file: string,
  terminal: Terminal,
  values: Values,
  overrides: Overrides,
): Promise<(Loaded & { readonly scenario: Scenario }) | undefined> {
  const loaded = loadScenario(file, terminal, values, overrides);
  for (const problem of loaded.problems) await terminal.error(`${problem}\n`);
  if (loaded.scenario === undefined) return undefined;
  const ending = withUntil(loaded.scenario, values.until);
  if (!('fault' in ending)) return { ...loaded, scenario: ending.scenario };
  await terminal.error(`--until:1:${ending.column}: ${ending.fault}\n`);
  return undefined;
}

/** A working directory may be the root of a disk: more files are not searched. */
const filesMax = 10_000;

/** The given files, and in place of each folder the scenarios in it; of all, if none is given. */
export function scenarioFiles(
  files: readonly string[],
  terminal: Terminal,
): { readonly files: readonly string[] } | { readonly problem: string } {
  if (files.length === 0) {
    const found = terminal.scenarios?.(filesMax);
    return found?.length === 0 ? { problem: noScenario('this folder') } : { files: found ?? [] };
  }
  const all: string[] = [];
  for (const file of files) {
    const inside = terminal.scenarios?.(filesMax, file);
    if (inside?.length === 0) return { problem: noScenario(file) };
    all.push(...(inside ?? [file]));
  }
  return { files: all };
}

function noScenario(folder: string): string {
  return `there is no *.scenario.yaml in ${folder}`;
}

/** The protocol of the workspace that a scenario names, from its file and what that imports. */
function loadReferenced(
  text: string,
  file: string,
  { values, terminal }: Places,
): { code: Code; files: OwnFiles } | { problems: readonly string[] } | undefined {
  const reference = protocolReference(text);
  if (reference === undefined) return undefined;
  const whole = terminal.whole ?? ((path) => path);
  let entry: Entry;
  try {
    const above = typeof values.root === 'string' ? whole(values.root) : undefined;
    entry = withTexts(locate(whole(file), reference.path, above), terminal);
  } catch (error) {
    if (!(error instanceof CodeFault)) throw error;
    return { problems: [`${file}:${reference.line}:${reference.column}: ${error.message}`] };
  }
  try {
    const texts = withTexts(gather(entry), terminal);
    const names = [...texts.keys()].map((name) => `${entry.root}/${name}`);
    refuseToOverwrite(names, values, terminal);
    const code = loadInTime(() => loadProtocol(texts, entry.file, entry.root));
    return { code, files: { entry: entry.file, texts } };
  } catch (error) {
    if (error instanceof LimitError) {
      return { problems: [`${shownFile(entry.root, entry.file, terminal)}:1:1: ${error.message}`] };
    }
    if (!(error instanceof CodeFault)) throw error;
    const texts = error.all.map((fault) => {
      const { message, line, column } = fault;
      const shown = shownFile(entry.root, fault.file, terminal);
      return faultText({ message, line, column, file: shown });
    });
    return { problems: texts };
  }
}

/** Runs a generator that requests the texts of files. */
function withTexts<Result>(reading: Reading<Result>, terminal: Terminal): Result {
  let next = reading.next();
  while (!next.done) next = reading.next(textOrNone(next.value, terminal));
  return next.value;
}

/** A file of a protocol, as a user in the working directory would name it. */
export function shownFile(root: string, file: string, { whole }: Terminal): string {
  if (root === '.') return file;
  const path = `${root}/${file}`;
  const here = whole?.('.');
  return here !== undefined && path.startsWith(`${here}/`) ? path.slice(here.length + 1) : path;
}
