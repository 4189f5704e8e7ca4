/** A broken twin is a scenario that must violate something: the verdict on one that does not. */
import type { Scenario } from '../scenario/scenario.ts';
import type { Reason, Verdict } from '../scenario/verdict.ts';
import { subjectText } from './verdict-words.ts';

/** Whether the scenario must violate something: its file says `.broken.`, or it has `breaks`. */
export function isBrokenTwin({ file, breaks }: Scenario): boolean {
  return breaks !== undefined || /\.broken\.[^\\/]*$/.test(file);
}

type TwinFault = Extract<
  Reason,
  { code: 'nothing-broken' | 'other-broken' | 'broken-by-fault' }
>;

/** Why a run of a broken twin does not fail as it must; undefined if it does. */
export function twinFault(
  { breaks }: Scenario,
  verdicts: readonly Verdict[],
): TwinFault | undefined {
  const violated = verdicts.filter(
    ({ type, subject }) => type === 'violated' && subject.kind !== 'broken twin',
  );
  const broken = violated.filter((one) => !isFault(one)).map(({ subject }) => subjectText(subject));
  if (breaks === undefined ? broken.length > 0 : broken.includes(breaks)) return undefined;
  const faults = violated.filter(isFault).map(({ subject }) => subjectText(subject));
  const fault = faults.find((name) => breaks === undefined || name === breaks);
  if (fault !== undefined) return { code: 'broken-by-fault', subject: fault };
  if (broken.length === 0 || breaks === undefined) {
    return { code: 'nothing-broken', ...(breaks && { breaks }) };
  }
  return { code: 'other-broken', breaks, broken };
}

/** Whether something failed only because its own code or condition did: the run shows nothing. */
function isFault(verdict: Verdict): boolean {
  if (verdict.type !== 'violated') return false;
  const { reason } = verdict;
  return reason.code === 'author-code-failed' || 'failure' in reason;
}
