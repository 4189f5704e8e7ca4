// Checks histories in a process of its own: it cannot freeze the editor, and can be ended.
import { spawn } from 'node:child_process';
import * as readline from 'node:readline';
import type * as vscode from 'vscode';
import type { HistoryChoice, HistoryReport } from '../../view/history/history-view.ts';
import { history as words } from '../words.ts';
import type { HistoryChecker } from './checker.ts';

export class ProcessChecker implements HistoryChecker {
  readonly steps = 20_000_000;

  constructor(private readonly cli: string) {}

  async check(
    text: string,
    { format, specification, steps }: HistoryChoice,
    report: (report: HistoryReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const options = [
      ...(format === undefined ? [] : ['--format', format]),
      ...(specification === undefined ? [] : ['--specification', specification]),
    ];
    const list = [this.cli, 'history', '-', '--view', '--steps', String(steps), ...options];
    const child = spawn(process.execPath, list, {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const cancelling = token.onCancellationRequested(() => child.kill());
    let errors = '';
    child.stderr.on('data', (data) => (errors += String(data)));
    // It may be ended before it has read all of the text.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    const lines = readline.createInterface({ input: child.stdout });
    lines.on('line', (line) => report(JSON.parse(line) as HistoryReport));
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        // The lines may be read after the process has exited.
        child.on('close', resolve);
      });
      if (code !== 0 && !token.isCancellationRequested) {
        throw new Error(words.processEnded(errors.trim()));
      }
    } finally {
      cancelling.dispose();
    }
  }
}
