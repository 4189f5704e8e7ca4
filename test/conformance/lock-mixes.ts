/** Random interleavings about locks: of rows and tables, advisory ones, and savepoints. */
import type { Mix, Random } from './interleavings.ts';

const rows = [
  'CREATE TABLE test (id INTEGER PRIMARY KEY, value INTEGER, ver INTEGER)',
  'INSERT INTO test VALUES (1, 10, 0), (2, 20, 0), (3, 30, 0)',
];

const strengths = ['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'];
const blocked = ['', '', ' NOWAIT', ' SKIP LOCKED'];
const modes = [
  'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE',
  'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE',
];

function one<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)];
}

/** A statement that locks or writes one or more of three rows. */
function rowStatement(random: Random): string {
  const id = 1 + random(3);
  const where = one(random, [`id = ${id}`, `id = ${id}`, `id <= ${id}`, 'value > 15']);
  const kinds = [
    () => `SELECT id FROM test WHERE ${where} FOR ${one(random, strengths)}${one(random, blocked)}`,
    () => `SELECT id FROM test WHERE ${where} FOR ${one(random, strengths)}${one(random, blocked)}`,
    () => `SELECT id FROM test WHERE ${where} FOR ${one(random, strengths)}`,
    () => `UPDATE test SET value = value + 1 WHERE ${where}`,
    () => `UPDATE test SET value = value + 1 WHERE ${where}`,
    () => `DELETE FROM test WHERE id = ${id}`,
  ];
  return one(random, kinds)();
}

function savepointStatement(random: Random): string {
  const kinds = ['SAVEPOINT a', 'SAVEPOINT b', 'ROLLBACK TO a', 'ROLLBACK TO b', 'RELEASE a'];
  return random(3) === 0 ? one(random, kinds) : rowStatement(random);
}

function advisoryStatement(random: Random): string {
  const key = 1 + random(2);
  const shared = one(random, ['', '', '_shared']);
  const tries = one(random, ['', '', 'try_']);
  if (random(4) === 0) return one(random, ['SAVEPOINT a', 'ROLLBACK TO a', rowStatement(random)]);
  return `SELECT pg_${tries}advisory_xact_lock${shared}(${key})`;
}

function tableStatement(random: Random): string {
  if (random(3) === 0) return rowStatement(random);
  return `LOCK TABLE test IN ${one(random, modes)} MODE${one(random, ['', '', ' NOWAIT'])}`;
}

const locks: Mix = {
  sessions: ['A', 'B'],
  levels: ['read committed', 'read committed', 'repeatable read'],
  transactions: 2,
  setup: rows,
  loose: true,
  draw: rowStatement,
};

/** Two or three sessions; with three, PostgreSQL itself may have several outcomes. */
export const lockMixes: readonly Mix[] = [
  locks,
  { ...locks, draw: savepointStatement },
  { ...locks, draw: advisoryStatement },
  { ...locks, draw: tableStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1 },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: savepointStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: advisoryStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: tableStatement },
];
