// Runs tests in a process of their own: endless code cannot freeze the editor, and can be ended.
import type * as vscode from 'vscode';
import type { TestReport } from '../../cli/test-report.ts';
import { runCli } from '../cli-process.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { testing as words } from '../words.ts';
import { InlineRunner } from './inline-runner.ts';
import { sorted, type TestBatch, type TestRunner } from './runner.ts';

/** A command line has a limited length. */
const filesPerProcess = 50;

export class ProcessRunner implements TestRunner {
  private readonly inline = new InlineRunner();

  constructor(private readonly cli: string) {}

  async run(
    batch: TestBatch,
    report: (report: TestReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const folder = programOf(batch.folder);
    // A separate process can read only files on this disk.
    if (isUri(folder)) return this.inline.run(batch, report, token);
    for (let at = 0; at < batch.files.length && !token.isCancellationRequested; ) {
      const files = batch.files.slice(at, at + filesPerProcess);
      await this.runProcess(folder, { ...batch, files }, report, token);
      at += files.length;
    }
  }

  private async runProcess(
    folder: string,
    batch: TestBatch,
    report: (report: TestReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    let reported = 0;
    const coverage = batch.covered ? ['--coverage'] : [];
    const list = ['test', '--json', ...coverage, '--', ...batch.files];
    const line = sorted(batch, (one) => {
      reported++;
      report(one);
    });
    const end = await runCli({ cli: this.cli, list, folder }, line, token);
    if (end && reported !== batch.files.length) throw new Error(words.processEnded(end.errors));
  }
}
