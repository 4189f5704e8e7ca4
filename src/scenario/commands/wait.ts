/** Waits: for a time, an event, a condition, or an answer. */
import type { Micros } from '../../protocol/types.ts';
import { withinDefault } from './operation.ts';
import type { CommandReader } from '../parse/reader.ts';
import type { Command, Goal } from '../scenario.ts';
import { didYouMean, nearestWord } from '../suggest.ts';
import type { Token } from './tokens.ts';

/** `wait 2s`, `wait until EVENT|CEL|NODE answered [NODE] [within 60s]` */
export function readWait(reader: CommandReader): Command | undefined {
  if (reader.next === undefined) {
    return reader.fail(
      'a duration or `until` is expected',
      undefined,
      'write `wait 2s` or `wait until EVENT`',
    );
  }
  if (!reader.takes('until')) {
    const hint = didYouMean(reader.next.text, ['until']);
    if (hint !== undefined) {
      return reader.fail(`\`${reader.next.text}\` is no duration`, reader.next, hint);
    }
    const span = reader.readSpan('2s');
    if (span === undefined || !reader.readEnd('`wait` takes one duration')) return undefined;
    return { type: 'wait', for: span };
  }
  const bound = readWithin(reader);
  if (bound === undefined) return undefined;
  const goal = readGoal(reader, bound.end);
  if (goal === undefined) return undefined;
  if (reader.next !== undefined && reader.next.start < bound.end) {
    return reader.fail(`the wait ends here, but \`${reader.next.text}\` follows`, reader.next);
  }
  return { type: 'until', goal, within: bound.within };
}

/** Where the goal ends, and the bound behind it. */
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
  if (first === undefined) return reader.fail('an event or a condition is expected', undefined);
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

/** A name alone, or before `at` or `where`, that is no node: an event, if a misspelt one. */
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
  const like = nearestWord(first.text, Object.keys(protocol.events));
  return like !== undefined || /^[A-Z]/.test(first.text);
}
