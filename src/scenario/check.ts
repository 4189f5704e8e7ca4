/** Finds the problems of a scenario file, for editors that show them while it is typed. */
import { library } from '../protocols/library.ts';
import type { Protocol } from '../protocol/types.ts';
import { parseScenario } from './parse/parse.ts';
import type { ScenarioProblem } from './problem.ts';

export type { Problem } from './problem.ts';

/** `protocol` is the workspace protocol that the file names, if it was loaded. */
export function checkScenario(
  text: string,
  file: string,
  protocol?: Protocol,
): readonly ScenarioProblem[] {
  return parseScenario(text, file, library, protocol ? { protocol } : {}).problems;
}
