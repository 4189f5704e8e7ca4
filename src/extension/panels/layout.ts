// Makes room: stack and variables, then the code, then the cluster above the sequence.
import * as vscode from 'vscode';
import type { PanelName } from '../names.ts';

/** Where each panel goes, decided once for all the panels that open together. */
export type Places = Record<PanelName, vscode.ViewColumn>;

export const besideCode: Places = {
  cluster: vscode.ViewColumn.Beside,
  sequence: vscode.ViewColumn.Beside,
};

/** A person's own layout is left alone; only a lone editor group is divided. */
export async function placesForPanels(): Promise<Places> {
  if (vscode.window.tabGroups.all.length > 1) return besideCode;
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [{ size: 0.5 }, { size: 0.5, groups: [{ size: 0.5 }, { size: 0.5 }] }],
  });
  return { cluster: vscode.ViewColumn.Two, sequence: vscode.ViewColumn.Three };
}

/**
 * Shows stack and variables. VS Code itself does so only for stops at a line breakpoint, and most
 * of ours are events.
 */
export async function showDebugView(): Promise<void> {
  const choice = vscode.workspace.getConfiguration('debug').get<string>('openDebug');
  if (choice === 'neverOpen') return;
  await vscode.commands.executeCommand('workbench.view.debug');
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}
