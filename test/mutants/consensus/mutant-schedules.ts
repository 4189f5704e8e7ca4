/** Finds out whether random fault schedules catch the mutants of a protocol. */
import type { Mutant } from '../mutant.ts';
import { compile } from '../mutants.ts';
import { type Family, play } from '../../protocols/consensus/schedule.ts';

/** Plays schedules until the invariant of the mutant is violated; at most 200. Returns why it is. */
export async function caught(
  protocol: string,
  name: string,
  mutant: Mutant,
  family: Family,
  folder = protocol,
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
