// Shows how far a search is, in a notification that cancels it, and in the status bar.
import * as vscode from 'vscode';
import type { FindStatus } from '../../dap/find/finder.ts';
import { finding as words } from './words.ts';

export async function showing<Result>(
  search: (
    report: (status: FindStatus) => void,
    token: vscode.CancellationToken,
  ) => Promise<Result>,
): Promise<Result> {
  const options = {
    location: vscode.ProgressLocation.Notification, title: words.title, cancellable: true,
  };
  const item = vscode.window.createStatusBarItem('lockstep.find', vscode.StatusBarAlignment.Left);
  item.name = words.title;
  try {
    return await vscode.window.withProgress(options, (progress, token) => {
      const show = (message: string) => {
        progress.report({ message });
        item.text = `$(search) ${message}`;
        item.show();
      };
      show(words.starting);
      return search((status) => show(statusText(status)), token);
    });
  } finally {
    item.dispose();
  }
}

function statusText({ phase, count, depth, rate }: FindStatus): string {
  const [number, deep, pace] = [count, depth, rate].map((one) => one.toLocaleString());
  switch (phase) {
    case 'replaying':
      return depth === 0 ? words.starting : words.replaying(number!, deep!);
    case 'walking':
      return words.walking(number!, deep!, pace!);
    case 'searching':
      return words.searching(number!, deep!, pace!);
    case 'shrinking':
      return words.shrinking(number!);
  }
}
