// `Lockstep: Copy Protocol into Workspace…` copies a built-in protocol into files to edit.
import * as vscode from 'vscode';
import type { Ejected } from '../../code/eject.ts';
import { reasonOf, refuse } from '../failures.ts';
import { readText, write } from '../scenario-files.ts';
import { copyProtocol as words, errors } from '../words.ts';
import { askFolder } from './ask-folder.ts';
import { differentIn, relative } from './own-files.ts';

/** Values that a caller of the command already knows; the user is asked only for the others. */
export interface CopyProtocol {
  /** The name of a built-in protocol. */
  readonly protocol?: string;
  readonly folder?: vscode.Uri;
}

/** Returns the scenario that runs the copy; undefined if nothing was copied. */
export async function copyProtocol(
  extension: vscode.Uri,
  given: CopyProtocol = {},
): Promise<vscode.Uri | undefined> {
  const protocol = given.protocol ?? (await askProtocol());
  if (protocol === undefined) return undefined;
  const copied = await ejected(extension, protocol);
  if (!copied) return refuse(errors.noSuchProtocol(protocol));
  const folder = given.folder ?? (await askFolder(words.title, protocol));
  if (!folder) return undefined;
  try {
    return await copyInto(folder, protocol, copied);
  } catch (error) {
    return refuse(errors.notCopied(reasonOf(error)));
  }
}

async function askProtocol(): Promise<string | undefined> {
  const { library } = await import('../engine.ts');
  const choices = library.map(({ name, doc }) => ({ label: name, detail: doc }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: words.title,
    placeHolder: words.protocolPlaceholder,
    matchOnDetail: true,
  });
  return chosen?.label;
}

/** The files of the copy; undefined if no built-in protocol has this name. */
async function ejected(extension: vscode.Uri, protocol: string): Promise<Ejected | undefined> {
  const { eject } = await import('../engine.ts');
  const reading = eject(protocol);
  if (reading === undefined) return undefined;
  let next = reading.next();
  while (!next.done) {
    next = reading.next(await readText(vscode.Uri.joinPath(extension, 'dist', next.value)));
  }
  return next.value;
}

/** Overwrites nothing: if a file exists with another content, nothing is copied. */
async function copyInto(
  folder: vscode.Uri,
  protocol: string,
  { files, scenario, project }: Ejected,
): Promise<vscode.Uri | undefined> {
  const different = await differentIn(folder, files);
  const inTheWay = different.filter((file) => file !== project);
  if (inTheWay.length > 0) {
    const names = inTheWay.map((file) => relative(vscode.Uri.joinPath(folder, file)));
    return refuse(errors.filesExist(names));
  }
  for (const [file, text] of files) {
    if (!different.includes(file)) await write(vscode.Uri.joinPath(folder, file), text);
  }
  const uri = vscode.Uri.joinPath(folder, scenario);
  await vscode.window.showTextDocument(uri);
  const notes = different.length > 0 ? [words.projectKept] : [];
  const message = [words.copied(protocol, relative(folder)), ...notes].join(' ');
  void vscode.window.showInformationMessage(message);
  return uri;
}
