// Checks histories in a process of its own: it cannot freeze the editor, and can be ended.
import type * as vscode from 'vscode';
import {
  type HistoryChoice, type HistoryReport, stepsOfCheck,
} from '../../view/history/history-view.ts';
import { runCli } from '../cli-process.ts';
import { history as words } from '../words.ts';
import type { HistoryChecker } from './checker.ts';

export class ProcessChecker implements HistoryChecker {
  readonly steps = stepsOfCheck;

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
    const list = ['history', '-', '--view', '--steps', String(steps), ...options];
    const end = await runCli({ cli: this.cli, list, input: text }, report, token);
    if (end && end.code !== 0) throw new Error(words.processEnded(end.errors));
  }
}
