/** A row of the table that `lockstep compare` prints: a scenario, and what its runs showed. */
import type { ComparedFigures } from '../../check/compare/figures.ts';
import { cut } from '../../kernel/data/shown.ts';
import type { TestFailure } from '../../check/scenario-test.ts';
import { subjectText } from '../../check/verdict-words.ts';

/** Why the run with a seed is not as the scenario demands. */
export type Failure = { readonly seed: number } & (
  | TestFailure
  | { readonly type: 'interrupted'; readonly message: string }
);

/** The whole problem is on standard error. */
const problemMax = 100;

export interface Row {
  /** As the command line names it. */
  readonly file: string;
  readonly title: string;
  /** Why it is not a valid scenario; warnings. */
  readonly problems: readonly string[];
  readonly runs: number;
  readonly isTwin: boolean;
  /** What a broken twin must violate, if it says so. */
  readonly breaks?: string;
  /** What its runs violated. */
  readonly violated: readonly string[];
  readonly failures: readonly Failure[];
  /** Absent if no run ended. */
  readonly figures?: ComparedFigures;
}

/** `optimistic.broken` of `shop/optimistic.broken.scenario.yaml`. */
export function nameOf(file: string): string {
  return file.replace(/^.*[\\/]/, '').replace(/\.scenario\.ya?ml$/, '');
}

/** Whether all is as the scenario demands, or what is not: one clause. */
export function resultText(row: Row): string {
  const { figures, failures, isTwin, breaks, violated, runs, problems } = row;
  if (figures === undefined && failures.length === 0) {
    return `✗ not valid: ${cut(problems[0] ?? 'it cannot be read', problemMax)}`;
  }
  const [first] = failures;
  if (first !== undefined) {
    const times = runs === 1 ? '' : `with ${failures.length} of ${runs} seeds: `;
    return `✗ ${times}${failureText(first)}`;
  }
  if (!isTwin) return '✓';
  return `✗ as it must: ${breaks ?? violated[0]}`;
}

/** Whether the row says more of its result than that all holds. */
export function isNotable({ isTwin, failures, figures }: Row): boolean {
  return isTwin || failures.length > 0 || figures === undefined;
}

function failureText(failure: Failure): string {
  switch (failure.type) {
    case 'endless':
      return `it was stopped after ${failure.actions} actions`;
    case 'interrupted':
      return failure.message;
    case 'verdict':
      return subjectText(failure.verdict.subject);
  }
}
