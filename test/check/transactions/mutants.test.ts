/** Faults planted in the checker, one line each: random histories catch them all. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkTransactions } from '../../../src/check/transactions/check.ts';
import { transactionModels } from '../../../src/check/transactions/models.ts';
import { readTransactions } from '../../../src/check/transactions/transaction.ts';
import type { Work } from '../../../src/check/transactions/work.ts';
import type { History } from '../../../src/protocol/history.ts';
import { confusedHistory } from './random-histories.ts';

interface Checker {
  readonly checkTransactions: typeof checkTransactions;
  readonly readTransactions: typeof readTransactions;
  readonly transactionModels: typeof transactionModels;
}

const folder = path.resolve(import.meta.dirname, '../../../src/check/transactions');
/** Ends a mutant that would search without end. */
class Ended extends Error {}

const size = { transactions: 4, keys: 2, parts: 3, clients: 3 };
const histories: readonly History[] = Array.from({ length: 800 }, (_, seed) =>
  confusedHistory(seed + 1, size, seed % 2 === 0 ? 'list' : 'register'),
);

function verdictsOf(checker: Checker, history: History): string {
  const read = checker.readTransactions(history);
  if (read.type === 'fault') return read.fault.code;
  const types = checker.transactionModels.map((model) => {
    let steps = 0;
    const work: Work = {
      step() {
        if (++steps > 100_000) throw new Ended();
      },
      keep() {},
      release() {},
    };
    try {
      return checker.checkTransactions(read.transactions, model, work).type;
    } catch (error) {
      // A mutant may leave the checker in a state that it is never in.
      return error instanceof Ended ? 'ended' : 'thrown';
    }
  });
  return types.join(' ');
}

async function mutantOf(file: string, from: string, to: string): Promise<Checker> {
  const source = readFileSync(path.join(folder, file), 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${file} must have once: ${from}`);
  const names = ['check', 'models', 'transaction'];
  const contents = names.map((name) => `export * from './${name}.ts';`).join('\n');
  const built = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [{
      name: 'mutant',
      setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
        loaded === path.join(folder, file)
          ? { contents: source.replace(from, () => to), loader: 'ts' }
          : undefined),
    }],
  });
  const code = Buffer.from(built.outputFiles[0].contents).toString('base64');
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as Checker;
}

describe('mutants of the checker', () => {
  let expected: readonly string[];

  beforeAll(() => {
    const checker = { checkTransactions, readTransactions, transactionModels };
    expected = histories.map((history) => verdictsOf(checker, history));
  });

  test.each([
    ['forgets that a reader precedes the next version', 'dependencies.ts',
      'for (const reader of before.readers) this.antiDependency(reader, version.by!, key);', ''],
    ['forgets that a reader follows its writer', 'dependencies.ts',
      "for (const reader of readers) this.dependency('wr', by!, reader, key);", ''],
    ['forgets the order of versions', 'dependencies.ts',
      "if (before.by !== undefined) this.dependency('ww', before.by, version.by!, key);", ''],
    ['forgets elements of a list that were not read', 'dependencies.ts',
      'for (const reader of last.readers) precedes(reader, 0);', ''],
    ['lets responses precede what was invoked before them', 'dependencies.ts',
      'answered[next].returned! < invoked', 'answered[next].invoked < invoked'],
    ['forgets the order of a client', 'dependencies.ts',
      'if (returned !== undefined) lastOf.set(client, index);', ''],
    ['reads at the commit under snapshot isolation', 'dependencies.ts',
      'this.builder.edge(startOf(this, reader), commitOf(this, writer), edgeBits.rw, key);',
      'this.builder.edge(commitOf(this, reader), commitOf(this, writer), edgeBits.rw, key);'],
    ['allows reads of aborted writes', 'versions.ts',
      "if (outcome === 'failed') this.fault('G1a', read, value, writer.transaction);",
      "if (outcome === 'failed') return;"],
    ['allows reads that contradict own writes', 'reads.ts',
      "if (expected.at(-1) === seen.at(-1)) return {};", 'return {};'],
    ['allows lists that do not continue each other', 'versions.ts',
      'if (read !== longest && !isPrefix(read.list, longest.list)) {', 'if (false) {'],
    ['takes what has no answer as never committed', 'versions.ts',
      'else this.committed[writer.transaction] = true;', ''],
    ['infers both orders of two versions', 'version-orders.ts',
      'if (noForward !== undefined) this.infer(backward, { closing: noForward });',
      'if (noForward !== undefined) this.infer(forward, { closing: noForward });'],
    ['trusts an order with transactions left over', 'order.ts',
      'return this.left === 0;', 'return true;'],
    ['gives up components at once', 'graph/components.ts',
      'if (low[node] === order[node]) close(node);', 'close(node);'],
  ])('%s', async (_, file, from, to) => {
    const mutant = await mutantOf(file, from, to);
    const isCaught = histories.some((one, at) => verdictsOf(mutant, one) !== expected[at]);
    expect(isCaught).toBe(true);
  });
});
