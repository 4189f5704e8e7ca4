/** What an application does to sell an item: four cures for the lost update, and none. */
import type { OperationId } from '../../protocol/types.ts';

export const cures = ['none', 'pessimistic', 'optimistic', 'atomic', 'lock'] as const;
export type Cure = (typeof cures)[number];

/** One thing that a client does, and waits for. */
export type Step =
  | { readonly type: 'run'; readonly sql: string }
  /** Learns the quantity and the version of the item; ends where there is none left. */
  | { readonly type: 'read'; readonly sql: string }
  /** Ends where no row was changed, or begins anew: see `ifNone`. */
  | { readonly type: 'write'; readonly sql: string; readonly ifNone: 'sold out' | 'again' }
  /** The application is busy with what it has read. */
  | { readonly type: 'think' }
  | { readonly type: 'lock' }
  | { readonly type: 'unlock' };

const begin: Step = { type: 'run', sql: 'BEGIN' };
const commit: Step = { type: 'run', sql: 'COMMIT' };
const think: Step = { type: 'think' };

const read: Step = { type: 'read', sql: 'SELECT qty, version FROM items WHERE id = $item' };
const order: Step = { type: 'run', sql: "INSERT INTO orders VALUES ('$buyer', $item)" };
/** It writes what it has worked out; where the row stands by now, it does not ask. */
const write: Step = {
  type: 'write',
  sql: 'UPDATE items SET qty = $left WHERE id = $item',
  ifNone: 'sold out',
};

export const purchases: Readonly<Record<Cure, readonly Step[]>> = {
  none: [begin, read, think, write, order, commit],

  // Nobody else can have the row from before the read to after the write.
  pessimistic: [begin, { ...read, sql: `${read.sql} FOR UPDATE` }, think, write, order, commit],

  // Everybody may read; whoever writes second finds that the version is another, and reads again.
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

  // The database reads and writes in one statement: there is nothing in between.
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

  // The database knows of no lock: the buyers agree among themselves, by way of a third.
  lock: [{ type: 'lock' }, begin, read, think, write, order, commit, { type: 'unlock' }],
};

/** Takes a piece from one item and gives it to another; both are locked, in the order named. */
export const transfer: readonly Step[] = [
  begin,
  { type: 'read', sql: 'SELECT qty, version FROM items WHERE id = $item FOR UPDATE' },
  think,
  { type: 'run', sql: 'SELECT qty, version FROM items WHERE id = $to FOR UPDATE' },
  { type: 'run', sql: 'UPDATE items SET qty = qty - 1 WHERE id = $item' },
  { type: 'run', sql: 'UPDATE items SET qty = qty + 1 WHERE id = $to' },
  commit,
];

/** A list of steps under way. */
export interface Task {
  readonly operation: OperationId;
  readonly steps: readonly Step[];
  /** What is answered in the end, if all goes well. */
  readonly success: string;
  readonly item: number;
  readonly to: number;
  at: number;
  attempt: number;
  qty: number;
  version: number;
  /** Why it is being rolled back: to end so, or to begin anew. */
  ending: { readonly type: 'sold out' | 'again' | 'failed'; readonly reason: string } | null;
  /** What its lock was taken with; empty without one. */
  grant: string;
}

/** The statement with what is known by now in the place of its `$names`. */
export function sqlOf(sql: string, task: Task, buyer: string): string {
  const known: Record<string, string | number> = {
    item: task.item, to: task.to, version: task.version, left: task.qty - 1, buyer,
  };
  return sql.replaceAll(/\$(\w+)/g, (_, name: string) => String(known[name]));
}
