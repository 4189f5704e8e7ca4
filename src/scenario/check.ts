/** What is wrong with a scenario file: for the Problems view, while it is typed. */
import { library } from '../protocols/library.ts';
import { parseScenario } from './parse.ts';
import type { Problem } from './problem.ts';

export type { Problem } from './problem.ts';

export function checkScenario(text: string, file: string): readonly Problem[] {
  return parseScenario(text, file, library).problems;
}
