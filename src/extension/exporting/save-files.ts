// Saves what a panel or a run exports: the user chooses a place, on this disk or elsewhere.
import * as vscode from 'vscode';
import type { PictureFile } from '../../view/contract.ts';
import { reasonOf, refuse } from '../failures.ts';
import { exporting as words } from '../words.ts';

/** Returns where the first file is; undefined if the user has cancelled, or it cannot be written. */
export async function saveFiles([first, ...others]: readonly PictureFile[]) {
  if (first === undefined) return undefined;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = first.name.split('.').at(-1)!;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, first.name) }),
    filters: { [extension.toUpperCase()]: [extension] },
    title: words.title,
  });
  if (target === undefined) return undefined;
  try {
    await vscode.workspace.fs.writeFile(target, bytesOf(first));
    for (const other of others) {
      // The first file refers to the others by their names.
      const beside = vscode.Uri.joinPath(target, '..', other.name);
      await vscode.workspace.fs.writeFile(beside, bytesOf(other));
    }
  } catch (error) {
    return refuse(words.notSaved(target.path, reasonOf(error)));
  }
  const names = [target.path.split('/').at(-1)!, ...others.map(({ name }) => name)];
  vscode.window.setStatusBarMessage(words.saved(names), 5_000);
  return target;
}

function bytesOf({ content }: PictureFile): Uint8Array {
  if (content.type === 'text') return new TextEncoder().encode(content.text);
  return Uint8Array.from(atob(content.bytes), (letter) => letter.codePointAt(0)!);
}
