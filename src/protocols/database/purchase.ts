/** The steps in which an application sells an item, with a cure for the lost update or without. */
import type { OperationId } from '../../protocol/types.ts';

export const cures = ['none', 'pessimistic', 'optimistic', 'atomic', 'lock'] as const;
export type Cure = (typeof cures)[number];

/** One step, which a client starts and waits for. */
type Step =
  | { readonly type: 'run'; readonly sql: string }
  /** Reads the quantity and the version of the item; if no piece is left, the task ends. */
  | { readonly type: 'read'; readonly sql: string }
  /** If no row was changed, the task ends or starts again, by `ifNone`. */
  | { readonly type: 'write'; readonly sql: string; readonly ifNone: 'sold out' | 'again' }
  /** The application works with what it has read. */
  | { readonly type: 'think' }
  | { readonly type: 'lock' }
  | { readonly type: 'unlock' };

const begin: Step = { type: 'run', sql: 'BEGIN' };
const commit: Step = { type: 'run', sql: 'COMMIT' };
const think: Step = { type: 'think' };

const read: Step = { type: 'read', sql: 'SELECT qty, version FROM items WHERE id = $item' };
const order: Step = { type: 'run', sql: "INSERT INTO orders VALUES ('$buyer', $item)" };
/** Writes the quantity that the client computed, without checking that the row is unchanged. */
const write: Step = {
  type: 'write',
  sql: 'UPDATE items SET qty = $left WHERE id = $item',
  ifNone: 'sold out',
};

export const purchases: Readonly<Record<Cure, readonly Step[]>> = {
  none: [begin, read, think, write, order, commit],

  // No other client can change or lock the row between the read and the commit.
  pessimistic: [begin, { ...read, sql: `${read.sql} FOR UPDATE` }, think, write, order, commit],

  // Every client may read. The second to write finds a newer version, and reads again.
  optimistic: [
    begin,
    read,
    think,
    {
      type: 'write',
      sql:
        'UPDATE items SET qty = $left, version = $version + 1 ' +
        'WHERE id = $item AND version = $version',
      ifNone: 'again',
    },
    order,
    commit,
  ],

  // The database reads and writes in one statement, so nothing can happen in between.
  atomic: [
    begin,
    {
      type: 'write',
      sql: 'UPDATE items SET qty = qty - 1 WHERE id = $item AND qty > 0',
      ifNone: 'sold out',
    },
    order,
    commit,
  ],

  // The lock is not in the database: the clients agree to take it in Redis.
  lock: [{ type: 'lock' }, begin, read, think, write, order, commit, { type: 'unlock' }],
};

/** Moves a piece from one item to another; locks both rows, in the order of the arguments. */
export const transfer: readonly Step[] = [
  begin,
  { type: 'read', sql: 'SELECT qty, version FROM items WHERE id = $item FOR UPDATE' },
  think,
  { type: 'run', sql: 'SELECT qty, version FROM items WHERE id = $to FOR UPDATE' },
  { type: 'run', sql: 'UPDATE items SET qty = qty - 1 WHERE id = $item' },
  { type: 'run', sql: 'UPDATE items SET qty = qty + 1 WHERE id = $to' },
  commit,
];

/** A list of steps that a client executes. */
export interface Task {
  readonly operation: OperationId;
  readonly steps: readonly Step[];
  /** The answer to the operation if the task succeeds. */
  readonly success: string;
  readonly item: number;
  readonly to: number;
  /** The index of the current step. */
  at: number;
  attempt: number;
  qty: number;
  version: number;
  /** Why the task is being rolled back, and whether it ends or starts again afterwards. */
  ending: { readonly type: 'sold out' | 'again' | 'failed'; readonly reason: string } | null;
  /** The value of its lock in Redis; empty if it has none. */
  grant: string;
}

/** What a client shows of its task. */
export const taskDocs: Readonly<Record<string, string>> = {
  item: 'The row of items that its task is about.',
  qty: 'The stock of the item, as its task has read it.',
  attempt: 'How often it has begun this task: a conflict makes it begin again.',
};

/** The statement with values in place of its `$names`. */
export function sqlOf(sql: string, task: Task, buyer: string): string {
  const values: Record<string, string | number> = {
    item: task.item, to: task.to, version: task.version, left: task.qty - 1, buyer,
  };
  return sql.replaceAll(/\$(\w+)/g, (_, name: string) => String(values[name]));
}

/** The key of the lock in Redis. */
export function lockOf({ item }: Task): string {
  return `lock:item${item}`;
}

export function taskOf(
  operation: OperationId,
  steps: readonly Step[],
  success: string,
  item: number,
  to: number,
): Task {
  return {
    operation, steps, success, item, to,
    at: 0, attempt: 1, qty: 0, version: 0, ending: null, grant: '',
  };
}
