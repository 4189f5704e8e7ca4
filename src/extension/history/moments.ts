// Goes from an operation of an exported history to its moment: in its run, which is started again.
import * as vscode from 'vscode';
import type { HistoryOrigin } from '../../check/formats/events.ts';
import type { PanelCommand, ViewEvent } from '../../view/contract.ts';
import { configurationFor } from '../launch/configuration.ts';
import { reasonOf, refuse } from '../failures.ts';
import { debugType, panelRequest, viewEvent } from '../names.ts';
import { exists } from '../scenario-files.ts';
import { history as words } from '../words.ts';

/** A session that does not stop within this time has failed, and VS Code has said why. */
const startMs = 60_000;

/** `file` is the history; its scenario is named from there. */
export async function goToMoment(
  file: vscode.Uri,
  { scenario, seed }: HistoryOrigin,
  step: number,
): Promise<void> {
  const isWhole = scenario.startsWith('/') || /^[a-z]:\//i.test(scenario);
  const uri = isWhole
    ? file.with({ path: scenario.startsWith('/') ? scenario : `/${scenario}` })
    : vscode.Uri.joinPath(file, '..', scenario);
  if (!(await exists(uri))) return refuse(words.noScenario(scenario));
  const session = sessionOf(uri, seed) ?? (await started(uri, seed));
  if (session === undefined) return;
  const command: PanelCommand = { type: 'run to', step };
  try {
    await session.customRequest(panelRequest, command);
  } catch (error) {
    refuse(reasonOf(error));
  }
}

/** The active session, if it debugs this scenario with this seed. */
function sessionOf(scenario: vscode.Uri, seed: number): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType || session.configuration.noDebug) return undefined;
  const { program, seed: own } = session.configuration;
  const isSame = program === configurationFor(scenario).program && own === seed;
  return isSame ? session : undefined;
}

/** Starts the run, and waits until it has stopped before its first action. */
async function started(
  scenario: vscode.Uri,
  seed: number,
): Promise<vscode.DebugSession | undefined> {
  let stopped = (_session?: vscode.DebugSession): void => undefined;
  const stop = new Promise<vscode.DebugSession | undefined>((resolve) => (stopped = resolve));
  const listening = vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
    if (session.type !== debugType || event !== viewEvent) return;
    if ((body as ViewEvent).type === 'stopped') stopped(session);
  });
  const limit = setTimeout(() => stopped(), startMs);
  try {
    const folder = vscode.workspace.getWorkspaceFolder(scenario);
    const configuration = { ...configurationFor(scenario), seed, stopOnEntry: true };
    return (await vscode.debug.startDebugging(folder, configuration)) ? await stop : undefined;
  } finally {
    listening.dispose();
    clearTimeout(limit);
  }
}
