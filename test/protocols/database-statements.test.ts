/** Statements of queue and lock users: the recorded SQLSTATEs, and that no clause is without effect. */
import { expect, test } from 'vitest';
import { isError, isOurs } from '../../src/protocols/database/sql/errors.ts';
import type { Result } from '../../src/protocols/database/state.ts';
import { Simulated } from '../conformance/simulated.ts';
import { statementSetup } from '../conformance/statement-setup.ts';
import { refused, statements } from '../conformance/statements.ts';
import { textOf } from '../conformance/transcript.ts';

/** Each statement finds the same tables: it is rolled back. */
async function resultsOf(list: readonly string[]): Promise<Result[]> {
  const subject = new Simulated();
  await subject.begin(statementSetup);
  const results: Result[] = [];
  for (const sql of list) {
    const parts = ['BEGIN', ...sql.split(' ;; '), 'ROLLBACK'];
    for (const [i, part] of parts.entries()) {
      subject.send('A', part);
      const [answer] = await subject.settle();
      if (i === parts.length - 2) results.push(answer.result);
    }
    subject.send('A', 'SELECT pg_advisory_unlock_all()');
    await subject.settle();
  }
  return results;
}

test('what the simulation has gives the SQLSTATE of PostgreSQL', async () => {
  const results = await resultsOf(statements.map(([, sql]) => sql));
  const codes = results.map((one) => (isError(one) ? one.code : ''));
  expect(codes).toEqual(statements.map(([code]) => code));
  expect(results.filter((one) => isError(one) && isOurs(one))).toEqual([]);
});

test('what it has not is refused in its own words, never as a mistake of the user', async () => {
  const results = await resultsOf(refused.map(([, sql]) => sql));
  const accepted = refused.filter((_, i) => {
    const one = results[i];
    return !isError(one) || !isOurs(one);
  });
  expect(accepted).toEqual([]);
});

/** A statement, and the same with one clause more: the two must not give the same. */
const clauses: readonly (readonly [string, string])[] = [
  ['SELECT queue FROM jobs', 'SELECT DISTINCT queue FROM jobs'],
  ['SELECT queue FROM jobs', 'SELECT DISTINCT ON (queue) queue FROM jobs'],
  ['SELECT id FROM jobs', 'SELECT id FROM jobs WHERE id = 1'],
  ['SELECT count(*) FROM jobs', 'SELECT count(*) FROM jobs GROUP BY queue'],
  ['SELECT count(*) FROM jobs GROUP BY queue', 'SELECT count(*) FROM jobs GROUP BY queue HAVING count(*) > 2'],
  ['SELECT id FROM jobs', 'SELECT id FROM jobs ORDER BY id DESC'],
  ['SELECT worker FROM jobs ORDER BY worker', 'SELECT worker FROM jobs ORDER BY worker NULLS FIRST'],
  ['SELECT id FROM jobs', 'SELECT id FROM jobs LIMIT 1'],
  ['SELECT id FROM jobs', 'SELECT id FROM jobs OFFSET 1'],
  ['SELECT id FROM jobs', 'SELECT id FROM jobs FETCH FIRST ROW ONLY'],
  ['VALUES (2), (1)', 'VALUES (2), (1) ORDER BY 1'],
  ['VALUES (2), (1)', 'VALUES (2), (1) LIMIT 1'],
  ['VALUES (2), (1)', 'VALUES (2), (1) OFFSET 1'],
  ['VALUES (2), (1)', 'VALUES (2), (1) FOR UPDATE'],
  ['SELECT 2 UNION SELECT 1', 'SELECT 2 UNION SELECT 1 ORDER BY 1 DESC'],
  ['SELECT 2 UNION SELECT 1', 'SELECT 2 UNION SELECT 1 LIMIT 1'],
  ['SELECT 2 UNION SELECT 1', 'SELECT 2 UNION SELECT 1 OFFSET 1'],
  ['SELECT 1 UNION SELECT 1', 'SELECT 1 UNION ALL SELECT 1'],
  ['SELECT count(queue) FROM jobs', 'SELECT count(DISTINCT queue) FROM jobs'],
  ['SELECT count(*) FROM jobs', 'SELECT count(*) FILTER (WHERE id > 2) FROM jobs'],
  ['SELECT count(*) FROM jobs', 'SELECT count(*) OVER () FROM jobs'],
  ['SELECT id, count(*) OVER () FROM jobs ORDER BY 1', 'SELECT id, count(*) OVER (PARTITION BY queue) FROM jobs ORDER BY 1'],
  ['SELECT id, count(*) OVER () FROM jobs ORDER BY 1', 'SELECT id, count(*) OVER (ORDER BY id) FROM jobs ORDER BY 1'],
  ['SELECT * FROM jobs a JOIN jobs b ON true', 'SELECT * FROM jobs a JOIN jobs b USING (id)'],
  ['SELECT a.id FROM jobs a JOIN jobs b ON a.prio = b.id', 'SELECT a.id FROM jobs a LEFT JOIN jobs b ON a.prio = b.id'],
  ['SELECT a.id FROM jobs a JOIN jobs b ON a.prio = b.id', 'SELECT a.id FROM jobs a RIGHT JOIN jobs b ON a.prio = b.id'],
  ['SELECT a.id FROM jobs a LEFT JOIN jobs b ON a.prio = b.id', 'SELECT a.id FROM jobs a FULL JOIN jobs b ON a.prio = b.id'],
  ['INSERT INTO jobs (id) VALUES (1)', 'INSERT INTO jobs (id) VALUES (1) ON CONFLICT DO NOTHING'],
  ['UPDATE jobs SET prio = 1', 'UPDATE jobs SET prio = 1 RETURNING id'],
  ['UPDATE jobs SET prio = 1', 'UPDATE jobs SET prio = 1 FROM locks WHERE token = id'],
  ['DELETE FROM jobs', 'DELETE FROM jobs USING locks WHERE token = id'],
  ['CREATE TABLE jobs (id int)', 'CREATE TABLE IF NOT EXISTS jobs (id int)'],
  ['DROP TABLE nothing', 'DROP TABLE IF EXISTS nothing'],
  ['SET LOCAL lock_timeout = 5 ;; SHOW lock_timeout', 'SET LOCAL lock_timeout = DEFAULT ;; SHOW lock_timeout'],
  ["SELECT current_setting('a.b')", "SELECT current_setting('a.b', true)"],
  ["SELECT trim('xax')", "SELECT trim(BOTH 'x' FROM 'xax')"],
  ["SELECT trim(BOTH 'x' FROM 'xax')", "SELECT trim(LEADING 'x' FROM 'xax')"],
  ["SELECT substring('abc' FROM 2)", "SELECT substring('abc' FROM 2 FOR 1)"],
];

test('every clause has an effect, or is refused', async () => {
  const [without, with_] = [
    await resultsOf(clauses.map(([one]) => one)), await resultsOf(clauses.map(([, other]) => other)),
  ];
  const idle = clauses.filter((_, i) => textOf(without[i]) === textOf(with_[i]));
  expect(idle).toEqual([]);
});
