/** Which transaction wrote each value of each key. */
import type { Transaction, Transactions } from './transaction.ts';

export interface Writer {
  readonly transaction: number;
  /** What the transaction wrote to the key before and after it. */
  readonly previous: number | undefined;
  readonly next: number | undefined;
}

export class Writers {
  private readonly byValue: Map<number, Writer | Writer[]>[];
  private readonly byKey: number[][];

  constructor(private readonly transactions: Transactions) {
    this.byValue = transactions.keys.map(() => new Map());
    this.byKey = transactions.keys.map(() => []);
    for (const transaction of transactions.all) this.note(transaction);
  }

  /**
   * Returns `none` for a value that no transaction wrote, and for undefined. `reader` read the
   * value before it wrote to the key: it has it from another transaction, if one wrote it.
   */
  of(key: number, value: number | undefined, reader?: number): Writer | 'none' | 'ambiguous' {
    const found = value === undefined ? undefined : this.byValue[key].get(value);
    if (found === undefined) return 'none';
    if (!Array.isArray(found)) return found;
    const others = found.filter(({ transaction }) => transaction !== reader);
    return this.onlyOf(others.length > 0 ? others : found);
  }

  /** Whether another transaction wrote the value, and did not abort. */
  isByOther(key: number, value: number, transaction: number): boolean {
    const found = this.byValue[key].get(value);
    if (found === undefined) return false;
    const isOther = (one: Writer) => one.transaction !== transaction && !this.isAborted(one);
    return Array.isArray(found) ? found.some(isOther) : isOther(found);
  }

  /** The transactions that wrote to a key and did not abort, in the order of their invocations. */
  transactionsOf(key: number): readonly number[] {
    return this.byKey[key];
  }

  private note({ index, outcome, operations }: Transaction): void {
    const keys = new Map<number, number[]>();
    for (const operation of operations) {
      if (operation.type === 'read') continue;
      const values = keys.get(operation.key);
      if (values === undefined) keys.set(operation.key, [operation.value]);
      else values.push(operation.value);
    }
    for (const [key, values] of keys) {
      const isList = this.transactions.isList[key];
      values.forEach((value, at) => {
        // A register that is set to one value twice has it again at the last time.
        if (!isList && values.lastIndexOf(value) !== at) return;
        const [previous, next] = [values[at - 1], values[at + 1]];
        this.add(key, value, { transaction: index, previous, next });
      });
      if (outcome !== 'failed') this.byKey[key].push(index);
    }
  }

  private add(key: number, value: number, writer: Writer): void {
    const values = this.byValue[key];
    const known = values.get(value);
    if (known === undefined) values.set(value, writer);
    else if (Array.isArray(known)) known.push(writer);
    else values.set(value, [known, writer]);
  }

  /** A client that repeats an aborted transaction writes its values again: the first are void. */
  private onlyOf(writers: readonly Writer[]): Writer | 'ambiguous' {
    const live = writers.filter((one) => !this.isAborted(one));
    const [first, ...others] = live.length > 0 ? live : writers.slice(0, 1);
    return others.length === 0 ? first : 'ambiguous';
  }

  private isAborted({ transaction }: Writer): boolean {
    return this.transactions.all[transaction].outcome === 'failed';
  }
}
