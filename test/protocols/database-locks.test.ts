/** The locks of the database: which conflict, in which order they are given, and when they end. */
import { describe, expect, test } from 'vitest';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { database } from '../../src/protocols/database/database.ts';
import { Cluster } from './cluster.ts';

function cluster(server: Record<string, unknown> = {}): Cluster {
  return new Cluster({
    protocol: database,
    seed: 1,
    nodes: [
      { id: 'db', role: 'database', options: { items: 3, ...server } },
      ...['A', 'B', 'C', 'D'].map((id) => ({ id, role: 'client' })),
    ],
    network: { ...defaultNetwork, latency: [1_000, 1_000] },
  });
}

function start(one: Cluster, node: string, statement: string): string {
  one.do(`${node} sql ${JSON.stringify({ statement })}`);
  return one.effects.invoked!.operation;
}

const ask = (one: Cluster, node: string, statement: string) => one.untilReply(start(one, node, statement));

/** Starts statements one after the other, each of which waits for a lock. */
function queue(one: Cluster, statements: Readonly<Record<string, string>>): string[] {
  return Object.entries(statements).map(([node, statement]) => {
    const operation = start(one, node, statement);
    one.run('10ms');
    return operation;
  });
}

const refused = expect.stringContaining('55P03');

describe('two transactions and a row', () => {
  const strengths = ['KEY SHARE', 'SHARE', 'NO KEY UPDATE', 'UPDATE'];
  // PostgreSQL, table 13.3: how many of the strengths, from the weakest, go together with each.
  const together: Readonly<Record<string, number>> = {
    'KEY SHARE': 3, SHARE: 2, 'NO KEY UPDATE': 1, UPDATE: 0,
  };
  const select = (strength: string) => `SELECT id FROM items WHERE id = 1 FOR ${strength}`;
  const holders: readonly (readonly [string, string])[] = [
    ...strengths.map((one) => [select(one), one] as const),
    ['UPDATE items SET qty = 0 WHERE id = 1', 'NO KEY UPDATE'],
    ['UPDATE items SET id = id WHERE id = 1', 'NO KEY UPDATE'],
    ['UPDATE items SET id = 9 WHERE id = 1', 'UPDATE'],
    ['DELETE FROM items WHERE id = 1', 'UPDATE'],
  ];

  test.each(holders)('%s locks the row as %s', (statement, strength) => {
    const one = cluster();
    ask(one, 'A', 'BEGIN');
    ask(one, 'A', statement);
    for (const wanted of strengths) {
      const free = strengths.indexOf(wanted) < together[strength];
      expect(ask(one, 'B', `${select(wanted)} NOWAIT`), wanted).toEqual(free ? 1 : refused);
      const skipped = `SELECT id FROM items WHERE id <= 2 FOR ${wanted} SKIP LOCKED`;
      expect(ask(one, 'B', skipped), wanted).toBe(free ? '(1), (2)' : 2);
    }
  });
});

test('the modes of LOCK TABLE conflict as in the manual', () => {
  const modes = [
    'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE',
    'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE',
  ];
  const rows = modes.map((held) => {
    const one = cluster();
    ask(one, 'A', 'BEGIN');
    ask(one, 'A', `LOCK TABLE items IN ${held} MODE`);
    return modes.map((wanted) => {
      ask(one, 'B', 'BEGIN');
      const answer = ask(one, 'B', `LOCK TABLE items IN ${wanted} MODE NOWAIT`);
      ask(one, 'B', 'ROLLBACK');
      return answer === 'LOCK TABLE' ? '.' : 'X';
    });
  });
  // PostgreSQL, table 13.2.
  expect(rows.map((row) => row.join(''))).toEqual([
    '.......X', '......XX', '....XXXX', '...XXXXX', '..XX.XXX', '..XXXXXX', '.XXXXXXX', 'XXXXXXXX',
  ]);
});

describe('the order of those who wait for a row', () => {
  const add = (letter: string) => `UPDATE t SET who = who || '${letter}' WHERE id = 1`;
  const after = (holder: string, overtaking: number): unknown => {
    const one = cluster({ overtaking });
    ask(one, 'A', "CREATE TABLE t (id int PRIMARY KEY, v int, who text)");
    ask(one, 'A', "INSERT INTO t VALUES (1, 0, 'a')");
    ask(one, 'A', 'BEGIN');
    ask(one, 'A', holder);
    queue(one, { B: add('B'), C: add('C'), D: add('D') });
    ask(one, 'A', 'COMMIT');
    one.run('1s');
    return ask(one, 'A', 'SELECT who FROM t WHERE id = 1');
  };

  test('behind an UPDATE, the second may overtake the first', () => {
    expect(after('UPDATE t SET v = 1 WHERE id = 1', 0)).toBe('aBCD');
    expect(after('UPDATE t SET v = 1 WHERE id = 1', 1)).toBe('aCBD');
  });

  test('behind a lock, the first is the first, and those after it may change places', () => {
    expect(after('SELECT 1 FROM t WHERE id = 1 FOR UPDATE', 0)).toBe('aBCD');
    expect(after('SELECT 1 FROM t WHERE id = 1 FOR UPDATE', 1)).toBe('aBDC');
  });
});

test('ROLLBACK TO frees the locks that were taken after the savepoint, and wakes who waits for them', () => {
  const one = cluster();
  for (const statement of ['BEGIN', 'UPDATE items SET qty = 5 WHERE id = 1', 'SAVEPOINT s']) ask(one, 'A', statement);
  ask(one, 'A', 'UPDATE items SET qty = 6 WHERE id = 2');
  const [first, second] = queue(one, {
    B: 'UPDATE items SET qty = qty + 10 WHERE id = 1', C: 'UPDATE items SET qty = qty + 10 WHERE id = 2',
  });
  ask(one, 'A', 'ROLLBACK TO s');
  expect(one.untilReply(second)).toBe('UPDATE 1');
  expect(ask(one, 'D', 'SELECT id FROM items WHERE id = 1 FOR UPDATE NOWAIT')).toEqual(refused);
  ask(one, 'A', 'COMMIT');
  expect(one.untilReply(first)).toBe('UPDATE 1');
  expect(ask(one, 'D', 'SELECT qty FROM items ORDER BY id')).toBe('(15), (11), (1)');
});

test('advisory locks of the session outlast a rollback, those of the transaction do not', () => {
  const one = cluster();
  ask(one, 'A', 'BEGIN');
  ask(one, 'A', 'SELECT pg_advisory_lock(1), pg_advisory_xact_lock(2)');
  ask(one, 'A', 'ROLLBACK');
  expect(ask(one, 'B', 'SELECT pg_try_advisory_lock(1)')).toBe(false);
  expect(ask(one, 'B', 'SELECT pg_try_advisory_lock(2)')).toBe(true);
  const [waits] = queue(one, { C: 'SELECT pg_advisory_lock(1)' });
  one.do('crash A');
  expect(one.untilReply(waits)).toBe('');
});

test('a deadlock that another order of the queue dissolves is none', () => {
  const one = cluster();
  for (const node of ['A', 'B', 'C']) ask(one, node, 'BEGIN');
  ask(one, 'A', 'LOCK TABLE items IN SHARE UPDATE EXCLUSIVE MODE');
  ask(one, 'C', 'LOCK TABLE items IN ACCESS SHARE MODE');
  const [, deletes] = queue(one, {
    B: 'LOCK TABLE items IN SHARE ROW EXCLUSIVE MODE', C: 'DELETE FROM items WHERE id = 1',
  });
  queue(one, { A: 'LOCK TABLE items IN ACCESS EXCLUSIVE MODE' });
  expect(one.untilReply(deletes)).toBe('DELETE 1');
});

test.each([
  ['lock_timeout', '55P03: canceling statement due to lock timeout'],
  ['statement_timeout', '57014: canceling statement due to statement timeout'],
])('%s ends a wait', (setting, message) => {
  const one = cluster();
  ask(one, 'A', 'BEGIN');
  ask(one, 'A', 'UPDATE items SET qty = 5 WHERE id = 1');
  ask(one, 'B', `SET ${setting} = '400ms'`);
  const [waits] = queue(one, { B: 'UPDATE items SET qty = 6 WHERE id = 1' });
  expect(one.untilReply(waits)).toBe(`ERROR ${message}`);
  expect(one.world.time).toBeLessThan(450_000);
});

test('settings of a transaction end with it, and a rollback undoes SET', () => {
  const one = cluster();
  const value = () => ask(one, 'A', 'SHOW lock_timeout');
  for (const statement of ['BEGIN', "SET LOCAL lock_timeout = '2s'"]) ask(one, 'A', statement);
  expect(value()).toBe('2s');
  ask(one, 'A', 'COMMIT');
  expect(value()).toBe('0');
  for (const statement of ['BEGIN', 'SET lock_timeout = 1500', 'ROLLBACK']) ask(one, 'A', statement);
  expect(value()).toBe('0');
  ask(one, 'A', 'SET lock_timeout = 90000');
  expect(value()).toBe('90s');
  expect(ask(one, 'A', 'SET lock_timeout = -1')).toEqual(expect.stringContaining('22023'));
  expect(ask(one, 'A', 'SET nonsense = 1')).toEqual(expect.stringContaining('42704'));
  expect(ask(one, 'A', "SET work_mem = '1GB'")).toEqual(expect.stringContaining('does not model'));
  expect(ask(one, 'A', 'SET tcp_keepalives_idle = 0')).toBe('SET');
});

test('NOTIFY reaches those who listen at the commit, once, and after their own transaction', () => {
  const one = cluster();
  const received = () => one.lines.filter((line) => /deliver db->B#\d+ +Notification/.test(line)).length;
  ask(one, 'B', 'LISTEN jobs');
  for (const statement of ['BEGIN', "NOTIFY jobs, 'x'", "NOTIFY jobs, 'x'", 'SAVEPOINT s', "NOTIFY jobs, 'y'"]) {
    ask(one, 'A', statement);
  }
  ask(one, 'A', 'ROLLBACK TO s');
  one.run('100ms');
  expect(received()).toBe(0);
  ask(one, 'B', 'BEGIN');
  ask(one, 'A', 'COMMIT');
  one.run('100ms');
  expect(received()).toBe(0);
  ask(one, 'B', 'COMMIT');
  one.run('100ms');
  expect(received()).toBe(1);
});
