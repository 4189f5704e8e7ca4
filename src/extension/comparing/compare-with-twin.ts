// `Lockstep: Compare with Twin…`: Space-Time shows the session's run and that of another scenario.
import * as vscode from 'vscode';
import { twinOf } from '../../view/spacetime/twin.ts';
import { refuse } from '../failures.ts';
import { debugType } from '../names.ts';
import type { Panels } from '../panels/panels.ts';
import { exists, notSearched, programOf, scenarioPattern, uriOf } from '../scenario-files.ts';
import { twins as words } from '../words.ts';

type Choice = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

/** `given` is the other scenario; without it, the user chooses. Returns what is compared. */
export async function compareWithTwin(
  panels: Panels,
  given: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return refuse(words.noSession);
  const program = String(session.configuration.program);
  const own = uriOf(program, session.workspaceFolder);
  const chosen = given instanceof vscode.Uri ? given : await chosenScenario(own);
  if (chosen === undefined) return undefined;
  await panels.compareWith(programOf(chosen));
  return chosen;
}

/** The counterpart comes first; then all scenarios of the workspace. */
async function chosenScenario(own: vscode.Uri): Promise<vscode.Uri | undefined> {
  const path = twinOf(own.path);
  const twin = path === '' ? undefined : own.with({ path });
  const hasTwin = twin !== undefined && (await exists(twin));
  const found = await vscode.workspace.findFiles(scenarioPattern, notSearched);
  const others = found
    .filter((uri) => ![own.path, ...(hasTwin ? [path] : [])].includes(uri.path))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  if (!hasTwin && others.length === 0) return refuse(words.none);
  const item = (uri: vscode.Uri): Choice => ({
    label: vscode.workspace.asRelativePath(uri), uri,
  });
  const heading = (label: string): Choice => ({
    label, kind: vscode.QuickPickItemKind.Separator,
  });
  const isBroken = twin?.path.endsWith('.broken.scenario.yaml') === true;
  const choices = [
    ...(hasTwin ? [heading(isBroken ? words.twin : words.story), item(twin)] : []),
    ...(others.length > 0 ? [heading(words.scenarios), ...others.map(item)] : []),
  ];
  const options = { title: words.title, placeHolder: words.choose, matchOnDescription: true };
  return (await vscode.window.showQuickPick(choices, options))?.uri;
}
