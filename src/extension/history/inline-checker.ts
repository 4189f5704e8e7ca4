// Checks histories inside the extension host: on the web, where that is a worker of its own.
import type * as vscode from 'vscode';
import type { HistoryChoice, HistoryReport } from '../../view/history/history-view.ts';
import { rest, untilCancelled } from '../inline-terminal.ts';
import type { HistoryChecker } from './checker.ts';

export class InlineChecker implements HistoryChecker {
  /** Nothing else of the extension runs meanwhile, so each check is short: about a second. */
  readonly steps = 2_000_000;

  async check(
    text: string,
    choice: HistoryChoice,
    report: (report: HistoryReport) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { checkedFile } = await import('../engine.ts');
    await untilCancelled(async () => {
      for (const one of checkedFile(text, choice)) {
        report(one);
        await rest(token);
      }
    });
  }
}
