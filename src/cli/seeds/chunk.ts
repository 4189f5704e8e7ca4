/** Runs a scenario with some seeds, one after the other, and counts what they show. */
import { unitsOf } from '../../kernel/wording.ts';
import { simulateInSlices } from '../../check/simulate.ts';
import { isFailure, reasonSentence, subjectText } from '../../check/verdict-words.ts';
import { inTime, Interrupted, sliceOf, stepInTime } from '../../dap/process/run-limit.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type WalkOptions, walks } from '../../explore/walks/walks.ts';
import type { ChunkResult, SeedsRange, SeedViolation, WalkChunk } from './seeds-thread.ts';

/** A run must end within what a user is willing to wait; so must a test. */
const actionsMax = 1_000_000;

export interface Sweep {
  readonly scenario: Scenario;
  /** Whether the workspace has the code of the protocol. */
  readonly isOwn: boolean;
}

export function runSeeds(
  { scenario, isOwn }: Sweep,
  { first, last, until = Infinity }: SeedsRange,
): ChunkResult {
  const violations: SeedViolation[] = [];
  let actions = 0;
  let runs = 0;
  for (let seed = first; seed <= last && Date.now() < until; seed++) {
    runs++;
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
          const why = reasonSentence(verdict.reason, unitsOf(scenario.protocol));
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
  return { first, runs, actions, violations };
}

/** Walks with some seeds, up to the first violation. */
export function walkSeeds(
  { scenario, isOwn }: Sweep,
  walk: Omit<WalkOptions, 'seeds' | 'slice'>,
  { first, last, until = Infinity }: SeedsRange,
): WalkChunk {
  const slice = sliceOf(isOwn);
  const all = walks(scenario, { ...walk, seeds: [first, last], slice });
  try {
    for (;;) {
      const next = isOwn ? stepInTime('', 0, () => all.next()) : all.next();
      if (next.done) return next.value;
      if (Date.now() >= until) return { ...next.value, cut: 0, finding: undefined };
    }
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

function withoutVerdict(seed: number, why: string): SeedViolation {
  return { seed, type: 'unknown', subject: 'the run', why };
}
