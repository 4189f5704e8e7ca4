// Runs `lockstep export --view`, wherever that can run.
import type * as vscode from 'vscode';
import type { RecordedRun } from '../../view/export/recorded-run.ts';

export interface RunRecorder {
  /** Undefined if it is cancelled. Rejects if the scenario cannot run. */
  record(uri: vscode.Uri, token: vscode.CancellationToken): Promise<RecordedRun | undefined>;
}
