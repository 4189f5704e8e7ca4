// A cycle of writes has a reason for each edge: the reads that show which write is older.
import { expect, test } from 'vitest';
import { checkModel, modelOf } from '../../../src/check/models/models.ts';
import { verdictLines } from '../../../src/check/models/model-words.ts';
import { operationsOf } from '../../../src/check/models/order-edges.ts';
import type { History, HistoryOperation } from '../../../src/protocol/history.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { register } from '../../../src/protocol/specifications/objects.ts';

const register0 = register(0);

/** A line is `PROCESS write VALUE` or `PROCESS read VALUE`, one after the other. */
function historyOf(lines: readonly string[], key = 'x'): History {
  return lines.map((line, at): HistoryOperation => {
    const [process, name, text] = line.split(' ');
    const value = Number(text);
    const args: Record<string, Json> = name === 'write' ? { key, value } : { key };
    const result = name === 'write' ? 'OK' : value;
    return { process, name, args, invoked: 2 * at, returned: 2 * at + 1, outcome: 'ok', result };
  });
}

test.each([
  ['each process reads what the other wrote',
    ['a write 1', 'b write 2', 'a read 2', 'b read 1']],
  ['one of them learns of a write through a third process',
    ['a write 1', 'c read 1', 'c write 3', 'b write 2', 'b read 3', 'b read 2', 'a read 2', 'a read 1']],
])('%s: without any one of the operations the history converges', (_name, lines) => {
  const history = historyOf(lines);
  const model = modelOf('causal-convergent')!;
  const verdict = checkModel(history, model, register0);
  if (verdict.type !== 'violated') throw new Error(verdict.type);
  const named = operationsOf(verdict.witness);
  const alone = named.map((one) => history[one]);
  expect(checkModel(alone, model, register0).type).toBe('violated');
});

test('the words name the reads', () => {
  const history = historyOf(['a write 1', 'b write 2', 'a read 2', 'b read 1']);
  const verdict = checkModel(history, modelOf('causal-convergent')!, register0);
  if (verdict.type !== 'violated') throw new Error(verdict.type);
  expect(verdictLines(history, verdict)).toEqual([
    'Each of these comes before the next, and the last before the first:',
    '  process a: write x 1 → "OK"  — must be older than —  process b: write x 2 → "OK", ' +
      'as this shows: process a: read x → 2',
    '  process b: write x 2 → "OK"  — must be older than —  process a: write x 1 → "OK", ' +
      'as this shows: process b: read x → 1',
  ]);
});
