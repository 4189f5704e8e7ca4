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

/** The run that a history was exported from. */
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
    const { process, type, name, offset } = event;
    const begun = open.get(process);
    if (type === 'invoke') {
      if (begun !== undefined) {
        const first = `process ${process} invokes ${name} while its ${begun.event.name}`;
        throw new TextError(`${first} has no response`, offset);
      }
      open.set(process, { index: history.length, event });
      history.push(invocation(event, position));
      return;
    }
    if (begun === undefined) {
      const what = `process ${process} has a response to ${name}`;
      throw new TextError(`${what}, which it did not invoke`, offset);
    }
    if (begun.event.name !== name) {
      const what = `process ${process} has a response to ${name}, but it invoked`;
      throw new TextError(`${what} ${begun.event.name}`, offset);
    }
    open.delete(process);
    history[begun.index] = answered(history[begun.index], event, position, failedCas);
  });
  return history;
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
  if (name === 'txn') return { operations: value };
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

/** What it returned, as far as its recorded value tells. */
function resultOf({ name, value }: RecordedEvent): Json {
  if (observers.has(name) || name === 'txn') return value;
  return name === 'cas' ? true : null;
}
