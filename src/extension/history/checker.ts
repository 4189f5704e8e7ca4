// Checks the text of a history, wherever that can run: the editor of the file shows the reports.
import type * as vscode from 'vscode';
import type { HistoryChoice, HistoryReport } from '../../view/history/history-view.ts';

export interface HistoryChecker {
  /** How many steps the check of a model may take unless the user asks for more. */
  readonly steps: number;
  /** Calls `report` with each result; resolves early if it is cancelled. Rejects if it fails. */
  check(
    text: string,
    choice: HistoryChoice,
    report: (report: HistoryReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void>;
}
