/** Each invariant of Patroni can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { patroni } from '../../src/protocols/patroni/patroni.ts';
import { patroniStorm } from '../protocols/patroni-storm.ts';
import type { Mutant } from './mutant.ts';
import { compile } from './mutants.ts';
import { patroniMutants } from './patroni-mutants.ts';

const sentences: string[] = [];
const table = Object.entries(patroniMutants).map(([name, mutant]) => ({ name, ...mutant }));

async function caught(name: string, mutant: Mutant & { in: string }): Promise<string | undefined> {
  const { in: file, violates: violated } = mutant;
  const all = await compile('patroni/patroni.ts', `patroni/${file}`, name, mutant);
  const compiled = all.find((one) => one.name === 'patroni')!;
  for (let seed = 1; seed <= 200; seed++) {
    const { violations } = patroniStorm(compiled, seed, { steps: 250, violated });
    const found = violations.find(({ monitor }) => monitor === violated);
    if (found !== undefined) return `seed ${seed}: ${found.why}`;
  }
  return undefined;
}

test.each(table)('$name: $doc', async ({ name, ...mutant }) => {
  const found = await caught(name, mutant);
  expect(found, `${mutant.violates} is not violated`).toBeDefined();
  sentences.push(`${name}: ${found!}`);
});

test('every invariant of Patroni has a mutant that violates it', () => {
  const violated = new Set(table.map(({ violates }) => violates));
  expect([...violated].sort()).toEqual(Object.keys(patroni.invariants).sort());
});

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "patroni-same-timeline: seed 2: n1 is primary on timeline 1, as n3 is.",
      "patroni-no-watchdog: seed 8: n3 accepted write "a 9" on timeline 1, while n2 is primary on timeline 2.",
      "patroni-any-may-promote: seed 5: n1 takes the leader key: only n3 and n2 may.",
      "patroni-answers-early: seed 83: n1 is primary without write "a 5", which n3 acknowledged.",
      "patroni-less-wal-promotes: seed 107: n1 races with LSN 10, though n2 has LSN 11.",
      "patroni-no-rewind: seed 58: n3 has LSN 3 of timeline 1; its history says 2.",
    ]
  `);
});
