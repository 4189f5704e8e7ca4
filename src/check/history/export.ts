/** A history as a file: Jepsen's EDN, or JSON lines. */
import type { RecordedOperation } from '../../protocol/history.ts';
import type { Json, Micros, NodeId } from '../../protocol/types.ts';
import type { HistoryOrigin } from '../formats/events.ts';

export type HistoryFormat = 'edn' | 'jsonl';

/** An invocation or a response, with the keys that Jepsen uses. */
interface HistoryEvent {
  readonly index: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly process: string;
  readonly f: string;
  readonly key?: Json;
  readonly value: Json;
  /** What an operation other than a read returned. */
  readonly result?: Json;
  readonly error?: Json;
  readonly node: NodeId;
  readonly step: number;
  readonly time: Micros;
  /** Of the first event: the run, so that an editor can go to the steps. */
  readonly lockstep?: HistoryOrigin;
}

/** One event a line, in their order. The first one names the run, in a key that Jepsen ignores. */
export function historyText(
  history: readonly RecordedOperation[],
  format: HistoryFormat,
  origin?: HistoryOrigin,
): string {
  const lines = eventsOf(history, origin).map((event) => {
    return format === 'edn' ? ednLine(event, history) : JSON.stringify(event);
  });
  return lines.map((line) => `${line}\n`).join('');
}

function eventsOf(
  history: readonly RecordedOperation[],
  origin: HistoryOrigin | undefined,
): HistoryEvent[] {
  const events = history.flatMap((operation) => {
    const { process, name: f, node, invoked, invokedStep, invokedAt } = operation;
    const same = { process, f, node, ...argumentsOf(operation) };
    const begun = {
      ...same, index: invoked, type: 'invoke', step: invokedStep, time: invokedAt,
    } as const;
    const { endedStep, endedAt } = operation;
    if (endedStep === undefined || endedAt === undefined) return [begun];
    return [begun, { ...same, ...responseOf(operation), step: endedStep, time: endedAt }];
  });
  // An unknown outcome has no position: it may take effect at any later time.
  events.sort((a, b) => a.step - b.step || a.index - b.index);
  return events.map((event, index) => {
    return { ...event, index, ...(index === 0 && origin && { lockstep: origin }) };
  });
}

/** Operations whose value is what they return. */
const readers: ReadonlySet<string> = new Set(['get', 'read']);

function argumentsOf({ name, args }: RecordedOperation): Pick<HistoryEvent, 'key' | 'value'> {
  const { key, ...rest } = args;
  const ofKey = key === undefined ? {} : { key };
  const names = Object.keys(rest);
  if (names.length === 0 || readers.has(name)) return { ...ofKey, value: null };
  if (name === 'cas' && names.join() === 'expected,value') {
    return { ...ofKey, value: [rest.expected, rest.value] };
  }
  return { ...ofKey, value: names.length === 1 ? rest[names[0]] : rest };
}

function responseOf(
  { name, outcome, result, returned, reason }: RecordedOperation,
): Pick<HistoryEvent, 'index' | 'type'> & Partial<HistoryEvent> {
  const index = returned ?? Infinity;
  const error = reason === undefined ? {} : { error: reason };
  switch (outcome) {
    case 'ok':
      return readers.has(name)
        ? { index, type: 'ok', value: result ?? null }
        : { index, type: 'ok', result: result ?? null };
    case 'failed':
      return { index, type: 'fail', ...error };
    case 'unknown':
      return { index, type: 'info', ...error };
  }
}

/** Jepsen numbers its processes, and counts nanoseconds. */
function ednLine(event: HistoryEvent, history: readonly RecordedOperation[]): string {
  const processes = [...new Set(history.map(({ process }) => process))];
  const { index, type, process, f, key, value, result, error, time, node, step, lockstep } = event;
  const fields: [string, string][] = [
    ['process', String(processes.indexOf(process))],
    ['type', `:${type}`],
    ['f', `:${f}`],
    ...(key === undefined ? [] : [['key', edn(key)] as [string, string]]),
    ['value', edn(value)],
    ...(result === undefined ? [] : [['result', edn(result)] as [string, string]]),
    ...(error === undefined ? [] : [['error', edn(error)] as [string, string]]),
    ['index', String(index)],
    ['time', String(time * 1_000)],
    ['node', edn(node)],
    ['step', String(step)],
    ...(lockstep === undefined ? [] : [['lockstep', runText(lockstep)] as [string, string]]),
  ];
  return `{${fields.map(([name, text]) => `:${name} ${text}`).join(', ')}}`;
}

function runText({ scenario, seed }: HistoryOrigin): string {
  return `{:scenario ${edn(scenario)}, :seed ${seed}}`;
}

function edn(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nil';
  if (Array.isArray(value)) return `[${value.map(edn).join(' ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, part]) => `${edn(key)} ${edn(part as Json)}`);
  return `{${parts.join(', ')}}`;
}
