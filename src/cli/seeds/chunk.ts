/** Runs a scenario with some seeds, one after the other, and counts what they show. */
import { simulateInSlices } from '../../check/simulate.ts';
import { isFailure, reasonSentence, subjectText } from '../../check/verdict-words.ts';
import { inTime, Interrupted, sliceOf, stepInTime } from '../../dap/process/run-limit.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { walks } from '../../explore/walks/walks.ts';
import type { ChunkResult, SeedViolation, WalkChunk, WalkJob } from './seeds-thread.ts';

/** A run must end within what a user is willing to wait; so must a test. */
const actionsMax = 1_000_000;

export interface Sweep {
  readonly scenario: Scenario;
  /** Whether the workspace has the code of the protocol. */
  readonly isOwn: boolean;
}

export function runSeeds({ scenario, isOwn }: Sweep, first: number, last: number): ChunkResult {
  const violations: SeedViolation[] = [];
  let actions = 0;
  for (let seed = first; seed <= last; seed++) {
    const own = { ...scenario, setup: { ...scenario.setup, seed } };
    const all = simulateInSlices(own, isOwn ? sliceOf(true) : Infinity, undefined, { actionsMax });
    const slices = isOwn ? inTime('', all) : all;
    try {
      for (;;) {
        const slice = slices.next();
        if (!slice.done) continue;
        const { world, verdicts, cut } = slice.value;
        actions += world.step;
        if (cut) violations.push(withoutVerdict(seed, `it does not end: ${world.step} actions`));
        for (const verdict of verdicts) {
          // A twin that must violate something need not do so with every seed.
          if (!isFailure(verdict) || verdict.subject.kind === 'broken twin') continue;
          const why = reasonSentence(verdict.reason);
          const type = verdict.type === 'unknown' ? 'unknown' : 'violated';
          violations.push({ seed, type, subject: subjectText(verdict.subject), why });
        }
        break;
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      violations.push(withoutVerdict(seed, error.message));
    }
  }
  return { first, runs: last - first + 1, actions, violations };
}

/** Walks with some seeds, up to the first violation. */
export function walkSeeds(
  { scenario, isOwn }: Sweep,
  walk: WalkJob['walk'],
  first: number,
  last: number,
): WalkChunk {
  const slice = isOwn ? sliceOf(true) : Infinity;
  const all = walks(scenario, { ...walk, seeds: [first, last], slice });
  try {
    for (;;) {
      const next = isOwn ? stepInTime('', 0, () => all.next()) : all.next();
      if (next.done) return next.value;
    }
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

function withoutVerdict(seed: number, why: string): SeedViolation {
  return { seed, type: 'unknown', subject: 'the run', why };
}
