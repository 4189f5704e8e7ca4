/** How a run ended: the verdicts counted, those that are violated first. */
import { expect, test } from 'vitest';
import { endingOf } from '../../src/view/ended.ts';

test.each([
  ['stopped before its end', 'stopped before its end', 0, false],
  ['✓ event A\n✓ event B\n', 'all 2 hold', 2, false],
  ['✓ event A', '1 holds', 1, false],
  ['✓ event A\n✗ no event B: it came', '1 violated, 1 holds', 2, true],
  ['✓ a\n? end: n1.up: there is no n1\n✗ b\n✓ c', '1 violated, 2 hold, 1 unknown', 4, true],
  ['✗ a\n✗ b', 'all 2 violated', 2, true],
])('%j', (verdict, words, lines, isViolated) => {
  const ending = endingOf(verdict);
  expect(ending.words).toBe(words);
  expect(ending.lines).toHaveLength(lines);
  expect(ending.isViolated).toBe(isViolated);
});
