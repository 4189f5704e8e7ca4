// Shows the step and the virtual time of the active session in the status bar.
import * as vscode from 'vscode';
import type { ViewEvent } from '../view/contract.ts';
import { endingSummary, verdictLine } from '../view/panel-words/ending.ts';
import { headCommand, stepName, stopReason } from '../view/panel-words/moment.ts';
import { timeText } from '../kernel/text/duration.ts';
import { debugType, openCommands, viewEvent } from './names.ts';
import { status as words } from './words.ts';

type MomentEvent = Exclude<ViewEvent, { type: 'failed' }>;

export function registerStatus(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.moment', vscode.StatusBarAlignment.Left);
  item.name = words.name;
  item.command = openCommands.cluster;
  /** By session: the last event of each. Several sessions can run beside each other. */
  const last = new Map<string, MomentEvent>();
  const show = () => {
    const event = last.get(vscode.debug.activeDebugSession?.id ?? '');
    if (event) update(item, event);
    else item.hide();
  };
  return vscode.Disposable.from(
    item,
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== debugType || event !== viewEvent) return;
      const received = body as ViewEvent;
      // The moment is shown whether panels can show it or not.
      if (received.type === 'failed') return;
      last.set(session.id, received);
      show();
    }),
    vscode.debug.onDidChangeActiveDebugSession(show),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      last.delete(id);
      show();
    }),
  );
}

function update(item: vscode.StatusBarItem, event: MomentEvent): void {
  switch (event.type) {
    case 'stopped': {
      const { moment } = event;
      item.text = words.stopped(stepName(moment), timeText(moment.time));
      item.tooltip = [headCommand(moment), stopReason(moment.stop)].filter(Boolean).join('\n');
      break;
    }
    case 'running':
      item.text = words.running;
      item.tooltip = event.scenario;
      break;
    case 'ended': {
      const { counts, verdicts } = event.ending;
      item.text = words.ended(endingSummary(event.ending), counts.violated > 0);
      item.tooltip = [event.scenario, ...verdicts.map(verdictLine)].join('\n');
      break;
    }
  }
  item.show();
}
