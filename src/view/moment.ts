/** The moment at which a session stopped: its step, its last action, and why it stopped. */
import type { StepEffects } from '../kernel/seam/moment.ts';
import { dataText, detailsMost } from '../kernel/text/data-text.ts';
import { eventDetails } from '../kernel/text/message-text.ts';
import type { Entered, Reading } from '../session/read/reading.ts';
import type { ActionView, EnteredView, Moment, StopView } from './contract.ts';
import {
  actionSentence,
  commandText,
  isCommandEnough,
} from './words.ts';

export function momentOf(reading: Reading, stop: StopView): Moment {
  const { cursor, entered, inside, moment, scenario, length } = reading;
  return {
    title: scenario.title,
    scenario: scenario.file.split(/[\\/]/).at(-1)!,
    branch: cursor.branch,
    step: cursor.step,
    steps: length,
    time: (inside?.moment ?? moment).time,
    action: lastAction(reading),
    ...(entered === null ? {} : { entered: enteredView(reading, entered) }),
    stop,
  };
}

const nothing = { isCommandEnough: false, events: [], replies: [] };

function lastAction(reading: Reading): ActionView {
  const { cursor, moment } = reading;
  const explained = reading.explain(cursor.step);
  if (!explained) return { ...nothing, command: '', sentence: '' };
  const { action, effects } = explained;
  if (action === null) {
    return { ...nothing, command: 'start', sentence: startSentence(effects) };
  }
  const { failure } = effects;
  const { wording } = moment;
  return {
    command: commandText(action, moment),
    sentence: actionSentence(action, effects, moment),
    isCommandEnough: isCommandEnough(action),
    events: effects.events.map((event) => ({
      name: event.name,
      fields: eventDetails(event, wording),
    })),
    ...(failure === null ? {} : { failure: failure.message }),
    replies: effects.replies.map(({ operation, ok, result }) => {
      return { operation, ok, result: dataText(result, wording.units, detailsMost) };
    }),
  };
}

function startSentence({ failure }: StepEffects): string {
  if (failure === null) return 'All nodes have booted';
  return `${failure.node} threw while booting: ${failure.message}`;
}

function enteredView({ inside, moment }: Reading, entered: Entered): EnteredView {
  if (entered.type === 'start') return { position: 'inside', command: 'start' };
  return {
    command: commandText(entered, moment),
    position: inside ? 'inside' : 'before',
    sentence: actionSentence(entered, null, moment),
  };
}
