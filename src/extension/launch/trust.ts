// Runs code of the workspace only if it is trusted, and otherwise tells the user what to do.
import * as vscode from 'vscode';
import { untrustedCode } from '../../dap/words/refusals.ts';
import { readText } from '../scenario-files.ts';
import { trust as words } from '../words.ts';

/** Whether a scenario may run; if not, shows why and offers to manage the trust. */
export async function mayRun(scenario: vscode.Uri): Promise<boolean> {
  const file = await untrustedFile(await readText(scenario));
  if (file === undefined) return true;
  void vscode.window.showErrorMessage(untrustedCode(file), words.manage).then((chosen) => {
    if (chosen === words.manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}

/** The file whose code the scenario would run, if the workspace is not trusted. */
async function untrustedFile(scenario: string): Promise<string | undefined> {
  if (vscode.workspace.isTrusted) return undefined;
  const { protocolReference } = await import('../engine.ts');
  return protocolReference(scenario)?.path;
}
