/** The test of a table of mutants: random schedules catch each, and every invariant has one. */
import { expect, test } from 'vitest';
import type { Protocol } from '../../../src/protocol/types.ts';
import type { Family } from '../../protocols/consensus/schedule.ts';
import { caught } from './mutant-schedules.ts';
import type { Mutant } from '../mutant.ts';

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
    const why = await caught(protocol.name, name, mutant, familyOf(name), folder);
    expect(why, `${mutant.violates} is not violated`).toBeDefined();
    sentences.push(`${mutant.violates}: ${why}`);
  });
  test('every invariant has a mutant that violates it', () => {
    const violated = new Set(table.map(({ violates }) => violates));
    expect([...violated].sort()).toEqual(Object.keys(protocol.invariants).sort());
  });
  return sentences;
}
