/** From a launch to a session: reads the scenario, and says at which line it is wrong. */
import { library } from '../protocols/library.ts';
import type { Json, Protocol } from '../protocol/types.ts';
import { parseScenario } from '../scenario/parse/parse.ts';
import { problemText } from '../scenario/problem.ts';
import { protocolReference } from '../scenario/parse/protocol-reference.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { CodeFault, faultText } from '../code/code-fault.ts';
import { type Code, loadProtocol } from '../code/code.ts';
import { codeOfProtocol } from '../code/built-in-sources.ts';
import { entryOf, gather } from '../code/load/workspace-files.ts';
import type { LaunchArguments } from './requests/arguments.ts';
import { Refusal } from './refusal.ts';
import { checkTrust } from './trust.ts';

/** Reads a file of the client's, wherever that is. */
export type ReadFile = (path: string) => Promise<string>;

/** What a launch runs: the scenario, and the code of its protocol. */
export interface Loaded {
  readonly scenario: Scenario;
  readonly code: Code;
}

export async function loadScenario(
  launched: LaunchArguments,
  readFile: ReadFile,
  report: (line: string) => void,
): Promise<Loaded> {
  const { program, seed, args } = launched;
  const text = await readText(program, readFile);
  const own = await loadReferenced(text, launched, readFile);
  const overrides = {
    settings: args as Record<string, Json>,
    ...(seed === undefined ? {} : { seed }),
    ...(own ? { protocol: own.protocol } : {}),
  };
  const { scenario, problems } = parseScenario(text, program, library, overrides);
  for (const problem of problems) report(problemText(program, problem));
  if (scenario) return { scenario, code: own ?? codeOfProtocol(scenario.protocol) };
  const errors = problems.filter(({ severity }) => severity === 'error');
  const more = errors.length > 1 ? ` And ${errors.length - 1} more, in the debug console.` : '';
  const first = errors[0] ? problemText(program, errors[0]) : `${program} is no scenario`;
  throw new Refusal(`${first}.${more}`, true);
}

/** The protocol of the workspace that a scenario names; undefined where it names none. */
async function loadReferenced(
  text: string,
  { program, workspace, trusted }: Pick<LaunchArguments, 'program' | 'workspace' | 'trusted'>,
  readFile: ReadFile,
): Promise<Code | undefined> {
  const reference = protocolReference(text);
  if (reference === undefined) return undefined;
  checkTrust(reference.path, trusted);
  let root: string | undefined;
  try {
    const entry = entryOf(program, reference.path, workspace);
    ({ root } = entry);
    const gathering = gather(entry);
    let next = gathering.next();
    while (!next.done) next = gathering.next(await readFile(next.value).catch(() => undefined));
    return loadProtocol(next.value, entry.file, root);
  } catch (error) {
    if (!(error instanceof CodeFault)) throw error;
    throw new Refusal(`${faultText(error, root)}.`, true);
  }
}

async function readText(program: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`The scenario ${program} cannot be read: ${why}`, true);
  }
}

/** What is known of a scenario before it is launched: it may not be right yet. */
export interface Foreseen {
  /** Its events are the exception filters. */
  readonly protocol?: Protocol;
  /** The events that its `breakOn` names, wherever and whenever they come. */
  readonly ticked: readonly string[];
}

export async function foresee(
  program: string,
  readFile: ReadFile,
  workspace?: string,
): Promise<Foreseen> {
  try {
    const text = await readFile(program);
    const launched = { program, ...(workspace === undefined ? {} : { workspace }) };
    const own = await loadReferenced(text, launched, readFile);
    const known = own ? { protocol: own.protocol } : {};
    const { scenario } = parseScenario(text, program, library, known);
    const everywhere = scenario?.breakOn.filter(({ node, where }) => !node && !where) ?? [];
    const name = /^protocol:\s*["']?([^\s"'#]+)/m.exec(text)?.[1];
    const protocol = own?.protocol ?? library.find((one) => one.name === name);
    return { ...(protocol ? { protocol } : {}), ticked: everywhere.map((one) => one.name) };
  } catch {
    return { ticked: [] };
  }
}
