// The entry point in the Node extension host: the adapter is a separate process, so that a runaway
// handler cannot freeze the editor.
import './translations.ts';
import * as vscode from 'vscode';
import { findInThread } from '../cli/find/start-thread.ts';
import { activateWith } from './activate.ts';
import { ProcessComparer } from './comparing/process-comparer.ts';
import { ProcessRecorder } from './exporting/process-recorder.ts';
import { ProcessChecker } from './history/process-checker.ts';
import { inlineAdapter } from './launch/adapter-inline.ts';
import { isUri } from './scenario-files.ts';
import { ProcessRunner } from './testing/process-runner.ts';

export function activate(context: vscode.ExtensionContext): void {
  const cli = vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath;
  const createDebugAdapterDescriptor = (session: vscode.DebugSession) =>
    adapterProcess(cli, session);
  activateWith(context, {
    adapters: { createDebugAdapterDescriptor },
    tests: new ProcessRunner(cli),
    histories: new ProcessChecker(cli),
    comparisons: new ProcessComparer(cli),
    runs: new ProcessRecorder(cli),
    find: findInThread(cli),
  });
}

function adapterProcess(
  cli: string,
  session: vscode.DebugSession,
): vscode.ProviderResult<vscode.DebugAdapterDescriptor> {
  const program = String(session.configuration.program);
  // A separate process can read only files on this disk.
  if (isUri(program)) return inlineAdapter(session);
  // VS Code takes the exception filters from the response to `initialize`. They are the events
  // of the scenario's protocol, so the adapter must know the scenario before that request.
  const { root } = session.configuration;
  const boundary = typeof root === 'string' ? ['--root', root] : [];
  const trust = vscode.workspace.isTrusted ? ['--trusted'] : [];
  const list = [cli, 'dap', '--scenario', program, ...boundary, ...trust];
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  return new vscode.DebugAdapterExecutable(process.execPath, list, { env });
}
