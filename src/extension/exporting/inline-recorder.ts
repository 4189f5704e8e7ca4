// Records a run inside the extension host: on the web, and for files not on this disk.
import type * as vscode from 'vscode';
import type { RecordedRun } from '../../view/export/recorded-run.ts';
import { inlineTerminal, textsFor, untilCancelled } from '../inline-terminal.ts';
import { programOf } from '../scenario-files.ts';
import { exporting as words } from '../words.ts';
import type { RunRecorder } from './recorder.ts';

export class InlineRecorder implements RunRecorder {
  async record(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<RecordedRun | undefined> {
    const engine = await import('../engine.ts');
    const file = programOf(uri);
    const texts = await textsFor(engine, uri, file);
    let run: RecordedRun | undefined;
    let errors = '';
    const terminal = {
      ...inlineTerminal(texts, (one: RecordedRun) => void (run = one), token),
      whole: (name: string) => name,
      error: async (text: string) => void (errors += text),
    };
    await untilCancelled(() => engine.exportRun([file], { view: true }, terminal));
    if (token.isCancellationRequested) return undefined;
    if (run === undefined) throw new Error(words.processEnded(errors.trim()));
    return run;
  }
}
