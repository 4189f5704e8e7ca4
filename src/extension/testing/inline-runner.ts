// Runs tests inside the extension host: on the web, and for files that are not on this disk.
import * as vscode from 'vscode';
import type { TestReport } from '../../cli/test-report.ts';
import { inlineTerminal, textsFor, untilCancelled } from '../inline-terminal.ts';
import { programOf } from '../scenario-files.ts';
import { sorted, type TestBatch, type TestRunner } from './runner.ts';

export class InlineRunner implements TestRunner {
  async run(
    batch: TestBatch,
    report: (report: TestReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { folder, files, covered } = batch;
    const values = { json: true, ...(covered && { coverage: true }) };
    const engine = await import('../engine.ts');
    for (const uri of files.map((file) => vscode.Uri.joinPath(folder, file))) {
      if (token.isCancellationRequested) return;
      // The command line reads at once, but an editor's files are read in the background.
      const file = programOf(uri);
      const texts = await textsFor(engine, uri, file);
      const terminal = inlineTerminal(texts, sorted(batch, report), token);
      await untilCancelled(() => engine.testScenarios([file], values, terminal));
    }
  }
}
