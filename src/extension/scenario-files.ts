// Recognizes scenarios, and names files the way the debug adapter does.
import * as vscode from 'vscode';

export const scenarioPattern = '**/*.scenario.{yaml,yml}';

/** Hidden folders and installed packages are not searched, as on the command line. */
export const notSearched = '**/{.*,node_modules}/**';

export const scenarioSelector: vscode.DocumentSelector = { pattern: scenarioPattern };

/** Whether a file is a source of Lockstep itself, such as a built-in protocol. */
export function isBuiltIn(extension: vscode.Uri, { path }: vscode.Uri): boolean {
  // Compares paths alone, because a remote editor has another URI for the same file.
  return path.startsWith(`${vscode.Uri.joinPath(extension, 'dist').path}/`);
}

export function isScenario(file: vscode.Uri | string): boolean {
  const name = typeof file === 'string' ? file : file.path;
  return /\.scenario\.ya?ml$/.test(name);
}

/**
 * The name of a file in a launch configuration: a path if the file is on this disk, and otherwise a
 * URI. VS Code names the sources of breakpoints by the same rule, so the two can be compared.
 */
export function programOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** Whether a launch configuration names a file by its URI: only the extension host can read it. */
export function isUri(program: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(program);
}

/**
 * The file that `program` names. VS Code replaces variables such as `${workspaceFolder}` by paths
 * even if the workspace is not on this disk; the path then belongs to the scheme of the folder.
 */
export function uriOf(program: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri {
  if (isUri(program)) return vscode.Uri.parse(program);
  const base = folder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const isAbsolute = program.startsWith('/') || /^[a-z]:[\\/]/i.test(program);
  if (base && !isAbsolute) return vscode.Uri.joinPath(base, program);
  if (base && base.scheme !== 'file') return base.with({ path: program });
  return vscode.Uri.file(program);
}

/** The name of a file from a folder; it may begin with `../`. */
export function relativeName(folder: vscode.Uri, { path }: vscode.Uri): string {
  const from = folder.path.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  const differs = to.findIndex((part, i) => part !== from[i]);
  return [...from.slice(differs).map(() => '..'), ...to.slice(differs)].join('/');
}

export async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** Writes a file and the folders that it needs. */
export async function write(uri: vscode.Uri, content: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
}
