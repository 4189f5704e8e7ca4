/** The moment at which a session stopped: its step, its last action, and why it stopped. */
import type { StepEffects } from '../kernel/seam/moment.ts';
import type { ActionView, EnteredView, Moment } from './contract.ts';
import type { Scene } from './scene.ts';
import {
  actionSentence,
  commandText,
  eventFields,
  isCommandEnough,
  shortText,
} from './words.ts';

export function momentOf(scene: Scene): Moment {
  const { cursor, entered, inside, moment, scenario } = scene;
  return {
    title: scenario.title,
    scenario: scenario.file.split(/[\\/]/).at(-1)!,
    branch: cursor.branch,
    step: cursor.step,
    steps: scene.length,
    time: (inside?.moment ?? moment).time,
    action: lastAction(scene),
    ...(entered === null ? {} : { entered: enteredView(scene, entered) }),
    stop: scene.stop,
  };
}

function lastAction(scene: Scene): ActionView {
  const { cursor, moment } = scene;
  const explained = scene.explain(cursor.step);
  if (!explained) return { command: '', sentence: '', events: [], replies: [] };
  const { action, effects } = explained;
  if (action === null) {
    return { command: 'start', sentence: startSentence(effects), events: [], replies: [] };
  }
  const { failure } = effects;
  return {
    command: commandText(action, moment),
    sentence: isCommandEnough(action) ? '' : actionSentence(action, effects, moment),
    events: effects.events.map((event) => ({ name: event.name, fields: eventFields(event) })),
    ...(failure === null ? {} : { failure: failure.message }),
    replies: effects.replies.map(({ operation, ok, result }) => {
      return { operation, ok, result: shortText(result) };
    }),
  };
}

function startSentence({ failure }: StepEffects): string {
  if (failure === null) return 'All nodes have booted';
  return `${failure.node} threw while booting: ${failure.message}`;
}

function enteredView(
  { inside, moment }: Scene,
  entered: NonNullable<Scene['entered']>,
): EnteredView {
  if (entered.type === 'start') return { position: 'inside' };
  return {
    position: inside ? 'inside' : 'before',
    sentence: actionSentence(entered, null, moment),
  };
}
