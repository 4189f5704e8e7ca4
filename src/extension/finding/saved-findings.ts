// Runs saved findings again when the protocol that they are about is saved, and tells the result.
import * as vscode from 'vscode';
import type { TestReport } from '../../cli/test-report.ts';
import { checked } from '../authoring/checked-scenario.ts';
import { reasonOf, refuse } from '../failures.ts';
import { notSearched, readText, relativeName, scenarioPattern } from '../scenario-files.ts';
import type { TestRunner } from '../testing/runner.ts';
import { plainText } from '../plain-text.ts';
import { finding as words } from './words.ts';

const scenariosMost = 1_000;

/** The first line of a saved finding, with what it breaks. */
const head =
  /^# A schedule that breaks a promise of .*: (\w+(?: \w+)? ".*"|A handler throws)\.$/m;

export interface Rerun {
  readonly holding: readonly string[];
  readonly broken: readonly string[];
  readonly impossible: readonly string[];
  /** Their protocol has no such promise any more. */
  readonly gone: readonly string[];
  readonly invalid: readonly string[];
}

export function registerSavedFindings(runner: TestRunner): vscode.Disposable {
  let running: vscode.CancellationTokenSource | undefined;
  return vscode.workspace.onDidSaveTextDocument(async ({ uri }) => {
    if (!/\.[cm]?[jt]s$/.test(uri.path)) return;
    const about = await findingsAbout(uri);
    if (about.length === 0) return;
    // A later save runs them again.
    running?.cancel();
    const { token } = (running = new vscode.CancellationTokenSource());
    try {
      const rerun = await runAgain(runner, about, token);
      if (!token.isCancellationRequested) tell(uri, about.length, rerun);
    } catch (error) {
      refuse(words.notRun(reasonOf(error)));
    }
  });
}

/** The saved findings of the workspace whose protocol has this file. */
async function findingsAbout(source: vscode.Uri): Promise<vscode.Uri[]> {
  if (!vscode.workspace.isTrusted) return [];
  const all = await vscode.workspace.findFiles(scenarioPattern, notSearched, scenariosMost);
  const about: vscode.Uri[] = [];
  for (const uri of all) {
    const content = await readText(uri).catch(() => '');
    if (!head.test(content)) continue;
    const { files } = await checked({ uri, content });
    if (files.includes(source.toString())) about.push(uri);
  }
  return about.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export async function runAgain(
  runner: TestRunner,
  findings: readonly vscode.Uri[],
  token: vscode.CancellationToken,
): Promise<Rerun> {
  const result: Record<keyof Rerun, string[]> = {
    holding: [], broken: [], impossible: [], gone: [], invalid: [],
  };
  const options = {
    location: vscode.ProgressLocation.Window, title: words.rerunning(findings.length),
  };
  await vscode.window.withProgress(options, async () => {
    for (const uri of findings) {
      const beside = vscode.Uri.joinPath(uri, '..');
      const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? beside;
      const [, promise = ''] = head.exec(await readText(uri)) ?? [];
      const files = [relativeName(folder, uri)];
      const name = vscode.workspace.asRelativePath(uri);
      await runner.run({ folder, files }, (report) => {
        result[kindOf(report, promise)].push(name);
      }, token);
      if (token.isCancellationRequested) return;
    }
  });
  return result;
}

/**
 * A step that is not possible any more says that the schedule is another one now. The run of a
 * protocol without the invariant passes, which does not mean that the invariant holds.
 */
export function kindOf(
  { isValid, passed, judged }: Pick<TestReport, 'isValid' | 'passed' | 'judged'>,
  promise: string,
): keyof Rerun {
  if (!isValid) return 'invalid';
  const own = judged.filter(({ name }) => name === promise);
  if (own.some(({ type }) => type === 'violated')) return 'broken';
  if (own.length === 0 && promise.startsWith('invariant ')) return 'gone';
  return passed ? 'holding' : 'impossible';
}

function tell(source: vscode.Uri, count: number, rerun: Rerun): void {
  const { holding, broken, impossible, gone, invalid } = rerun;
  const results = [
    ...(broken.length > 0 ? [words.stillBroken(broken.join(', '))] : []),
    ...(impossible.length > 0 ? [words.notPossible(impossible.join(', '))] : []),
    ...(gone.length > 0 ? [words.promiseGone(gone.join(', '))] : []),
    ...(invalid.length > 0 ? [words.notValid(invalid.join(', '))] : []),
    ...(holding.length > 0 ? [words.holdsNow(holding.join(', '))] : []),
  ].join(' ');
  const text = words.rerun(vscode.workspace.asRelativePath(source), count, results);
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const isGood = holding.length === count;
  void (isGood ? showInformationMessage : showWarningMessage)(plainText(text));
}
