/** The formats of recorded histories: from text to events. All of them throw `TextError`. */
import type { Json } from '../../protocol/types.ts';
import { type EdnValue, readEdn } from './edn.ts';
import type { RecordedEvent } from './events.ts';
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
      const [value] = readEdn(text, at, at + rest.length);
      const start = offset + found.index + (/^\s/.test(whole) ? 1 : 0);
      if (process !== ':nemesis') {
        events.push(eventOf(process, type, name, { value: value?.value ?? null, offset: start }));
      }
    } else if (line.trim() !== '' && !isOtherLogLine(line)) {
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
  const read = (name: string) => {
    const found = fields.get(name);
    if (found === undefined) throw new TextError(`${shown(name)} is missing`, item.offset);
    return found;
  };
  const by = read('process').value;
  if (by === 'nemesis') return [];
  const type = read('type');
  if (!types.has(String(type.value))) {
    const what = `${shown('type')} must be invoke, ok, fail or info`;
    throw new TextError(`${what}, not ${JSON.stringify(type.value)}`, type.offset);
  }
  const name = read('f');
  if (typeof name.value !== 'string') {
    const what = `${shown('f')} must be the name of an operation`;
    throw new TextError(`${what}, not ${JSON.stringify(name.value)}`, name.offset);
  }
  const key = fields.get('key')?.value;
  const result = fields.get('result')?.value;
  return [
    eventOf(String(by), String(type.value), name.value, {
      value: fields.get('value')?.value ?? null,
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

/** One JSON object on each line, with `process`, `type`, `f`, `value` and perhaps `key`. */
export function jsonLineEvents(text: string): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') events.push(...mapEvent(jsonLine(line, offset), (name) => `"${name}"`));
    offset += line.length + 1;
  }
  return events;
}

function jsonLine(line: string, offset: number): EdnValue {
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch (error) {
    const place = /at position (\d+)/.exec((error as Error).message);
    throw new TextError('this line is not JSON', offset + (place ? Number(place[1]) : 0));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TextError('expected a JSON object with "process", "type", "f" and "value"', offset);
  }
  const fields = new Map<string, EdnValue>();
  for (const [name, one] of Object.entries(value as Record<string, Json>)) {
    const at = line.indexOf(JSON.stringify(name));
    fields.set(name, { value: one, offset: offset + Math.max(0, at) });
  }
  return { value, offset, fields };
}
