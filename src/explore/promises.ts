/** Which lines of `expect` a run must keep although the explorer changed it. */
import type { Expectation, Scenario } from '../scenario/scenario.ts';

/** What must never happen is a promise of every run, whatever was chosen in it. */
export function isSafety({ type }: Expectation): boolean {
  return type === 'always' || type === 'never' || type === 'no event';
}

/**
 * What must happen at some time is not promised of a run that lost a message or ended anywhere: a
 * walk does not judge it, and neither does a search in a run with a fault of the budget.
 */
export function mustHappen({ type }: Expectation): boolean {
  return type === 'event' || type === 'eventually' || type === 'throws';
}

/**
 * Whether it matters for a search if there was a fault before. If it does not, runs with and
 * without one reach the same states.
 */
export function judgesSpent({ steps, expect }: Scenario): boolean {
  return steps.length > 0 || expect.some(mustHappen);
}
