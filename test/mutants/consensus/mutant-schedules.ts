/** Finds out whether random fault schedules catch the mutants of a protocol. */
import type { Mutant } from '../mutant.ts';
import { compile } from '../mutants.ts';
import { type Family, play } from '../../protocols/consensus/schedule.ts';

export interface Caught {
  /** The first seed whose schedule violates the mutant's invariant. */
  readonly seed: number;
  readonly why: string;
}

/** Plays schedules until the invariant of the mutant is violated; at most 200. */
export async function caught(
  protocol: string,
  name: string,
  mutant: Mutant,
  family: Family,
): Promise<Caught | undefined> {
  const file = mutant.in ?? `${protocol}.ts`;
  const changed = file.includes('/') ? file : `${protocol}/${file}`;
  const all = await compile(`${protocol}/${protocol}.ts`, changed, name, mutant);
  const compiled = all.find((one) => one.name === protocol)!;
  for (let seed = 1; seed <= 200; seed++) {
    const { cluster } = play(family, compiled, seed, { violated: mutant.violates });
    const found = cluster.violations.find(({ monitor }) => monitor === mutant.violates);
    if (found !== undefined) return { seed, why: found.why };
  }
  return undefined;
}
