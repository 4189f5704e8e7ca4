/** Finds the problems of a scenario file, for editors that show them while it is typed. */
import { library } from '../protocols/library.ts';
import type { Protocol } from '../protocol/types.ts';
import { parseScenario } from '../scenario/parse/parse.ts';
import type { ScenarioProblem } from '../scenario/problem.ts';
import { unknownEventFields } from './unknown-event-fields.ts';

/** `protocol` is the workspace protocol that the file names, if it was loaded. */
export function checkScenario(
  text: string,
  file: string,
  protocol?: Protocol,
): readonly ScenarioProblem[] {
  const parsed = parseScenario(text, file, library, protocol ? { protocol } : {});
  const { scenario, problems } = parsed;
  return scenario === undefined ? problems : [...problems, ...unknownEventFields(scenario)];
}
