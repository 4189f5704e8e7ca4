// Runs tests with `lockstep test`, wherever that can run: the Testing view shows its reports.
import type * as vscode from 'vscode';
import type { CoverageReport } from '../../check/coverage/report.ts';
import type { CoverageLine, TestReport } from '../../cli/test-report.ts';

export interface TestBatch {
  /** The folder from which the files are named. */
  readonly folder: vscode.Uri;
  /** Relative to the folder, as `lockstep test` in this folder names them. */
  readonly files: readonly string[];
  /** Receives what the tests cover, which makes them slower; absent if nothing asks for it. */
  readonly covered?: (reports: readonly CoverageReport[]) => void;
}

export interface TestRunner {
  /**
   * Calls `report` with each result, in the order of the files. Rejects if the runner itself fails;
   * the files without a report were not tested then.
   */
  run(
    batch: TestBatch,
    report: (report: TestReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void>;
}

/** Passes on each line of the output to the one who waits for it. */
export function sorted(
  { covered }: TestBatch,
  report: (report: TestReport) => void,
): (line: TestReport | CoverageLine) => void {
  return (line) => {
    if ('coverage' in line) covered?.(line.coverage);
    else report(line);
  };
}
