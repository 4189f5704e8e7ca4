// Debugs scenarios of the Testing view one by one, and tests those that ran to the end.
import * as vscode from 'vscode';
import type { ViewEvent } from '../../view/contract.ts';
import { configurationFor } from '../launch/configuration.ts';
import { viewEvent } from '../names.ts';
import { runTests } from './run-tests.ts';
import type { TestRunner } from './runner.ts';

export async function debugTests(
  runner: TestRunner,
  run: vscode.TestRun,
  items: readonly vscode.TestItem[],
  token: vscode.CancellationToken,
): Promise<void> {
  for (const item of items) {
    if (token.isCancellationRequested) return;
    run.started(item);
    // The user may have taken another branch: the result is that of the scenario as it is written.
    if (await debugToEnd(run, item, token)) await runTests(runner, run, [item], token);
    else run.skipped(item);
  }
}

/** Whether the run reached its end; false if the user stopped it before. */
async function debugToEnd(
  run: vscode.TestRun,
  { uri }: vscode.TestItem,
  token: vscode.CancellationToken,
): Promise<boolean> {
  let session: vscode.DebugSession | undefined;
  let isComplete = false;
  let ended = (): void => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const configuration = configurationFor(uri!);
  const listening = vscode.Disposable.from(
    vscode.debug.onDidStartDebugSession((started) => {
      if (started.configuration.program === configuration.program) session ??= started;
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session: { id }, event, body }) => {
      if (id !== session?.id || event !== viewEvent) return;
      const received = body as ViewEvent;
      if (received.type === 'ended') isComplete = !received.ending.stoppedEarly;
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      if (id === session?.id) ended();
    }),
    token.onCancellationRequested(() => void vscode.debug.stopDebugging(session)),
  );
  try {
    const folder = vscode.workspace.getWorkspaceFolder(uri!);
    const options = { testRun: run };
    if (await vscode.debug.startDebugging(folder, configuration, options)) await end;
  } finally {
    listening.dispose();
  }
  return isComplete;
}
