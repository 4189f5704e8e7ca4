/** Random interleavings about locks: of rows and tables, advisory ones, and savepoints. */
import { type Mix, pick, type Random } from './interleavings.ts';

const rows = [
  'CREATE TABLE test (id INTEGER PRIMARY KEY, value INTEGER, ver INTEGER)',
  'INSERT INTO test VALUES (1, 10, 0), (2, 20, 0), (3, 30, 0)',
];

const foreign = [
  'DROP TABLE IF EXISTS child, grandchild',
  ...rows,
  'CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES test (id))',
  'INSERT INTO child VALUES (1, 1), (2, 2)',
];

/** Rows of three tables, which follow those that they refer to. */
const cascading = [
  'DROP TABLE IF EXISTS child, grandchild',
  ...rows,
  'CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES test (id) ON DELETE CASCADE ON UPDATE CASCADE)',
  'INSERT INTO child VALUES (1, 1), (2, 2), (3, 2)',
  'CREATE TABLE grandchild (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES child (id) ON DELETE SET NULL ON UPDATE RESTRICT)',
  'INSERT INTO grandchild VALUES (1, 1), (2, 3)',
];

const strengths = ['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'];
const blocked = ['', '', ' NOWAIT', ' SKIP LOCKED'];
const modes = [
  'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE',
  'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE',
];

/** A statement that locks or writes one or more of three rows. */
function rowStatement(random: Random): string {
  const id = 1 + random(3);
  const where = pick(random, [`id = ${id}`, `id = ${id}`, `id <= ${id}`, 'value > 15']);
  const kinds = [
    () => `SELECT id FROM test WHERE ${where} FOR ${pick(random, strengths)}${pick(random, blocked)}`,
    () => `SELECT id FROM test WHERE ${where} FOR ${pick(random, strengths)}${pick(random, blocked)}`,
    () => `SELECT id FROM test WHERE ${where} FOR ${pick(random, strengths)}`,
    () => `UPDATE test SET value = value + 1 WHERE ${where}`,
    () => `UPDATE test SET value = value + 1 WHERE ${where}`,
    () => `DELETE FROM test WHERE id = ${id}`,
    () => `UPDATE test SET id = id + 10 WHERE id = ${id}`,
    () => `UPDATE test SET ver = (SELECT max(value) FROM test) WHERE id = ${id}`,
  ];
  return pick(random, kinds)();
}

/** A row of `child` refers to one of `test`, which locks that one FOR KEY SHARE. */
function foreignStatement(random: Random): string {
  if (random(2) === 0) return rowStatement(random);
  const kinds = [
    () => `INSERT INTO child VALUES (${1 + random(6)}, ${1 + random(4)})`,
    () => `UPDATE child SET parent = ${1 + random(3)} WHERE id = ${1 + random(3)}`,
    () => `DELETE FROM child WHERE id = ${1 + random(3)}`,
  ];
  return pick(random, kinds)();
}

/** Deletes and changes of keys, and those who have the rows that these reach. */
function cascadingStatement(random: Random): string {
  const id = 1 + random(3);
  const table = pick(random, ['child', 'child', 'grandchild']);
  const kinds = [
    () => `DELETE FROM test WHERE id = ${id}`,
    () => `DELETE FROM child WHERE id <= ${id}`,
    () => `UPDATE test SET id = id + 10 WHERE id = ${id}`,
    () => `SELECT id, parent FROM ${table} WHERE id = ${id} FOR ${pick(random, strengths)}`,
    () => `SELECT id, parent FROM ${table} WHERE id <= ${id} FOR ${pick(random, strengths)}${pick(random, blocked)}`,
    () => `UPDATE ${table} SET parent = ${1 + random(3)} WHERE id = ${id}`,
    () => `INSERT INTO ${table} VALUES (${3 + random(4)}, ${id})`,
    () => `SELECT id, parent FROM ${table} ORDER BY id`,
    () => rowStatement(random),
  ];
  return pick(random, kinds)();
}

/** Workers that take the first job which no other has. */
function queueStatement(random: Random): string {
  const free = (how: string) =>
    `(SELECT id FROM test WHERE ver = 0 ORDER BY id LIMIT 1 FOR UPDATE${how})`;
  const how = pick(random, [' SKIP LOCKED', ' SKIP LOCKED', ' NOWAIT', '']);
  const kinds = [
    () => `UPDATE test SET ver = 1 WHERE id = ${free(how)} RETURNING id`,
    () => `DELETE FROM test WHERE id = ${free(how)} RETURNING id, value`,
    () => `SELECT id FROM test WHERE ver = 0 ORDER BY value DESC LIMIT 2 FOR UPDATE${how}`,
    () => `SELECT count(*) FROM (SELECT id FROM test WHERE ver = 0 FOR SHARE${how}) AS free`,
    () => 'INSERT INTO test VALUES (3, 5, 0), (4, 5, 0) ON CONFLICT (id) DO UPDATE SET ver = 0',
    () => 'INSERT INTO test VALUES (4, 5, 0) ON CONFLICT DO NOTHING RETURNING id',
  ];
  return pick(random, kinds)();
}

function savepointStatement(random: Random): string {
  const kinds = ['SAVEPOINT a', 'SAVEPOINT b', 'ROLLBACK TO a', 'ROLLBACK TO b', 'RELEASE a'];
  return random(3) === 0 ? pick(random, kinds) : rowStatement(random);
}

function advisoryStatement(random: Random): string {
  const key = 1 + random(2);
  const shared = pick(random, ['', '', '_shared']);
  const tries = pick(random, ['', '', 'try_']);
  if (random(4) === 0) return pick(random, ['SAVEPOINT a', 'ROLLBACK TO a', rowStatement(random)]);
  return `SELECT pg_${tries}advisory_xact_lock${shared}(${key})`;
}

function tableStatement(random: Random): string {
  if (random(3) === 0) return rowStatement(random);
  return `LOCK TABLE test IN ${pick(random, modes)} MODE${pick(random, ['', '', ' NOWAIT'])}`;
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
  { ...locks, draw: foreignStatement, setup: foreign },
  { ...locks, draw: cascadingStatement, setup: cascading },
  { ...locks, draw: queueStatement },
  { ...locks, draw: advisoryStatement },
  { ...locks, draw: tableStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1 },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: savepointStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: advisoryStatement },
  { ...locks, sessions: ['A', 'B', 'C'], transactions: 1, draw: tableStatement },
];
