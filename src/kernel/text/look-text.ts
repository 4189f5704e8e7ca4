/** The sentence for an author's mistake in `look`. */
import type { LookProblem } from '../look/problem.ts';

/** `look of role holder threw for n1: boom`. */
export function lookProblemText(problem: LookProblem, role: string, node: string): string {
  const subject = `look of role ${role}`;
  switch (problem.type) {
    case 'threw':
      return `${subject} threw for ${node}: ${problem.message}`;
    case 'not an object':
      return `${subject} returned ${problem.found} for ${node}: it must return an object`;
    case 'unknown field': {
      const { field, known } = problem;
      const fields = `its fields are ${known.join(', ')}`;
      return `${subject} returned an unknown field ${field} for ${node}: ${fields}`;
    }
    case 'replaced':
      return `${subject} returned ${problem.field} for ${node}: it is now ${problem.by}`;
    case 'field': {
      const { field, found, expected } = problem;
      return `${subject} returned the ${field} ${found} for ${node}: it must be ${expected}`;
    }
  }
}
