// What both entry points share: everything except where the debug adapter runs.
import * as vscode from 'vscode';
import { registerCodeLens } from './authoring/codelens.ts';
import { registerDiagnostics } from './authoring/diagnostics.ts';
import { registerReload } from './authoring/reload.ts';
import { registerBranch } from './branch.ts';
import { registerCommands } from './commands.ts';
import { registerConfigurations } from './launch/configuration.ts';
import { debugType } from './names.ts';
import { Panels } from './panels/panels.ts';
import { registerStatus } from './status.ts';

export function activateWith(
  context: vscode.ExtensionContext,
  adapters: vscode.DebugAdapterDescriptorFactory,
): void {
  const panels = new Panels(context.extensionUri);
  context.subscriptions.push(
    panels,
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, adapters),
    registerConfigurations(),
    registerCommands(panels, context),
    registerCodeLens(),
    registerDiagnostics(),
    registerStatus(),
    registerReload(),
    registerBranch(),
  );
}
