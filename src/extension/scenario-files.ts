// Tells scenarios from other files, and names a file the way the debug adapter knows it.
import * as vscode from 'vscode';

export const scenarioPattern = '**/*.scenario.{yaml,yml}';

export const scenarioSelector: vscode.DocumentSelector = { pattern: scenarioPattern };

export function isScenario(file: vscode.Uri | string): boolean {
  const name = typeof file === 'string' ? file : file.path;
  return /\.scenario\.ya?ml$/.test(name);
}

/**
 * The name of a file in a launch configuration: a path where the file is on this disk, else its
 * URI. VS Code names the sources of breakpoints by the same rule, so the two can be compared.
 */
export function programOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/**
 * The file that `program` names. Variables such as `${workspaceFolder}` are replaced by paths
 * even where the workspace is not on this disk: then the path belongs to the folder's own scheme.
 */
export function uriOf(program: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(program)) return vscode.Uri.parse(program);
  const base = folder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const isAbsolute = program.startsWith('/') || /^[a-z]:[\\/]/i.test(program);
  if (base && !isAbsolute) return vscode.Uri.joinPath(base, program);
  if (base && base.scheme !== 'file') return base.with({ path: program });
  return vscode.Uri.file(program);
}

export async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
