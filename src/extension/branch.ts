// Leaves a branch: the command, and whether the active session is on one, for its buttons.
import * as vscode from 'vscode';
import type { ViewEvent } from '../view/contract.ts';
import { reasonOf, refuse } from './failures.ts';
import { commands, contextKeys, debugType, leaveBranchRequest, viewEvent } from './names.ts';

export function registerBranch(): vscode.Disposable {
  const branching = new Set<string>();
  const update = () => {
    const { activeDebugSession: active } = vscode.debug;
    const isOnBranch = active !== undefined && branching.has(active.id);
    void vscode.commands.executeCommand('setContext', contextKeys.onBranch, isOnBranch);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.leaveBranch, leaveBranch),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== debugType || event !== viewEvent) return;
      const view = body as ViewEvent;
      if (view.type === 'stopped' && view.moment.branch > 0) branching.add(session.id);
      else branching.delete(session.id);
      update();
    }),
    vscode.debug.onDidChangeActiveDebugSession(update),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      branching.delete(id);
      update();
    }),
  );
}

async function leaveBranch(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return;
  try {
    await session.customRequest(leaveBranchRequest);
  } catch (error) {
    refuse(reasonOf(error));
  }
}
