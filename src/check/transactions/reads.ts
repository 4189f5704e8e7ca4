/** What a transaction read of the work of others, and reads that contradict its own work. */
import type { Json } from '../../protocol/types.ts';
import type { ReadAnomaly } from './anomaly.ts';
import type { MicroOperation, Transaction, Transactions } from './transaction.ts';
import type { Writers } from './writers.ts';

export interface ExternalRead {
  readonly key: number;
  readonly transaction: number;
  /** All elements that it returned. */
  readonly list: readonly number[];
  /** Those that were there before the transaction appended its own. */
  readonly before: readonly number[];
}

export interface TransactionReads {
  readonly reads: readonly ExternalRead[];
  readonly anomalies: readonly ReadAnomaly[];
}

/** Reads what a committed transaction saw of each key before its own writes. */
export function externalReads(
  transactions: Transactions,
  { index, operations }: Transaction,
  writers: Writers,
): TransactionReads {
  const keys = new Map<number, KeyReads>();
  const found: { reads: ExternalRead[]; anomalies: ReadAnomaly[] } = { reads: [], anomalies: [] };
  operations.forEach((operation, at) => {
    let key = keys.get(operation.key);
    if (key === undefined) {
      key = transactions.isList[operation.key] ? new ListReads() : new RegisterReads();
      keys.set(operation.key, key);
    }
    if (operation.type !== 'read') return key.write(operation.value);
    const { seen } = operation;
    const { key: of } = operation;
    // A value that another transaction wrote, or that was there at the start, may be from there.
    const own = laterWrites(operations, at).filter((value) => {
      return transactions.initial[of] !== value && !writers.isByOther(of, value, index);
    });
    const { fault, expected, before } = readIn(key, seen, own);
    if (fault !== undefined) {
      const value = expected && { value: readValue(transactions, of, expected) };
      found.anomalies.push({ ...readAnomaly(transactions, fault, of, index, seen), ...value });
    }
    if (before !== undefined) {
      found.reads.push({ key: operation.key, transaction: index, list: seen, before });
    }
  });
  return found;
}

/** What a read of the key that saw these values returned. */
function readValue({ isList, values }: Transactions, key: number, seen: readonly number[]): Json {
  return isList[key] ? seen.map((one) => values[one]) : (values[seen.at(-1) ?? -1] ?? null);
}

export function readAnomaly(
  transactions: Transactions,
  name: ReadAnomaly['name'],
  key: number,
  reader: number,
  seen: readonly number[],
): ReadAnomaly {
  const { keys, isList } = transactions;
  const read = readValue(transactions, key, seen);
  return { type: 'read', name, key: keys[key], isList: isList[key], reader, read };
}

/** What the same transaction writes to the key after the read at `at`. */
function laterWrites(operations: readonly MicroOperation[], at: number): readonly number[] {
  const { key } = operations[at];
  const later: number[] = [];
  for (let next = at + 1; next < operations.length; next++) {
    const operation = operations[next];
    if (operation.key === key && operation.type !== 'read') later.push(operation.value);
  }
  return later;
}

interface Found {
  readonly fault?: 'internal' | 'future read';
  /** What an internal read should have returned. */
  readonly expected?: readonly number[];
  /** What others had written; undefined if the read says nothing new. */
  readonly before?: readonly number[];
}

interface KeyReads {
  write(value: number): void;
  read(seen: readonly number[]): Found;
  /** Whether the transaction had written the value before. */
  has(value: number): boolean;
}

function readIn(key: KeyReads, seen: readonly number[], later: readonly number[]): Found {
  const isFuture = later.some((value) => seen.includes(value) && !key.has(value));
  return isFuture ? { fault: 'future read' } : key.read(seen);
}

class RegisterReads implements KeyReads {
  private readonly own: number[] = [];
  private value: readonly number[] | undefined;

  write(value: number): void {
    this.own.push(value);
    this.value = [value];
  }

  has(value: number): boolean {
    return this.own.includes(value);
  }

  read(seen: readonly number[]): Found {
    const expected = this.value;
    if (expected === undefined) {
      this.value = seen;
      return { before: seen };
    }
    if (expected.at(-1) === seen.at(-1)) return {};
    return { fault: 'internal', expected, before: seen };
  }
}

class ListReads implements KeyReads {
  private readonly own: number[] = [];
  private before: readonly number[] | undefined;

  write(value: number): void {
    this.own.push(value);
  }

  has(value: number): boolean {
    return this.own.includes(value);
  }

  read(seen: readonly number[]): Found {
    const others = seen.length - this.own.length;
    const endsWithOwn = others >= 0 && this.own.every((one, at) => seen[others + at] === one);
    const before = this.own.length === 0 ? seen : seen.slice(0, Math.max(0, others));
    if (this.before === undefined && endsWithOwn) {
      this.before = before;
      return { before };
    }
    if (endsWithOwn && isEqual(before, this.before!)) {
      // Its own elements show where in the list it appended.
      return this.own.length === 0 ? {} : { before };
    }
    return { fault: 'internal', expected: [...(this.before ?? []), ...this.own], before: seen };
  }
}

function isEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
