// What linearizability implies is found at once, however many operations have the same value.
import { describe, expect, test } from 'vitest';
import { checkModel, modelOf, models } from '../../../src/check/models/models.ts';
import { defaultLimits, Meter } from '../../../src/check/models/limits.ts';
import { checkSequential } from '../../../src/check/models/order/views.ts';
import type { History, HistoryOperation } from '../../../src/protocol/history.ts';
import { queue, register } from '../../../src/protocol/specifications/objects.ts';
import { Dice } from '../../protocols/dice.ts';

const ofOperations = models.filter((model) => model.of === 'operations');
const limits = { ...defaultLimits, steps: 2_000_000 };

/** Clients of one copy of a register for each key: each operation takes effect at its response. */
function singleCopy(seed: number, operations: number, clients: number, values: number): History {
  const dice = new Dice(seed);
  const history: HistoryOperation[] = [];
  const open = new Map<number, number>();
  const state = new Map<string, number>();
  for (let position = 0; history.length < operations || open.size > 0; position++) {
    const client = dice.below(clients);
    const begun = open.get(client);
    if (begun === undefined) {
      if (history.length === operations) continue;
      const key = `k${dice.below(3)}`;
      const isRead = dice.chance(0.5);
      open.set(client, history.length);
      history.push({
        process: `c${client}`, name: isRead ? 'read' : 'write',
        args: isRead ? { key } : { key, value: dice.below(values) },
        invoked: position, returned: undefined, outcome: 'unknown', result: undefined,
      });
      continue;
    }
    const { name, args } = history[begun];
    const key = String(args.key);
    if (name === 'write') state.set(key, Number(args.value));
    const result = name === 'read' ? (state.get(key) ?? 0) : null;
    history[begun] = { ...history[begun], returned: position, outcome: 'ok', result };
    open.delete(client);
  }
  return history;
}

test.each([3, 1_000_000])('a long history of one copy with %d values satisfies all', (values) => {
  const history = singleCopy(7, 1_000, 12, values);
  for (const model of ofOperations) {
    expect(checkModel(history, model, register(0), limits), model.name).toEqual({ type: 'holds' });
  }
});

test('a step is counted for each operation that could come next', () => {
  const writes = Array.from({ length: 64 }, (_none, i): HistoryOperation => ({
    process: `c${i}`, name: 'write', args: { value: i }, invoked: i, returned: 64 + i,
    outcome: 'ok', result: null,
  }));
  const meter = new Meter(defaultLimits);
  expect(checkSequential(writes, register(0), meter).type).toBe('holds');
  // Before the first write there are 64 of them, before the second 63.
  expect(meter.used.steps).toBeGreaterThanOrEqual((64 * 65) / 2);
});

describe('what is not defined for other objects', () => {
  const dequeue: History = [{
    process: 'A', name: 'dequeue', args: {}, invoked: 0, returned: 1, outcome: 'ok', result: null,
  }];

  test('stays so for a history that is linearizable', () => {
    expect(checkModel(dequeue, modelOf('linearizable')!, queue()).type).toBe('holds');
    expect(checkModel(dequeue, modelOf('causal-memory')!, queue()).type).toBe('unknown');
    expect(checkModel(dequeue, modelOf('PRAM')!, queue()).type).toBe('holds');
  });
});

describe('a last read', () => {
  const write = (process: string, value: number, at: number): HistoryOperation => ({
    process, name: 'write', args: { key: 'x', value }, invoked: at, returned: at + 1,
    outcome: 'ok', result: null,
  });
  const lastRead = (process: string, result: number, at: number): HistoryOperation => ({
    process, name: 'read', args: { key: 'x', final: true }, invoked: at, returned: at + 1,
    outcome: 'ok', result,
  });
  const history = [write('A', 1, 0), lastRead('C', 1, 2), write('B', 2, 4), lastRead('D', 2, 6)];

  test('must agree with the others for eventual consistency, in any order', () => {
    expect(checkModel(history, modelOf('eventual')!, register(0)).type).toBe('violated');
    expect(checkModel(history, modelOf('linearizable')!, register(0)).type).toBe('holds');
  });

  test('is bound by session guarantees only to what its own session did', () => {
    const stale = [write('A', 1, 0), lastRead('B', 0, 2)];
    for (const name of ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads']) {
      expect(checkModel(history, modelOf(name)!, register(0)).type, name).toBe('holds');
      expect(checkModel(stale, modelOf(name)!, register(0)).type, name).toBe('holds');
    }
    const own = [write('A', 1, 0), lastRead('A', 0, 2)];
    expect(checkModel(own, modelOf('read-your-writes')!, register(0)).type).toBe('violated');
  });
});
