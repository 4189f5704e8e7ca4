/** Whatever SQL a user types, the database answers it: no handler throws, and every statement ends. */
import { describe, expect, test } from 'vitest';
import { functions } from '../../src/protocols/database/expressions/functions.ts';
import { Simulated } from '../conformance/simulated.ts';
import { textOf } from '../conformance/transcript.ts';

/** The answer to the last statement; undefined if it waits. */
async function answerTo(...statements: readonly string[]): Promise<string | undefined> {
  const subject = new Simulated();
  await subject.begin(statements.slice(0, -1));
  subject.send('A', statements.at(-1)!);
  const [answer] = await subject.settle();
  return answer === undefined ? undefined : textOf(answer.result);
}

const forms = [
  'count', 'sum', 'min', 'max', 'avg', 'bool_and', 'bool_or',
  'coalesce', 'greatest', 'least', 'nullif',
];
const values = [
  'NULL', 'true', "'x'::text", "'1'", '1', '-1', '2147483647', '9007199254740991', '1.5', '-1e300',
  "'2020-01-01'::timestamptz", "'2020-01-01'::timestamp", "interval '1 day'",
  "interval '99999999999 days'", 'pg_notify(NULL, NULL)',
];

function argumentLists(): string[][] {
  const few = ['NULL', '1', '-1e300', "'x'::text"];
  return [
    [],
    ...values.map((one) => [one]),
    ...values.flatMap((one) => values.map((other) => [one, other])),
    ...few.flatMap((one) => few.flatMap((two) => few.map((three) => [one, two, three]))),
  ];
}

const ours = "ERROR 0A000: Lockstep's database does not model";

describe('an extreme value', () => {
  test.each([
    ['SELECT coalesce()', 'ERROR 42601: syntax error at or near ")"'],
    ['SELECT greatest()', 'ERROR 42601: syntax error at or near ")"'],
    ['SELECT least()', 'ERROR 42601: syntax error at or near ")"'],
    ['SELECT trim()', 'ERROR 42601: syntax error at or near ")"'],
    ['SELECT nullif()', 'ERROR 42601: syntax error at or near ")"'],
    ['DELETE items WHERE a = 1', 'ERROR 42601: syntax error at or near "items"'],
    ['INSERT items VALUES (1)', 'ERROR 42601: syntax error at or near "items"'],
    ['SELECT nullif(1)', 'ERROR 42601: syntax error at or near ")"'],
    ['SELECT nullif(1, 2, 3)', 'ERROR 42601: syntax error at or near ","'],
    [
      'SELECT count()',
      'ERROR 42809: count(*) must be used to call a parameterless aggregate function',
    ],
    ['SELECT sum(1, 2)', 'ERROR 42883: function sum(integer, integer) does not exist'],
    [
      'SELECT greatest(pg_notify(NULL, NULL))',
      'ERROR 42883: could not identify a comparison function for type void',
    ],
    ['SELECT 10 * 1e100000', `${ours} numbers with more than 2000 digits`],
    ['SELECT 1e1500 * 1e1500', `${ours} numbers with more than 2000 digits`],
    ["SELECT 'NaN'::numeric", `${ours} the number 'NaN'`],
    ['SELECT round(1250, -2)', '1300'],
    ["SELECT '99999-01-01'::timestamptz", `${ours} the timestamp '99999-01-01'`],
    [
      "SELECT '2020-01-01'::timestamptz + interval '9999999 days'",
      `${ours} timestamps before the year 1 or after the year 9999`,
    ],
    [
      "SELECT '2020-01-01'::timestamptz + interval '999999999 days'",
      'ERROR 22008: timestamp out of range',
    ],
    ["SELECT interval '1 day' * 1e300", 'ERROR 22008: interval out of range'],
    [
      "SELECT interval '99999999999 days'",
      'ERROR 22015: interval field value out of range: "99999999999 days"',
    ],
  ])('%s', async (sql, answer) => {
    expect(await answerTo(sql)).toBe(answer);
  });

  test('a sleep longer than any timer waits, and ends', async () => {
    for (const sql of ['SELECT pg_sleep(99999999999999)', 'SELECT pg_sleep(1e300)']) {
      expect(await answerTo(sql)).toBeUndefined();
    }
  });

  test('the longest timeouts are set, and used', async () => {
    const longest = [
      'lock_timeout', 'statement_timeout', 'idle_session_timeout', 'deadlock_timeout',
      'client_connection_check_interval', 'idle_in_transaction_session_timeout',
      'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout',
    ].map((name) => `SET ${name} = 2147483647`);
    expect(await answerTo([...longest, 'SELECT pg_sleep(1)'].join('; '))).toBeUndefined();
    expect(await answerTo([...longest, 'SELECT 1'].join('; '))).toBe('1');
    expect(await answerTo('SET lock_timeout = 99999999999999')).toContain('ERROR 22023');
  });
});

describe('a statement that would not end', () => {
  const rows = `${ours} statements that read more than 100,000 rows`;

  test.each([
    'SELECT * FROM generate_series(1, 1000000000)',
    'SELECT count(*) FROM generate_series(1, 9007199254740991)',
    'SELECT * FROM generate_series(1, 1000000000) g WHERE g < 0',
    'SELECT count(*) FROM generate_series(1, 5000) a, generate_series(1, 5000) b',
    'SELECT count(*) FROM generate_series(1, 5000) a JOIN generate_series(1, 5000) b ON a = -b',
    'SELECT (SELECT count(*) FROM generate_series(1, 5000) b) FROM generate_series(1, 5000) a ' +
      'WHERE EXISTS (SELECT 1 FROM generate_series(1, 5000) c WHERE c = -a)',
    'WITH a AS (SELECT * FROM generate_series(1, 1000000000)) SELECT count(*) FROM a',
    'UPDATE t SET a = g FROM generate_series(1, 1000000000) g',
    'DELETE FROM t USING generate_series(1, 1000000000) g WHERE g = -a',
  ])('%s', async (sql) => {
    const create = 'CREATE TABLE t (a integer)';
    expect(await answerTo(create, 'INSERT INTO t VALUES (1)', sql)).toBe(rows);
  });

  test('writing and locking are bounded, in all statements of a query', async () => {
    const fault = `${ours} statements that write or lock thousands of rows`;
    const create = 'CREATE TABLE t (a integer)';
    const some = 'INSERT INTO t SELECT * FROM generate_series(1, 900)';
    expect(await answerTo(create, some)).toBe('INSERT 0 900');
    const many = 'INSERT INTO t SELECT * FROM generate_series(1, 1000000000)';
    expect(await answerTo(create, many)).toBe(fault);
    expect(await answerTo(create, Array(12).fill(some).join('; '))).toBe(fault);
  });

  test('a thousand rows are few', async () => {
    expect(await answerTo('SELECT count(*) FROM generate_series(1, 1000)')).toBe('1000');
  });

  const doubled = Array.from({ length: 40 });

  test('a text that doubles again and again', async () => {
    const long = `${ours} texts of more than 1,000,000 characters`;
    const setup = ['CREATE TABLE t (a text, n numeric)', "INSERT INTO t VALUES ('xx', 10)"];
    const by = (set: string) => answerTo(...setup, ...doubled.map(() => `UPDATE t SET ${set}`));
    expect(await by('a = a || a')).toBe(long);
    expect(await by('a = concat(a, a)')).toBe(long);
    expect(await by("a = replace(a, 'x', 'xx')")).toBe(long);
    expect(await by('n = n * n')).toBe(`${ours} numbers with more than 2000 digits`);
  });

  test('a pattern of LIKE with many stars', async () => {
    const sql = `SELECT '${'a'.repeat(200)}' LIKE '${'%a'.repeat(30)}b'`;
    expect(await answerTo(sql)).toBe('false');
  });
});

describe('a function with any arguments is answered, or refused', () => {
  const ending = ['pg_terminate_backend', 'pg_cancel_backend'];
  const names = [...Object.keys(functions), ...forms].filter((name) => !ending.includes(name));
  test.each(names)('%s', async (name) => {
    const subject = new Simulated();
    await subject.begin([]);
    for (const list of argumentLists()) {
      const sql = `SELECT ${name}(${list.join(', ')})`;
      subject.send('A', sql);
      const answers = await subject.settle();
      if (answers.length > 0) continue;
      subject.send('B', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ' +
        'pid <> pg_backend_pid()');
      await subject.settle();
      await subject.begin([]);
    }
  });
});
