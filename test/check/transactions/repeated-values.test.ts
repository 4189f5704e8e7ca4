/** Transactions that write the same value to a key, and registers that have one at the start. */
import { describe, expect, test } from 'vitest';
import { readHistory, subjectOf } from '../../../src/check/formats/read-history.ts';
import { checkModel, modelOf, models } from '../../../src/check/models/models.ts';
import { verdictLines } from '../../../src/check/models/model-words.ts';
import type { History } from '../../../src/protocol/history.ts';
import { multiRegister } from '../../../src/protocol/specifications/objects.ts';
import { shippedSpecifications } from '../../../src/protocol/specifications/shipped.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { isSerializable, isSnapshotIsolated, partsOf } from './brute-force.ts';
import { confusedHistory, type Kind } from './random-histories.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 120);
const size = { transactions: 4, keys: 2, parts: 3, clients: 3 };
const multi = shippedSpecifications.find(({ name }) => name === 'multi-register')!;

/** Of registers, all values become 0 or 1. */
function withRepeats(history: History): History {
  const narrow = (parts: readonly (readonly unknown[])[]): Json =>
    parts.map(([kind, key, value]) => [kind, key, typeof value === 'number' ? value % 2 : value]) as Json;
  return history.map((one) => ({
    ...one,
    args: { operations: narrow(partsOf({ ...one, outcome: 'unknown' })) },
    ...(one.result !== undefined && { result: narrow(one.result as unknown as unknown[][]) }),
  }));
}

function verdictOf(history: History, model: string, specification = multiRegister()): string {
  return checkModel(history, modelOf(model)!, specification).type;
}

/** Lines such as `0 invoke [:w x 1]`. */
function recorded(...lines: readonly string[]) {
  const text = lines.map((line) => {
    const [, process, type, parts] = /^(\d+) (\w+) (.*)$/.exec(line)!;
    return `{:process ${process}, :type :${type}, :f :txn, :value [${parts}]}`;
  });
  const read = readHistory(text.join('\n'));
  if ('problem' in read) throw new Error(read.problem.message);
  return read;
}

/** The models that such a file violates. */
function violatedBy(lines: readonly string[], initial?: Json): string[] {
  const { history, specification } = subjectOf(recorded(...lines), multi, initial);
  return models.flatMap(({ name, of }) =>
    of === 'transactions' && verdictOf(history, name, specification) === 'violated' ? [name] : [],
  );
}

test('random histories of two values agree with all orders', () => {
  const counts = { holds: 0, violated: 0, unknown: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const history = withRepeats(confusedHistory(seed, size, 'register'));
    const expected: [string, boolean, decided: boolean][] = [
      ['strict-serializable', isSerializable(history, 'realtime'), true],
      ['strong-session-serializable', isSerializable(history, 'process'), true],
      ['serializable', isSerializable(history, 'none'), true],
      ['strong-snapshot-isolation', isSnapshotIsolated(history, 'realtime'), false],
      ['snapshot-isolation', isSnapshotIsolated(history, 'none'), false],
    ];
    for (const [model, holds, isDecided] of expected) {
      const found = verdictOf(history, model) as keyof typeof counts;
      counts[found]++;
      const message = `seed ${seed}, ${model}: ${JSON.stringify(history)}`;
      if (found === 'unknown' && !isDecided) continue;
      expect(found, message).toBe(holds ? 'holds' : 'violated');
    }
  }
  expect(Math.min(counts.holds, counts.violated)).toBeGreaterThan(seeds);
});

describe.each<Kind>(['list', 'register'])('transactions on a %s', (kind) => {
  test('are linearizable operations on one object if they are strictly serializable', () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const history = confusedHistory(seed, size, kind);
      const message = `seed ${seed}: ${JSON.stringify(history)}`;
      const strict = verdictOf(history, 'strict-serializable');
      expect(verdictOf(history, 'linearizable'), message).toBe(strict);
      const ofSessions = verdictOf(history, 'strong-session-serializable');
      expect(verdictOf(history, 'sequential'), message).toBe(ofSessions);
    }
  });
});

test('a transaction may write the value that it read', () => {
  const first = ['0 invoke [:w x 1]', '0 ok [:w x 1]', '1 invoke [:r x nil] [:w x 1]'];
  expect(violatedBy([...first, '1 ok [:r x 1] [:w x 1]'])).toEqual([]);
  // It read what no other transaction wrote.
  const alone = ['1 invoke [:r x nil] [:w x 1]', '1 ok [:r x 1] [:w x 1]'];
  expect(violatedBy(alone)).toContain('read-committed');
});

test('a register that is set to a value twice has the last one', () => {
  const writes = ['0 invoke [:w x 1] [:w x 2] [:w x 1]', '0 ok [:w x 1] [:w x 2] [:w x 1]'];
  expect(violatedBy([...writes, '1 invoke [:r x nil]', '1 ok [:r x 1]'])).toEqual([]);
  const between = violatedBy([...writes, '1 invoke [:r x nil]', '1 ok [:r x 2]']);
  expect(between).toContain('read-committed');
});

describe('the value at the start', () => {
  const reads = (value: string, name = 'r') => [
    `0 invoke [:${name} x nil]`, `0 ok [:${name} x ${value}]`,
  ];
  const stale = (value: string) => ['1 invoke [:w x 7]', '1 ok [:w x 7]', ...reads(value)];

  test('is none for the registers of Jepsen, and 0 for those of Knossos', () => {
    expect(violatedBy(reads('nil'))).toEqual([]);
    expect(violatedBy(reads('0'))).toContain('read-uncommitted');
    expect(violatedBy(reads('0', 'read'))).toEqual([]);
    expect(violatedBy(reads('nil', 'read'))).toEqual([]);
  });

  test('is given for all registers, or for each', () => {
    expect(violatedBy(reads('5'), 5)).toEqual([]);
    expect(violatedBy(reads('5'), { x: 5 })).toEqual([]);
    expect(violatedBy(reads('5'), { y: 5 })).toContain('read-uncommitted');
    const strict = ['strict-serializable', 'strong-snapshot-isolation'];
    expect(violatedBy(stale('5'), 5)).toEqual(strict);
    expect(violatedBy(stale('nil'))).toEqual(strict);
  });

  test('is a real observation for linearizability, too', () => {
    const { history, specification } = subjectOf(recorded(...stale('nil')), multi);
    expect(verdictOf(history, 'linearizable', specification)).toBe('violated');
  });
});

describe('an unknown verdict', () => {
  function whyOf(lines: readonly string[], model: string): string[] {
    const { history } = recorded(...lines);
    return verdictLines(history, checkModel(history, modelOf(model)!, multiRegister()));
  }

  test('names the value that several versions have', () => {
    // Write skew of the last two, so there is no order; snapshot isolation depends on the versions.
    const lines = [
      '0 invoke [:w x 1] [:w y 1]', '0 ok [:w x 1] [:w y 1]',
      '1 invoke [:r y nil] [:w x 1]', '1 ok [:r y nil] [:w x 1]',
      '2 invoke [:r x nil] [:r y nil] [:w x 2]', '3 invoke [:r x nil] [:r y nil] [:w y 2]',
      '2 ok [:r x 1] [:r y 1] [:w x 2]', '3 ok [:r x 1] [:r y 1] [:w y 2]',
    ];
    expect(whyOf(lines, 'snapshot-isolation')).toEqual([
      'More than one version of x is 1, so a read of it does not tell which one it saw: '
        + 'write each value to a key only once.',
    ]);
    expect(whyOf(lines, 'serializable')[0]).toMatch(/^There is no order of these operations/);
  });

  test.each([
    ['[:w x 1] [:append x 2]',
      'Transactions write x and also append to it: a key holds a value or a list.'],
    ['[:zz x 1]', '`["zz", "x", 1]` is not a transaction of reads, writes and appends.'],
  ])('says what is wrong with %s', (parts, sentence) => {
    expect(whyOf([`0 invoke ${parts}`], 'serializable')).toEqual([sentence]);
  });
});

test('an object of one register has no key to name', () => {
  const lines = [
    { process: 'A', type: 'invoke', f: 'read', value: null },
    { process: 'A', type: 'ok', f: 'read', value: 5 },
  ];
  const read = readHistory(lines.map((line) => JSON.stringify(line)).join('\n'));
  if ('problem' in read) throw new Error(read.problem.message);
  const verdict = checkModel(read.history, modelOf('serializable')!, multiRegister());
  expect(verdictLines(read.history, verdict)).toEqual([
    'unwritten read: T1', '  T1 (A): read 5', '  T1 read the register as 5, and no transaction wrote 5',
  ]);
});
