/** The sentence for a difference that the check of determinism found. */
import { shown } from '../data/shown.ts';
import type { Caused, Difference } from '../compare/difference.ts';
import { messageName, timerName } from './action-text.ts';
import { formatTime } from './duration.ts';

/** `n1.state.count is 2 the first time and 3 the second time`. */
export function differenceText(difference: Difference): string {
  switch (difference.type) {
    case 'possible':
      return `it is possible only the ${difference.first ? 'first' : 'second'} time`;
    case 'state': {
      const { node, path, first, second } = difference;
      const [once, again] = [valueText(first), valueText(second)];
      const field = [node, 'state', ...path].join('.');
      return `${field} is ${once} the first time and ${again} the second time`;
    }
    case 'node': {
      const names = difference.fields.map((field) => fieldWords[field] ?? field);
      return `${difference.node} differs the second time (${names.join(', ')})`;
    }
    case 'memory':
      return `the memory of \`${difference.monitor}\` differs the second time`;
    case 'effects': {
      const { kind, first, second } = difference;
      const [verb, text] = words[kind] as [string, (effect: unknown) => string];
      const listText = ([effect, ...more]: readonly unknown[]) => {
        if (effect === undefined) return 'nothing more';
        return more.length === 0 ? text(effect) : `${text(effect)} and ${more.length} more`;
      };
      return `it ${verb} ${listText(first)} the first time and ${listText(second)} the second time`;
    }
  }
}

/** A verb for each kind of effect, and words for one such effect. */
const words: {
  readonly [Kind in keyof Caused]: readonly [string, (effect: Caused[Kind]) => string];
} = {
  threw: ['throws', ({ message }) => `\`${message}\``],
  reported: ['reports', ({ name, fields }) => `${name} ${valueText(fields)}`],
  sent: [
    'sends',
    ({ from, to, ordinal, copy, body, at, lost }) => {
      const fate = lost === '' ? `to arrive at ${formatTime(at)}` : `to be lost (${lost})`;
      return `${messageName({ from, to, ordinal, copy })} ${valueText(body)} ${fate}`;
    },
  ],
  replied: [
    'replies',
    ({ operation, ok, result }) =>
      `${ok ? 'success' : 'failure'} to ${operation} with ${valueText(result)}`,
  ],
  timers: [
    'sets',
    ({ timer, key, at }) => `${timerName(timer, key)} ${at < 0 ? 'off' : `to ${formatTime(at)}`}`,
  ],
};

/** Words for the fields of a node that are not in its state. */
const fieldWords: Readonly<Record<string, string>> = {
  state: 'order of the fields in its state',
  disk: 'fields on disk',
  operations: 'operations without an answer',
  drawn: 'number of random draws',
  invoked: 'number of operations',
  sent: 'number of messages sent',
  arrives: 'arrivals of messages',
  up: 'status',
};

function valueText(value: unknown): string {
  return value === undefined ? 'not set' : shown(value, 120);
}
