/** The test of a table of mutants: random schedules catch each, and every invariant has one. */
import { expect, test } from 'vitest';
import type { Protocol } from '../../../src/protocol/types.ts';
import { type Family, play } from '../../protocols/consensus/schedule.ts';
import type { Mutant } from '../mutant.ts';
import { compile } from '../mutants.ts';

/**
 * Returns the sentences of the violations, which fill as the tests run. The folder is given if it
 * does not have the name of the protocol.
 */
export function catches(
  protocol: Protocol,
  mutants: Readonly<Record<string, Mutant>>,
  familyOf: (name: string) => Family,
  folder = protocol.name,
): string[] {
  const sentences: string[] = [];
  const table = Object.entries(mutants).map(([name, mutant]) => ({ name, ...mutant }));
  test.each(table)('$name: $doc', async ({ name, ...mutant }) => {
    const why = await whyCaught(protocol.name, name, mutant, familyOf(name), folder);
    expect(why, `${mutant.violates} is not violated`).toBeDefined();
    sentences.push(`${mutant.violates}: ${why}`);
  });
  test('every invariant has a mutant that violates it', () => {
    const violated = new Set(table.map(({ violates }) => violates));
    expect([...violated].sort()).toEqual(Object.keys(protocol.invariants).sort());
  });
  return sentences;
}

/** Plays schedules until the invariant of the mutant is violated, and returns why; at most 200. */
async function whyCaught(
  protocol: string,
  name: string,
  mutant: Mutant,
  family: Family,
  folder: string,
): Promise<string | undefined> {
  const file = mutant.in ?? `${protocol}.ts`;
  const changed = file.includes('/') ? file : `${folder}/${file}`;
  const all = await compile(`${folder}/${protocol}.ts`, changed, name, mutant);
  const compiled = all.find((one) => one.name === protocol)!;
  for (let seed = 1; seed <= 200; seed++) {
    const { cluster } = play(family, compiled, seed, { violated: mutant.violates });
    const found = cluster.violations.find(({ monitor }) => monitor === mutant.violates);
    if (found !== undefined) return found.why;
  }
  return undefined;
}
