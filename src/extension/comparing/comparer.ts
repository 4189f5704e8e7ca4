// Runs `lockstep compare`, wherever that can run: the command shows its reports.
import type * as vscode from 'vscode';
import type { CompareReport } from '../../cli/compare/compare-report.ts';

export interface Compared {
  /** The folder from which the files are named, and from which the links of the table lead. */
  readonly folder: vscode.Uri;
  readonly files: readonly string[];
}

export interface Comparer {
  /** Calls `report` with each result; resolves early if it is cancelled. Rejects if it fails. */
  compare(
    compared: Compared,
    report: (report: CompareReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void>;
}
