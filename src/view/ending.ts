/** Why a session stopped and how a run ended, as panels show it. */
import { subjectText, verdictSentence } from '../check/verdict-words.ts';
import type { Moment } from '../kernel/seam/moment.ts';
import { messageName } from '../kernel/text/action-text.ts';
import type { Units } from '../kernel/text/data-text.ts';
import type { Verdict } from '../scenario/verdict.ts';
import type { StopReason } from '../session/stop.ts';
import type { Ending, StopView, VerdictView } from './contract.ts';

export function stopView(reason: StopReason, moment: Moment): StopView {
  if (reason.type === 'end') return { type: 'end', ending: endingOf(reason.verdicts, moment) };
  if (!isAboutMessage(reason)) return reason;
  return { type: reason.type, message: messageName(reason.message) };
}

type AboutMessage = Extract<StopReason, { type: 'delivered' | 'lost' }>;

function isAboutMessage(reason: StopReason): reason is AboutMessage {
  return reason.type === 'delivered' || reason.type === 'lost';
}

/** How a run ended. `verdicts` is null if it was stopped before its end: nothing is judged then. */
export function endingOf(
  verdicts: readonly Verdict[] | null,
  { wording }: Pick<Moment, 'wording'>,
): Ending {
  const views = (verdicts ?? []).map((verdict) => verdictView(verdict, wording.units));
  const counts = { holds: 0, violated: 0, unknown: 0 };
  for (const { type } of views) counts[type]++;
  return { stoppedEarly: verdicts === null, verdicts: views, counts };
}

function verdictView(verdict: Verdict, units: Units): VerdictView {
  return {
    type: verdict.type,
    subject: subjectText(verdict.subject),
    sentence: verdictSentence(verdict, units) ?? '',
    ...(verdict.type === 'violated' ? { step: verdict.step } : {}),
  };
}
