// Code of a workspace runs only where it is trusted; elsewhere, words that say what to do.
import * as vscode from 'vscode';
import { untrustedCode } from '../../dap/words/refusals.ts';
import { readText } from '../scenario-files.ts';

const manage = 'Manage Workspace Trust';

/** Whether a scenario may be run here; where not, it says why and offers what to do. */
export async function mayRun(scenario: vscode.Uri): Promise<boolean> {
  const file = await untrustedFile(await readText(scenario));
  if (file === undefined) return true;
  void vscode.window.showErrorMessage(untrustedCode(file), manage).then((chosen) => {
    if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}

/** The file of the workspace that a scenario would run, where that is not allowed. */
async function untrustedFile(text: string): Promise<string | undefined> {
  if (vscode.workspace.isTrusted) return undefined;
  const { protocolReference } = await import('../engine.ts');
  return protocolReference(text)?.path;
}
