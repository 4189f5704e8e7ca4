// Shows the step and the virtual time of the active session in the status bar.
import * as vscode from 'vscode';
import type { ViewEvent } from '../view/contract.ts';
import { endingOf } from '../view/ended.ts';
import { commands, debugType, viewEvent } from './names.ts';
import { status as words } from './words.ts';

export function registerStatus(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.moment', vscode.StatusBarAlignment.Left);
  item.name = words.name;
  item.command = commands.openCluster;
  return vscode.Disposable.from(
    item,
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === debugType && event === viewEvent) update(item, body as ViewEvent);
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (session.type === debugType) item.hide();
    }),
  );
}

function update(item: vscode.StatusBarItem, event: ViewEvent): void {
  switch (event.type) {
    case 'stopped': {
      const { step, timeText, action, reason } = event.view.moment;
      item.text = words.stopped(step, timeText);
      item.tooltip = [action, reason].filter(Boolean).join('\n');
      break;
    }
    case 'running':
      item.text = words.running;
      item.tooltip = event.scenario;
      break;
    case 'ended': {
      const { words: summary, isViolated } = endingOf(event.verdict);
      item.text = words.ended(summary, isViolated);
      item.tooltip = [event.scenario, event.verdict].join('\n');
      break;
    }
  }
  item.show();
}
