/**
 * Transactions of a run, in which begin, each read or write, and commit are separate operations.
 * The protocol says what each operation does.
 */
import type { History, HistoryOperation, Transactions } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';
import { namedTransactions } from './named-effects.ts';

export type RunTransactions =
  | {
      readonly type: 'transactions';
      readonly history: History;
      /** By transaction: the operations that it consists of, as indices in the run's history. */
      readonly origins: readonly (readonly number[])[];
    }
  /** The operation reads or writes in a way that is not one of a single row or key. */
  | { readonly type: 'not registers'; readonly operation: number };

/** Returns a history of `txn` operations, each from its begin to the answer of its commit. */
export function transactionsOfRun(
  history: History,
  transactions: Transactions = namedTransactions,
): RunTransactions {
  const reader = new RunReader(transactions);
  // A session is ordered by its answers: what it read before a commit is part of the transaction.
  for (const [index, operation] of history.entries()) {
    if (!reader.take(index, operation)) return { type: 'not registers', operation: index };
  }
  return reader.end();
}

/** A transaction that is not at its end yet. */
interface Open {
  readonly client: string;
  readonly invoked: number;
  readonly parts: Json[];
  readonly origins: number[];
}

interface Ended extends Open {
  readonly outcome: HistoryOperation['outcome'];
  readonly returned: number | undefined;
}

class RunReader {
  private readonly memory: unknown;
  private readonly open = new Map<string, Open>();
  private readonly ended: Ended[] = [];

  constructor(private readonly transactions: Transactions) {
    this.memory = transactions.remember?.();
  }

  /** Returns false for an operation that is not one of registers. */
  take(index: number, operation: HistoryOperation): boolean {
    const effect = this.transactions.effect(operation, this.memory);
    if (effect === undefined) return false;
    if (effect.length === 0) return true;
    const named = this.transactions.transaction?.(operation);
    const client = `${operation.process}${named === undefined ? '' : `/${named}`}`;
    const own = this.open.get(client);
    if (effect === 'begin') {
      if (own === undefined) this.begin(client, index, operation);
    } else if (effect === 'commit' || effect === 'rollback') {
      if (own !== undefined) this.finish(own, index, operation, effect === 'commit');
    } else {
      this.add(own, client, index, operation, effect as readonly Json[]);
    }
    return true;
  }

  /** Transactions without an end did not commit: their clients never said so. */
  end(): RunTransactions {
    const left = [...this.open.values()].map(
      (one): Ended => ({ ...one, outcome: 'failed', returned: undefined }),
    );
    const all = [...this.ended, ...left].filter(({ parts }) => parts.length > 0);
    all.sort((one, other) => one.invoked - other.invoked);
    const history = all.map(({ client, invoked, parts, outcome, returned }): HistoryOperation => ({
      process: client, name: 'txn', args: { operations: parts }, invoked, returned, outcome,
      result: outcome === 'ok' ? parts : undefined,
    }));
    return { type: 'transactions', history, origins: all.map(({ origins }) => origins) };
  }

  private begin(client: string, index: number, { invoked }: HistoryOperation): void {
    this.open.set(client, { client, invoked, parts: [], origins: [index] });
  }

  private finish(
    own: Open,
    index: number,
    { outcome, returned }: HistoryOperation,
    isCommit: boolean,
  ): void {
    this.open.delete(own.client);
    own.origins.push(index);
    this.ended.push({ ...own, outcome: isCommit ? outcome : 'failed', returned });
  }

  /** Outside a transaction, a statement is a transaction by itself. */
  private add(
    own: Open | undefined,
    client: string,
    index: number,
    { invoked, returned, outcome }: HistoryOperation,
    parts: readonly Json[],
  ): void {
    if (own === undefined) {
      const alone = { client, invoked, parts: [...parts], origins: [index] };
      this.ended.push({ ...alone, outcome, returned });
    } else if (outcome === 'ok') {
      own.parts.push(...parts);
      own.origins.push(index);
    }
  }
}
