/** The law that no test measures time or sleeps: a busy machine would fail it. `npm run bench` measures. */
import { expect, test } from 'vitest';
import { readSources, type Source, wordsOnly } from '../architecture/source.ts';

// Names in strings, which the law does not read: this file obeys it, too.
const names = ['Date.now', 'performance.now', 'hrtime', 'setTimeout', 'setInterval', 'waitForTimeout'];
const clocks = new RegExp(`\\b(${names.join('|').replaceAll('.', '\\.')})\\b`);
/** Files of tests; the waiting itself is in their helpers, such as test/host/eventually.mjs. */
const testFile = /\.(test|suite)\.ts$/;

function uses({ path, text }: Source): string[] {
  if (!testFile.test(path)) return [];
  return wordsOnly(text)
    .split('\n')
    .flatMap((line, index) => {
      const found = clocks.exec(line)?.[0];
      const advice = 'wait for a state with eventually(), or for a signal that follows';
      return found ? [`${path}:${index + 1}: ${found} is banned in tests: ${advice}`] : [];
    });
}

test('no test reads a clock or sleeps', () => {
  expect(readSources('test').flatMap(uses)).toEqual([]);
});

test('a test that does is found, but not its strings and comments', () => {
  const plant = (text: string) => uses({ path: 'test/kernel/x.test.ts', text });
  expect(plant('const began = performance.now();')).toHaveLength(1);
  expect(plant('await new Promise((resolve) => setTimeout(resolve, 500));')).toHaveLength(1);
  expect(plant("// Date.now()\nexpect(problem).toBe('Date.now() is not available');")).toEqual([]);
});
