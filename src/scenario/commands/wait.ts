/** Waits: for a duration, an event, a condition, or an answer. */
import type { Micros } from '../../protocol/types.ts';
import { withinDefault } from './operation.ts';
import type { CommandReader } from './reader.ts';
import type { Command, Goal } from '../scenario.ts';
import { didYouMean, nearestWord } from '../suggest.ts';
import type { Token } from './tokens.ts';

const untilForm = 'wait until EVENT';

/** `wait 2s`, `wait until EVENT|CEL|NODE answered [NODE] [within 60s]` */
export function readWait(reader: CommandReader): Command | undefined {
  const { next } = reader;
  if (next === undefined) {
    const message = 'expected a duration or `until`';
    const hint = `write \`wait 2s\` or \`${untilForm}\``;
    return reader.fail({ code: 'expected-duration', message, hint }, undefined);
  }
  if (!reader.takes('until')) {
    const hint = didYouMean(next.text, ['until']);
    if (hint !== undefined) {
      const message = `\`${next.text}\` is not a duration`;
      return reader.fail({ code: 'bad-duration', message, hint }, next);
    }
    const span = reader.readSpan('2s');
    if (span === undefined || !reader.readEnd('wait 2s')) return undefined;
    return { type: 'wait', for: span };
  }
  const bound = readWithin(reader);
  if (bound === undefined) return undefined;
  const goal = readGoal(reader, bound.end);
  if (goal === undefined) return undefined;
  if (reader.next !== undefined && reader.next.start < bound.end) {
    reader.readEnd(`${untilForm} within 60s`);
    return undefined;
  }
  return { type: 'until', goal, within: bound.within };
}

/** The end of the goal, and the time limit after it. */
function readWithin(reader: CommandReader): { end: number; within: Micros } | undefined {
  const word = reader.tokens.at(-2);
  if (word?.text !== 'within' || word.start < reader.position) {
    return { end: reader.end, within: withinDefault };
  }
  const within = reader.durationOf(reader.tokens.at(-1), '60s');
  return within === undefined ? undefined : { end: word.start, within };
}

/** An event by its name, an answer, or a condition. */
export function readGoal(reader: CommandReader, end: number): Goal | undefined {
  const index = reader.tokens.indexOf(reader.next!);
  const words = reader.tokens.slice(Math.max(index, 0)).filter((token) => token.start < end);
  const [first, second] = index < 0 ? [] : words;
  if (first === undefined) {
    const message = 'expected an event or a condition';
    return reader.fail({ code: 'expected-goal', message }, undefined);
  }
  if (second?.text === 'answered') return readAnswered(reader, words);
  if (isEvent(reader, words)) {
    const event = reader.readEvent(end);
    return event && { type: 'event', event };
  }
  const condition = reader.readCondition(end, []);
  return condition && { type: 'condition', condition };
}

function readAnswered(reader: CommandReader, words: readonly Token[]): Goal | undefined {
  const first = reader.readNodeId();
  reader.take();
  if (first === undefined) return undefined;
  if (words.length === 2) return { type: 'done', node: first };
  const node = reader.readNodeId();
  return node === undefined ? undefined : { type: 'answered', by: first, node };
}

/**
 * Whether the words are an event pattern: a name that is not a node, alone or before `at` or
 * `where`. A misspelt event counts, so that the message can name the event that was meant.
 */
function isEvent(reader: CommandReader, words: readonly Token[]): boolean {
  const { protocol, nodes } = reader.context;
  const [first, second] = words;
  if (Object.hasOwn(protocol.events, first.text)) {
    return (
      second === undefined ||
      second.text === 'at' ||
      second.text === 'where' ||
      /^\w/.test(second.text)
    );
  }
  if (!/^[A-Za-z]\w*$/.test(first.text) || nodes.some((node) => node.id === first.text))
    return false;
  if (second !== undefined) return second.text === 'at' || second.text === 'where';
  const similar = nearestWord(first.text, Object.keys(protocol.events));
  return similar !== undefined || /^[A-Z]/.test(first.text);
}
