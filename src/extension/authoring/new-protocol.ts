// Makes a small working protocol with its scenarios, to be changed into one's own.
import * as vscode from 'vscode';
import { emptyLaunchJson, type LaunchEntry, withEntries } from '../launch/launch-json.ts';
import { nameFault, namedAfter, shared, templates } from './protocol-template.ts';
import { readText } from '../scenario-files.ts';

/** What a caller knows already is not asked. */
export interface NewProtocol {
  readonly name?: string;
  readonly folder?: vscode.Uri;
}

/** Answers the protocol's file; undefined where nothing was made. */
export async function newProtocol(
  extension: vscode.Uri,
  given: NewProtocol = {},
): Promise<vscode.Uri | undefined> {
  const name = given.name ?? (await askName());
  if (name === undefined) return undefined;
  const fault = nameFault(name);
  if (fault) return refuse(fault);
  const folder = given.folder ?? (await askFolder(name));
  if (!folder) return undefined;
  const own = templates.map((template) => vscode.Uri.joinPath(folder, namedAfter(name, template)));
  const there = await existing(own);
  if (there.length > 0) {
    const files = there.map((uri) => vscode.workspace.asRelativePath(uri)).join(', ');
    return refuse(`${files} is there already. Nothing was changed: choose another name or folder.`);
  }
  try {
    const notes = await make(extension, name, folder, own);
    await vscode.window.showTextDocument(own[0]!);
    void tell(name, own[1]!, notes);
    return own[0];
  } catch (error) {
    return refuse(`The protocol could not be made: ${String(error)}`);
  }
}

/** Answers what the person has to know of files that were there before. */
async function make(
  extension: vscode.Uri,
  name: string,
  folder: vscode.Uri,
  own: readonly vscode.Uri[],
): Promise<string[]> {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  for (const [index, template] of templates.entries()) {
    const text = await readText(vscode.Uri.joinPath(dist, 'template', template));
    await write(own[index]!, namedAfter(name, text));
  }
  const notes: string[] = [];
  for (const [file, source] of shared) {
    const target = vscode.Uri.joinPath(folder, file);
    const [kept] = await existing([target]);
    if (!kept) await write(target, await readText(vscode.Uri.joinPath(dist, source)));
    else if (file === 'tsconfig.json' && !(await readText(kept)).includes('"lockstep"')) {
      notes.push(
        'tsconfig.json was there and is as it was. For completion and checks, add to its ' +
          '"compilerOptions": "paths": { "lockstep": ["./lockstep.d.ts"] }.',
      );
    }
  }
  return [...notes, ...(await addToLaunchJson(name, folder, own.slice(1)))];
}

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
    return { name: index === 0 ? name : `${name} (broken)`, program };
  });
  const entries = [{ name: 'The open scenario', program: '${file}' }, ...own];
  const [there] = await existing([file]);
  if (!there) {
    await write(file, withEntries(emptyLaunchJson, entries)!);
    return [];
  }
  // An editor may show it with changes that are not saved: they are not lost, and not saved either.
  const document = await vscode.workspace.openTextDocument(file);
  const text = document.getText();
  const { isDirty } = document;
  const changed = withEntries(text.trim() === '' ? emptyLaunchJson : text, entries);
  if (changed === undefined) {
    return ['.vscode/launch.json has no list of configurations and is as it was.'];
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), changed);
  await vscode.workspace.applyEdit(edit);
  if (!isDirty) await document.save();
  return [];
}

async function askName(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'New Protocol',
    prompt: 'Its name: the file, the scenario and the protocol are called so.',
    value: 'lease',
    validateInput: nameFault,
  });
}

async function askFolder(name: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const another = { label: '$(folder) Another folder…', uri: undefined };
  const places = folders.flatMap(({ name: top, uri }) => {
    const own = vscode.Uri.joinPath(uri, name);
    return [
      { label: `$(folder) ${top}/${name}`, description: 'a new folder', uri: own },
      { label: `$(folder) ${top}`, description: 'beside what is there', uri },
    ];
  });
  const chosen =
    places.length === 0
      ? another
      : await vscode.window.showQuickPick([...places, another], {
          title: 'New Protocol',
          placeHolder: 'Where its files go',
        });
  if (chosen !== another) return chosen?.uri;
  const picked = await vscode.window.showOpenDialog({
    title: 'Where the files of the protocol go',
    openLabel: 'Make It Here',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0];
}

async function tell(name: string, scenario: vscode.Uri, notes: readonly string[]): Promise<void> {
  const openIt = 'Open the Scenario';
  const done = `${name} is a small protocol that works: press F5.`;
  const chosen = await vscode.window.showInformationMessage([done, ...notes].join(' '), openIt);
  if (chosen === openIt) await vscode.window.showTextDocument(scenario);
}

function refuse(message: string): undefined {
  void vscode.window.showErrorMessage(message);
  return undefined;
}

async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

async function existing(uris: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found = await Promise.all(
    uris.map(async (uri) => {
      try {
        await vscode.workspace.fs.stat(uri);
        return [uri];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
