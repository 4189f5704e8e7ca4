/** Each invariant of SWIM can fail: a mutant violates it within the random schedules. */
import { expect, test } from 'vitest';
import { swim } from '../../src/protocols/swim/swim.ts';
import { swimStorm } from '../protocols/swim-storm.ts';
import { bundled } from './bundled.ts';
import { swimMutants } from './swim-mutants.ts';

const table = Object.entries(swimMutants).map(([name, mutant]) => ({ name, ...mutant }));
const sentences: string[] = [];

test.each(table)('$name: $doc', async ({ name, violates }) => {
  const mutant = await bundled(name, swimMutants[name]);
  for (let seed = 1; seed <= 200; seed++) {
    const { violations } = swimStorm(mutant, seed, { members: 5, steps: 500 });
    const found = violations.find(({ monitor }) => monitor === violates);
    if (found === undefined) continue;
    sentences.push(found.why);
    return;
  }
  expect.fail(`no schedule violates "${violates}"`);
});

test('every invariant of SWIM has a mutant that violates it', () => {
  const violated = table.map((one) => one.violates).sort();
  expect(violated).toEqual(Object.keys(swim.invariants).sort());
});

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "n1 knows incarnation 1 of n2, which had 0 at most.",
      "n3 told n2 that it is suspect with incarnation 0, but n2 did not refute it: it will be held dead.",
      "n3 held n2 suspect (2), and now alive (2), which does not override it.",
      "n2 sent its list to n3 with incarnation 1, but n3 still holds it dead with 0.",
      "n1 declared n3 dead 300ms after it began to suspect it, but 600ms has to pass first: n3 could not refute it.",
      "n3 has passed on n2 suspect 5 times, not 4.",
      "n1 has not probed n3 in its last 10 periods.",
      "n1 is down, and n2 holds it alive after 11 of its periods.",
      "n1 is down, and n4 only suspects it after 6 of its periods.",
    ]
  `);
});
