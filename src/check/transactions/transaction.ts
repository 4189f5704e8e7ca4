/** Transactions of micro-operations, read from a history: keys and values become numbers. */
import type { History, HistoryOperation } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * A micro-operation of a transaction, as in Jepsen: `[:append k v]`, `[:w k v]` or `[:r k v]`.
 * Keys and values are numbers in the tables of `Transactions`.
 */
export type MicroOperation =
  | { readonly type: 'append' | 'write'; readonly key: number; readonly value: number }
  /** The elements of a list, or the one value of a register; empty at the start. */
  | { readonly type: 'read'; readonly key: number; readonly seen: readonly number[] };

export interface Transaction {
  /** Its index in the history. */
  readonly index: number;
  /** An operation of unknown outcome may have committed, or may still commit. */
  readonly outcome: HistoryOperation['outcome'];
  readonly client: string;
  readonly invoked: number;
  /** The position of its response if it committed, otherwise undefined. */
  readonly returned: number | undefined;
  /** Reads are known only of a transaction that committed. */
  readonly operations: readonly MicroOperation[];
}

export interface Transactions {
  readonly all: readonly Transaction[];
  readonly keys: readonly Json[];
  /** By key: whether it holds a list, to which transactions append; otherwise it is a register. */
  readonly isList: readonly boolean[];
  readonly values: readonly Json[];
  /** By key: the value of a register at the start; undefined if there is none. */
  readonly initial: readonly (number | undefined)[];
}

/** What a register has at the start, by its key; null or undefined: it has no value. */
export type InitialValues = (key: Json) => Json | undefined;

/** Why an operation of a history is not a transaction that can be checked. */
export interface TransactionFault {
  readonly operation: number;
  readonly code: 'not a transaction' | 'list and register' | 'not a list';
  /** The part that is wrong: the micro-operation, or the key. */
  readonly part: Json;
}

export type ReadTransactions =
  | { readonly type: 'transactions'; readonly transactions: Transactions }
  | { readonly type: 'fault'; readonly fault: TransactionFault };

/** Gives equal values one number. */
class Table {
  readonly values: Json[] = [];
  private readonly numbers = new Map<number | string, number>();

  numberOf(value: Json): number {
    // The JSON of a string has quotes, so it never equals that of another value.
    const name = typeof value === 'number' ? value : JSON.stringify(value);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.values.length);
    return this.values.push(value) - 1;
  }
}

type Written = 'append' | 'write';

const kinds: ReadonlyMap<Json, Written | 'read'> = new Map<Json, Written | 'read'>([
  ['append', 'append'], ['w', 'write'], ['write', 'write'], ['r', 'read'], ['read', 'read'],
]);

const nothing: readonly number[] = [];

/** Reads all operations of a history as transactions, or returns the first fault. */
export function readTransactions(
  history: History,
  initial: InitialValues = () => undefined,
): ReadTransactions {
  const reader = new TransactionReader(initial);
  for (const [index, operation] of history.entries()) {
    const fault = reader.noteKeys(index, operation);
    if (fault !== undefined) return { type: 'fault', fault };
  }
  const all: Transaction[] = [];
  for (const [index, operation] of history.entries()) {
    const read = reader.read(index, operation);
    if ('code' in read) return { type: 'fault', fault: read };
    all.push(read);
  }
  const { isList, initial: starts } = reader;
  const [keys, values] = [reader.keys.values, reader.values.values];
  return { type: 'transactions', transactions: { all, keys, isList, values, initial: starts } };
}

/** The micro-operations that an operation was invoked with, or undefined if it has none. */
export function microOperationsOf(operation: HistoryOperation): readonly Json[] | undefined {
  const { operations } = operation.args;
  return Array.isArray(operations) ? operations : undefined;
}

/** A micro-operation as it is written; undefined if it is none. */
function partOf(part: Json): { kind: Written | 'read'; key: Json; value: Json } | undefined {
  if (!Array.isArray(part) || part.length < 2) return undefined;
  const [name, key, value = null] = part as readonly Json[];
  const kind = kinds.get(name);
  return kind && { kind, key, value };
}

class TransactionReader {
  readonly keys = new Table();
  readonly values = new Table();
  readonly isList: boolean[] = [];
  readonly initial: (number | undefined)[] = [];
  private readonly written: (Written | undefined)[] = [];

  constructor(private readonly initialOf: InitialValues) {}

  /** What a read returned can be understood only once all writes of its key are known. */
  noteKeys(index: number, operation: HistoryOperation): TransactionFault | undefined {
    const parts = microOperationsOf(operation);
    const lacksResult = operation.outcome === 'ok' && !Array.isArray(operation.result);
    if (operation.name !== 'txn' || parts === undefined || lacksResult) {
      return { operation: index, code: 'not a transaction', part: operation.name };
    }
    for (const part of parts) {
      const micro = partOf(part);
      if (micro === undefined) return { operation: index, code: 'not a transaction', part };
      const { kind } = micro;
      const key = this.keys.numberOf(micro.key);
      if (this.isList[key] === undefined) this.noteKey(key, micro.key);
      if (kind === 'read') continue;
      if ((this.written[key] ?? kind) !== kind) {
        return { operation: index, code: 'list and register', part: micro.key };
      }
      this.written[key] = kind;
      this.isList[key] = kind === 'append';
    }
    return undefined;
  }

  private noteKey(key: number, name: Json): void {
    this.isList[key] = false;
    const start = this.initialOf(name) ?? null;
    this.initial[key] = start === null ? undefined : this.values.numberOf(start);
  }

  read(index: number, operation: HistoryOperation): Transaction | TransactionFault {
    const { outcome, process: client, invoked, result } = operation;
    const committed = outcome === 'ok';
    const parts = committed ? (result as readonly Json[]) : microOperationsOf(operation)!;
    const operations: MicroOperation[] = [];
    for (const part of parts) {
      const micro = partOf(part);
      if (micro === undefined) return { operation: index, code: 'not a transaction', part };
      const { kind, value } = micro;
      const key = this.keys.numberOf(micro.key);
      if (kind !== 'read') {
        operations.push({ type: kind, key, value: this.values.numberOf(value) });
      } else if (committed) {
        // A register that has a value always: what was read of it was not recorded.
        if (value === null && this.initial[key] !== undefined && !this.isList[key]) continue;
        const seen = this.seen(key, value);
        if (seen === undefined) return { operation: index, code: 'not a list', part };
        operations.push({ type: 'read', key, seen });
      }
    }
    const returned = committed ? operation.returned : undefined;
    return { index, outcome, client, invoked, returned, operations };
  }

  private seen(key: number, value: Json): readonly number[] | undefined {
    if (value === null) return nothing;
    // A key that is only read has a list if the first read returned one.
    if (this.written[key] === undefined && Array.isArray(value)) this.isList[key] = true;
    if (!this.isList[key]) return [this.values.numberOf(value)];
    return Array.isArray(value) ? value.map((one) => this.values.numberOf(one)) : undefined;
  }
}
