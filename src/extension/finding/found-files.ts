// `Lockstep: Save Finding as Scenario`: writes a finding, by default the last, beside its scenario.
import * as vscode from 'vscode';
import { scenarioFileNames } from '../../explore/saved/file-names.ts';
import { reasonOf, refuse } from '../failures.ts';
import { contextKeys } from '../names.ts';
import { exists, readText, write } from '../scenario-files.ts';
import { plainText } from '../plain-text.ts';
import { finding as words } from '../words.ts';
import type { Opening } from './source.ts';

export interface Saveable {
  readonly scenario: vscode.Uri;
  readonly finding: Pick<Opening, 'saved'>;
}

export class FoundFiles {
  private last: Saveable | undefined;

  found(scenario: vscode.Uri, finding: Saveable['finding']): Saveable {
    this.last = { scenario, finding };
    void vscode.commands.executeCommand('setContext', contextKeys.hasFinding, true);
    return this.last;
  }

  /** Returns the file, which is opened; undefined if there is none. */
  async save(saveable = this.last): Promise<vscode.Uri | undefined> {
    if (saveable === undefined) return refuse(words.nothingToSave);
    try {
      const options = { location: vscode.ProgressLocation.Notification, title: words.saving };
      const saved = await vscode.window.withProgress(options, () => saveable.finding.saved());
      if ('notSaved' in saved) return refuse(words.notSaved(saved.notSaved));
      const folder = vscode.Uri.joinPath(saveable.scenario, '..');
      const { uri, isNew } = await freeName(folder, saved.name, saved.text);
      if (isNew) await write(uri, saved.text);
      await vscode.window.showTextDocument(uri, { preview: false });
      const name = vscode.workspace.asRelativePath(uri);
      void vscode.window.showInformationMessage(plainText(words.saved(name)));
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
  for (const names = scenarioFileNames(name); ;) {
    const uri = vscode.Uri.joinPath(folder, names.next().value);
    if (!(await exists(uri))) return { uri, isNew: true };
    if ((await readText(uri).catch(() => undefined)) === text) return { uri, isNew: false };
  }
}
