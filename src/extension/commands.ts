// What the command palette, the run button and the CodeLens can do.
import * as vscode from 'vscode';
import { configurationFor } from './launch/configuration.ts';
import { commands, openCommands } from './names.ts';
import { panelNames } from '../view/panels.ts';
import { type NewProtocol, newProtocol } from './authoring/new-protocol.ts';
import type { Panels } from './panels/panels.ts';

export function registerCommands(
  panels: Panels,
  { extensionUri }: vscode.ExtensionContext,
): vscode.Disposable {
  const on = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    on(commands.debugScenario, (uri?: vscode.Uri) => start(uri, false)),
    on(commands.runScenario, (uri?: vscode.Uri) => start(uri, true)),
    on(commands.newProtocol, (given?: NewProtocol) => newProtocol(extensionUri, given)),
    ...panelNames.map((name) => on(openCommands[name], () => panels.open(name))),
  );
}

async function start(uri: vscode.Uri | undefined, noDebug: boolean): Promise<boolean> {
  const scenario = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (!scenario) {
    void vscode.window.showErrorMessage('Open a scenario first, a file named *.scenario.yaml.');
    return false;
  }
  const folder = vscode.workspace.getWorkspaceFolder(scenario);
  return vscode.debug.startDebugging(folder, configurationFor(scenario), { noDebug });
}
