/** Reads a recorded history in any of the formats, and finds out what it is about. */
import type { History, HistoryOperation, Specification } from '../../protocol/history.ts';
import { registerName } from '../../protocol/specifications/objects.ts';
import {
  type ShippedSpecification, shippedSpecifications,
} from '../../protocol/specifications/shipped.ts';
import type { Json } from '../../protocol/types.ts';
import type { Recordable } from '../models/verdict.ts';
import { withInvocations } from './completions.ts';
import {
  type FailedCas, type HistoryOrigin, historyOf, type RecordedEvent,
} from './events.ts';
import { ednEvents, jepsenLogEvents, jsonLineEvents } from './formats.ts';
import { problemAt, TextError, type TextProblem } from './problem.ts';
import { withKeys, withOwnNames } from './jepsen-habits.ts';

export interface HistoryFormat {
  readonly name: string;
  readonly doc: string;
  readonly failedCas: FailedCas;
  events(text: string): RecordedEvent[];
}

export const historyFormats: readonly HistoryFormat[] = [
  {
    name: 'jepsen-log',
    doc: "lines of Jepsen's log: `0 :invoke :read nil`; a failed cas found another value",
    failedCas: 'observed',
    events: jepsenLogEvents,
  },
  {
    name: 'edn',
    doc: 'maps of Jepsen and Knossos in EDN; a failed cas did not happen',
    failedCas: 'did not happen',
    events: ednEvents,
  },
  {
    name: 'porcupine-kv',
    doc: 'maps of Porcupine in EDN, with :key; a get of a missing key returns ""',
    failedCas: 'did not happen',
    events: ednEvents,
  },
  {
    name: 'jsonl',
    doc: 'a JSON object on each line: process, type, f, value, and key if there are several',
    failedCas: 'did not happen',
    events: jsonLineEvents,
  },
];

export interface RecordedHistory {
  readonly format: HistoryFormat;
  readonly history: History;
  /** By the positions of invocations and responses: their steps in the run that was recorded. */
  readonly steps?: readonly (number | undefined)[];
  /** The run that was recorded, if the file says so. */
  readonly origin?: HistoryOrigin;
  /** What the text does not say of its operations. */
  readonly lacks: readonly Recordable[];
}

/**
 * Without a format, it is guessed from the first line. A text without operations is a history, too:
 * that of a run in which no client did anything.
 */
export function readHistory(
  text: string,
  format: HistoryFormat = guessedFormat(text),
): RecordedHistory | { readonly problem: TextProblem } {
  try {
    const binary = text.indexOf('\0');
    if (binary >= 0) {
      const what = 'this file is not text in UTF-8: give a history as text in one of the formats';
      throw new TextError(what, binary);
    }
    const { events: recorded, lacks } = withInvocations(format.events(text));
    const events = withOwnNames(withKeys(recorded, lacks.length === 0));
    const { origin } = events[0] ?? {};
    return {
      format,
      history: historyOf(events, format.failedCas),
      lacks,
      ...(events.some(({ step }) => step !== undefined) && {
        steps: events.map(({ step }) => step),
      }),
      ...(origin && { origin }),
    };
  } catch (error) {
    if (error instanceof TextError) return { problem: problemAt(text, error) };
    throw error;
  }
}

function guessedFormat(text: string): HistoryFormat {
  const start = text.replace(/^(\s|;[^\n]*(\n|$))+/, '').slice(0, 2_000);
  const named = (name: string) => historyFormats.find((format) => format.name === name)!;
  if (/^\{\s*"/.test(start)) return named('jsonl');
  if (start !== '' && !/^[[({#]/.test(start)) return named('jepsen-log');
  const isKeyed = /:f\s+:(get|put|append)\b/.test(start) && /:key\s/.test(start);
  return named(isKeyed ? 'porcupine-kv' : 'edn');
}

/** What the operations of a recorded history do. */
export interface Subject {
  readonly name: string;
  readonly specification: Specification;
  /** Without operations that say nothing about the object. */
  readonly history: History;
  readonly lacks: readonly Recordable[];
}

/** Undefined if no specification that ships has all these operations. */
export function guessedSpecification(history: History): ShippedSpecification | undefined {
  const names = new Set(history.map(({ name }) => name));
  return shippedSpecifications.find(({ operations }) => {
    return [...names].every((name) => operations.includes(name));
  });
}

/** The object of a history; `initial` is undefined if it must be guessed. */
export function subjectOf(
  { format, history, lacks }: RecordedHistory,
  shipped: ShippedSpecification,
  initial?: Json,
): Subject {
  const start = initial === undefined
    ? guessedStart(history, format, shipped)
    : givenStart(initial, history, shipped);
  // A register that starts with a number has one always: nil then means that it was not recorded.
  const isRecorded = ({ name, outcome, result }: HistoryOperation) =>
    !(name === 'read' && outcome === 'ok' && result === null);
  const says = typeof start === 'number' ? history.filter(isRecorded) : history;
  return { name: shipped.name, specification: shipped.make(start), history: says, lacks };
}

/** One value is that of every register of transactions; an object has those of each. */
function givenStart(initial: Json, history: History, { name }: ShippedSpecification): Json {
  const isObject = typeof initial === 'object' && initial !== null && !Array.isArray(initial);
  return name === 'multi-register' && !isObject ? registersAt(initial, history) : initial;
}

/**
 * The value at the start. The registers of Knossos start at 0, and those of Jepsen's tests of real
 * stores have none: an operation that saw 0 before a write of it shows which.
 */
function guessedStart(
  history: History,
  format: HistoryFormat,
  { name }: ShippedSpecification,
): Json | undefined {
  if (name === 'key-value') return missingValue(history);
  if (name === 'multi-register') return startOfRegisters(history);
  if (format.name !== 'edn' || !name.endsWith('register')) return null;
  const writes = history.filter(({ args, outcome }) => args.value === 0 && outcome !== 'failed');
  const firstWrite = Math.min(...writes.map(({ invoked }) => invoked));
  const sawZero = history.some(({ name: operation, args, outcome, returned, result }) => {
    if (outcome !== 'ok' || returned === undefined || returned > firstWrite) return false;
    return operation === 'cas' ? args.expected === 0 : operation === 'read' && result === 0;
  });
  return sawZero ? 0 : null;
}

/** What gets return of missing keys: null, or "" in the histories of Porcupine. */
function missingValue(history: History): Json {
  const gets = history.filter(({ name, outcome }) => name === 'get' && outcome === 'ok');
  if (gets.some(({ result }) => result === null)) return null;
  return gets.some(({ result }) => result === '') ? '' : null;
}

/**
 * Registers of Knossos, which calls them `read` and `write`, start at 0. Those of Jepsen, `r` and
 * `w`, have no value at the start, as lists have none.
 */
function startOfRegisters(history: History): Json {
  const parts = microOperationsIn(history);
  const isKnossos = parts.every(([name]) => name === 'read' || name === 'write');
  const hasNull = history.some(({ outcome, result }) => {
    return outcome === 'ok' && Array.isArray(result) && result.some((one) => isRead(one, null));
  });
  return isKnossos && !hasNull ? registersAt(0, history) : {};
}

function isRead(part: Json, value: Json): boolean {
  return Array.isArray(part) && part[0] === 'read' && (part[2] ?? null) === value;
}

/** All registers that transactions name have this value. */
function registersAt(value: Json, history: History): Json {
  const parts = microOperationsIn(history);
  const appended = parts.filter(([name]) => name === 'append');
  const lists = new Set(appended.map(([, key]) => registerName(key ?? null)));
  const keys = new Set(parts.map(([, key]) => registerName(key ?? null)));
  return Object.fromEntries([...keys].flatMap((key) => (lists.has(key) ? [] : [[key, value]])));
}

function microOperationsIn(history: History): (readonly Json[])[] {
  return history.flatMap(({ args }) => {
    const operations = Array.isArray(args.operations) ? args.operations : [];
    return operations.filter((one): one is readonly Json[] => Array.isArray(one));
  });
}
