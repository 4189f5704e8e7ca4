// Records a run in a process of its own: endless code cannot freeze the editor.
import type * as vscode from 'vscode';
import type { RecordedRun } from '../../view/export/recorded-run.ts';
import { runCli } from '../cli-process.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { exporting as words } from '../words.ts';
import { InlineRecorder } from './inline-recorder.ts';
import type { RunRecorder } from './recorder.ts';

export class ProcessRecorder implements RunRecorder {
  private readonly inline = new InlineRecorder();

  constructor(private readonly cli: string) {}

  async record(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<RecordedRun | undefined> {
    const file = programOf(uri);
    // A separate process can read only files on this disk.
    if (isUri(file)) return this.inline.record(uri, token);
    let run: RecordedRun | undefined;
    const list = ['export', '--view', '--', file];
    const end = await runCli({ cli: this.cli, list }, (one: RecordedRun) => (run = one), token);
    if (end === undefined) return undefined;
    if (run === undefined) throw new Error(words.processEnded(end.errors));
    return run;
  }
}
