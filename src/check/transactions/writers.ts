/** Which transaction wrote each value of each key. */
import type { Transaction, Transactions } from './transaction.ts';

export interface Writer {
  readonly transaction: number;
  /** What the transaction wrote to the key before and after it. */
  readonly previous: number | undefined;
  readonly next: number | undefined;
}

export class Writers {
  private readonly byValue: Map<number, Writer | 'ambiguous'>[];
  private readonly byKey: number[][];

  constructor(private readonly transactions: Transactions) {
    this.byValue = transactions.keys.map(() => new Map());
    this.byKey = transactions.keys.map(() => []);
    for (const transaction of transactions.all) this.note(transaction);
  }

  /** Returns `none` for a value that no transaction wrote, and for undefined. */
  of(key: number, value: number | undefined): Writer | 'none' | 'ambiguous' {
    return (value === undefined ? undefined : this.byValue[key].get(value)) ?? 'none';
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
      values.forEach((value, at) => {
        const [previous, next] = [values[at - 1], values[at + 1]];
        this.add(key, value, { transaction: index, previous, next });
      });
      if (outcome !== 'failed') this.byKey[key].push(index);
    }
  }

  /** A client that repeats an aborted transaction writes its values again: the first are void. */
  private add(key: number, value: number, writer: Writer): void {
    const values = this.byValue[key];
    const known = values.get(value);
    if (known === undefined) values.set(value, writer);
    else if (this.isAborted(writer)) return;
    else values.set(value, known !== 'ambiguous' && this.isAborted(known) ? writer : 'ambiguous');
  }

  private isAborted({ transaction }: Writer): boolean {
    return this.transactions.all[transaction].outcome === 'failed';
  }
}
