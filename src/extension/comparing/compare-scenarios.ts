// `Lockstep: Compare Scenarios…` shows one table of what scenarios cost and guarantee.
import * as vscode from 'vscode';
import { mayRun } from '../launch/trust.ts';
import { reasonOf, refuse } from '../failures.ts';
import { commands } from '../names.ts';
import { isScenario, notSearched, relativeName, scenarioPattern } from '../scenario-files.ts';
import { comparing as words } from '../words.ts';
import type { Comparer } from './comparer.ts';

/** So many rows are still read, and a command line has a limited length. */
const scenariosMax = 100;
/** More are not offered. */
const offeredMax = 10_000;

export function registerComparing(comparer: Comparer): vscode.Disposable {
  return vscode.commands.registerCommand(
    commands.compareScenarios,
    // The Explorer passes what was clicked, and all that is selected.
    (clicked?: vscode.Uri, selected?: readonly vscode.Uri[]) => {
      return compareScenarios(comparer, selected ?? (clicked && [clicked]));
    },
  );
}

/** Returns the document with the table; undefined if there is none. */
async function compareScenarios(
  comparer: Comparer,
  given: readonly vscode.Uri[] | undefined,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined) return refuse(words.noFolder);
  const scenarios = given === undefined ? await askScenarios() : await scenariosIn(given);
  if (scenarios === undefined || scenarios.length === 0) return undefined;
  if (scenarios.length > scenariosMax) {
    const count = scenarios.length === offeredMax ? `${offeredMax} or more` : scenarios.length;
    return refuse(words.tooMany(String(count), scenariosMax));
  }
  try {
    for (const one of scenarios) if (!(await mayRun(one))) return undefined;
    await save(scenarios);
    const text = await run(comparer, folder, scenarios);
    return text === undefined ? undefined : await show(text);
  } catch (error) {
    return refuse(words.failed(reasonOf(error)));
  }
}

/** The scenarios of the workspace; those beside the active file are chosen from the start. */
async function askScenarios(): Promise<readonly vscode.Uri[] | undefined> {
  const found = await vscode.workspace.findFiles(scenarioPattern, notSearched, offeredMax);
  if (found.length === 0) return refuse(words.noScenarios(words.workspace));
  const active = vscode.window.activeTextEditor?.document.uri;
  const beside = active && vscode.Uri.joinPath(active, '..').toString();
  const choices = sorted(found).map((uri) => ({
    label: vscode.workspace.asRelativePath(uri),
    picked: vscode.Uri.joinPath(uri, '..').toString() === beside,
    uri,
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: words.title,
    placeHolder: words.placeholder,
    canPickMany: true,
  });
  return chosen?.map(({ uri }) => uri);
}

/** The given scenarios, and in place of each folder those in it. */
async function scenariosIn(
  given: readonly vscode.Uri[],
): Promise<readonly vscode.Uri[] | undefined> {
  const found = new Map<string, vscode.Uri>();
  for (const uri of given) {
    const pattern = new vscode.RelativePattern(uri, scenarioPattern);
    const inside = isScenario(uri)
      ? [uri]
      : sorted(await vscode.workspace.findFiles(pattern, notSearched, offeredMax));
    for (const one of inside) found.set(one.toString(), one);
  }
  if (found.size > 0) return [...found.values()];
  const [only] = given.length === 1 ? given : [];
  const place = only === undefined ? words.selection : vscode.workspace.asRelativePath(only);
  return refuse(words.noScenarios(place));
}

function sorted(uris: readonly vscode.Uri[]): vscode.Uri[] {
  return [...uris].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files are read from the disk. */
async function save(scenarios: readonly vscode.Uri[]): Promise<void> {
  const names = new Set(scenarios.map(String));
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && names.has(document.uri.toString())) await document.save();
  }
}

/** The text of the document; undefined if the user has cancelled the runs. */
async function run(
  comparer: Comparer,
  folder: vscode.Uri,
  scenarios: readonly vscode.Uri[],
): Promise<string | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: words.progress,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const problems: string[] = [];
    let table: string | undefined;
    const files = scenarios.map((uri) => relativeName(folder, uri));
    await comparer.compare({ folder, files }, (report) => {
      if (report.type === 'problem') problems.push(report.text);
      if (report.type === 'compared') ({ table } = report);
      if (report.type !== 'running') return;
      const { number, of, file } = report;
      const increment = number === 1 ? 0 : 100 / of;
      progress.report({ increment, message: words.running(number, of, file) });
    }, token);
    return table === undefined ? undefined : words.document(table, problems);
  });
}

/**
 * Opens the table as a new document, which can be saved, and its preview. Links of a new document
 * lead from the first folder of the workspace, as those of the table do.
 */
async function show(content: string): Promise<vscode.Uri> {
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
  try {
    // Not among the commands before it is called: the call activates the extension that has it.
    await vscode.commands.executeCommand('markdown.showPreview', document.uri);
  } catch {
    // The user has disabled that extension: the text of the table is open.
  }
  return document.uri;
}
