// The moment of the active session in the status bar.
import * as vscode from 'vscode';
import type { ViewEvent } from '../view/contract.ts';
import { endingOf } from '../view/ended.ts';
import { commands, debugType, viewEvent } from './names.ts';

export function registerStatus(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.moment', vscode.StatusBarAlignment.Left);
  item.name = 'Lockstep';
  item.command = commands.openCluster;
  return vscode.Disposable.from(
    item,
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === debugType && event === viewEvent) describe(item, body as ViewEvent);
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (session.type === debugType) item.hide();
    }),
  );
}

function describe(item: vscode.StatusBarItem, event: ViewEvent): void {
  switch (event.type) {
    case 'stopped': {
      const { step, timeText, action, reason } = event.view.moment;
      item.text = `$(debug) step ${step} · ${timeText}`;
      item.tooltip = [action, reason].filter(Boolean).join('\n');
      break;
    }
    case 'running':
      item.text = '$(sync~spin) running';
      item.tooltip = event.scenario;
      break;
    case 'ended': {
      const { words, isViolated } = endingOf(event.verdict);
      item.text = `$(${isViolated ? 'error' : 'check'}) ended: ${words}`;
      item.tooltip = [event.scenario, event.verdict].join('\n');
      break;
    }
  }
  item.show();
}
