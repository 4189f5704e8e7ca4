/** The database step by step: waits, a deadlock, crashes on both sides, and lost updates. */
import { expect, test } from 'vitest';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { database } from '../../src/protocols/database/database.ts';
import type { DatabaseState } from '../../src/protocols/database/state.ts';
import { expectGolden } from '../golden.ts';
import { Cluster } from './cluster.ts';

interface Given {
  server?: Record<string, unknown>;
  client?: Record<string, unknown>;
  network?: Partial<typeof defaultNetwork>;
  seed?: number;
}

function shop({ server = {}, client = {}, network = {}, seed = 1 }: Given = {}): Cluster {
  return new Cluster({
    protocol: database,
    seed,
    nodes: [
      { id: 'db', role: 'database', options: server },
      ...['A', 'B'].map((id) => ({ id, role: 'client', options: client })),
    ],
    network: { ...defaultNetwork, ...network },
  });
}

const sql = (node: string, statement: string) => `${node} sql ${JSON.stringify({ statement })}`;
const stateOf = (cluster: Cluster) => cluster.world.node('db')!.state as unknown as DatabaseState;
const events = (cluster: Cluster) =>
  cluster.lines.flatMap((line) => [...line.matchAll(/! (\w+)/g)].map(([, name]) => name));

/** Executes a statement; returns its answer, or the reason of its failure. */
function query(cluster: Cluster, node: string, statement: string): unknown {
  cluster.do(sql(node, statement));
  const { operation } = cluster.effects.invoked!;
  const atOnce = cluster.effects.replies.find((one) => one.operation === operation);
  return atOnce === undefined ? cluster.untilReply(operation) : atOnce.result;
}

function expectStory(cluster: Cluster, name: string): void {
  expect(cluster.failures).toEqual([]);
  expectGolden(import.meta.url, name, cluster.lines.join('\n'));
}

test('two transfers in opposite order: a deadlock, a victim, a retry', () => {
  const cluster = shop({ server: { items: 2, stock: 5 }, client: { thinking: [30_000, 60_000] } });
  cluster.do('A transfer {"from":1,"to":2}');
  cluster.do('B transfer {"from":2,"to":1}');
  cluster.run('5s');
  expect(events(cluster).filter((name) => name === 'Deadlock')).toHaveLength(1);
  expect(stateOf(cluster).committed.items.map(({ qty }) => qty).sort()).toEqual([5, 5]);
  expectStory(cluster, 'database-deadlock');
});

test('the database crashes: committed changes survive, uncommitted changes do not', () => {
  const cluster = shop();
  query(cluster, 'A', 'UPDATE items SET qty = 7');
  query(cluster, 'A', 'BEGIN');
  query(cluster, 'A', 'UPDATE items SET qty = 8');
  cluster.do(sql('B', 'UPDATE items SET qty = qty + 1'));
  cluster.untilEvent('LockWaited');
  cluster.do('crash db');
  cluster.do('restart db');
  const unknown = 'was answered: it may have been executed, or not';
  expect(cluster.untilReply('B#1')).toBe(
    `the server closed the connection before UPDATE items SET qty = qty + 1 ${unknown}`,
  );
  expect(query(cluster, 'B', 'SELECT qty FROM items')).toBe(7);
  expect(query(cluster, 'A', 'COMMIT')).toBe(
    'the server closed the connection: the transaction is rolled back',
  );
  expect(query(cluster, 'B', 'UPDATE items SET qty = qty + 1')).toBe('UPDATE 1');
  expect(stateOf(cluster).committed.items).toEqual([{ id: 1, qty: 8, version: 0 }]);
  expectStory(cluster, 'database-crash');
});

test('a client crashes: the server sees its connection close, and rolls back at once', () => {
  const cluster = shop();
  query(cluster, 'A', 'BEGIN');
  query(cluster, 'A', 'SELECT qty FROM items FOR UPDATE');
  cluster.do(sql('B', 'UPDATE items SET qty = 0'));
  cluster.untilEvent('LockWaited');
  const before = cluster.world.time;
  cluster.do('crash A');
  expect(cluster.untilReply('B#1')).toBe('UPDATE 1');
  expect(cluster.world.time - before).toBeLessThan(20_000);
  cluster.do('restart A');
  expect(query(cluster, 'A', 'SELECT qty FROM items')).toBe(0);
});

test('statements are executed once and in order although messages are lost', () => {
  const cluster = shop({ network: { loss: 0.3 } });
  for (let i = 0; i < 20; i++) query(cluster, i % 2 ? 'A' : 'B', 'UPDATE items SET qty = qty + 1');
  expect(query(cluster, 'A', 'SELECT qty FROM items')).toBe(21);
  expect(cluster.failures).toEqual([]);
});

test('which writes count as lost updates', () => {
  const lost = (writes: readonly (readonly [string, string])[]): boolean => {
    const cluster = shop({ server: { stock: 10 } });
    for (const [node, statement] of writes) query(cluster, node, statement);
    return events(cluster).includes('LostUpdate');
  };
  const read = 'SELECT qty, version FROM items WHERE id = 1';
  const write = (set: string, where = '') => `UPDATE items SET ${set} WHERE id = 1${where}`;
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('qty = 9')]])).toBe(true);
  // The write follows from the current row.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('qty = qty - 1')]])).toBe(false);
  // The write changes another column.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('version = 1')]])).toBe(false);
  // The row was read again.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', read], ['B', write('qty = 8')]])).toBe(false);
  // The writer has not read the row, so its write does not follow from an older version.
  expect(lost([['A', write('qty = 9')], ['B', write('qty = 3')]])).toBe(false);
  // A client knows its own writes.
  expect(lost([['A', read], ['A', write('qty = 9')], ['A', write('qty = 8')]])).toBe(false);
});

test('versions and transactions that are no longer needed are removed', () => {
  const cluster = shop();
  for (let i = 0; i < 200; i++) query(cluster, 'A', 'UPDATE items SET qty = qty + 1');
  const { tables, transactions, watched } = stateOf(cluster);
  expect(tables.items.versions).toHaveLength(1);
  expect(Object.keys(transactions)).toHaveLength(0);
  expect(Object.keys(watched)).toHaveLength(0);
});

test.each([
  ['SELEC 1', 'ERROR 42601: syntax error at or near "SELEC"'],
  ['UPDATE', 'ERROR 42601: syntax error at end of input'],
  ["SELECT 'open FROM items", `ERROR 42601: unterminated quoted string at or near "'open FROM items"`],
  ['SELECT * FROM nowhere', 'ERROR 42P01: relation "nowhere" does not exist'],
  ['SELECT price FROM items', 'ERROR 42703: column "price" does not exist'],
  ['SELECT id FROM items WHERE qty', 'ERROR 42804: argument of WHERE must be type boolean, not type integer'],
  ['SELECT qty / 0 FROM items', 'ERROR 22012: division by zero'],
  ['UPDATE items SET id = 2', 'UPDATE 1'],
  ['SELECT qty FROM items WINDOW w AS ()', "ERROR 0A000: Lockstep's database does not model windows with a name (WINDOW …)"],
  ['INSERT INTO items VALUES (1, 1, 1)', 'ERROR 23505: duplicate key value violates unique constraint "items_pkey"'],
  ["SELECT qty FROM items WHERE id = '1'", 1],
  ['SELECT id, qty FROM items WHERE qty BETWEEN 1 AND 2 ORDER BY id DESC', '(1, 1)'],
  ['SELECT count(*), sum(qty), min(qty), max(id) FROM items', '(1, 1, 1, 1)'],
  ['select QTY from ITEMS where not qty is null -- a comment', 1],
])('%s', (statement, answer) => {
  expect(query(shop(), 'A', statement)).toBe(answer);
});
