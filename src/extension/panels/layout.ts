// Where panels open: right of the code, in the half that their descriptors name, and never over it.
import * as vscode from 'vscode';
import type { PanelDescriptor, PanelName } from '../../view/panels.ts';
import { panelTypes } from '../names.ts';
import type { Surface } from './surface.ts';

const columns: Record<PanelDescriptor['place'], vscode.ViewColumn> = {
  upper: vscode.ViewColumn.Two,
  lower: vscode.ViewColumn.Three,
};

const columnsMax: number = vscode.ViewColumn.Nine;

const half = { size: 0.5 };

/**
 * Divides the editor area for one panel or two, if it is a single group; the user's own layout is
 * left alone.
 */
export async function divideForPanels(count: number): Promise<boolean> {
  if (vscode.window.tabGroups.all.length > 1) return false;
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [half, count === 1 ? half : { ...half, groups: [half, half] }],
  });
  return true;
}

/** The column of one of so many panels in the divided editor area. */
export function dividedColumn({ place }: PanelDescriptor, count: number): vscode.ViewColumn {
  return count === 1 ? vscode.ViewColumn.Two : columns[place];
}

/**
 * A column for one panel: above or below another panel, or a new group at the right end. The group
 * has no other editor, so VS Code locks it, as package.json configures: no source opens over it.
 */
export async function ownColumn(
  { place }: PanelDescriptor,
  other: Surface | undefined,
): Promise<vscode.ViewColumn> {
  const groups = vscode.window.tabGroups.all.length;
  if (groups >= columnsMax) return vscode.ViewColumn.Beside;
  if (!other) return groups + 1;
  other.show(false);
  const side = place === 'upper' ? 'Above' : 'Below';
  await vscode.commands.executeCommand(`workbench.action.newGroup${side}`);
  return vscode.ViewColumn.Active;
}

/**
 * The tabs of a panel that VS Code restored after a reload of the window but has not loaded yet,
 * since they are hidden. A new panel takes their place.
 */
export function unloadedTabs(name: PanelName): vscode.Tab[] {
  // VS Code adds a prefix to the types of panels.
  const isPanel = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputWebview && input.viewType.endsWith(`-${panelTypes[name]}`);
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isPanel));
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
