/** Recorded invocations and responses, and the history that they form. */
import type { History, HistoryOperation } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';
import { TextError } from './problem.ts';

/** One line of a recorded history, whatever its format. */
export interface RecordedEvent {
  readonly process: string;
  /** `info`: the client does not know whether the operation took effect. */
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly name: string;
  readonly key?: Json;
  readonly value: Json;
  /** The read was invoked after all messages had been delivered. */
  readonly isFinal?: boolean;
  /** What the operation returned, if the format tells it apart from the value. */
  readonly result?: Json;
  /** Where it is in the text. */
  readonly offset: number;
  /** The step of the run in which it happened, if a run of Lockstep was recorded. */
  readonly step?: number;
  /** The run that was recorded, as the first event of its file says. */
  readonly origin?: HistoryOrigin;
}

/** The run that a history was exported from: its operations link to the steps of this run. */
export interface HistoryOrigin {
  /** The path of the scenario, from the folder of the history. */
  readonly scenario: string;
  readonly seed: number;
}

/** What a failed compare-and-set means depends on who recorded it. */
export type FailedCas =
  /** It took effect, and found another value. */
  | 'observed'
  /** It did not happen. */
  | 'did not happen';

/** Throws `TextError` if the events do not form a history. */
export function historyOf(events: readonly RecordedEvent[], failedCas: FailedCas): History {
  const history: HistoryOperation[] = [];
  const open = new Map<string, { readonly index: number; readonly event: RecordedEvent }>();
  events.forEach((event, position) => {
    const { process, type, name } = event;
    const begun = open.get(process);
    if (type === 'invoke') {
      if (begun !== undefined) throw notAnswered(event, begun.event);
      open.set(process, { index: history.length, event });
      history.push(invocation(event, position));
      return;
    }
    if (begun === undefined || begun.event.name !== name) throw notInvoked(event, begun?.event);
    open.delete(process);
    history[begun.index] = answered(history[begun.index], event, position, failedCas);
  });
  return history;
}

function notAnswered({ process, name, offset }: RecordedEvent, open: RecordedEvent): TextError {
  const what = `process ${process} invokes ${name} while its ${open.name} has no response`;
  const how = 'add the response, `info` if it is unknown, or let another process invoke it';
  return new TextError(`${what}: ${how}`, offset);
}

function notInvoked({ process, name, offset }: RecordedEvent, open?: RecordedEvent): TextError {
  const what = `process ${process} has a response to ${name}`;
  if (open !== undefined) {
    const how = 'a response names the operation of its invocation';
    return new TextError(`${what}, but it invoked ${open.name}: ${how}`, offset);
  }
  const how = 'add the invocation before it, or leave out a second response; a history without '
    + 'any invocation is read, too';
  return new TextError(`${what}, which it did not invoke: ${how}`, offset);
}

function invocation(event: RecordedEvent, position: number): HistoryOperation {
  const { process, name } = event;
  const open = { returned: undefined, outcome: 'unknown', result: undefined } as const;
  return { process, name, args: argumentsOf(event), invoked: position, ...open };
}

function answered(
  operation: HistoryOperation,
  event: RecordedEvent,
  position: number,
  failedCas: FailedCas,
): HistoryOperation {
  switch (event.type) {
    case 'ok': {
      const result = event.result === undefined ? resultOf(event) : event.result;
      if (event.name === 'txn') microOperations({ ...event, value: result });
      return { ...operation, returned: position, outcome: 'ok', result };
    }
    case 'fail':
      if (event.name === 'cas' && failedCas === 'observed') {
        return { ...operation, returned: position, outcome: 'ok', result: false };
      }
      return { ...operation, returned: position, outcome: 'failed' };
    default:
      return operation;
  }
}

/** Operations whose recorded value is what they return. */
export const observers: ReadonlySet<string> = new Set(['read', 'get', 'dequeue']);

function argumentsOf(event: RecordedEvent): Record<string, Json> {
  const { name, key, value, isFinal, offset } = event;
  const ofKey: Record<string, Json> = {
    ...(key !== undefined && { key }),
    ...(isFinal && { final: true }),
  };
  if (observers.has(name)) return ofKey;
  if (name === 'txn') return { operations: microOperations(event) };
  if (name === 'cas') {
    if (!Array.isArray(value) || value.length !== 2) {
      const what = JSON.stringify(value);
      const needs = 'a cas needs two values, the expected and the new one';
      throw new TextError(`${needs}, not ${what}`, offset);
    }
    return { ...ofKey, expected: value[0], value: value[1] };
  }
  return value === null ? ofKey : { ...ofKey, value };
}

function microOperations({ value, offset }: RecordedEvent): readonly Json[] {
  const isPart = (part: Json) => Array.isArray(part) && part.length >= 2;
  if (Array.isArray(value) && value.every(isPart)) return value;
  const what = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  const needs = 'a txn needs a list of reads and writes, such as [[:r x nil] [:w x 1]]';
  throw new TextError(`${needs}, not ${what}`, offset);
}

/** What it returned, as far as its recorded value tells. */
function resultOf({ name, value }: RecordedEvent): Json {
  if (observers.has(name) || name === 'txn') return value;
  return name === 'cas' ? true : null;
}
