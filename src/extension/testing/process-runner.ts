// Runs tests in a process of their own: endless code cannot freeze the editor, and can be ended.
import { spawn } from 'node:child_process';
import * as readline from 'node:readline';
import type * as vscode from 'vscode';
import type { TestReport } from '../../cli/test-report.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { testing as words } from '../words.ts';
import { InlineRunner } from './inline-runner.ts';
import type { TestBatch, TestRunner } from './runner.ts';

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
      await this.runProcess(folder, files, report, token);
      at += files.length;
    }
  }

  private async runProcess(
    folder: string,
    files: readonly string[],
    report: (report: TestReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const child = spawn(process.execPath, [this.cli, 'test', '--json', '--', ...files], {
      cwd: folder,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cancelling = token.onCancellationRequested(() => child.kill());
    let errors = '';
    let reported = 0;
    child.stderr.on('data', (data) => (errors += String(data)));
    const lines = readline.createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      reported++;
      report(JSON.parse(line) as TestReport);
    });
    try {
      await new Promise<void>((resolve, reject) => {
        child.on('error', reject);
        // The lines may be read after the process has exited.
        child.on('close', () => resolve());
      });
    } finally {
      cancelling.dispose();
    }
    if (reported === files.length || token.isCancellationRequested) return;
    throw new Error(words.processEnded(errors.trim()));
  }
}
