// `Lockstep: New Protocol…` creates a small working protocol with its scenarios, to be changed.
import * as vscode from 'vscode';
import type { LaunchEntry } from '../launch/launch-json.ts';
import { reasonOf, refuse } from '../failures.ts';
import { exists, readText, write } from '../scenario-files.ts';
import { configurations, errors, newProtocol as words } from '../words.ts';
import { askFolder } from './ask-folder.ts';
import { relative } from './own-files.ts';
import { namedAfter, nameProblem, shared, templates } from './protocol-template.ts';

/** Values that a caller of the command already knows; the user is asked only for the others. */
export interface NewProtocol {
  readonly name?: string;
  readonly folder?: vscode.Uri;
}

/** Returns the file of the protocol; undefined if nothing was created. */
export async function newProtocol(
  extension: vscode.Uri,
  given: NewProtocol = {},
): Promise<vscode.Uri | undefined> {
  const name = given.name ?? (await askName());
  if (name === undefined) return undefined;
  const problem = nameProblem(name);
  if (problem) return refuse(problem);
  const folder = given.folder ?? (await askFolder(words.title, name));
  if (!folder) return undefined;
  const files = templates.map((template) =>
    vscode.Uri.joinPath(folder, namedAfter(name, template)),
  );
  const present = await Promise.all(files.map(exists));
  const existing = files.filter((_file, index) => present[index]);
  if (existing.length > 0) {
    return refuse(errors.filesExist(existing.map(relative)));
  }
  try {
    const notes = [
      ...(await createFiles(extension, name, folder, files)),
      ...(await addToLaunchJson(name, folder, files.slice(1))),
    ];
    await vscode.window.showTextDocument(files[0]!);
    void report(name, files[1]!, notes);
    return files[0];
  } catch (error) {
    return refuse(errors.notCreated(reasonOf(error)));
  }
}

/** Returns notes for the user about files that existed before. */
async function createFiles(
  extension: vscode.Uri,
  name: string,
  folder: vscode.Uri,
  files: readonly vscode.Uri[],
): Promise<string[]> {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  for (const [index, template] of templates.entries()) {
    const content = await readText(vscode.Uri.joinPath(dist, 'template', template));
    await write(files[index]!, namedAfter(name, content));
  }
  const notes: string[] = [];
  for (const [file, source] of shared) {
    const target = vscode.Uri.joinPath(folder, file);
    if (!(await exists(target))) {
      await write(target, await readText(vscode.Uri.joinPath(dist, source)));
    } else if (file === 'tsconfig.json' && !(await readText(target)).includes('"lockstep"')) {
      notes.push(words.tsconfigKept);
    }
  }
  return notes;
}

/** Returns notes for the user if launch.json could not be changed. */
async function addToLaunchJson(
  name: string,
  folder: vscode.Uri,
  scenarios: readonly vscode.Uri[],
): Promise<string[]> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  const file = vscode.Uri.joinPath(top, '.vscode', 'launch.json');
  const own = scenarios.map((uri, index): LaunchEntry => {
    const path = uri.path.slice(top.path.replace(/\/$/, '').length + 1);
    const program = `\${workspaceFolder}/${path}`;
    return { name: index === 0 ? name : configurations.broken(name), program };
  });
  const entries = [{ name: configurations.openScenario, program: '${file}' }, ...own];
  // Loaded on demand: its parser would slow down activation.
  const { emptyLaunchJson, withEntries } = await import('../launch/launch-json.ts');
  // An editor may have unsaved changes of the file. They must be neither lost nor saved.
  const document = (await exists(file)) ? await vscode.workspace.openTextDocument(file) : undefined;
  const content = document?.getText() ?? '';
  const edit = withEntries(content.trim() === '' ? emptyLaunchJson : content, entries);
  if (edit.type === 'syntax error') return [words.launchJsonBroken(edit.line, edit.column)];
  if (edit.type === 'no list') return [words.launchJsonWithoutList];
  if (document) await replaceContent(document, edit.content);
  else await write(file, edit.content);
  return [];
}

async function replaceContent(document: vscode.TextDocument, content: string): Promise<void> {
  const { isDirty } = document;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
  await vscode.workspace.applyEdit(edit);
  if (!isDirty) await document.save();
}

async function askName(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: words.title,
    prompt: words.namePrompt,
    value: 'lease',
    validateInput: nameProblem,
  });
}

async function report(name: string, scenario: vscode.Uri, notes: readonly string[]): Promise<void> {
  const message = [words.created(name), ...notes].join(' ');
  const chosen = await vscode.window.showInformationMessage(message, words.openScenario);
  if (chosen === words.openScenario) await vscode.window.showTextDocument(scenario);
}
