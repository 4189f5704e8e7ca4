/** What is wrong with a scenario file: for the Problems view, while it is typed. */
import { library } from '../protocols/library.ts';
import type { Protocol } from '../protocol/types.ts';
import { parseScenario } from './parse/parse.ts';
import type { Problem } from './problem.ts';

export type { Problem } from './problem.ts';

/** `protocol` is that of the workspace which the file names, where it was loaded. */
export function checkScenario(
  text: string,
  file: string,
  protocol?: Protocol,
): readonly Problem[] {
  return parseScenario(text, file, library, protocol ? { protocol } : {}).problems;
}
