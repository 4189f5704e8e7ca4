/** Properties that held in tests only because they were never tested. */
import { subjectText, verdictReason } from './verdict-words.ts';
import type { Verdict } from '../scenario/verdict.ts';

/** The expectations of one run: each of them is worth a look. */
export function untestedNotes(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict) => {
    if (verdict.type !== 'holds' || verdict.subject.kind === 'invariant') return [];
    const why = verdictReason(verdict);
    return why === undefined ? [] : [`${subjectText(verdict.subject)}: ${why}`];
  });
}

/** Invariants whose condition was true in none of the runs: most scenarios test only some. */
export class UntestedInvariants {
  private readonly times = new Map<string, number>();

  note(protocol: string, verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      if (verdict.subject.kind !== 'invariant') continue;
      const name = `${verdict.subject.name} (${protocol})`;
      // A violated invariant was tested, and so was one without a condition.
      const isTested = verdict.type !== 'holds' || verdict.tested === undefined;
      const times = isTested ? 1 : verdict.tested.times;
      this.times.set(name, (this.times.get(name) ?? 0) + times);
    }
  }

  notes(): string[] {
    const never = [...this.times].filter(([, times]) => times === 0);
    return never.map(([name]) => `${name}: its condition was true in none of these scenarios`);
  }
}
