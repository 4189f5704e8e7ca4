// Compares scenarios in a process of its own: endless code cannot freeze the editor.
import { spawn } from 'node:child_process';
import * as readline from 'node:readline';
import type * as vscode from 'vscode';
import type { CompareReport } from '../../cli/compare/compare-report.ts';
import { isUri, programOf } from '../scenario-files.ts';
import { comparing as words } from '../words.ts';
import type { Compared, Comparer } from './comparer.ts';
import { InlineComparer } from './inline-comparer.ts';

export class ProcessComparer implements Comparer {
  private readonly inline = new InlineComparer();

  constructor(private readonly cli: string) {}

  async compare(
    compared: Compared,
    report: (report: CompareReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const folder = programOf(compared.folder);
    // A separate process can read only files on this disk.
    if (isUri(folder)) return this.inline.compare(compared, report, token);
    const list = [this.cli, 'compare', '--view', '--', ...compared.files];
    const child = spawn(process.execPath, list, {
      cwd: folder,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cancelling = token.onCancellationRequested(() => child.kill());
    let errors = '';
    let isComplete = false;
    child.stderr.on('data', (data) => (errors += String(data)));
    const lines = readline.createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const one = JSON.parse(line) as CompareReport;
      isComplete ||= one.type === 'compared';
      report(one);
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
    if (!isComplete && !token.isCancellationRequested) {
      throw new Error(words.processEnded(errors.trim()));
    }
  }
}
