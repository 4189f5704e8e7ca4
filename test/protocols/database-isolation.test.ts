/** The isolation table on the simulation: the verdict of each cell, and its whole transcript. */
import { expect, test } from 'vitest';
import { cells, levels } from '../conformance/isolation-table.ts';
import { Simulated } from '../conformance/simulated.ts';
import { transcript } from '../conformance/transcript.ts';
import { expectGolden } from '../golden.ts';

test.each(cells)('$script.name', async ({ script, expected, outcome }) => {
  const lines = await transcript(script, new Simulated());
  expect(outcome(lines), lines.join('\n')).toBe(expected);
});

test.each(levels)('the transcripts at %s', async (level) => {
  const lines: string[] = [];
  for (const { script } of cells.filter((cell) => cell.level === level)) {
    lines.push(script.name, ...(await transcript(script, new Simulated())), '');
  }
  expectGolden(import.meta.url, `isolation-${level.replace(' ', '-')}`, lines.join('\n'));
});
