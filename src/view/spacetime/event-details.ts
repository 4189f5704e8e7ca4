/** What a step did, for the text beside the picture: what happened, and which fields changed. */
import { violationSentence } from '../../check/verdict-words.ts';
import { changes } from '../../kernel/data/changes.ts';
import { dataText } from '../../kernel/text/data-text.ts';
import { eventLabel, messageLabel } from '../../kernel/text/message-text.ts';
import type { RecordedBranch } from '../../session/read/reading.ts';
import { actionSentence, commandText } from '../words.ts';
import type { EventAnswer } from './spacetime-view.ts';

/** How many changed fields are named, and messages that were sent. */
const changesMost = 6;
const sentMost = 8;

export function eventOf(branch: RecordedBranch, step: number): EventAnswer | undefined {
  if (step > branch.length) return undefined;
  const explained = branch.explain(step);
  if (explained === undefined) return undefined;
  const { action, before, after, effects } = explained;
  const { wording } = after;
  const units = wording.units;
  const found = step === 0 ? [] : after.nodes.flatMap(({ id, index, state }) => {
    const old = before.nodes[index]?.state;
    if (old === undefined || old === state) return [];
    return changes(old, state).map(({ path, before: was, after: is }) => {
      const unit = units[path.at(-1) ?? ''];
      const text = (value: unknown) =>
        value === undefined ? 'not set' : dataText(value, units, valueMost, unit);
      return `${[id, ...path].join('.')}: ${text(was)} → ${text(is)}`;
    });
  });
  return {
    type: 'event',
    step,
    command: action === null ? 'start' : commandText(action, after),
    sentence: action === null ? 'All nodes have booted' : actionSentence(action, effects, after),
    events: effects.events.map((event) => `${event.node} ${eventLabel(event, wording)}`),
    changes: found.slice(0, changesMost),
    more: Math.max(0, found.length - changesMost),
    sent: effects.sent.slice(0, sentMost).map((message) => {
      return `${messageLabel(message, wording)} to ${message.to}`;
    }),
    violations: effects.violations.map((one) => `${one.monitor}: ${violationSentence(one, units)}`),
  };
}

const valueMost = 60;
