/** The test of a table of mutants: random schedules catch each, and every invariant has one. */
import { expect, test } from 'vitest';
import type { Protocol } from '../../../src/protocol/types.ts';
import type { Family } from '../../protocols/consensus/schedule.ts';
import { caught } from '../consensus/mutant-schedules.ts';
import type { Mutant } from '../mutant.ts';

/** Returns the sentences of the violations, which fill as the tests run. */
export function catches(
  protocol: Protocol,
  mutants: Readonly<Record<string, Mutant>>,
  familyOf: (name: string) => Family,
): string[] {
  const sentences: string[] = [];
  const table = Object.entries(mutants).map(([name, mutant]) => ({ name, ...mutant }));
  test.each(table)('$name: $doc', async ({ name, ...mutant }) => {
    const found = await caught(protocol.name, name, mutant, familyOf(name));
    expect(found, `${mutant.violates} is not violated`).toBeDefined();
    sentences.push(`${mutant.violates}: ${found!.why}`);
  });
  test('every invariant has a mutant that violates it', () => {
    const violated = new Set(table.map(({ violates }) => violates));
    expect([...violated].sort()).toEqual(Object.keys(protocol.invariants).sort());
  });
  return sentences;
}
