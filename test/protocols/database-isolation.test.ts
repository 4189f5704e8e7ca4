/** The isolation table on the simulation: each cell's verdict, and its whole course as a text. */
import { expect, test } from 'vitest';
import { cells, levels } from '../conformance/isolation-table.ts';
import { Simulated } from '../conformance/simulated.ts';
import { transcript } from '../conformance/transcript.ts';
import { expectGolden } from '../golden.ts';

test.each(cells)('$script.name', async ({ script, expected, outcome }) => {
  const lines = await transcript(script, new Simulated());
  expect(outcome(lines), lines.join('\n')).toBe(expected);
});

test.each(levels)('the courses at %s', async (level) => {
  const told: string[] = [];
  for (const { script } of cells.filter((cell) => cell.level === level)) {
    told.push(script.name, ...(await transcript(script, new Simulated())), '');
  }
  expectGolden(import.meta.url, `isolation-${level.replace(' ', '-')}`, told.join('\n'));
});
