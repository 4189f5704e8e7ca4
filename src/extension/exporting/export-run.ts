// `Lockstep: Export Run as HTML…`: the branch of the present session, or a scenario from its start.
import * as vscode from 'vscode';
import type { RecordedRun } from '../../view/export/recorded-run.ts';
import { mayRun } from '../launch/trust.ts';
import { reasonOf, refuse } from '../failures.ts';
import { commands, debugType, exportRequest } from '../names.ts';
import { isScenario } from '../scenario-files.ts';
import { exporting as words } from '../words.ts';
import type { RunRecorder } from './recorder.ts';
import { htmlOf } from './run-page.ts';
import { saveFiles } from './save-files.ts';

type Source =
  | { readonly type: 'session'; readonly session: vscode.DebugSession }
  | { readonly type: 'scenario'; readonly uri: vscode.Uri };

export function registerExporting(extension: vscode.Uri, recorder: RunRecorder): vscode.Disposable {
  return vscode.commands.registerCommand(
    commands.exportRun,
    // The Explorer passes what was clicked, and all that is selected.
    (clicked?: vscode.Uri, target?: unknown) =>
      exportRun(extension, recorder, clicked, target instanceof vscode.Uri ? target : undefined),
  );
}

/** Returns where the file is; undefined if there is none. Without `target`, the user chooses it. */
async function exportRun(
  extension: vscode.Uri,
  recorder: RunRecorder,
  clicked: vscode.Uri | undefined,
  target: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const source = clicked ? ({ type: 'scenario', uri: clicked } as const) : await chosenSource();
  if (source === undefined) return undefined;
  try {
    const run = await recorded(source, recorder);
    if (run === undefined) return undefined;
    const text = await htmlOf(extension, run);
    const { scenario, branch } = run.about;
    const name = scenario.replace(/(\.scenario)?\.ya?ml$/i, '');
    const place = branch === 0 ? '' : `-branch-${branch}`;
    const file = { name: `${name}${place}.html`, content: { type: 'text', text } } as const;
    return await saveFiles([file], target);
  } catch (error) {
    return refuse(words.failed(reasonOf(error)));
  }
}

/** With a session and a scenario open, the user says which of them. */
async function chosenSource(): Promise<Source | undefined> {
  const session = vscode.debug.activeDebugSession;
  const uri = vscode.window.activeTextEditor?.document.uri;
  const choices: (vscode.QuickPickItem & { readonly source: Source })[] = [];
  if (session?.type === debugType) {
    choices.push({ label: words.ofSession, source: { type: 'session', session } });
  }
  if (uri && isScenario(uri)) {
    const label = words.ofScenario(vscode.workspace.asRelativePath(uri));
    choices.push({ label, source: { type: 'scenario', uri } });
  }
  if (choices.length === 0) return refuse(words.nothingToExport);
  if (choices.length === 1) return choices[0]!.source;
  const chosen = await vscode.window.showQuickPick(choices, { title: words.runTitle });
  return chosen?.source;
}

async function recorded(
  source: Source,
  recorder: RunRecorder,
): Promise<RecordedRun | undefined> {
  if (source.type === 'session') {
    return (await source.session.customRequest(exportRequest)) as RecordedRun;
  }
  const { uri } = source;
  if (!(await mayRun(uri))) return undefined;
  const document = vscode.workspace.textDocuments.find((one) => String(one.uri) === String(uri));
  if (document?.isDirty) await document.save();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: words.running,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (_progress, token) => recorder.record(uri, token));
}
