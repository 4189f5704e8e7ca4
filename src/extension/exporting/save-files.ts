// Saves what a panel or a run exports: the user chooses a place, on this disk or elsewhere.
import * as vscode from 'vscode';
import type { PictureFile } from '../../view/export/picture-file.ts';
import { reasonOf, refuse } from '../failures.ts';
import { exporting as words } from '../words.ts';

/** Returns where the first file is; undefined if it is not written. */
export async function saveFiles(
  [first, ...others]: readonly PictureFile[],
  given?: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  if (first === undefined) return undefined;
  const target = given ?? (await chosenPlace(first));
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

async function chosenPlace({ name }: PictureFile): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = name.split('.').at(-1)!;
  return vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [extension.toUpperCase()]: [extension] },
    title: words.title,
  });
}

function bytesOf({ content }: PictureFile): Uint8Array {
  if (content.type === 'text') return new TextEncoder().encode(content.text);
  return Uint8Array.from(atob(content.bytes), (letter) => letter.codePointAt(0)!);
}
