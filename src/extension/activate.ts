// What both entry points share: everything but where the debug adapter runs.
import * as vscode from 'vscode';
import { registerCodeLens } from './codelens.ts';
import { registerCommands } from './commands.ts';
import { registerConfigurations } from './configuration.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { debugType } from './names.ts';
import { Panels } from './panels.ts';
import { registerReload } from './reload.ts';
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
  );
}
