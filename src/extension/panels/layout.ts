// Where panels open: right of the code, in the half that their descriptors name.
import * as vscode from 'vscode';
import { byPanel, type PanelDescriptor, type PanelName } from '../../view/panels.ts';

/** Decided once for all panels that open together. */
export type Places = Record<PanelName, vscode.ViewColumn>;

export const besideCode: Places = byPanel(() => vscode.ViewColumn.Beside);

const columns: Record<PanelDescriptor['place'], vscode.ViewColumn> = {
  upper: vscode.ViewColumn.Two,
  lower: vscode.ViewColumn.Three,
};

/** Leaves the user's own layout alone: only a single editor group is divided. */
export async function placesForPanels(): Promise<Places> {
  if (vscode.window.tabGroups.all.length > 1) return besideCode;
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [{ size: 0.5 }, { size: 0.5, groups: [{ size: 0.5 }, { size: 0.5 }] }],
  });
  return byPanel(({ place }) => columns[place]);
}

/**
 * Shows stack and variables. VS Code itself does so only when a line breakpoint is hit, but most
 * of our stops are events.
 */
export async function showDebugView(): Promise<void> {
  const choice = vscode.workspace.getConfiguration('debug').get<string>('openDebug');
  if (choice === 'neverOpen') return;
  await vscode.commands.executeCommand('workbench.view.debug');
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}
