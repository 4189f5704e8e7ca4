/** A broken twin is a scenario that must violate something: the verdict on one that does not. */
import type { Scenario } from '../scenario/scenario.ts';
import type { Reason, Verdict } from '../scenario/verdict.ts';
import { subjectText } from './verdict-words.ts';

/** Whether the scenario must violate something: its file says `.broken.`, or it has `breaks`. */
export function isBrokenTwin({ file, breaks }: Scenario): boolean {
  return breaks !== undefined || /\.broken\.[^\\/]*$/.test(file);
}

/** Why a run of a broken twin does not fail as it must; undefined if it does. */
export function twinFault(
  { breaks }: Scenario,
  verdicts: readonly Verdict[],
): Extract<Reason, { code: 'nothing-broken' | 'other-broken' }> | undefined {
  const broken = verdicts
    .filter(({ type, subject }) => type === 'violated' && subject.kind !== 'broken twin')
    .map(({ subject }) => subjectText(subject));
  if (broken.length === 0) return { code: 'nothing-broken', ...(breaks && { breaks }) };
  if (breaks === undefined || broken.includes(breaks)) return undefined;
  return { code: 'other-broken', breaks, broken };
}
