// Runs the adapter inside the extension host: on the web, and for files that are not on this disk.
import * as vscode from 'vscode';
import { readText, uriOf } from '../scenario-files.ts';

export async function inlineAdapter(
  session: vscode.DebugSession,
): Promise<vscode.DebugAdapterDescriptor> {
  const { LockstepDebugSession, findHere } = await import('../engine.ts');
  const { root } = session.configuration;
  const adapter = new LockstepDebugSession({
    ...(typeof root === 'string' ? { root } : {}),
    readFile: (file) => readText(uriOf(file, session.workspaceFolder)),
    trusted: vscode.workspace.isTrusted,
    find: findHere,
    scenario: session.configuration.program,
  });
  // Otherwise it would exit the process, here the extension host, at the end of the session.
  adapter.setRunAsServer(true);
  return new vscode.DebugAdapterInlineImplementation(adapter);
}
