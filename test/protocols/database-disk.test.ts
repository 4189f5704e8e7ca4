/** A database on a slow disk: a commit is answered, seen and releases its locks when it is durable. */
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import { database } from '../../src/protocols/database/database.ts';

async function run(
  steps: readonly string[],
  expectations: readonly string[] = [],
  options = '',
): Promise<{ code: number; out: string }> {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const server = `{ role: database${options} }`;
  const source =
    `protocol: database\nseed: 1\nnodes: { db: ${server}, A: client, B: client }\n` +
    `steps:\n${list(steps)}${expectations.length > 0 ? `expect:\n${list(expectations)}` : ''}`;
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', 'a.scenario.yaml'], {
    read: () => source, version: () => '', out: write, error: write,
  });
  return { code, out };
}

const row = 'db.state.committed.items[0].qty';
const written = ['A begin', 'A sql "UPDATE items SET qty = 5 WHERE id = 1" answers "UPDATE 1"'];

const stories: Readonly<Record<string, readonly [readonly string[], readonly string[], string?]>> = {
  'readers and uncommitted work go on, and read what was committed before': [
    [
      ...written, 'disk db stall for 5s', 'start A commit', 'wait 1s',
      'B sql "SELECT qty FROM items WHERE id = 1" answers 1', 'B begin',
      'B sql "INSERT INTO orders VALUES (\'B\', 1)" answers "INSERT 0 1"', 'B rollback',
      'wait until A answered within 5s',
      'B sql "SELECT qty FROM items WHERE id = 1" answers 5',
    ],
    ['event CommitWaits at db', `end: ${row} == 5`],
  ],
  'another writer of the row waits for the commit': [
    [
      ...written, 'disk db stall for 5s', 'start A commit',
      'start B sql "UPDATE items SET qty = qty + 1 WHERE id = 1"', 'wait until LockWaited at db',
      'wait until TransactionCommitted at db within 6s', 'wait until WaitEnded at db',
      'wait until B answered within 3s',
    ],
    [`end: ${row} == 6`],
  ],
  'a slow disk delays each commit': [
    [
      'disk db slow 20ms', 'A sql "UPDATE items SET qty = 5 WHERE id = 1" answers "UPDATE 1"',
      'B sql "UPDATE items SET qty = 6 WHERE id = 1" answers "UPDATE 1"',
    ],
    [`end: ${row} == 6`],
  ],
  'a crash in the stall loses the commit, whose outcome the client does not know': [
    [
      ...written, 'disk db stall for 5s', 'start A commit', 'wait until CommitWaits', 'crash db',
      'wait 1s', 'restart db', 'wait 6s', 'B sql "SELECT qty FROM items WHERE id = 1" answers 1',
    ],
    ['event OutcomeUnknown at A', 'no event TransactionCommitted', `end: ${row} == 1`],
  ],
  'a crash after it keeps the commit': [
    [
      ...written, 'disk db stall for 5s', 'A commit within 6s', 'crash db', 'restart db', 'wait 1s',
      'B sql "SELECT qty FROM items WHERE id = 1" answers 5',
    ],
    [`end: ${row} == 5`],
  ],
  'a commit that is on disk and not yet seen survives a crash': [
    [
      ...written, 'disk db stall for 5s', 'start A commit', 'wait until CommitWaits', 'pause db',
      'wait 6s', 'crash db', 'restart db', 'wait 1s',
      'B sql "SELECT qty FROM items WHERE id = 1" answers 5',
    ],
    ['event OutcomeUnknown at A', `end: ${row} == 5`],
  ],
  'nothing interrupts it: a session that is ended meanwhile ends after its commit': [
    [
      ...written, 'A sql "SET statement_timeout = \'1s\'"', 'disk db stall for 5s', 'start A commit',
      'B sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event = \'WALSync\'" answers 1',
      'B sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = \'WALSync\'" answers true',
      'wait until A answered within 6s',
    ],
    ['event SessionEnded at db', `end: ${row} == 5`],
  ],
  'with synchronous_commit off it does not wait': [
    [
      'A sql "SET synchronous_commit = off"', ...written, 'disk db stall for 5s', 'A commit',
      'B sql "SELECT qty FROM items WHERE id = 1" answers 5',
    ],
    ['no event CommitWaits', `end: ${row} == 5`],
  ],
  'with synchronous_commit off a crash loses what was answered': [
    [...written, 'disk db stall for 5s', 'A commit', 'crash db', 'restart db', 'wait 1s'],
    ['event TransactionCommitted', `end: ${row} == 1`],
    ', synchronous_commit: off',
  ],
  'a crash ends a transaction of which the disk has the row, and not yet its lock': [
    [
      ...written, 'disk db stall for 1s', 'start B sql "INSERT INTO orders VALUES (\'B\', 1)"',
      'wait until CommitWaits', 'start A sql "SELECT qty FROM items WHERE id = 1 FOR UPDATE"',
      'wait until RowLocked', 'wait 2s', 'crash db', 'restart db', 'wait 1s',
    ],
    [`end: ${row} == 1`],
  ],
  'a transaction that wrote nothing does not wait': [
    ['A begin', 'A sql "SELECT qty FROM items" answers 1', 'disk db stall', 'A commit'],
    ['no event CommitWaits'],
  ],
};

describe('a slow disk', () => {
  test.each(Object.entries(stories))('%s', async (_, [steps, expectations, options]) => {
    const { code, out } = await run(steps, expectations, options);
    expect(code, out).toBe(0);
  });
});

/** Two transactions of a write skew: the one that is prepared cannot fail any more. */
test('of two serializable transactions the one that waits for its disk survives', async () => {
  const both = ['A', 'B'].flatMap((name) => [
    `${name} sql "BEGIN ISOLATION LEVEL SERIALIZABLE"`, `${name} sql "SELECT sum(item) FROM orders"`,
  ]);
  const inserts = ['A', 'B'].map((name, i) => `${name} sql "INSERT INTO orders VALUES ('${name}', ${i})"`);
  const { code, out } = await run(
    [
      ...both, ...inserts, 'disk db stall for 5s', 'start A commit', 'wait 1s',
      'B sql "COMMIT" fails', 'wait until A answered within 6s',
    ],
    ['event SerializationFailure at db where event.session == "B"', 'end: db.state.committed.orders.size() == 1'],
  );
  expect(code, out).toBe(0);
});

test('a healthy disk needs no step of its own', () => {
  const world = start({
    protocol: database,
    seed: 1,
    nodes: [{ id: 'db', role: 'database' }, { id: 'A', role: 'client' }],
    network: { latency: [1_000, 1_000], loss: 0, duplicate: 0, reorder: false },
  });
  const effects = new Effects();
  const args = { statement: 'UPDATE items SET qty = 5 WHERE id = 1' };
  step(world, { type: 'invoke', at: 0, node: 'A', operation: 'sql', args }, effects);
  const types: string[] = [];
  for (let next = world.next(); next !== undefined && next.at < 1_000_000; next = world.next()) {
    types.push(next.type);
    step(world, next, effects);
  }
  expect(world.node('db')!.state).toMatchObject({ logged: [], committed: { items: [{ qty: 5 }] } });
  expect(types).not.toContain('synced');
  expect(types).not.toContain('fire');
});
