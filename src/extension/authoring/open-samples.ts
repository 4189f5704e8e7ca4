// `Lockstep: Open Samples…` copies samples, which ship with the extension, into a folder.
import * as vscode from 'vscode';
import { reasonOf, refuse } from '../failures.ts';
import { readText, write } from '../scenario-files.ts';
import { errors, samples as words } from '../words.ts';
import { askFolder } from './ask-folder.ts';
import { differentIn, relative } from './own-files.ts';

/** Values that a caller of the command already knows; the user is asked only for the others. */
export interface OpenSamples {
  /** The names of samples, such as `raft`. */
  readonly samples?: readonly string[];
  readonly folder?: vscode.Uri;
  /** The file of the first sample that is opened: a scenario, or by default its README. */
  readonly file?: string;
}

/** A folder of samples. The build lists all of them in `dist/samples/index.json`. */
interface Sample {
  readonly name: string;
  /** One line: what its scenarios show. */
  readonly shows: string;
  readonly files: readonly string[];
  /** The samples that its lessons link to. */
  readonly linked: readonly string[];
}

const readme = 'README.md';
/** Beside protocols that are written in TypeScript, editors need it for completion and checks. */
const types = 'lockstep.d.ts';

/** Returns the file that was opened; undefined if nothing was copied. */
export async function openSamples(
  extension: vscode.Uri,
  given: OpenSamples = {},
): Promise<vscode.Uri | undefined> {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  const all = await samplesIn(dist);
  const chosen = given.samples ? named(all, given.samples) : await askSamples(all);
  if (chosen === undefined || chosen.length === 0) return undefined;
  const folder = given.folder ?? (await askFolder(words.title, words.folderName));
  if (!folder) return undefined;
  try {
    const files = await textsOf(dist, withLinked(all, chosen));
    const different = new Set(await differentIn(folder, files));
    // A linked sample that the user has changed stays as it is; only a chosen one is refused.
    const refused = [...different].filter((file) => chosen.some((one) => isOf(one, file)));
    if (refused.length > 0) {
      const names = refused.map((file) => relative(vscode.Uri.joinPath(folder, file)));
      return refuse(errors.filesExist(names));
    }
    for (const [file, text] of files) {
      if (!different.has(file)) await write(vscode.Uri.joinPath(folder, file), text);
    }
  } catch (error) {
    return refuse(errors.samplesNotCopied(reasonOf(error)));
  }
  const names = chosen.map(({ name }) => name);
  void announce(names, withLinked(all, chosen).length - chosen.length, folder);
  return open(vscode.Uri.joinPath(folder, names[0]), given.file ?? readme);
}

async function samplesIn(dist: vscode.Uri): Promise<readonly Sample[]> {
  const text = await readText(vscode.Uri.joinPath(dist, 'samples', 'index.json'));
  return JSON.parse(text) as readonly Sample[];
}

function named(all: readonly Sample[], names: readonly string[]): readonly Sample[] | undefined {
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) return refuse(errors.noSuchSample(unknown));
  return names.map((name) => all.find((one) => one.name === name)!);
}

/** The chosen samples, and those that the links in their lessons lead to. */
function withLinked(all: readonly Sample[], chosen: readonly Sample[]): readonly Sample[] {
  const names = new Set(chosen.flatMap(({ name, linked }) => [name, ...linked]));
  return all.filter(({ name }) => names.has(name));
}

function isOf({ name }: Sample, file: string): boolean {
  return file.startsWith(`${name}/`);
}

async function askSamples(all: readonly Sample[]): Promise<readonly Sample[] | undefined> {
  const choices = all.map((sample) => ({ label: sample.name, detail: sample.shows, sample }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: words.title,
    placeHolder: words.placeholder,
    canPickMany: true,
    matchOnDetail: true,
  });
  return chosen?.map(({ sample }) => sample);
}

/** The texts of the files by their paths in the folder that was chosen. */
async function textsOf(
  dist: vscode.Uri,
  samples: readonly Sample[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { name, files } of samples) {
    for (const file of files) {
      const source = vscode.Uri.joinPath(dist, 'samples', name, file);
      texts.set(`${name}/${file}`, await readText(source));
    }
    if (!files.some((file) => file.endsWith('.ts'))) continue;
    texts.set(`${name}/${types}`, await readText(vscode.Uri.joinPath(dist, 'types', types)));
  }
  return texts;
}

async function open(sample: vscode.Uri, file: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(sample, file);
  if (file === readme) await vscode.commands.executeCommand('markdown.showPreview', uri);
  else await vscode.window.showTextDocument(uri);
  return uri;
}

/** A folder outside the workspace is offered: F5 works there as well, and the Testing view. */
async function announce(
  names: readonly string[],
  linked: number,
  folder: vscode.Uri,
): Promise<void> {
  const isOpen = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  const buttons = isOpen ? [] : [words.openFolder];
  const message = words.copied(names, linked, relative(folder));
  const chosen = await vscode.window.showInformationMessage(message, ...buttons);
  if (chosen === words.openFolder) {
    await vscode.commands.executeCommand('vscode.openFolder', folder);
  }
}
