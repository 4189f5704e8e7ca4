/** Reads what a launch needs: the scenario, and the code of its protocol. */
import { library } from '../protocols/library.ts';
import type { Json, Protocol } from '../protocol/types.ts';
import { parseScenario } from '../scenario/parse/parse.ts';
import { problemText } from '../scenario/problem.ts';
import { protocolReference } from '../scenario/parse/protocol-reference.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { CodeFault, faultText } from '../code/code-fault.ts';
import { LimitError } from '../kernel/text/execution-limits.ts';
import { type Code, type CodePart, loadInParts } from '../code/code.ts';
import { codeOfProtocol } from '../code/built-in-sources.ts';
import { type Entry, gather, locate, type Reading } from '../code/load/workspace-files.ts';
import type { LaunchArguments } from './requests/arguments.ts';
import { RequestRefusal } from './refusal.ts';
import { type TimeLimit, withoutLimit } from './time-limit.ts';
import { checkTrust } from './trust.ts';

/** Reads a file of the client, wherever it is. */
export type ReadFile = (path: string) => Promise<string>;

export interface Loaded {
  readonly scenario: Scenario;
  /** What its file had. */
  readonly text: string;
  readonly code: Code;
}

/** What comes next while a launch loads. */
export type LoadPart =
  | CodePart
  | { readonly type: 'read'; readonly file: string }
  | { readonly type: 'parse'; readonly file: string }
  /** The nodes boot. */
  | { readonly type: 'boot' };

/** What a load calls between its parts; it rejects if the client gave up. */
export interface Pace {
  /** Before a file is read: other requests are answered in the meantime. */
  reading(file: string): void;
  /**
   * Before a part in which no other request is answered. `isLong` if it has no bound below half a
   * second, as code of the workspace has none.
   */
  before(part: LoadPart, isLong: boolean): Promise<void>;
}

/** For a load that nothing can cancel. */
export const withoutPace: Pace = { reading: () => undefined, before: () => Promise.resolve() };

/** A scenario of this length is parsed in less than half a second. */
const quickLength = 200_000;

/** `report` is called with each problem of the scenario. */
export async function loadScenario(
  launched: LaunchArguments,
  readFile: ReadFile,
  report: (line: string) => void,
  limit: TimeLimit = withoutLimit,
  pace = withoutPace,
): Promise<Loaded> {
  const { program, seed, args } = launched;
  const reading: ReadFile = (file) => {
    pace.reading(file);
    return readFile(file);
  };
  const text = await readText(program, reading);
  const own = await loadReferenced(text, launched, reading, report, limit, pace);
  await pace.before({ type: 'parse', file: program }, text.length > quickLength);
  const overrides = {
    settings: args as Record<string, Json>,
    ...(seed === undefined ? {} : { seed }),
    ...(own ? { protocol: own.protocol } : {}),
  };
  const { scenario, problems } = parseScenario(text, program, library, overrides);
  for (const problem of problems) report(problemText(program, problem));
  if (scenario) return { scenario, text, code: own ?? codeOfProtocol(scenario.protocol) };
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) throw new RequestRefusal({ code: 'not a scenario', file: program });
  const problem = problemText(program, errors[0]);
  throw new RequestRefusal({ code: 'scenario', problem, more: errors.length - 1 });
}

/** The protocol of the workspace that a scenario names; undefined if it names a built-in one. */
async function loadReferenced(
  text: string,
  { program, root, trusted }: Pick<LaunchArguments, 'program' | 'root' | 'trusted'>,
  readFile: ReadFile,
  report: (line: string) => void,
  limit: TimeLimit,
  pace: Pace,
): Promise<Code | undefined> {
  const reference = protocolReference(text);
  if (reference === undefined) return undefined;
  checkTrust(reference.path, trusted);
  let entry: Entry | undefined;
  try {
    entry = await withTexts(locate(program, reference.path, root), readFile);
    const texts = await withTexts(gather(entry), readFile);
    const { file, root: folder } = entry;
    const parts = loadInParts(texts, file, folder);
    for (;;) {
      const next = limit(() => parts.next());
      if (next.done) return next.value;
      await pace.before(next.value, true);
    }
  } catch (error) {
    if (error instanceof LimitError) {
      const problem = `${reference.path}:1:1: ${error.message}`;
      throw new RequestRefusal({ code: 'protocol', problem, more: 0 });
    }
    if (!(error instanceof CodeFault)) throw error;
    const problems = error.all.map((fault) =>
      entry === undefined
        ? faultText({ ...reference, file: program, message: fault.message })
        : faultText(fault, entry.root),
    );
    for (const problem of problems) report(problem);
    throw new RequestRefusal({ code: 'protocol', problem: problems[0], more: problems.length - 1 });
  }
}

/** Runs a generator that requests the texts of files. */
async function withTexts<Result>(reading: Reading<Result>, readFile: ReadFile): Promise<Result> {
  let next = reading.next();
  while (!next.done) next = reading.next(await readFile(next.value).catch(() => undefined));
  return next.value;
}

async function readText(program: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RequestRefusal({ code: 'unreadable scenario', file: program, why });
  }
}

/** What is known about a scenario before it is launched, even if it has problems. */
export interface Foreseen {
  /** Its events are exception filters. */
  readonly protocol?: Protocol;
  /** The events that its `breakOn` names without a node or a condition. */
  readonly ticked: readonly string[];
}

/** The events that `breakOn` names without a node or a condition: each is one filter. */
export function tickedOf({ breakOn }: Scenario): readonly string[] {
  return breakOn.filter(({ node, where }) => !node && !where).map(({ name }) => name);
}

/** `trusted` says whether code of the workspace may run before a launch says so. */
export async function foresee(
  program: string,
  readFile: ReadFile,
  trusted: boolean,
  limit: TimeLimit,
  root?: string,
): Promise<Foreseen> {
  try {
    const text = await readFile(program);
    const launched = { program, trusted, ...(root === undefined ? {} : { root }) };
    const own = await loadReferenced(
      text, launched, readFile, () => undefined, limit, withoutPace,
    );
    const known = own ? { protocol: own.protocol } : {};
    const { scenario } = parseScenario(text, program, library, known);
    const name = /^protocol:\s*["']?([^\s"'#]+)/m.exec(text)?.[1];
    const protocol = own?.protocol ?? library.find((one) => one.name === name);
    return { ...(protocol ? { protocol } : {}), ticked: scenario ? tickedOf(scenario) : [] };
  } catch {
    return { ticked: [] };
  }
}
