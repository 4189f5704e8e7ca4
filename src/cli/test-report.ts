/** What `lockstep test --json` prints of a scenario: the editor's Testing view shows it. */
import type { TestFailure } from '../check/scenario-test.ts';
import type { CoverageReport } from '../check/coverage/report.ts';
import { promiseName } from '../check/verdict-words.ts';
import type { Verdict } from '../scenario/verdict.ts';
import type { Loaded } from './load.ts';

/** One line of the output. */
export interface TestReport {
  /** As the command line names it. */
  readonly file: string;
  /** False if it is not a valid scenario, so that it did not run. */
  readonly isValid: boolean;
  readonly passed: boolean;
  /** Empty if it passed. */
  readonly failures: readonly ReportedFailure[];
  /** The promises that the run was judged by. */
  readonly judged: readonly JudgedPromise[];
  /** Why it is not a valid scenario; warnings. */
  readonly problems: readonly string[];
  /** The last steps of the run, and its verdicts. */
  readonly output: string;
}

/** The last line of the output, with `--coverage`. */
export interface CoverageLine {
  readonly coverage: readonly CoverageReport[];
}

export interface JudgedPromise {
  /** As a saved finding names what it breaks: `invariant "One Leader"`. */
  readonly name: string;
  readonly type: Verdict['type'];
}

export function judgedPromises(verdicts: readonly Verdict[]): JudgedPromise[] {
  return verdicts.map(({ subject, type }) => ({ name: promiseName(subject), type }));
}

export interface ReportedFailure {
  readonly message: string;
  /** The line of the scenario that was violated, or the line of the protocol that threw. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

export function failurePlace(
  failure: TestFailure,
  file: string,
  { source }: Loaded,
): Pick<ReportedFailure, 'place'> {
  if (failure.type === 'endless' || failure.verdict.type === 'holds') return {};
  const { subject, reason } = failure.verdict;
  if ('range' in subject && subject.range) {
    const { line, column } = subject.range;
    return { place: { file, line, column } };
  }
  // The source of a built-in protocol is not a file of the workspace.
  if (!('place' in reason) || !reason.place || !source?.own) return {};
  const { file: named, line, column } = reason.place;
  return { place: { file: named, line, column } };
}
