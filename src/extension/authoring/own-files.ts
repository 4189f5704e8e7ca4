// What the commands share that write files beside those of the user.
import * as vscode from 'vscode';
import { exists, readText } from '../scenario-files.ts';

/** Those of the files that exist in the folder with another content: they are the user's own. */
export async function differentIn(
  folder: vscode.Uri,
  files: ReadonlyMap<string, string>,
): Promise<string[]> {
  const different: string[] = [];
  for (const [file, text] of files) {
    const uri = vscode.Uri.joinPath(folder, file);
    if ((await exists(uri)) && (await readText(uri)) !== text) different.push(file);
  }
  return different;
}

/** The path of a file as messages name it. */
export function relative(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
