// Saves a branch as a file: a scenario of plain steps, which opens, or a trace.
import * as vscode from 'vscode';
import type { SaveBranch, SavedBranch } from '../../dap/requests/save-branch.ts';
import { protocolReference } from '../../scenario/parse/protocol-reference.ts';
import type { BranchView } from '../../view/branches.ts';
import { reasonOf, refuse } from '../failures.ts';
import { saveBranchRequest } from '../names.ts';
import { readText, relativeName, uriOf, write } from '../scenario-files.ts';
import { runs as words } from '../words.ts';

type Format = SaveBranch['as'];

const endings: Readonly<Record<Format, string>> = {
  scenario: '.scenario.yaml',
  trace: '.lockstep-trace',
};

/** Returns the file; undefined if there is none. Without `given`, the user chooses its place. */
export async function saveRun(
  session: vscode.DebugSession,
  branch: BranchView,
  as: Format,
  version: string,
  given?: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  const scenario = uriOf(String(session.configuration.program), session.workspaceFolder);
  const target = given ?? (await chosenPlace(scenario, branch, as));
  if (target === undefined) return undefined;
  try {
    const request: SaveBranch = {
      branch: branch.number, as, version, ...(await protocolFrom(target, scenario)),
    };
    const { text } = (await session.customRequest(saveBranchRequest, request)) as SavedBranch;
    await write(target, text);
  } catch (error) {
    return refuse(words.notSaved(nameOf(target), reasonOf(error)));
  }
  vscode.window.setStatusBarMessage(words.saved(nameOf(target)), 5_000);
  if (as === 'scenario') await vscode.window.showTextDocument(target, { preview: false });
  return target;
}

function chosenPlace(
  scenario: vscode.Uri,
  { number, name }: BranchView,
  as: Format,
): Thenable<vscode.Uri | undefined> {
  const base = nameOf(scenario).replace(/(\.broken)?(\.scenario)?\.ya?ml$/, '');
  const own = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const file = `${base}-${own === '' ? `branch-${number}` : own}${endings[as]}`;
  const isScenario = as === 'scenario';
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(scenario, '..', file),
    title: isScenario ? words.saveScenario : words.saveTrace,
    filters: isScenario ? { [words.scenarios]: ['yaml'] } : { [words.traces]: ['lockstep-trace'] },
  });
}

/** The protocol's file, as a scenario at the new place must name it; nothing if it is built in. */
async function protocolFrom(
  target: vscode.Uri,
  scenario: vscode.Uri,
): Promise<Pick<SaveBranch, 'protocol'>> {
  const reference = protocolReference(await readText(scenario));
  if (reference === undefined) return {};
  const folder = vscode.Uri.joinPath(target, '..');
  const file = vscode.Uri.joinPath(scenario, '..', reference.path);
  const name = relativeName(folder, file);
  return { protocol: name.startsWith('.') ? name : `./${name}` };
}

function nameOf({ path }: vscode.Uri): string {
  return path.replace(/^.*\//, '');
}
