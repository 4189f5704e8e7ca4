// `Lockstep: Save Finding as Scenario`: writes the last finding beside its scenario.
import * as vscode from 'vscode';
import { reasonOf, refuse } from '../failures.ts';
import { contextKeys } from '../names.ts';
import { exists, readText, write } from '../scenario-files.ts';
import { finding as words } from '../words.ts';
import type { Opening } from './source.ts';

export class FoundFiles {
  private last: { readonly scenario: vscode.Uri; readonly finding: Opening } | undefined;

  found(scenario: vscode.Uri, finding: Opening): void {
    this.last = { scenario, finding };
    void vscode.commands.executeCommand('setContext', contextKeys.hasFinding, true);
  }

  /** Returns the file, which is opened; undefined if there is none. */
  async save(): Promise<vscode.Uri | undefined> {
    const { last } = this;
    if (last === undefined) return refuse(words.nothingToSave);
    try {
      const options = { location: vscode.ProgressLocation.Notification, title: words.saving };
      const saved = await vscode.window.withProgress(options, () => last.finding.saved());
      if ('notSaved' in saved) return refuse(words.notSaved(saved.notSaved));
      const folder = vscode.Uri.joinPath(last.scenario, '..');
      const { uri, isNew } = await freeName(folder, saved.name, saved.text);
      if (isNew) await write(uri, saved.text);
      await vscode.window.showTextDocument(uri, { preview: false });
      const name = vscode.workspace.asRelativePath(uri);
      void vscode.window.showInformationMessage(words.saved(name));
      return uri;
    } catch (error) {
      return refuse(words.notSaved(reasonOf(error)));
    }
  }
}

/** The first name that is free, or whose file has this text already. */
async function freeName(
  folder: vscode.Uri,
  name: string,
  text: string,
): Promise<{ readonly uri: vscode.Uri; readonly isNew: boolean }> {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const uri = vscode.Uri.joinPath(folder, `${name}${suffix}.scenario.yaml`);
    if (!(await exists(uri))) return { uri, isNew: true };
    if ((await readText(uri).catch(() => undefined)) === text) return { uri, isNew: false };
  }
}
