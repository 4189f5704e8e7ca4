/** A history as reads and writes of registers, for the models that are defined by them. */
import { canonical } from '../../../kernel/data/plain.ts';
import type { History, HistoryOperation, Specification } from '../../../protocol/history.ts';
import type { Json } from '../../../protocol/types.ts';
import { invocationOrder, keyOf } from '../operations.ts';

export interface ReadWrite {
  /** Its index in the history. */
  readonly operation: number;
  readonly process: string;
  readonly key: string;
  readonly type: 'read' | 'write';
  /** What was read or written, as text that is equal for equal values. */
  readonly value: string;
  /** A read that was invoked when all messages had been delivered. */
  readonly isFinal: boolean;
  /** A write of unknown outcome took effect only if a read returned its value. */
  readonly isCertain: boolean;
}

export interface ReadsWrites {
  /** In the order of their invocations. */
  readonly all: readonly ReadWrite[];
  /** The value of each key at the start. */
  readonly initial: string;
  /** The writes that each read may have returned, in `all`; -1 is the value at the start. */
  readonly sources: ReadonlyMap<number, readonly number[]>;
}

const readNames = new Set(['read', 'get']);
const writeNames = new Set(['write', 'put']);

/** Undefined if the history has other operations. What failed or was not answered reads nothing. */
export function readsWritesOf(
  history: History,
  specification: Specification,
): ReadsWrites | undefined {
  const all: ReadWrite[] = [];
  const start = specification.init() as Json;
  for (const i of invocationOrder(history)) {
    const operation = history[i];
    const type = typeOf(operation, start, specification);
    if (type === undefined) return undefined;
    const { outcome, process, args, result } = operation;
    if (outcome === 'failed' || (type === 'read' && (outcome !== 'ok' || result === undefined))) {
      continue;
    }
    all.push({
      operation: i,
      process,
      key: keyOf(operation, specification),
      type,
      value: canonical(type === 'read' ? result : args.value),
      isFinal: args.final === true,
      isCertain: outcome === 'ok',
    });
  }
  const initial = canonical(start);
  return { all, initial, sources: sourcesOf(all, initial) };
}

/** By its name, and for a write by what the specification says that it does. */
function typeOf(
  operation: HistoryOperation,
  start: Json,
  specification: Specification,
): ReadWrite['type'] | undefined {
  if (readNames.has(operation.name)) return 'read';
  if (!writeNames.has(operation.name)) return undefined;
  const after = specification.step(start, operation);
  return after !== undefined && canonical(after) === canonical(operation.args.value)
    ? 'write'
    : undefined;
}

function sourcesOf(all: readonly ReadWrite[], initial: string): Map<number, readonly number[]> {
  const sources = new Map<number, readonly number[]>();
  const writes = new Map<string, number[]>();
  const nameOf = ({ key, value }: ReadWrite) => `${JSON.stringify(key)} ${value}`;
  all.forEach((one, i) => {
    if (one.type !== 'write') return;
    const same = writes.get(nameOf(one));
    if (same === undefined) writes.set(nameOf(one), [i]);
    else same.push(i);
  });
  all.forEach((one, i) => {
    if (one.type !== 'read') return;
    const found = writes.get(nameOf(one)) ?? [];
    sources.set(i, one.value === initial ? [...found, -1] : found);
  });
  return sources;
}

/** For each of them, those before it in its process. An uncertain write precedes none. */
export function programOrder(all: readonly ReadWrite[]): readonly number[][] {
  const last = new Map<string, number>();
  return all.map(({ process, isCertain }, i) => {
    const before = last.get(process);
    if (isCertain) last.set(process, i);
    return before === undefined ? [] : [before];
  });
}
