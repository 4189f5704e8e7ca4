// The entry point in Node's extension host: the adapter is a process of its own, so that a runaway
// handler cannot freeze the editor.
import * as vscode from 'vscode';
import { activateWith } from './activate.ts';
import { inlineAdapter } from './launch/adapter-inline.ts';

export function activate(context: vscode.ExtensionContext): void {
  const cli = vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath;
  activateWith(context, {
    createDebugAdapterDescriptor(session) {
      const program = String(session.configuration.program);
      // Another process can only read files of this disk.
      if (/^[a-z][a-z0-9+.-]+:\/\//i.test(program)) return inlineAdapter(session);
      // The adapter is told the scenario beforehand: its answer to `initialize` names the
      // exception filters, and those are the events of the scenario's protocol.
      const { workspace } = session.configuration;
      const inside = typeof workspace === 'string' ? ['--workspace', workspace] : [];
      const list = [cli, 'dap', '--scenario', program, ...inside];
      const env = { ELECTRON_RUN_AS_NODE: '1' };
      return new vscode.DebugAdapterExecutable(process.execPath, list, { env });
    },
  });
}
