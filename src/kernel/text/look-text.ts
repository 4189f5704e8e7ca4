/** The sentence for an author's mistake in `look`. */
import type { LookProblem } from '../look.ts';

/** `look of role holder threw for n1: boom`. */
export function lookProblemText(problem: LookProblem, role: string, node: string): string {
  const subject = `look of role ${role}`;
  switch (problem.type) {
    case 'threw':
      return `${subject} threw for ${node}: ${problem.message}`;
    case 'not an object':
      return `${subject} returned ${problem.found} for ${node}: it must return an object`;
    case 'field': {
      const { field, found, expected } = problem;
      return `${subject} returned the ${field} ${found} for ${node}: it must be ${expected}`;
    }
  }
}
