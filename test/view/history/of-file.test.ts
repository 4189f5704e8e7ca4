/** The History panel of a file: what it reports of the text, of each model, and of what is wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkedFile } from '../../../src/view/history/of-file.ts';
import type {
  HistoryChoice, HistoryReport, ModelVerdictView, ViolatedView,
} from '../../../src/view/history/history-view.ts';

const samples = join(import.meta.dirname, '../../../samples/histories');
const few: HistoryChoice = { steps: 1_000_000 };

function reportsOf(text: string, choice: Partial<HistoryChoice> = {}): HistoryReport[] {
  return [...checkedFile(text, { ...few, ...choice })];
}

type Read = Extract<HistoryReport, { type: 'read' }>;

function readOf(text: string, choice: Partial<HistoryChoice> = {}): Read {
  const read = checkedFile(text, { ...few, ...choice }).next().value;
  if (read?.type !== 'read') throw new Error(JSON.stringify(read));
  return read;
}

function verdictsOf(text: string, choice: Partial<HistoryChoice> = {}): ModelVerdictView[] {
  return reportsOf(text, choice).flatMap((one) => (one.type === 'verdict' ? [one.verdict] : []));
}

function violated(verdicts: readonly ModelVerdictView[], model: string): ViolatedView {
  const found = verdicts.find((one) => one.model === model);
  if (found?.type !== 'violated') throw new Error(`${model} is ${found?.type}`);
  return found;
}

/** Two conflicts: the read of 1 after 2 ends the valid prefix, the read of 9 comes later. */
const stale = `0 :invoke :write 1
0 :ok :write 1
0 :invoke :write 2
1 :invoke :write 3
0 :ok :write 2
2 :invoke :read nil
2 :ok :read 1
2 :invoke :read nil
2 :ok :read 9
`;

describe('a file', () => {
  test('of transactions is checked against the models of transactions', () => {
    const text = readFileSync(join(samples, 'lost-update.edn'), 'utf8');
    const verdicts = verdictsOf(text);
    expect(verdicts.map(({ model, type }) => `${model}: ${type}`)).toContain('read-committed: holds');
    const { witness } = violated(verdicts, 'snapshot-isolation');
    expect(witness.operations.map(({ text: label }) => label)).toEqual([
      'T2 (1): r stock 5, w stock 4',
      'T3 (2): r stock 5, w stock 3',
    ]);
    expect(witness.edges).toEqual([
      { from: 0, to: 1, because: 'rw', key: 'stock' },
      { from: 1, to: 0, because: 'rw', key: 'stock' },
    ]);
  });

  test('has its operations as intervals, and those of unknown outcome without an end', () => {
    const { view, format, specification } = readOf(stale);
    expect([format, specification]).toEqual(['jepsen-log', 'register']);
    expect(view.operations).toMatchObject([
      { index: 0, process: '0', text: 'write 1 → ok', outcome: 'ok', invoked: 0, returned: 1 },
      { index: 1, invoked: 2, returned: 4 },
      { index: 2, process: '1', outcome: 'unknown', invoked: 3 },
      { index: 3, text: 'read → 1' },
      { index: 4 },
    ]);
    expect(view.operations[2]).not.toHaveProperty('returned');
    expect(view.verdicts.every(({ type }) => type === 'checking')).toBe(true);
  });

  test('shows the conflict that ends the longest valid prefix', () => {
    const { witness, validUntil, lines } = violated(verdictsOf(stale), 'linearizable');
    expect(validUntil).toBe(6);
    expect(witness.blocked).toEqual([3]);
    expect(witness.operations.map(({ index }) => index)).toContain(3);
    expect(witness.operations.map(({ index }) => index)).not.toContain(4);
    expect(witness.longest).toEqual([0, 1, 2]);
    expect(lines.join('\n')).toContain('process 2: read → 1');
    expect(witness.edges).toContainEqual({
      from: witness.operations.findIndex(({ index }) => index === 3),
      to: witness.operations.findIndex(({ index }) => index === 1),
      because: 'read before write',
    });
  });

  test('keeps the numbers of operations if its specification leaves some out', () => {
    const text = '1 :invoke :read nil\n1 :ok :read nil\n0 :invoke :write 0\n0 :ok :write 0\n';
    const more = '1 :invoke :read nil\n1 :ok :read 0\n1 :invoke :read nil\n1 :ok :read 7\n';
    const edn = `${text}${more}`.replaceAll(
      /^(\d) :(\w+) :(\w+) (.*)$/gm,
      '{:process $1 :type :$2 :f :$3 :value $4}',
    );
    const { witness } = violated(verdictsOf(edn), 'linearizable');
    expect(witness.operations.at(-1)).toMatchObject({ index: 3, text: 'read → 7' });
  });

  test('is unknown if a check takes more steps than it may', () => {
    const [first] = verdictsOf(stale, { steps: 1 });
    expect(first).toMatchObject({
      type: 'unknown',
      lines: ['The check was stopped at 1 steps, before it could decide.'],
    });
  });

  test('is only drawn if no specification has its operations', () => {
    const { view } = readOf('0 :invoke :jump 1\n0 :ok :jump 1\n');
    expect(view.operations).toHaveLength(1);
    expect(view.verdicts).toMatchObject([{ type: 'unknown' }]);
    expect(view.verdicts[0].lines[0]).toContain('no specification of all these operations: jump');
  });

  test('that is wrong is refused with its place', () => {
    expect(reportsOf('0 :invoke :read nil\nnonsense\n')).toMatchObject([
      { type: 'problem', problem: { line: 2, column: 1 } },
    ]);
    expect(reportsOf('{:process 0}', { format: 'jsonl' })).toMatchObject([
      { type: 'problem', problem: { line: 1, message: expect.stringContaining('JSON') } },
    ]);
  });

  test('with many operations is cut, and says how many follow', () => {
    const events = Array.from({ length: 10_500 }, (_, i) => `0 :invoke :write ${i}\n0 :ok :write ${i}`);
    const { view } = readOf(events.join('\n'));
    expect([view.operations.length, view.before, view.after]).toEqual([10_000, 0, 500]);
  });
});
