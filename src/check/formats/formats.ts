/** The formats of recorded histories: from text to events. All of them throw `TextError`. */
import type { Json } from '../../protocol/types.ts';
import { unnamed } from './completions.ts';
import { type EdnValue, firstEdn, readEdn } from './edn.ts';
import type { RecordedEvent } from './events.ts';
import { jsonIn } from './json-lines.ts';
import { TextError } from './problem.ts';

const types: ReadonlySet<string> = new Set(['invoke', 'ok', 'fail', 'info']);

/** Lines of Jepsen's log: `INFO  jepsen.util - 0 :invoke :read nil`, with tabs or spaces. */
export function jepsenLogEvents(text: string): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  const operation = /(?:^|\s)(\S+)\s+:(invoke|ok|fail|info)\s+:([^\s]+)[ \t]*(.*)$/;
  let offset = 0;
  for (const line of text.split('\n')) {
    const found = operation.exec(line.trimEnd());
    if (found !== null) {
      const [whole, process, type, name, rest] = found;
      const at = offset + found.index + whole.length - rest.length;
      // What follows the value is the text of an error, which may be anything.
      const value = firstEdn(text, at, at + rest.length);
      const start = offset + found.index + (/^\s/.test(whole) ? 1 : 0);
      if (process !== ':nemesis') {
        events.push(eventOf(process, type, name, { value: value?.value ?? null, offset: start }));
      }
    } else if (!/^\s*(;|$)/.test(line) && !isOtherLogLine(line)) {
      const form = '`PROCESS :invoke|:ok|:fail|:info :OPERATION VALUE`';
      const column = line.length - line.trimStart().length;
      throw new TextError(`expected ${form}, not \`${line.trim().slice(0, 60)}\``, offset + column);
    }
    offset += line.length + 1;
  }
  return events;
}

/** What other parts of Jepsen log. */
function isOtherLogLine(line: string): boolean {
  const isLogged = /^[\d\-:.,TZ{}\w\s]*\b(INFO|WARN|ERROR|DEBUG)\b/.test(line);
  return isLogged && !/jepsen\.util/.test(line);
}

function eventOf(
  process: string,
  type: string,
  name: string,
  rest: Omit<RecordedEvent, 'process' | 'type' | 'name'>,
): RecordedEvent {
  return { process, type: type as RecordedEvent['type'], name, ...rest };
}

/** Maps, one after the other or in a list: `{:process 0, :type :ok, :f :read, :value 1}`. */
export function ednEvents(text: string): RecordedEvent[] {
  const values = readEdn(text);
  const items = values.flatMap((value) => (value.fields ? [value] : (value.items ?? [value])));
  return items.flatMap((item) => {
    if (item.fields === undefined) {
      throw new TextError('expected a map with :process, :type, :f and :value', item.offset);
    }
    return mapEvent(item, (name) => `:${name}`);
  });
}

/** Events of other processes than clients, such as the nemesis, are left out. */
function mapEvent(item: EdnValue, shown: (name: string) => string): RecordedEvent[] {
  const fields = item.fields!;
  const client = fields.get('process');
  const by = client?.value;
  if (by === 'nemesis') return [];
  const type = read(item, 'type', shown);
  if (!types.has(String(type.value))) {
    const what = `${shown('type')} must be invoke, ok, fail or info`;
    throw new TextError(`${what}, not ${JSON.stringify(type.value)}`, type.offset);
  }
  if (client === undefined && type.value === 'invoke') read(item, 'process', shown);
  if (client !== undefined && typeof by !== 'string' && typeof by !== 'number') {
    const what = `${shown('process')} must be the number or the name of a client`;
    throw new TextError(`${what}, not ${JSON.stringify(by)}`, client.offset);
  }
  const value = fields.get('value')?.value ?? null;
  const key = fields.get('key')?.value;
  const result = fields.get('result')?.value;
  return [
    eventOf(by === undefined ? unnamed : String(by), String(type.value), nameOf(item, shown), {
      value,
      ...(key !== undefined && { key }),
      ...(result !== undefined && { result }),
      ...((fields.get('final') ?? fields.get('final?'))?.value === true && { isFinal: true }),
      ...momentOf(fields),
      offset: item.offset,
    }),
  ];
}

/** What `lockstep run --history` adds: the step, and in the first event the run. */
function momentOf(fields: ReadonlyMap<string, EdnValue>): Pick<RecordedEvent, 'step' | 'origin'> {
  const step = fields.get('step')?.value;
  const run = fields.get('lockstep')?.value;
  const isRun = typeof run === 'object' && run !== null && !Array.isArray(run);
  const { scenario, seed } = (isRun ? run : {}) as Readonly<Record<string, Json>>;
  return {
    ...(typeof step === 'number' && Number.isSafeInteger(step) && step >= 0 && { step }),
    ...(typeof scenario === 'string' && typeof seed === 'number' && { origin: { scenario, seed } }),
  };
}

function read(item: EdnValue, name: string, shown: (name: string) => string): EdnValue {
  const found = item.fields!.get(name);
  if (found !== undefined) return found;
  const needs = `each event needs ${shown('process')}, ${shown('type')} and ${shown('f')}`;
  throw new TextError(`${shown(name)} is missing: ${needs}`, item.offset);
}

/** Elle's examples leave `:f` out, because all that they have is transactions. */
function nameOf(item: EdnValue, shown: (name: string) => string): string {
  const value = item.fields!.get('value')?.value;
  const isTransaction = Array.isArray(value) && value.length > 0 && value.every(isMicroOperation);
  if (item.fields!.get('f') === undefined && isTransaction) return 'txn';
  const name = read(item, 'f', shown);
  if (typeof name.value === 'string' && name.value !== '') return name.value;
  const what = `${shown('f')} must be the name of an operation`;
  throw new TextError(`${what}, not ${JSON.stringify(name.value)}`, name.offset);
}

function isMicroOperation(part: Json): boolean {
  return Array.isArray(part) && part.length >= 2 && typeof part[0] === 'string';
}

/** One JSON object on each line, with `process`, `type`, `f`, `value` and perhaps `key`. */
export function jsonLineEvents(text: string): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') events.push(...mapEvent(jsonIn(line, offset), (name) => `"${name}"`));
    offset += line.length + 1;
  }
  return events;
}
