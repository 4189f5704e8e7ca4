/** Operations of a run become transactions; samples have the anomalies that they name. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHistory } from '../../../src/check/formats/read-history.ts';
import { checkModel, models } from '../../../src/check/models/models.ts';
import { transactionsOfRun } from '../../../src/check/transactions/run-history.ts';
import { transactions as sqlTransactions } from '../../../src/protocols/database/transaction-effects.ts';
import { transactions as spannerTransactions } from '../../../src/protocols/spanner/client/transaction-effects.ts';
import type { History, HistoryOperation, Transactions } from '../../../src/protocol/history.ts';
import type { Json } from '../../../src/protocol/types.ts';

type Asked = readonly [client: string, name: string, args: Record<string, Json>, result?: Json];

/** Operations one after the other; without a result, an operation fails. */
function run(...asked: readonly Asked[]): History {
  return asked.map(([client, name, args, result], at): HistoryOperation => ({
    process: client, name, args, invoked: 2 * at, returned: 2 * at + 1,
    outcome: result === undefined ? 'failed' : 'ok', result,
  }));
}

function sql(client: string, statement: string, result?: Json): Asked {
  return [client, 'sql', { statement }, result];
}

function transactions(history: History, of?: Transactions): Json[] {
  const found = transactionsOfRun(history, of);
  if (found.type === 'not registers') return [`not registers: ${found.operation}`];
  return found.history.map(({ process: client, outcome, args }) => [
    client, outcome, args.operations,
  ]);
}

const table = sql('A', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text)', 'CREATE TABLE');

describe('operations of a run', () => {
  test('from begin to commit are one transaction', () => {
    expect(transactions(run(
      ['n1', 'begin', { transaction: 'T' }, 'OK'],
      ['n1', 'write', { transaction: 'T', key: 'x', value: 1 }, 'OK'],
      ['n1', 'get', { key: 'x' }, null],
      ['n1', 'read', { transaction: 'T', key: 'x' }, 1],
      ['n1', 'commit', { transaction: 'T' }, 'COMMITTED'],
      ['n1', 'begin', {}, 'OK'],
      ['n1', 'write', { key: 'y', value: 2 }, 'OK'],
      ['n1', 'rollback', {}, 'OK'],
    ))).toEqual([
      ['n1/T', 'ok', [['write', 'x', 1], ['read', 'x', 1]]],
      ['n1', 'ok', [['read', 'x', null]]],
      ['n1', 'failed', [['write', 'y', 2]]],
    ]);
  });

  test('of SQL read and write the columns of rows', () => {
    expect(transactions(run(
      table,
      sql('A', "INSERT INTO t VALUES (1, 5, 'it''s'), (2, 6, null)", 'INSERT 0 2'),
      sql('A', 'BEGIN ISOLATION LEVEL SERIALIZABLE', 'BEGIN'),
      sql('A', 'SELECT a FROM t WHERE id = 1 FOR UPDATE;', 5),
      sql('A', 'UPDATE t SET a = 7 WHERE id = 1', 'UPDATE 1'),
      sql('A', 'UPDATE t SET a = 7 WHERE id = 9', 'UPDATE 0'),
      sql('A', 'COMMIT', 'COMMIT'),
    ), sqlTransactions)).toEqual([
      ['A', 'ok', [
        ['write', 't.1.a', 5], ['write', 't.1.b', "it's"], ['write', 't.2.a', 6], ['write', 't.2.b', null],
      ]],
      ['A', 'ok', [['read', 't.1.a', 5], ['write', 't.1.a', 7]]],
    ]);
  });

  test('a commit that is answered ROLLBACK did not commit', () => {
    const history = run(
      table, ['A', 'begin', {}, 'BEGIN'], sql('A', 'UPDATE t SET a = 7 WHERE id = 1', 'UPDATE 1'),
      sql('A', 'UPDATE t SET a = 8 WHERE id = 2'), ['A', 'commit', {}, 'ROLLBACK'],
    );
    expect(transactions(history, sqlTransactions)).toEqual([['A', 'failed', [['write', 't.1.a', 7]]]]);
  });

  test.each([
    'SELECT count(*) FROM t WHERE a > 1', 'UPDATE t SET a = a - 1 WHERE id = 1',
    'UPDATE t SET a = 1', 'SELECT a FROM t WHERE b = 1', 'DELETE FROM t WHERE id = 1',
    'INSERT INTO t VALUES (1, 2 + 3)', 'INSERT INTO t VALUES (1, 2) ON CONFLICT DO NOTHING',
    'UPDATE t SET id = 3 WHERE id = 1', 'SELECT a FROM u WHERE id = 1',
  ])('%s is not a read or write of one row', (statement) => {
    const history = run(table, sql('A', statement, 'done'));
    expect(transactions(history, sqlTransactions)).toEqual(['not registers: 1']);
    const serializable = models.find(({ name }) => name === 'serializable')!;
    expect(checkModel(history, serializable, none, undefined, sqlTransactions)).toMatchObject({
      type: 'unknown', why: { needs: 'transactions of reads and writes of one row or key each' },
    });
  });
});

test('the keys of a read of several are read at once', () => {
  expect(transactions(run(
    ['c', 'readAll', { keys: ['x', 'y'] }, [1, null]],
    ['c', 'snapshot', { keys: ['x'], age: 5 }, [1]],
  ), spannerTransactions)).toEqual([
    ['c', 'ok', [['read', 'x', 1], ['read', 'y', null]]], ['c', 'ok', [['read', 'x', 1]]],
  ]);
});

const none = { doc: '', init: () => null, step: (state: null) => state };

describe('samples', () => {
  test.each([
    ['write-skew.edn', 'G2-item (write skew): T1 → T2 → T1', [
      'strict-serializable', 'strong-session-serializable', 'serializable', 'repeatable-read',
    ]],
    ['lost-update.edn', 'G2-item (lost update): T2 → T3 → T2', [
      'strict-serializable', 'strong-session-serializable', 'serializable', 'repeatable-read',
      'strong-snapshot-isolation', 'strong-session-snapshot-isolation', 'snapshot-isolation',
    ]],
  ])('%s', (file, title, expected) => {
    const folder = path.resolve(import.meta.dirname, '../../../samples/histories');
    const read = readHistory(readFileSync(path.join(folder, file), 'utf8'));
    if ('problem' in read) throw new Error(JSON.stringify(read.problem));
    const verdicts = models.filter(({ of }) => of === 'transactions').map((model) => ({
      name: model.name, verdict: checkModel(read.history, model, none),
    }));
    const violated = verdicts.filter(({ verdict }) => verdict.type === 'violated');
    expect(violated.map(({ name }) => name)).toEqual(expected);
    expect(JSON.stringify(violated[0].verdict)).toContain(title);
  });
});
