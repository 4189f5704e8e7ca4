/** `repeat`: operations of several clients, with keys and values that are drawn from the seed. */
import { parseRange } from '../../kernel/text/duration.ts';
import type { Json, Micros, NodeId, Range } from '../../protocol/types.ts';
import type { Command, OperationTemplate } from '../scenario.ts';
import { mustBe, shownValue, unknownName, useOneOf } from '../suggest.ts';
import { faultOf, operationsOf, readArguments } from './operation.ts';
import { CommandReader } from './reader.ts';
import type { Token } from './tokens.ts';
import { valueForms } from './values.ts';

const repeatForm =
  'repeat 200 times every 10ms..50ms: c1 c2 put k1..k3 new | get k1..k3';

/** A workload of more operations would take longer than a user is willing to wait. */
export const operationsMax = 100_000;
/** A shorter interval would let virtual time stand still. */
const intervalMin: Micros = 1_000;

/** `repeat [200 times] [for 30s] every 10ms..50ms [within 5s]: NODE… OPERATION ARGUMENT… | …` */
export function readRepeat(reader: CommandReader, waits: boolean): Command | undefined {
  const bounds = readBounds(reader);
  if (bounds === undefined) return undefined;
  const clients = readClients(reader);
  if (clients === undefined) return undefined;
  const templates: OperationTemplate[] = [];
  do {
    const template = readTemplate(reader, clients);
    if (template === undefined) return undefined;
    templates.push(template);
  } while (reader.takes('|'));
  const { times, for: lasts, every } = bounds;
  const most = lasts === undefined ? 0 : (lasts / every[0]) * clients.length;
  if (times === undefined && most > operationsMax) {
    const message = `this may invoke more than ${operationsMax} operations`;
    const hint = 'add a bound such as `200 times`, or choose a longer interval';
    return reader.fail({ code: 'too-many-operations', message, hint }, reader.tokens[0]);
  }
  return { type: 'repeat', waits, clients, templates, ...bounds };
}

interface Bounds {
  times?: number;
  for?: Micros;
  within?: Micros;
  every: Range;
}

function readBounds(reader: CommandReader): Bounds | undefined {
  const found: Partial<Bounds> = {};
  const first = reader.next;
  while (reader.next !== undefined && reader.next.text !== ':') {
    const word = reader.take()!;
    if (/^\d+$/.test(word.text) && reader.takes('times')) {
      const times = Number(word.text);
      if (times < 1 || times > operationsMax) {
        const message = mustBe('`times`', `from 1 to ${operationsMax}`, shownValue(word.text));
        return reader.fail({ code: 'bad-setting', message }, word);
      }
      found.times = times;
    } else if (word.text === 'for' || word.text === 'within') {
      const span = reader.readSpan(word.text === 'for' ? '30s' : '5s');
      if (span === undefined) return undefined;
      found[word.text] = span;
    } else if (word.text === 'every') {
      found.every = readInterval(reader, '10ms..50ms');
      if (found.every === undefined) return undefined;
    } else {
      const message = `unexpected \`${word.text}\``;
      const hint = `write \`${repeatForm}\``;
      return reader.fail({ code: 'unexpected-word', message, hint }, word);
    }
  }
  const { times, for: lasts, every } = found;
  const missing = (message: string, hint: string) =>
    reader.fail({ code: 'expected-setting', message, hint }, first);
  if (times === undefined && lasts === undefined) {
    return missing('`repeat` needs an end', 'write how often or how long: `200 times`, `for 30s`');
  }
  if (every === undefined) {
    return missing('`repeat` needs a rate', 'write how often a client invokes: `every 10ms..50ms`');
  }
  if (!reader.takes(':')) {
    const hint = `write \`${repeatForm}\``;
    const message = 'expected `:` before the clients';
    return reader.fail({ code: 'expected-colon', message, hint }, reader.next);
  }
  return { ...found, every };
}

/** A duration or a range after `every`. */
export function readInterval(reader: CommandReader, example: string): Range | undefined {
  const token = reader.take();
  const range = token && parseRange(token.text);
  if (range !== undefined && range[0] >= intervalMin) return range;
  const form = `${valueForms.range(example)}, of at least 1ms`;
  const message = mustBe('`every`', form, shownValue(token?.text));
  return reader.fail({ code: 'bad-duration', message }, token);
}

/** `c1 c2`, or `c1..c3`: up to the name of an operation. */
function readClients(reader: CommandReader): NodeId[] | undefined {
  const clients: NodeId[] = [];
  while (reader.next !== undefined) {
    const token = reader.next;
    const ids = namesOf(token, reader);
    if (ids === undefined) break;
    for (const id of ids) {
      const known = reader.nodeIdOf(token, id);
      if (known === undefined) return undefined;
      if (!clients.includes(known)) clients.push(known);
    }
    reader.take();
  }
  if (clients.length > 0) return clients;
  const able = reader.nodeIds.filter((id) => Object.keys(operationsOf(reader, id)).length > 0);
  const hint = able.length > 0 ? useOneOf(able) : undefined;
  return reader.fail({ code: 'expected-node', message: 'expected a client', hint }, reader.next);
}

function namesOf(token: Token, reader: CommandReader): string[] | undefined {
  if (reader.nodeIds.includes(token.text)) return [token.text];
  const span = spanOf(token);
  if (span === undefined) return undefined;
  const { prefix, low, high } = span;
  if (high - low >= 1_000) return undefined;
  return Array.from({ length: high - low + 1 }, (_, i) => `${prefix}${low + i}`);
}

interface Span {
  readonly prefix: string;
  readonly low: number;
  readonly high: number;
}

/** `k1..k3`, or `1..100`; undefined for any other word. */
function spanOf({ text, quoted }: Token): Span | undefined {
  const match = quoted ? null : /^([A-Za-z_/-]*)(\d{1,9})\.\.\1(\d{1,9})$/.exec(text);
  if (match === null) return undefined;
  return { prefix: match[1], low: Number(match[2]), high: Number(match[3]) };
}

function readTemplate(
  reader: CommandReader,
  clients: readonly NodeId[],
): OperationTemplate | undefined {
  const token = reader.take();
  const operations = operationsOf(reader, clients[0]);
  for (const client of clients) {
    const known = operationsOf(reader, client);
    const names = Object.keys(known);
    if (token !== undefined && Object.hasOwn(known, token.text)) continue;
    if (token === undefined) {
      const message = 'expected an operation';
      return reader.fail({ code: 'expected-operation', message, hint: useOneOf(names) }, token);
    }
    const lacks = `\`${client}\` has no operation`;
    return reader.fail(unknownName('unknown-operation', lacks, token.text, names), token);
  }
  const name = token!.text;
  const operation = operations[name];
  const words: Token[] = [];
  while (reader.next !== undefined && reader.next.text !== '|') words.push(reader.take()!);
  for (const word of words) {
    const span = spanOf(word);
    if (span === undefined || span.low <= span.high) continue;
    const message = `the range \`${word.text}\` is empty`;
    return reader.fail({ code: 'bad-argument', message, hint: 'begin with its lower end' }, word);
  }
  // What is drawn differs only in its digits: if both ends are valid, so is all between them.
  for (const end of [0, 1]) {
    const drawn = words.map((word) => wordOf(word, (bound) => end * (bound - 1), end + 1));
    const args = readArguments(reader, name, operation, drawn);
    if (args === undefined) return undefined;
    const fault = faultOf(operation, args, reader);
    if (fault !== undefined) {
      return reader.fail({ code: 'bad-argument', message: fault }, words[0]);
    }
  }
  const { text, tokens, context } = reader;
  const argumentsFor: OperationTemplate['argumentsFor'] = (choose, serial) => {
    const drawn = words.map((word) => wordOf(word, choose, serial));
    const fresh = new CommandReader(text, tokens, context);
    return readArguments(fresh, name, operation, drawn) as Record<string, Json>;
  };
  return { operation: name, argumentsFor };
}

/** The word with what is drawn in place of a range, and a number that is new for `new`. */
function wordOf(word: Token, choose: (bound: number) => number, serial: number): Token {
  const equals = word.quoted ? -1 : word.text.indexOf('=');
  const value = { ...word, text: word.text.slice(equals + 1) };
  const span = spanOf(value);
  const isNew = !word.quoted && value.text === 'new';
  if (span === undefined && !isNew) return word;
  const drawn = isNew
    ? String(serial)
    : `${span!.prefix}${span!.low + choose(span!.high - span!.low + 1)}`;
  const text = `${word.text.slice(0, equals + 1)}${drawn}`;
  return { ...word, text, value: text };
}
