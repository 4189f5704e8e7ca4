/** Scenario files from disk, with their problems told as compilers tell them. */
import { parseScenario, type Overrides } from '../scenario/parse.ts';
import { problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { library } from '../protocols/library.ts';
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
  const { scenario, problems } = parseScenario(text, file, library, overrides);
  return { scenario, problems: problems.map((problem) => problemText(file, problem)) };
}
