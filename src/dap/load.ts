/** From a launch to a session: reads the scenario, and says at which line it is wrong. */
import { library } from '../protocols/library.ts';
import type { Json } from '../protocol/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { LaunchArguments } from './arguments.ts';
import { Refusal } from './refusal.ts';

/** Reads a file of the client's, wherever that is. */
export type ReadFile = (path: string) => Promise<string>;

export async function loadScenario(
  { program, seed, args }: LaunchArguments,
  readFile: ReadFile,
  report: (line: string) => void,
): Promise<Scenario> {
  const text = await readText(program, readFile);
  const overrides = {
    settings: args as Record<string, Json>,
    ...(seed === undefined ? {} : { seed }),
  };
  const { scenario, problems } = parseScenario(text, program, library, overrides);
  for (const problem of problems) report(problemText(program, problem));
  if (scenario) return scenario;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const more = errors.length > 1 ? ` And ${errors.length - 1} more, in the debug console.` : '';
  const first = errors[0] ? problemText(program, errors[0]) : `${program} is no scenario`;
  throw new Refusal(`${first}.${more}`, true);
}

async function readText(program: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`The scenario ${program} cannot be read: ${why}`, true);
  }
}

/** The protocol of a scenario that may not be right yet: its events are the exception filters. */
export async function protocolOf(program: string, readFile: ReadFile) {
  try {
    const name = /^protocol:\s*["']?([^\s"'#]+)/m.exec(await readFile(program))?.[1];
    return library.find((protocol) => protocol.name === name);
  } catch {
    return undefined;
  }
}
