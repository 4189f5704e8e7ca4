/** Which lines of `expect` a run must keep although the explorer changed it. */
import type { Expectation, Scenario } from '../scenario/scenario.ts';
import type { Subject } from '../scenario/verdict.ts';

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

/** Whether a promise is about a run as a whole, and is judged at its end. */
export function isJudgedAtEnd({ expect }: Scenario, subject: Subject): boolean {
  if (subject.kind !== 'expectation') return false;
  return expect.some((one) => {
    return one.text === subject.text &&
      (one.type === 'end' || one.type === 'history' || mustHappen(one));
  });
}

/**
 * Whether it matters for a search if there was a fault before. If it does not, runs with and
 * without one reach the same states.
 */
export function judgesSpent({ steps, expect, until }: Scenario): boolean {
  const isAwaited = until !== undefined && until.type !== 'time';
  return isAwaited || steps.length > 0 || expect.some(mustHappen);
}
