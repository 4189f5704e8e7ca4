// Reloads a protocol that is saved while its session is paused; offers a restart for a scenario.
import * as vscode from 'vscode';
import type { ReloadResult } from '../../dap/reload-result.ts';
import { reasonOf } from '../failures.ts';
import { debugType, reloadRequest } from '../names.ts';
import { isValid } from '../launch/faults.ts';
import { isBuiltIn, isScenario, readText, uriOf } from '../scenario-files.ts';
import { reload, saved } from '../words.ts';

const words = { ...reload, ...saved };

const sameShownMs = 5_000;

export function registerReload(extension: vscode.Uri): vscode.Disposable {
  const sessions = new Map<string, WatchedSession>();
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterTrackerFactory(debugType, {
      createDebugAdapterTracker(session) {
        const watched = new WatchedSession(session);
        sessions.set(session.id, watched);
        return watched;
      },
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => sessions.delete(id)),
    // The promise is for tests: it resolves once every session has been reloaded or skipped.
    vscode.workspace.onDidSaveTextDocument(async ({ uri }) => {
      const saved = [...sessions.values()];
      if (isScenario(uri)) {
        for (const watched of saved) void watched.offerRestart(uri);
        return;
      }
      // Sessions run built-in protocols as they are in Lockstep itself, not their source files.
      if (isBuiltIn(extension, uri)) return;
      await Promise.all(saved.map((watched) => watched.reloadIfUsed(uri)));
    }),
  );
}

interface Message {
  readonly type: string;
  readonly command?: string;
  readonly event?: string;
  readonly success?: boolean;
}

/** The requests after which the debuggee runs until the next `stopped` event. */
const motions = new Set(
  'continue next stepIn stepOut stepBack reverseContinue goto restartFrame restart'.split(' '),
);

/** Follows the messages of a session to know whether it is paused. */
class WatchedSession implements vscode.DebugAdapterTracker {
  private isPaused = false;
  private isReloading = false;
  private isOver = false;
  private readonly scenario: vscode.Uri;
  /** The scenario as the session runs it; undefined if it could not be read. */
  private launched: Promise<string | undefined>;

  constructor(private readonly session: vscode.DebugSession) {
    this.scenario = uriOf(String(session.configuration.program), session.workspaceFolder);
    this.launched = this.content();
  }

  onWillReceiveMessage({ type, command = '' }: Message): void {
    if (type === 'request' && motions.has(command)) this.isPaused = false;
    if (type === 'request' && command === 'restart') this.launched = this.content();
  }

  onWillStopSession(): void {
    this.isOver = true;
  }

  /** A scenario says how the run began, so a change of it cannot apply to the steps that follow. */
  async offerRestart(uri: vscode.Uri): Promise<void> {
    if (!this.isPaused || uri.path !== this.scenario.path) return;
    if ((await this.content()) === (await this.launched)) return;
    const message = words.appliesAfterRestart(vscode.workspace.asRelativePath(uri));
    const chosen = await vscode.window.showInformationMessage(message, words.restart);
    if (chosen !== words.restart || this.isOver || !(await isValid(this.scenario))) return;
    const isActive = vscode.debug.activeDebugSession?.id === this.session.id;
    if (isActive) await vscode.commands.executeCommand('workbench.action.debug.restart');
    else await this.session.customRequest('restart');
  }

  private async content(): Promise<string | undefined> {
    return readText(this.scenario).catch(() => undefined);
  }

  onDidSendMessage({ type, command = '', event, success }: Message): void {
    if (event === 'stopped') this.isPaused = true;
    // After a refused request the session is still paused.
    if (type === 'response' && motions.has(command) && success === false) this.isPaused = true;
  }

  async reloadIfUsed(uri: vscode.Uri): Promise<void> {
    if (!this.isPaused || this.isReloading || !(await this.uses(uri))) return;
    const file = vscode.workspace.asRelativePath(uri);
    this.isReloading = true;
    try {
      show(file, (await this.session.customRequest(reloadRequest)) as ReloadResult);
    } catch (error) {
      const reason = relativePaths(reasonOf(error));
      void vscode.window.showWarningMessage(words.refused(file, reason));
    } finally {
      this.isReloading = false;
    }
  }

  /** Compares paths alone, because a remote editor has another URI for the same file. */
  private async uses(uri: vscode.Uri): Promise<boolean> {
    const { sources } = (await this.session.customRequest('loadedSources')) as {
      sources: readonly { readonly path?: string }[];
    };
    return sources.some(({ path = '' }) => pathOf(path) === uri.path);
  }
}

function show(file: string, result: ReloadResult): void {
  switch (result.type) {
    case 'same':
      vscode.window.setStatusBarMessage(words.same(file), sameShownMs);
      return;
    case 'state differs':
    case 'run differs':
      void vscode.window.showInformationMessage(words.different(file, result));
      return;
    case 'interrupted':
      void vscode.window.showInformationMessage(words.interrupted(result));
      return;
  }
}

function pathOf(source: string): string {
  const isUri = /^[a-z][a-z0-9+.-]+:/i.test(source) && !/^[a-z]:[\\/]/i.test(source);
  return isUri ? vscode.Uri.parse(source).path : vscode.Uri.file(source).path;
}

/** Replaces absolute paths by paths relative to the workspace, as VS Code's own lists show them. */
function relativePaths(message: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.reduce(
    (text, { uri }) => text.replaceAll(`${uri.fsPath}/`, '').replaceAll(`${uri.fsPath}\\`, ''),
    message,
  );
}
