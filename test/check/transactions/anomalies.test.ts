/** Each anomaly by its name, with the smallest cycle in words. */
import { describe, expect, test } from 'vitest';
import { readHistory } from '../../../src/check/formats/read-history.ts';
import { checkModel, modelOf, models } from '../../../src/check/models/models.ts';
import type { ModelVerdict } from '../../../src/check/models/verdict.ts';
import type { History } from '../../../src/protocol/history.ts';

const none = { doc: '', init: () => null, step: (state: null) => state };

/** Transactions that all overlap, each by a client of its own. */
function concurrent(...transactions: readonly string[]): History {
  const invoked = transactions.map((parts, at) => event(at, 'invoke', asked(parts)));
  return read([...invoked, ...transactions.map((parts, at) => event(at, 'ok', parts))].join('\n'));
}

/** One after the other, by clients that are given. */
function sequence(...transactions: readonly (readonly [number, string])[]): History {
  return read(transactions.flatMap(([client, parts]) =>
    [event(client, 'invoke', asked(parts)), event(client, 'ok', parts)]).join('\n'));
}

function asked(parts: string): string {
  return parts.replace(/(\[:r \w+ )(\[[^\]]*\]|\w+)\]/g, '$1nil]');
}

function event(client: number, type: string, parts: string): string {
  return `{:process ${client}, :type :${type}, :f :txn, :value [${parts}]}`;
}

function read(text: string): History {
  const found = readHistory(text);
  if ('problem' in found) throw new Error(JSON.stringify(found.problem));
  return found.history;
}

function verdictOf(history: History, name: string): ModelVerdict {
  return checkModel(history, modelOf(name)!, none);
}

function words(history: History, name: string): readonly string[] {
  const verdict = verdictOf(history, name);
  if (verdict.type !== 'violated' || verdict.witness.code !== 'other') return [verdict.type];
  return verdict.witness.lines;
}

/** The transactional models that the history violates. */
function violated(history: History): string[] {
  return models.flatMap(({ name, of }) =>
    of === 'transactions' && verdictOf(history, name).type === 'violated' ? [name] : [],
  );
}

const strict = 'strict-serializable';
const session = 'strong-session-serializable';
const serializable = [strict, session, 'serializable', 'repeatable-read'];
const strongSnapshot = 'strong-snapshot-isolation';
const snapshot = [strongSnapshot, 'strong-session-snapshot-isolation', 'snapshot-isolation'];
const committed = [...serializable, ...snapshot, 'read-committed'];

describe('lists', () => {
  test('G0: two transactions append in different orders', () => {
    const history = concurrent(
      '[:append x 1] [:append y 1]', '[:append x 2] [:append y 2]', '[:r x [1 2]] [:r y [2 1]]',
    );
    expect(violated(history)).toEqual([...committed, 'read-uncommitted']);
    expect(words(history, 'read-uncommitted')).toEqual([
      'G0: T1 → T2 → T1',
      '  T1 (0): append x 1, append y 1',
      '  T2 (1): append x 2, append y 2',
      '  T1 appended 1 to x before T2 appended 2 to it (ww)',
      '  T2 appended 2 to y before T1 appended 1 to it (ww)',
    ]);
  });

  test('G1c: two transactions read from each other', () => {
    const history = concurrent('[:append x 1] [:r y [1]]', '[:append y 1] [:r x [1]]');
    expect(violated(history)).toEqual(committed);
    expect(words(history, 'read-committed').slice(3)).toEqual([
      '  T1 appended 1 to x, and T2 read it (wr)',
      '  T2 appended 1 to y, and T1 read it (wr)',
    ]);
  });

  test('G-single: a transaction sees one append of another and misses the other append', () => {
    const history = concurrent('[:append x 1] [:append y 1]', '[:r x [1]] [:r y []]');
    expect(violated(history)).toEqual([...serializable, ...snapshot]);
    expect(words(history, 'snapshot-isolation')).toEqual([
      'G-single: T2 → T1 → T2',
      '  T1 (0): append x 1, append y 1',
      '  T2 (1): r x [1], r y []',
      '  T2 read y as [] before T1 appended 1 to it (rw)',
      '  T1 appended 1 to x, and T2 read it (wr)',
    ]);
  });

  test('G-nonadjacent: two rw with other dependencies between them', () => {
    const history = concurrent(
      '[:append x 1]', '[:append y 1]', '[:r x [1]] [:r y []]', '[:r x []] [:r y [1]]',
    );
    expect(violated(history)).toEqual([...serializable, ...snapshot]);
    expect(words(history, 'snapshot-isolation')[0]).toMatch(/^G-nonadjacent: T\d/);
  });

  test('write skew: G2-item, which snapshot isolation allows', () => {
    const history = concurrent('[:r x []] [:append y 1]', '[:r y []] [:append x 1]');
    expect(violated(history)).toEqual(serializable);
    expect(words(history, 'serializable')).toEqual([
      'G2-item (write skew): T1 → T2 → T1',
      '  T1 (0): r x [], append y 1',
      '  T2 (1): r y [], append x 1',
      '  T1 read x as [] before T2 appended 1 to it (rw)',
      '  T2 read y as [] before T1 appended 1 to it (rw)',
    ]);
  });

  test('lost update, also if no read shows which append was first', () => {
    const history = concurrent('[:r x []] [:append x 1]', '[:r x []] [:append x 2]');
    expect(violated(history)).toEqual([...serializable, ...snapshot]);
    expect(words(history, 'snapshot-isolation').slice(0, 4)).toEqual([
      'G2-item (lost update): T1 → T2 → T1',
      '  T1 (0): r x [], append x 1',
      '  T2 (1): r x [], append x 2',
      '  T1 and T2 both read x as [], and then both appended to x: neither saw what the other did',
    ]);
  });

  test('stale reads break only the models with the order of clients', () => {
    const stale = sequence([0, '[:append x 1]'], [1, '[:r x []]']);
    expect(violated(stale)).toEqual([strict, strongSnapshot]);
    expect(words(stale, strict)).toEqual([
      'G-single-realtime: T2 → T1 → T2',
      '  T1 (0): append x 1',
      '  T2 (1): r x []',
      '  T2 read x as [] before T1 appended 1 to it (rw)',
      '  T1 was answered before T2 was invoked (realtime)',
    ]);
    const own = sequence([0, '[:append x 1]'], [0, '[:r x []]']);
    expect(violated(own)).toEqual([strict, session, ...snapshot.slice(0, 2)]);
    expect(words(own, session).at(-1)).toBe('  client 0 ran T1 before T2 (process)');
  });

  test.each([
    ['G1b', '[:append x 1] [:append x 2]', '[:r x [1]]',
      'T2 read x as [1], which has 1 but not all that T1 appended'],
    ['unwritten read', '[:append x 1]', '[:r x [1 9]]',
      'T2 read x as [1 9], and no transaction wrote 9'],
    ['duplicate element', '[:append x 1]', '[:r x [1 1]]',
      'T2 read x as [1 1], which has 1 more than once'],
    ['internal', '[:append x 1]', '[:r x [1]] [:append x 2] [:r x [1]]',
      'T2 read x as [1], but its own earlier reads and writes left [1 2] there'],
    ['future read', '[:append x 1]', '[:r x [2]] [:append x 2]',
      'T2 read x as [2], which has a value that it wrote only later'],
  ])('%s', (name, first, second, sentence) => {
    const lines = words(concurrent(first, second), 'serializable');
    expect(lines[0]).toBe(`${name}: T2`);
    expect(lines).toContain(`  ${sentence}`);
  });

  test('incompatible order: of two lists, neither continues the other', () => {
    const history = concurrent('[:append x 1]', '[:append x 2]', '[:r x [1]]', '[:r x [2 1]]');
    expect(violated(history)).toEqual(committed);
    expect(words(history, 'read-committed').at(3)).toBe(
      '  T3 read x as [1], and T4 read it as [2 1]: neither list continues the other',
    );
  });

  test('G1a: a read of what an aborted transaction wrote', () => {
    const history = read([
      event(0, 'invoke', '[:append x 1]'), event(1, 'invoke', '[:r x nil]'),
      event(0, 'fail', '[:append x 1]'), event(1, 'ok', '[:r x [1]]'),
    ].join('\n'));
    expect(violated(history)).toEqual(committed);
    expect(words(history, 'read-committed')).toEqual([
      'G1a: T2',
      '  T1 (0): append x 1 (aborted)',
      '  T2 (1): r x [1]',
      '  T2 read x as [1], and T1, which aborted, had written 1',
    ]);
  });
});

describe('registers', () => {
  test('a lost update', () => {
    const history = concurrent('[:r x nil] [:w x 1]', '[:r x nil] [:w x 2]');
    expect(violated(history)).toEqual([...serializable, ...snapshot]);
    expect(words(history, 'serializable').at(-1)).toBe(
      '  T1 and T2 both read x as nil, and then both wrote x: neither saw what the other did',
    );
  });

  test('an order that no read shows is inferred, with the reason', () => {
    // T4 read the 1 after T3 had read the 2, so the 2 came first; T5 and T6 say the opposite.
    const history = concurrent(
      '[:w x 1]', '[:w x 2]', '[:r x 2] [:w y 1]', '[:r y 1] [:r x 1]',
      '[:r x 1] [:w z 1]', '[:r z 1] [:r x 2]',
    );
    expect(violated(history)).toEqual([...serializable, ...snapshot]);
    const lines = words(history, 'serializable');
    const reason = 'no read shows this order, but the other order is a cycle too:';
    expect(lines.join('\n')).toContain(reason);
  });

  test('a client may write the value of an aborted transaction again', () => {
    const history = read([
      event(0, 'invoke', '[:w x 1]'), event(0, 'fail', '[:w x 1]'),
      event(0, 'invoke', '[:w x 1]'), event(0, 'ok', '[:w x 1]'),
      event(1, 'invoke', '[:r x nil]'), event(1, 'ok', '[:r x 1]'),
    ].join('\n'));
    expect(violated(history)).toEqual([]);
  });
});

test('a transaction without an answer committed if its writes were read', () => {
  const events = [
    event(0, 'invoke', '[:append x 1] [:append y 1]'),
    event(0, 'info', '[:append x 1] [:append y 1]'),
    event(1, 'invoke', '[:r x nil] [:r y nil]'),
  ];
  const history = (parts: string) => read([...events, event(1, 'ok', parts)].join('\n'));
  expect(violated(history('[:r x []] [:r y []]'))).toEqual([]);
  expect(violated(history('[:r x [1]] [:r y [1]]'))).toEqual([]);
  expect(violated(history('[:r x [1]] [:r y []]'))).toEqual([...serializable, ...snapshot]);
});

test('a check ends when its limits are used up', () => {
  const transactions = Array.from(
    { length: 60 },
    (_, at) => `[:w x ${at}] [:r y ${at}] [:w z ${at}]`,
  );
  const others = transactions.map((_, at) => `[:w y ${at}] [:r z ${at}]`);
  const limits = { steps: 1_000, memory: 1_000_000 };
  const verdict = checkModel(
    concurrent(...transactions, ...others), modelOf('serializable')!, none, limits,
  );
  expect(verdict).toMatchObject({ type: 'unknown', why: { code: 'limit-reached' } });
});

test('other operations are not transactions', () => {
  const history = read('{:process 0, :type :invoke, :f :dequeue, :value nil}');
  expect(verdictOf(history, 'serializable')).toMatchObject({
    type: 'unknown', why: { needs: 'transactions of reads and writes of one row or key each' },
  });
});
