// Statements of one session after the other, as lock and queue users write them: the real PostgreSQL
// and the simulation must give the same answers, values and errors.
import type { Script } from './transcript.ts';

const setup = [
  'CREATE TABLE test (id integer PRIMARY KEY, state text NOT NULL DEFAULT \'new\', owner text, prio integer, ' +
    'UNIQUE (owner, prio), CHECK (prio >= 0))',
  "INSERT INTO test VALUES (1,'new',null,3), (2,'run','A',2), (3,'new',null,1), (4,'done','B',9), (5,'new','C',null)",
];

const statements: Readonly<Record<string, readonly string[]>> = {
  order: [
    'SELECT id FROM test ORDER BY prio DESC, id', 'SELECT id FROM test ORDER BY prio NULLS FIRST, id DESC',
    'SELECT id, prio p FROM test ORDER BY p, 1 LIMIT 2', 'SELECT id FROM test ORDER BY 1 DESC OFFSET 1 LIMIT 2',
    'SELECT id FROM test ORDER BY prio * 10 + id LIMIT 1 OFFSET 1', 'SELECT id FROM test ORDER BY 2',
    'SELECT id FROM test ORDER BY id FETCH FIRST 2 ROWS ONLY', 'SELECT id FROM test LIMIT -1',
    'SELECT id FROM test ORDER BY id LIMIT 1 + 1', 'SELECT id FROM test ORDER BY id LIMIT null',
    "SELECT id FROM test ORDER BY CASE state WHEN 'run' THEN 0 ELSE 1 END, id",
    'SELECT DISTINCT state FROM test ORDER BY state', 'SELECT DISTINCT state FROM test ORDER BY prio',
    'SELECT id FROM test ORDER BY nothing', 'SELECT id FROM test LIMIT id', "SELECT id FROM test LIMIT 'x'",
  ],
  expressions: [
    "SELECT coalesce(owner, 'nobody'), nullif(prio, 9), greatest(prio, 2, null), least(id, 3) FROM test ORDER BY id",
    "SELECT 'a' || 'b' || 1, upper('x') || lower('Y'), length('abc'), concat('a', null, 1, true)",
    'SELECT 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 1.5 * 2, 0.1 + 0.2, round(2.5), round(1.255, 2), 10 / 4.0',
    'SELECT 1 / 3.0, 2 / 3.0, 100 / 3.0, 1000000 / 7.0, 1 / 7000.0', 'SELECT 2147483647 + 1', 'SELECT 1 / 0', 'SELECT 1 % 0',
    'SELECT 1 / 0.0', "SELECT '12'::int + 1, 12::text || 'x', true::int, 1::boolean, '1.50'::numeric", "SELECT 'x'::int",
    "SELECT 'yes'::boolean, 'off'::boolean, 'o'::boolean", 'SELECT null IS NULL, null = null, 1 IS NOT NULL, true IS NOT FALSE',
    'SELECT 1 IS DISTINCT FROM null, null IS DISTINCT FROM null, NOT null', "SELECT 'abc' LIKE 'a%', 'abc' ILIKE 'A_C', 'abc' NOT LIKE '%d'",
    'SELECT 2 BETWEEN 1 AND 3, 2 NOT IN (1, 3), 2 IN (1, null), 3 IN (3, null)', 'SELECT 5 = ANY (ARRAY[1, 5]), 5 <> ALL (ARRAY[1, 2])',
    'SELECT CASE WHEN 1 = 2 THEN 1 END, CASE 2 WHEN 2 THEN \'two\' ELSE \'other\' END', "SELECT CASE WHEN true THEN 1 ELSE 'x' END",
    "SELECT 1 + 'x'", "SELECT 'a' + 'b'", "SELECT 1 || 2", "SELECT 'a' = 1", 'SELECT true + 1', 'SELECT -true', 'SELECT NOT 1',
    "SELECT abs(-3), mod(7, 4), abs(-2.5::numeric)", 'SELECT abs(true)', "SELECT interval '90 minutes', interval '1 day 2 hours', interval '5 min' * 3",
    "SELECT timestamptz '2026-03-01 10:00:00+00' + interval '36 hours', timestamptz '2024-02-28 23:00:00+00' + interval '2 hours'",
    "SELECT timestamptz '2026-03-01 10:00:00+00' - timestamptz '2026-02-27 09:30:00+00'", "SELECT timestamptz '2026-02-30 00:00:00+00'",
    "SELECT now() = transaction_timestamp(), now() <= clock_timestamp(), now() - now()", "SELECT interval '1 hour' > interval '59 minutes'",
    "SELECT hashtext('order:42'), hashtext(''), hashtext('a longer text than twelve bytes'), hashtext('grün')",
    'SELECT 1 AS a, 2 b, 3', 'SELECT', 'SELECT 3000000000, -2147483648, 1 = 1.0, 1.10', "SELECT '007'::int, ' 5 '::int",
    "SELECT replace('a-b', '-', '+'), trim('  x '), char_length('ab')", "SELECT '9223372036854775807'::text, 1e3::text IS NULL",
  ],
  aggregates: [
    'SELECT count(*), count(prio), sum(prio), min(prio), max(owner), avg(prio) FROM test', 'SELECT sum(id), avg(id) FROM test WHERE id > 9',
    'SELECT state, count(*) FROM test GROUP BY state ORDER BY state', 'SELECT state, count(*) FROM test GROUP BY 1 HAVING count(*) > 1',
    'SELECT state, id FROM test GROUP BY state', 'SELECT id, state FROM test GROUP BY id ORDER BY id', 'SELECT count(DISTINCT state) FROM test',
    "SELECT count(*) FILTER (WHERE state = 'new'), bool_or(prio > 5), bool_and(id > 0) FROM test", 'SELECT sum(count(*)) FROM test',
    'SELECT id FROM test WHERE count(*) > 1', 'SELECT sum(state) FROM test', 'SELECT max(prio) + 1 FROM test', 'SELECT count(*) FROM test HAVING count(*) > 100',
    "SELECT upper(state), count(*) FROM test GROUP BY upper(state) ORDER BY 1", 'SELECT count(*) FROM test FOR UPDATE', 'SELECT state FROM test GROUP BY state FOR UPDATE',
    'SELECT DISTINCT state FROM test FOR SHARE', 'SELECT min(id), state FROM test',
  ],
  joins: [
    'SELECT a.id, b.id FROM test a JOIN test b ON a.id = b.prio ORDER BY 1, 2', 'SELECT a.id, b.id FROM test a LEFT JOIN test b ON a.id = b.prio ORDER BY 1, 2',
    'SELECT a.id FROM test a, test b WHERE a.prio = b.id AND b.state = \'new\' ORDER BY a.id', 'SELECT id FROM test a, test b', 'SELECT * FROM test a JOIN test b USING (id) ORDER BY 1 LIMIT 1',
    'SELECT test.id FROM test a', 'SELECT a.* FROM test a WHERE a.id = 1', 'SELECT x.* FROM test a', 'SELECT a.nothing FROM test a',
    'SELECT count(*) FROM test a CROSS JOIN test b', 'SELECT a.id FROM test a JOIN test a ON true', 'SELECT a.id, b.id FROM test a LEFT JOIN test b ON a.id = b.prio AND b.id > 3 WHERE b.id IS NULL ORDER BY 1',
    'SELECT a.id FROM test a LEFT JOIN test b ON a.id = b.prio FOR UPDATE', 'SELECT a.id FROM test a LEFT JOIN test b ON a.id = b.prio ORDER BY 1 FOR UPDATE OF a', 'SELECT id FROM test FOR UPDATE OF nothing',
    'SELECT a.id FROM test a JOIN test b USING (nothing)',
  ],
  subqueries: [
    'SELECT id FROM test WHERE prio = (SELECT max(prio) FROM test)', 'SELECT id FROM test WHERE id IN (SELECT prio FROM test) ORDER BY id', 'SELECT id FROM test WHERE id NOT IN (SELECT prio FROM test)',
    'SELECT id FROM test a WHERE EXISTS (SELECT 1 FROM test b WHERE b.prio = a.id) ORDER BY id', 'SELECT id, (SELECT count(*) FROM test b WHERE b.prio < a.prio) FROM test a ORDER BY id',
    'SELECT (SELECT id FROM test)', 'SELECT (SELECT id, prio FROM test)', 'SELECT id FROM test WHERE id IN (SELECT id, prio FROM test)', 'SELECT x.id FROM (SELECT id FROM test WHERE id > 2) x ORDER BY 1 DESC',
    'SELECT id FROM (SELECT id FROM test)', 'SELECT id FROM test WHERE prio > ALL (SELECT prio FROM test WHERE id IN (1, 3)) ORDER BY id', 'SELECT s.n FROM (VALUES (1), (2)) s(n) ORDER BY n DESC',
    'SELECT sum(g) FROM generate_series(1, 4) g', 'WITH a AS (SELECT id FROM test WHERE id < 3), b AS (SELECT id + 10 AS id FROM a) SELECT * FROM b ORDER BY 1', 'WITH a AS (SELECT 1) SELECT * FROM a, a b',
    'WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1', 'VALUES (1, \'a\'), (2, \'b\')', 'VALUES (1), (1, 2)', 'SELECT EXISTS (SELECT 1 FROM test WHERE id = 99)',
  ],
  inserts: [
    'INSERT INTO test (id) VALUES (6) RETURNING *', "INSERT INTO test (id, state) VALUES (7, DEFAULT), (8, 'x') RETURNING id, state", 'INSERT INTO test (id, state) VALUES (9, null)',
    'INSERT INTO test (id, prio) VALUES (9, -1)', "INSERT INTO test VALUES (9, 'new', 'A', 2)", 'INSERT INTO test (id) VALUES (1)', 'INSERT INTO test (id, id) VALUES (1, 1)', 'INSERT INTO test (nothing) VALUES (1)',
    "INSERT INTO test SELECT id + 10, state FROM test WHERE id < 3 RETURNING id", 'INSERT INTO test (id) SELECT 1, 2', "INSERT INTO test (id) VALUES ('x')", 'INSERT INTO test (id) VALUES (true)', "INSERT INTO test (id, state) VALUES (20, 5) RETURNING state",
    'INSERT INTO test (id) VALUES (1) ON CONFLICT DO NOTHING', 'INSERT INTO test (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id', "INSERT INTO test (id, state) VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET state = excluded.state || test.state RETURNING *",
    'INSERT INTO test (id) VALUES (1) ON CONFLICT (prio) DO NOTHING', 'INSERT INTO test (id) VALUES (1) ON CONFLICT DO UPDATE SET prio = 1', "INSERT INTO test (id, owner, prio) VALUES (30, 'A', 2) ON CONFLICT (owner, prio) DO UPDATE SET prio = 50 RETURNING id, prio",
    "INSERT INTO test (id, owner, prio) VALUES (31, 'A', 50) ON CONFLICT (id) DO NOTHING", 'INSERT INTO test (id) VALUES (1) ON CONFLICT ON CONSTRAINT test_pkey DO UPDATE SET prio = 7 WHERE test.prio > 100 RETURNING id', 'INSERT INTO test (id) VALUES (1) ON CONFLICT ON CONSTRAINT nothing DO NOTHING',
    'INSERT INTO test (id) VALUES (40), (40) ON CONFLICT (id) DO UPDATE SET prio = 1', 'INSERT INTO test (id) VALUES (41), (41) ON CONFLICT DO NOTHING RETURNING id', 'INSERT INTO test AS t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET prio = t.prio + 1 RETURNING t.prio', 'INSERT INTO test DEFAULT VALUES',
    'INSERT INTO test (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET prio = prio + excluded.id', 'SELECT * FROM test ORDER BY id',
  ],
  changes: [
    "UPDATE test SET state = 'run', owner = 'Z' WHERE id = (SELECT id FROM test WHERE state = 'new' ORDER BY prio DESC NULLS LAST, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
    "WITH next AS (SELECT id FROM test WHERE state = 'new' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) UPDATE test SET owner = 'Y' FROM next WHERE test.id = next.id RETURNING test.id, owner",
    'DELETE FROM test WHERE id IN (SELECT id FROM test ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED) RETURNING id', 'DELETE FROM test t USING test o WHERE t.id = o.id AND o.id = 4 RETURNING t.id, o.state',
    'UPDATE test SET prio = prio + 1, id = id + 100 WHERE id = 3 RETURNING id, prio', "UPDATE test SET (state, owner) = ('a', 'b') WHERE id = 103 RETURNING state, owner", 'UPDATE test SET prio = DEFAULT, state = DEFAULT WHERE id = 103 RETURNING *', 'UPDATE test SET prio = -1 WHERE id = 103', 'UPDATE test SET state = null',
    'UPDATE test SET prio = 1, prio = 2', 'UPDATE test SET nothing = 1', "UPDATE test SET prio = 'x'", 'UPDATE test SET id = 5', 'UPDATE test t SET prio = 8 WHERE t.id = 103', 'UPDATE test t SET prio = 8 WHERE test.id = 103', 'WITH gone AS (DELETE FROM test WHERE id = 103 RETURNING id) SELECT count(*) FROM gone',
    'WITH moved AS (DELETE FROM test RETURNING *) INSERT INTO test SELECT id + 1000, state, owner, prio FROM moved RETURNING id', 'SELECT * FROM test ORDER BY id', 'UPDATE test SET prio = count(*)', 'DELETE FROM test WHERE sum(id) > 1', "UPDATE test SET prio = 1 RETURNING count(*)",
  ],
  definitions: [
    'CREATE TABLE other (id serial PRIMARY KEY, t integer REFERENCES test, at timestamptz DEFAULT now())', 'INSERT INTO other (t) VALUES (1), (null) RETURNING id, t', 'INSERT INTO other (t) VALUES (99)', 'DELETE FROM test WHERE id = 1', 'UPDATE test SET id = 77 WHERE id = 1', 'UPDATE test SET prio = 4 WHERE id = 1', 'TRUNCATE test', 'DROP TABLE test', 'CREATE TABLE other (id integer)', 'CREATE TABLE IF NOT EXISTS other (id integer)', 'ALTER TABLE other ADD COLUMN note text DEFAULT \'x\'', 'SELECT id, t, note FROM other ORDER BY id', 'ALTER TABLE other ADD COLUMN note text', 'ALTER TABLE other DROP COLUMN note', 'SELECT note FROM other', 'CREATE UNIQUE INDEX ON other (t)', 'INSERT INTO other (t) VALUES (1)', 'TRUNCATE other RESTART IDENTITY', 'INSERT INTO other DEFAULT VALUES RETURNING id', 'DROP TABLE other', 'DROP TABLE other', 'DROP TABLE IF EXISTS other', 'SELECT * FROM other', 'CREATE TABLE bad (id integer PRIMARY KEY, n integer PRIMARY KEY)', 'CREATE TABLE bad (id integer, id text)', 'CREATE TABLE bad (id integer REFERENCES nowhere)', 'CREATE TABLE bad (n integer REFERENCES test (prio))',
  ],
  sessions: [
    'BEGIN; SELECT 1; COMMIT', 'SELECT 1; SELECT 2', 'SELECT 1; SELECT nothing; SELECT 2', '', ';;', 'SELEC', 'SELECT FROM WHERE', 'UPDATE test', "SELECT 'a", 'SELECT $1', "SHOW lock_timeout", "SET lock_timeout = '2s'; SHOW lock_timeout", 'SET nothing = 1', 'SHOW nothing', 'SAVEPOINT s', 'ROLLBACK TO s', 'LOCK TABLE test', 'BEGIN; SAVEPOINT s; SELECT nothing', 'ROLLBACK TO s', 'SELECT 1', 'RELEASE s', 'RELEASE s', 'ROLLBACK', 'COMMIT', 'SELECT pg_advisory_unlock(5)', 'SELECT pg_try_advisory_lock(5), pg_advisory_unlock(5)', "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", "DO $$ BEGIN UPDATE test SET prio = 6 WHERE id = 1; EXCEPTION WHEN unique_violation THEN NULL; END $$", 'DO $$ BEGIN SELECT 1; END $$', 'DO $$ BEGIN PERFORM 1; END $$',
    'DO $$ BEGIN BEGIN INSERT INTO test (id) VALUES (1); EXCEPTION WHEN unique_violation THEN INSERT INTO test (id) VALUES (60); END; END $$', 'SELECT id FROM test WHERE id = 60', 'DISCARD ALL', 'VACUUM test', 'ANALYZE test', 'BEGIN; VACUUM test', 'ROLLBACK', 'select /* a /* nested */ comment */ 1 -- end', 'SELECT "id" FROM "test" ORDER BY "id" LIMIT 1', 'SELECT "ID" FROM test', 'SELECT id AS "select" FROM test WHERE id = 1',
  ],
};

/** Each group of statements as a script. */
export const sqlScripts: readonly Script[] = Object.entries(statements).map(([name, list]) => ({
  name: `SQL: ${name}`,
  setup: ['DROP TABLE IF EXISTS other', ...setup],
  steps: list.map((sql): readonly [string, string] => ['A', sql]),
  finally: 'SELECT * FROM test ORDER BY id',
}));
