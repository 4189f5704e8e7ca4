/** The verdicts on random histories are those of the definitions. */
import { describe, expect, test } from 'vitest';
import { nameOf } from '../../../src/check/transactions/anomalies.ts';
import { checkTransactions } from '../../../src/check/transactions/check.ts';
import { transactionModels } from '../../../src/check/transactions/models.ts';
import { readTransactions } from '../../../src/check/transactions/transaction.ts';
import type { Work } from '../../../src/check/transactions/work.ts';
import type { TransactionVerdict } from '../../../src/check/transactions/anomaly.ts';
import type { History } from '../../../src/protocol/history.ts';
import { isReadCommitted, isSerializable, isSnapshotIsolated } from './brute-force.ts';
import { confusedHistory, type Kind, serialHistory } from './random-histories.ts';

const isNightly = process.env.LOCKSTEP_SEEDS !== undefined;
const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const unlimited: Work = { step() {}, keep() {}, release() {} };

function verdictsOf(history: History): Map<string, TransactionVerdict> {
  const read = readTransactions(history);
  if (read.type === 'fault') throw new Error(read.fault.code);
  return new Map(
    transactionModels.map((model) => [
      model.name, checkTransactions(read.transactions, model, unlimited),
    ]),
  );
}

function expected(history: History): Map<string, boolean> {
  return new Map([
    ['strict-serializable', isSerializable(history, 'realtime')],
    ['strong-session-serializable', isSerializable(history, 'process')],
    ['serializable', isSerializable(history, 'none')],
    ['repeatable-read', isSerializable(history, 'none')],
    ['strong-snapshot-isolation', isSnapshotIsolated(history, 'realtime')],
    ['strong-session-snapshot-isolation', isSnapshotIsolated(history, 'process')],
    ['snapshot-isolation', isSnapshotIsolated(history, 'none')],
    ['read-committed', isReadCommitted(history)],
  ]);
}

describe.each<Kind>(['list', 'register'])('transactions on a %s', (kind) => {
  test('agree with all orders, for random histories', () => {
    const held = new Map<string, number>();
    // Five transactions have 113,400 orders of starts and commits.
    const size = { transactions: isNightly ? 5 : 4, keys: 2, parts: 3, clients: 3 };
    for (let seed = 1; seed <= seeds; seed++) {
      const history = confusedHistory(seed, size, kind);
      const verdicts = verdictsOf(history);
      const strict = verdicts.get('strict-serializable')!;
      const isInternal = strict.type === 'violated' &&
        strict.witness.anomalies.some((one) => nameOf(one) === 'internal');
      for (const [name, holds] of expected(history)) {
        // PL-2 does not say what a transaction reads of its own writes.
        if (name === 'read-committed' && isInternal) continue;
        const found = verdicts.get(name)!;
        const message = `seed ${seed}, ${name}: ${JSON.stringify(found)} for ${shown(history)}`;
        expect(found.type, message).toBe(holds ? 'holds' : 'violated');
        if (holds) held.set(name, (held.get(name) ?? 0) + 1);
      }
    }
    // The comparison says something only if there are many of both.
    for (const [name, count] of held) {
      expect(count, name).toBeGreaterThan(seeds / 10);
      expect(count, name).toBeLessThan(seeds);
    }
  });

  test('hold under every model, if they were executed one after the other', () => {
    const size = { transactions: 40, keys: 4, parts: 5, clients: 6 };
    for (let seed = 1; seed <= seeds / 10; seed++) {
      for (const [name, { type }] of verdictsOf(serialHistory(seed, size, kind))) {
        expect(type, `seed ${seed}, ${name}`).toBe('holds');
      }
    }
  });
});

function shown(history: History): string {
  return history
    .map(({ process: client, invoked, returned, outcome, args, result }) => {
      const parts = JSON.stringify(result ?? args.operations);
      return `\n${client} [${invoked}, ${returned}] ${outcome} ${parts}`;
    })
    .join('');
}
