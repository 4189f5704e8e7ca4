/** Random transactions of queues, upserts, joins and subqueries, which wait for each other. */
import { type Mix, pick, type Random } from './interleavings.ts';
import { levels, setup } from './isolation-table.ts';

const rows = 'INSERT INTO test VALUES (1, 10, 0), (2, 20, 0), (3, 30, 0), (4, 40, 0)';
const tables = [setup[0], rows];

const oneOf = <T>(random: Random, ...items: readonly T[]): T => pick(random, items);

/** Consumers that take the next jobs, in the ways in which people write that. */
function drawQueue(random: Random): string {
  const blocked = oneOf(random, ' SKIP LOCKED', ' SKIP LOCKED', ' NOWAIT', '');
  const strength = oneOf(random, 'UPDATE', 'UPDATE', 'NO KEY UPDATE', 'SHARE');
  const order = oneOf(random, 'id', 'id DESC', 'value DESC, id', 'value, id');
  const next = `SELECT id FROM test WHERE ver = 0 ORDER BY ${order} LIMIT ${1 + random(2)} ` +
    `FOR ${strength}${blocked}`;
  const one = `SELECT id FROM test WHERE ver = 0 ORDER BY ${order} FOR UPDATE${blocked} LIMIT 1`;
  const id = 1 + random(4);
  return oneOf(
    random,
    next,
    next,
    `UPDATE test SET ver = ver + 1 WHERE id = (${one}) RETURNING id, ver`,
    `WITH next AS (${one}) UPDATE test SET ver = 1 FROM next WHERE test.id = next.id RETURNING test.id`,
    `DELETE FROM test WHERE id IN (${one}) RETURNING id`,
    `UPDATE test SET ver = 0 WHERE id = ${id} AND ver > 0 RETURNING id`,
    `INSERT INTO test VALUES (${4 + random(3)}, ${10 * id}, 0) ON CONFLICT DO NOTHING RETURNING id`,
    `SELECT count(*) FROM (SELECT id FROM test WHERE ver = 0 FOR UPDATE${blocked}) q`,
    'SELECT id, ver FROM test ORDER BY id',
  );
}

/** Statements whose conditions are tested again after a wait, on new and on old rows. */
function drawChange(random: Random): string {
  const id = 1 + random(4);
  const other = 1 + random(4);
  return oneOf(
    random,
    `INSERT INTO test VALUES (${id + random(3)}, ${id}, 0) ON CONFLICT (id) DO UPDATE ` +
      `SET value = test.value + excluded.value RETURNING id, value`,
    `INSERT INTO test VALUES (${id}, 1, 0) ON CONFLICT (id) DO UPDATE SET ver = 1 ` +
      `WHERE test.value > ${10 * other} RETURNING id`,
    `INSERT INTO test SELECT id + 4, value, ver FROM test WHERE id = ${id} ON CONFLICT DO NOTHING`,
    `UPDATE test SET value = test.value + o.value FROM test o WHERE test.id = ${id} ` +
      `AND o.id = ${other} RETURNING test.id, test.value`,
    `UPDATE test SET value = (SELECT max(value) FROM test) + 1 WHERE id = ${id} RETURNING value`,
    `UPDATE test SET ver = ver + 1 WHERE id = ${id} AND EXISTS (SELECT 1 FROM test o ` +
      `WHERE o.id = ${other} AND o.value >= 20) RETURNING id, ver`,
    `UPDATE test SET id = id + 10 WHERE id = ${id} RETURNING id`,
    `UPDATE test SET value = CASE WHEN value > 25 THEN value - 10 ELSE value + 5 END WHERE id IN (${id}, ${other})`,
    `DELETE FROM test USING test o WHERE test.id = ${id} AND o.id = ${other} AND o.value > 10 RETURNING test.id`,
    `SELECT a.id, a.value, b.value FROM test a JOIN test b ON b.id = ${other} WHERE a.id = ${id} FOR UPDATE OF a`,
    `SELECT a.id, b.id FROM test a LEFT JOIN test b ON b.value = a.value + 10 WHERE a.id <= 3 ORDER BY a.id, b.id`,
    `SELECT id, value FROM test WHERE value >= (SELECT avg(value) FROM test) ORDER BY value DESC, id LIMIT 2`,
    `SELECT value FROM test WHERE id = ${id} FOR SHARE`,
  );
}

const shared: Omit<Mix, 'draw'> = {
  sessions: ['A', 'B'],
  levels: ['read committed', 'read committed', ...levels.slice(0, 2)],
  transactions: 2,
  setup: tables,
  loose: false,
};

export const queueMixes: readonly Mix[] = [
  { ...shared, draw: drawQueue },
  { ...shared, draw: drawChange },
  { ...shared, sessions: ['A', 'B', 'C'], transactions: 1, draw: drawQueue },
];
