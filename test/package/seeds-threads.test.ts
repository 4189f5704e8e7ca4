/** Seeds in real threads of Node, each with the built bundle of the command line. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ChunkResult } from '../../src/cli/seeds/seeds-thread.ts';
import { startThread } from '../../src/cli/seeds/thread.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = path.join(root, 'dist/cli.js');
const lease = path.join(root, 'samples/find-the-bug/lease.scenario.yaml');

test('two threads run one range of seeds after the other', async () => {
  const threads = [startThread(bundle, { file: lease }), startThread(bundle, { file: lease })];
  const results = await Promise.all(
    threads.map(async (thread, number) => {
      const own = [];
      for (const first of [1, 11, 21]) {
        const from = number * 100 + first;
        own.push((await thread.run({ first: from, last: from + 9 })) as ChunkResult);
      }
      return own;
    }),
  );
  for (const thread of threads) thread.end();
  expect(results.flat().map(({ first, runs }) => [first, runs])).toEqual([
    [1, 10], [11, 10], [21, 10], [101, 10], [111, 10], [121, 10],
  ]);
});

test('ranges that wait in a thread are answered in their order', async () => {
  const thread = startThread(bundle, { file: lease });
  const ranges = [1, 11, 21].map((first) => thread.run({ first, last: first + 9 }));
  const results = (await Promise.all(ranges)) as ChunkResult[];
  expect(results.map(({ first }) => first)).toEqual([1, 11, 21]);
  const last = thread.run({ first: 31, last: 40 });
  thread.end();
  await expect(last).rejects.toThrow('a thread ended');
  await expect(thread.run({ first: 41, last: 50 })).rejects.toThrow('a thread ended');
});

test('a thread whose file cannot be read says so', async () => {
  const thread = startThread(bundle, { file: 'nowhere.scenario.yaml' });
  await expect(thread.run({ first: 1, last: 2 })).rejects.toThrow('nowhere.scenario.yaml');
  thread.end();
});
