// Asks for the folder into which the files of a protocol are written.
import * as vscode from 'vscode';
import { folders as words } from '../words.ts';

/** Offers a folder of this name in each workspace folder, the workspace folders, and any other. */
export async function askFolder(title: string, name: string): Promise<vscode.Uri | undefined> {
  const another = { label: words.another, uri: undefined };
  const choices = (vscode.workspace.workspaceFolders ?? []).flatMap(({ name: top, uri }) => [
    {
      label: words.inNew(top, name),
      description: words.inNewDescription,
      uri: vscode.Uri.joinPath(uri, name),
    },
    { label: words.inExisting(top), description: words.inExistingDescription, uri },
  ]);
  const chosen =
    choices.length === 0
      ? another
      : await vscode.window.showQuickPick([...choices, another], {
          title,
          placeHolder: words.placeholder,
        });
  if (chosen !== another) return chosen?.uri;
  const picked = await vscode.window.showOpenDialog({
    title: words.dialogTitle,
    openLabel: words.createHere,
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0];
}
