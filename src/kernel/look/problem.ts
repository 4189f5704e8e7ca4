/** The mistakes that an author can make in `look`. */
import { thrownStack, thrownText } from '../data/thrown.ts';

/** An author's mistake in `look`. The parts of what it returned that are usable are still shown. */
export type LookProblem =
  | { readonly type: 'threw'; readonly message: string; readonly stack: string }
  | { readonly type: 'not an object'; readonly found: string }
  | { readonly type: 'unknown field'; readonly field: string; readonly known: readonly string[] }
  /** A field of an earlier version. */
  | { readonly type: 'replaced'; readonly field: string; readonly by: string }
  | {
      readonly type: 'field';
      /** As `epoch`, `facts.holder` or `log.entry(3)`. */
      readonly field: string;
      readonly found: string;
      readonly expected: string;
    };

export function threw(error: unknown): LookProblem {
  return { type: 'threw', message: thrownText(error), stack: thrownStack(error) ?? '' };
}
