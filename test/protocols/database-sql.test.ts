/** The SQL of the database: its answers, what it refuses, and what a statement does after a wait. */
import { describe, expect, test } from 'vitest';
import { parseSql, sqlFault } from '../../src/protocols/database/sql/parser.ts';
import { library } from '../../src/protocols/library.ts';
import { isError } from '../../src/protocols/database/sql/errors.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { Simulated } from '../conformance/simulated.ts';
import { sessionScripts } from '../conformance/session-cases.ts';
import { sqlScripts } from '../conformance/sql-cases.ts';
import { textOf, transcript } from '../conformance/transcript.ts';
import { expectGolden } from '../golden.ts';

/** Every answer is that of PostgreSQL 15: `npm run conformance -- postgres` compares them. */
test.each(sqlScripts)('$name', async (script) => {
  const lines = await transcript(script, new Simulated());
  const name = `database-sql-${script.name.slice('SQL: '.length)}`;
  expectGolden(import.meta.url, name, lines.join('\n'));
});

/** The same for sequences of several sessions. */
test.each(['references', 'searches and values', 'locks'])('%s', async (group) => {
  const lines: string[] = [];
  for (const script of sessionScripts.filter(({ name }) => name.startsWith(`${group}:`))) {
    lines.push(`# ${script.name}`, ...(await transcript(script, new Simulated())), '');
  }
  expectGolden(import.meta.url, `database-sessions-${group.replaceAll(' ', '-')}`, lines.join('\n'));
});

describe('what PostgreSQL has and the simulation has not', () => {
  test.each([
    ['SELECT ntile(2) OVER () FROM t', 'the function ntile'],
    ['SELECT count(*) OVER w FROM t', 'windows with a name (OVER name): write the window behind OVER'],
    ['SELECT count(*) OVER (w) FROM t', 'windows that extend another'],
    ['SELECT count(*) OVER (ORDER BY a ROWS 1 PRECEDING) FROM t', 'the frame of a window (ROWS …)'],
    ['(SELECT 1 AS a) ORDER BY a', 'clauses behind a query in parentheses'],
    ['WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r', 'WITH RECURSIVE'],
    ['SELECT * FROM a FULL JOIN b USING (c)', 'FULL JOIN … USING: use ON'],
    ['SELECT * FROM a, LATERAL (SELECT 1) b', 'LATERAL'],
    ['SELECT * FROM t WHERE (a, b) = (1, 2)', 'rows as values, such as (a, b)'],
    ['SELECT ARRAY[1, 2]', 'arrays'],
    ["SELECT data #>> '{a}' FROM t", 'the operator #>>'],
    ['SELECT a::uuid FROM t', 'the type uuid'],
    ['SELECT a::double precision FROM t', 'the type double precision'],
    ['SELECT extract(year FROM a) FROM t', 'extract of year'],
    ['SELECT make_interval(months => 1)', 'intervals of months'],
    ['SELECT ctid FROM t', 'the system column ctid'],
    ['SELECT * FROM pg_class', 'the system view pg_class'],
    ['SELECT * FROM app.jobs', 'the schema app'],
    ['SELECT gen_random_uuid()', 'the function gen_random_uuid'],
    ['CREATE INDEX ON t (a) WHERE b', 'partial indexes (CREATE INDEX … WHERE)'],
    ['CREATE INDEX CONCURRENTLY ON t (a)', 'CREATE INDEX CONCURRENTLY'],
    ['DROP INDEX CONCURRENTLY i', 'DROP INDEX CONCURRENTLY'],
    ['VACUUM FREEZE t', 'VACUUM FREEZE'],
    ['VACUUM FULL VERBOSE t', 'VACUUM VERBOSE'],
    ['ANALYZE VERBOSE t', 'ANALYZE VERBOSE'],
    ['CREATE TABLE c (a integer REFERENCES t ON DELETE SET DEFAULT)', 'ON DELETE SET DEFAULT'],
    ['CREATE TABLE c (a integer REFERENCES t ON UPDATE SET DEFAULT)', 'ON UPDATE SET DEFAULT'],
    ['CREATE TABLE c (a integer REFERENCES t ON DELETE SET NULL (a))', 'ON DELETE SET NULL with columns'],
    ['CREATE TABLE c (a integer REFERENCES t MATCH FULL)', 'MATCH in a foreign key'],
    ['CREATE TABLE c (a integer UNIQUE DEFERRABLE)', 'deferrable constraints'],
    ['ALTER TABLE c ADD CHECK (a > 0) NOT VALID', 'constraints that are NOT VALID'],
    ['SET search_path = app', 'the setting search_path'],
    ["SET TIME ZONE 'UTC'", 'the setting timezone'],
    ['SELECT * FROM generate_series(1, 2) WITH ORDINALITY', 'WITH ORDINALITY'],
    ["SELECT INTERVAL '5' MINUTE", "intervals with a unit behind the string: write it inside, as '5 minute'"],
    ['CREATE VIEW v AS SELECT 1', 'CREATE VIEW'],
    ["SELECT 'x'::varchar(20)", 'casts to a type with a size'],
    ['CREATE TABLE t (a timestamp(3))', 'timestamps with a precision'],
    ['INSERT INTO t VALUES (1) ON CONFLICT (a) WHERE b DO NOTHING', 'partial indexes (ON CONFLICT … WHERE)'],
    ['BEGIN READ ONLY', 'READ ONLY of a transaction'],
    ['SET TRANSACTION READ WRITE', 'SET TRANSACTION READ ONLY and READ WRITE'],
    ['PREPARE TRANSACTION \'x\'', 'PREPARE'],
    ['EXPLAIN SELECT 1', 'EXPLAIN'],
    ['COPY t FROM stdin', 'COPY'],
    ["SELECT DATE '2020-01-01'", "the literal DATE '2020-01-01'"],
    ['SHOW ALL', 'SHOW ALL: name a setting'],
    ['SELECT a.datname FROM pg_stat_activity a', 'the column datname of pg_stat_activity'],
    ['SELECT datname FROM pg_stat_activity', 'the column datname of pg_stat_activity'],
    ['SELECT virtualtransaction FROM pg_locks', 'the column virtualtransaction of pg_locks'],
    ['SET SESSION AUTHORIZATION postgres', 'AUTHORIZATION here'],
    ['PREPARE p (int) AS SELECT $1', 'PREPARE'],
    ['SET vacuum_cost_delay = 1', 'the setting vacuum_cost_delay'],
    ['DO $$ DECLARE n integer; BEGIN NULL; END $$', 'DECLARE in PL/pgSQL'],
    ['DO $$ BEGIN IF true THEN NULL; END IF; END $$', 'IF in PL/pgSQL'],
  ])('%s', (sql, what) => {
    expect(sqlFault(sql)).toBe(`Lockstep's database does not model ${what}`);
  });

  test('is named by the check of a scenario, with its line and column', () => {
    const { problems } = parseScenario(
      [
        'protocol: database', 'nodes:', '  db: database', '  A: client', 'steps:',
        '  - A sql "SELECT 1"', '  - A sql "SELECT ntile(2) OVER ()"', '  - A sql "SELEC 1" fails',
      ].join('\n'),
      'sql.scenario.yaml',
      library,
    );
    expect(problems.map(({ message, line, column }) => [message, line, column])).toEqual([
      ["Lockstep's database does not model the function ntile", 7, 11],
    ]);
  });
});

test("a column of the user's own tables may have the name of one that a system view lacks", async () => {
  const sql = "SELECT j.datname FROM jobs j, pg_stat_activity a WHERE a.state = 'active'";
  expect(sqlFault(sql)).toBeUndefined();
  expect(sqlFault(sql.replace('j.datname', 'a.datname'))).toContain('the column datname');
  const subject = new Simulated();
  await subject.begin(['CREATE TABLE jobs (datname text)', "INSERT INTO jobs VALUES ('x')"]);
  for (const [wanted, answer] of [
    [sql, 'x'],
    [sql.replace('j.datname', 'j.id, datid'), "ERROR 42703: column j.id does not exist"],
    [sql.replace('j.datname', 'datid'), "ERROR 0A000: Lockstep's database does not model the column datid of a"],
  ]) {
    subject.send('A', wanted);
    expect((await subject.settle()).map(({ result }) => textOf(result))).toEqual([answer]);
  }
});

test('an error of PostgreSQL is not one of the simulation', () => {
  for (const sql of ['SELEC 1', 'SELECT FROM WHERE', "SELECT 'open", 'UPDATE t SET', 'SELECT (1', '']) {
    expect(sqlFault(sql)).toBeUndefined();
  }
  const parsed = parseSql('UPDATE t');
  expect(isError(parsed) && parsed.message).toBe('syntax error at end of input');
});

test('pid is an integer in the system views, as the functions of sessions take it', async () => {
  const subject = new Simulated();
  await subject.begin([]);
  for (const view of ['pg_stat_activity', 'pg_locks']) {
    subject.send('A', `SELECT count(pg_cancel_backend(pid)) FROM ${view} WHERE pid <> 1 AND false`);
    expect((await subject.settle()).map(({ result }) => textOf(result))).toEqual(['0']);
  }
});

describe('a statement that waits', () => {
  const setup = [
    'CREATE TABLE test (id integer PRIMARY KEY, value integer)',
    'INSERT INTO test VALUES (1, 10), (2, 20), (3, 30)',
    'CREATE TABLE log (id serial, note text)',
  ];

  async function play(steps: readonly (readonly [string, string])[]): Promise<string[]> {
    const subject = new Simulated();
    await subject.begin(setup);
    const answers: string[] = [];
    for (const [session, sql] of steps) {
      subject.send(session, sql);
      for (const one of await subject.settle()) answers.push(`${one.session}: ${textOf(one.result)}`);
    }
    return answers;
  }

  test('does nothing twice when it waits several times', async () => {
    const answers = await play([
      ['A', 'BEGIN; UPDATE test SET value = 11 WHERE id = 1'],
      ['B', 'BEGIN; UPDATE test SET value = 22 WHERE id = 2'],
      [
        'C',
        'WITH note AS (INSERT INTO log (note) VALUES (\'once\') RETURNING id) ' +
          'UPDATE test SET value = value + note.id FROM note RETURNING test.id, value',
      ],
      ['A', 'COMMIT'],
      ['B', 'COMMIT'],
      ['A', 'SELECT id, note FROM log'],
      ['A', 'SELECT * FROM test ORDER BY id'],
    ]);
    expect(answers).toEqual([
      'A: UPDATE 1', 'B: UPDATE 1', 'A: COMMIT', 'B: COMMIT', 'C: (1, 12), (2, 23), (3, 31)',
      'A: (1, once)', 'A: (1, 12), (2, 23), (3, 31)',
    ]);
  });

  test('holds an advisory lock once that it took before the wait', async () => {
    const answers = await play([
      ['A', 'BEGIN; UPDATE test SET value = 11 WHERE id = 1'],
      ['B', 'SELECT id FROM test WHERE pg_try_advisory_lock(id) IS NOT NULL ORDER BY id LIMIT 1 FOR UPDATE'],
      ['A', 'COMMIT'],
      ['B', 'SELECT pg_advisory_unlock(1)'],
      ['A', 'SELECT pg_try_advisory_lock(1)'],
    ]);
    // The condition is tested again on the new version of the row: that takes the lock once more.
    expect(answers).toEqual(['A: UPDATE 1', 'A: COMMIT', 'B: 1', 'B: true', 'A: false']);
  });
});
