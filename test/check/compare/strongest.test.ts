// What one consistency model is said to imply, every history shows that satisfies it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { impliedBy, strongestOf } from '../../../src/check/compare/strongest.ts';
import { checkModel, models } from '../../../src/check/models/models.ts';
import type { History } from '../../../src/protocol/history.ts';
import { register } from '../../../src/protocol/specifications/objects.ts';
import type { ModelName } from '../../../src/scenario/history/models.ts';
import { randomHistory } from '../models/random-histories.ts';
import { confusedHistory, serialHistory } from '../transactions/random-histories.ts';

const specification = register(0);

function holdsIn(history: History, of: 'operations' | 'transactions'): Set<ModelName> {
  const all = models.filter((model) => model.of === of);
  const good = all.filter((model) => checkModel(history, model, specification).type === 'holds');
  return new Set(good.map(({ name }) => name));
}

/** The pairs `A, B` of which a history satisfies A and not B. */
function refuted(histories: readonly History[], of: 'operations' | 'transactions'): Set<string> {
  const names = models.filter((model) => model.of === of).map(({ name }) => name);
  const found = new Set<string>();
  for (const history of histories) {
    const holds = holdsIn(history, of);
    for (const one of names.filter((name) => holds.has(name))) {
      for (const other of names) if (!holds.has(other)) found.add(`${one}, ${other}`);
    }
  }
  return found;
}

const operations = refuted(
  fc.sample(randomHistory(['write', 'read', 'read'], 7), { numRuns: 700, seed: 5 }),
  'operations',
);
const sizes = { transactions: 5, keys: 2, parts: 3, clients: 3 };
const transactions = refuted(
  Array.from({ length: 300 }, (_, seed) => {
    return (seed % 4 === 0 ? serialHistory : confusedHistory)(seed, sizes, 'list');
  }),
  'transactions',
);

describe('random histories', () => {
  test('contradict no implication', () => {
    for (const { name, of } of models) {
      for (const weaker of impliedBy(name)) {
        const found = of === 'operations' ? operations : transactions;
        expect(found.has(`${name}, ${weaker}`), `${name} implies ${weaker}`).toBe(false);
      }
    }
  });

  test.each([
    ['sequential', 'linearizable'],
    ['monotonic-reads', 'coherent'],
    ['eventual', 'monotonic-reads'],
  ])('%s does not imply %s', (model, other) => {
    expect(operations).toContain(`${model}, ${other}`);
  });

  test.each([
    ['serializable', 'strict-serializable'],
    ['read-committed', 'snapshot-isolation'],
    ['read-uncommitted', 'read-committed'],
  ])('%s does not imply %s', (model, other) => {
    expect(transactions).toContain(`${model}, ${other}`);
  });
});

test('of models that imply each other, the strongest are left', () => {
  expect(strongestOf(['linearizable', 'sequential', 'coherent', 'eventual'])).toEqual([
    'linearizable',
  ]);
  expect(strongestOf(['PRAM', 'coherent', 'monotonic-reads'])).toEqual(['PRAM', 'coherent']);
  expect(strongestOf([])).toEqual([]);
});
