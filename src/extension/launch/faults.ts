// Shows the first problem of a scenario that cannot be started, at its line.
import * as vscode from 'vscode';
import type { Problem } from '../../scenario/problem.ts';
import { withHint } from '../../scenario/problem.ts';
import { checked } from '../authoring/checked-scenario.ts';
import { readText } from '../scenario-files.ts';
import { errors as words } from '../words.ts';

/** Whether a scenario has no errors; if it has some, shows the first one. */
export async function isValid(uri: vscode.Uri): Promise<boolean> {
  const { problems, faults } = await checked({ uri, content: await readText(uri) });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return true;
  // The cause is in the protocol, if that cannot be loaded.
  const all = faults.length > 0 ? faults : errors.map((problem) => ({ uri, problem }));
  const [first] = all;
  await show(first!.uri, first!.problem, all.length - 1);
  return false;
}

async function show(uri: vscode.Uri, problem: Problem, more: number): Promise<void> {
  const { line, column } = problem;
  const file = vscode.workspace.asRelativePath(uri);
  const message = words.cannotStart(file, line, column, withHint(problem), more);
  void vscode.window.showErrorMessage(message, words.showProblems).then((chosen) => {
    if (chosen) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
  const position = new vscode.Position(line - 1, column - 1);
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(uri, { selection }).then(undefined, () => undefined);
}
