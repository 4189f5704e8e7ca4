/** The database told step by step: waits, a deadlock, crashes on either side, and what is a loss. */
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

/** Asks, and waits for the answer; the answer or the reason of a failure. */
function say(cluster: Cluster, node: string, statement: string): unknown {
  cluster.do(sql(node, statement));
  const { operation } = cluster.effects.invoked!;
  const isIt = (one: { operation: string }) => one.operation === operation;
  cluster.until(({ effects }) => effects.replies.some(isIt));
  return cluster.effects.replies.find(isIt)!.result;
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

test('the database crashes: what was committed is there, what was not never was', () => {
  const cluster = shop();
  say(cluster, 'A', 'UPDATE items SET qty = 7');
  say(cluster, 'A', 'BEGIN');
  say(cluster, 'A', 'UPDATE items SET qty = 8');
  cluster.do(sql('B', 'UPDATE items SET qty = qty + 1'));
  cluster.untilEvent('LockWaited');
  cluster.do('crash db');
  cluster.do('restart db');
  expect(cluster.untilReply('B#1')).toBe('server closed the connection unexpectedly');
  expect(say(cluster, 'B', 'SELECT qty FROM items')).toBe(7);
  expect(say(cluster, 'A', 'COMMIT')).toBe('COMMIT');
  expect(say(cluster, 'B', 'UPDATE items SET qty = qty + 1')).toBe('UPDATE 1');
  expect(stateOf(cluster).committed.items).toEqual([{ id: 1, qty: 8, version: 0 }]);
  expectStory(cluster, 'database-crash');
});

test('a client crashes: its locks are kept until its connection is known to be gone', () => {
  const cluster = shop();
  say(cluster, 'A', 'BEGIN');
  say(cluster, 'A', 'SELECT qty FROM items FOR UPDATE');
  cluster.do('crash A');
  cluster.do(sql('B', 'UPDATE items SET qty = 0'));
  cluster.run('10s');
  expect(stateOf(cluster).sessions.B.waits).not.toBeNull();
  cluster.do('restart A');
  expect(cluster.untilReply('B#1')).toBe('UPDATE 1');
  expect(say(cluster, 'A', 'SELECT qty FROM items')).toBe(0);
});

test('statements that come twice are done once', () => {
  const cluster = shop({ network: { duplicate: 0.5 } });
  for (let i = 0; i < 20; i++) say(cluster, i % 2 ? 'A' : 'B', 'UPDATE items SET qty = qty + 1');
  expect(say(cluster, 'A', 'SELECT qty FROM items')).toBe(21);
  expect(cluster.failures).toEqual([]);
});

test('what is a lost update, and what is none', () => {
  const lost = (writes: readonly (readonly [string, string])[]): boolean => {
    const cluster = shop({ server: { stock: 10 } });
    for (const [node, statement] of writes) say(cluster, node, statement);
    return events(cluster).includes('LostUpdate');
  };
  const read = 'SELECT qty, version FROM items WHERE id = 1';
  const write = (set: string, where = '') => `UPDATE items SET ${set} WHERE id = 1${where}`;
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('qty = 9')]])).toBe(true);
  // It follows from the row as it is.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('qty = qty - 1')]])).toBe(false);
  // Another column: the other's write stands.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', write('version = 1')]])).toBe(false);
  // It was read again.
  expect(lost([['A', read], ['B', read], ['A', write('qty = 9')], ['B', read], ['B', write('qty = 8')]])).toBe(false);
  // Nothing was read, so nothing was thought to follow from it.
  expect(lost([['A', write('qty = 9')], ['B', write('qty = 3')]])).toBe(false);
  // One's own writes are known.
  expect(lost([['A', read], ['A', write('qty = 9')], ['A', write('qty = 8')]])).toBe(false);
});

test('versions and numbers that nobody needs any more are forgotten', () => {
  const cluster = shop();
  for (let i = 0; i < 200; i++) say(cluster, 'A', 'UPDATE items SET qty = qty + 1');
  const { tables, transactions, watched } = stateOf(cluster);
  expect(tables.items.versions).toHaveLength(1);
  expect(Object.keys(transactions)).toHaveLength(0);
  expect(Object.keys(watched)).toHaveLength(0);
});

test.each([
  ['SELEC 1', 'ERROR 42601: syntax error at or near "SELEC"'],
  ['SELECT', 'ERROR 42601: syntax error at end of input'],
  ["SELECT 'open FROM items", `ERROR 42601: unterminated quoted string at or near "'open FROM items"`],
  ['SELECT * FROM nowhere', 'ERROR 42P01: relation "nowhere" does not exist'],
  ['SELECT price FROM items', 'ERROR 42703: column "price" does not exist'],
  ['SELECT id FROM items WHERE qty', 'ERROR 42804: argument of WHERE must be type boolean, not type integer'],
  ['SELECT qty / 0 FROM items', 'ERROR 22012: division by zero'],
  ['UPDATE items SET id = 2', 'ERROR 0A000: here the primary key of a row cannot be changed'],
  ['INSERT INTO items VALUES (1, 1, 1)', 'ERROR 23505: duplicate key value violates unique constraint "items_pkey"'],
  ["SELECT qty FROM items WHERE id = '1'", 1],
  ['SELECT id, qty FROM items WHERE qty BETWEEN 1 AND 2 ORDER BY id DESC', '(1, 1)'],
  ['SELECT count(*), sum(qty), min(qty), max(id) FROM items', '(1, 1, 1, 1)'],
  ['select QTY from ITEMS where not qty is null -- a comment', 1],
])('%s', (statement, answer) => {
  expect(say(shop(), 'A', statement)).toBe(answer);
});
