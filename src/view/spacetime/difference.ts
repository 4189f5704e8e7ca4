/** The first difference of two runs, with the words for what each of them did. */
import { dataText, labelMost } from '../../kernel/text/data-text.ts';
import { timerName } from '../../kernel/text/action-text.ts';
import { timeText } from '../../kernel/text/duration.ts';
import { eventLabel, messageLabel } from '../../kernel/text/message-text.ts';
import type { Moment } from '../../kernel/seam/moment.ts';
import type { RecordedBranch } from '../../session/read/reading.ts';
import type { RunDifference } from '../../session/recorded/run-comparison.ts';
import { actionSentence } from '../words.ts';
import type { DifferenceReason } from './spacetime-view.ts';

type OfEffects = Extract<RunDifference, { type: 'effects' }>['difference'];
type Caused = OfEffects['first'][number];

export function differenceReason(
  found: RunDifference,
  first: RecordedBranch,
  second: RecordedBranch,
): DifferenceReason {
  switch (found.type) {
    case 'none':
    case 'nodes':
      return { type: found.type };
    case 'length':
      return { type: 'length', shorter: found.shorter };
    case 'action': {
      const { step } = found;
      return { type: 'action', first: sentenceOf(first, step), second: sentenceOf(second, step) };
    }
    case 'effects': {
      const { step, difference } = found;
      const { kind } = difference;
      return {
        type: 'effects',
        kind,
        action: sentenceOf(first, step),
        first: effectText(difference, difference.first[0], momentOf(first, step)),
        second: effectText(difference, difference.second[0], momentOf(second, step)),
      };
    }
  }
}

function momentOf(branch: RecordedBranch, step: number): Moment {
  return branch.explain(step)!.after;
}

function sentenceOf(branch: RecordedBranch, step: number): string {
  const { action, effects, after } = branch.explain(step)!;
  return action === null ? 'the nodes boot' : actionSentence(action, effects, after);
}

/** Empty if a run does nothing more of this kind. */
function effectText({ kind }: OfEffects, effect: Caused | undefined, moment: Moment): string {
  if (effect === undefined) return '';
  const { wording } = moment;
  const texts: { [Kind in OfEffects['kind']]: (one: never) => string } = {
    threw: ({ message }: Effect<'threw'>) => message,
    reported: (event: Effect<'reported'>) => eventLabel(event, wording, labelMost),
    sent: (message: Effect<'sent'>) => `${messageLabel(message, wording)} to ${message.to}`,
    replied: ({ result }: Effect<'replied'>) => dataText(result, wording.units, labelMost),
    timers: ({ timer, key, at }: Effect<'timers'>) =>
      `${timerName(timer, key)} ${at < 0 ? 'off' : `to ${timeText(at)}`}`,
  };
  return texts[kind](effect as never);
}

type Effect<Kind extends OfEffects['kind']> = Extract<OfEffects, { kind: Kind }>['first'][number];
