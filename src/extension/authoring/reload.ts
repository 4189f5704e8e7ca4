// Edit and continue: a protocol that is saved while its session stands still is loaded anew.
import * as vscode from 'vscode';
import { debugType, reloadRequest } from '../names.ts';
import { isScenario } from '../scenario-files.ts';

export function registerReload(): vscode.Disposable {
  const sessions = new Map<string, Watched>();
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterTrackerFactory(debugType, {
      createDebugAdapterTracker(session) {
        const watched = new Watched(session);
        sessions.set(session.id, watched);
        return watched;
      },
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => sessions.delete(id)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (isScenario(uri)) return;
      for (const watched of sessions.values()) void watched.reloadIfUsed(uri);
    }),
  );
}

interface Message {
  readonly type: string;
  readonly command?: string;
  readonly event?: string;
  readonly success?: boolean;
  readonly body?: { readonly output?: string; readonly description?: string };
}

const motions = new Set(
  'continue next stepIn stepOut stepBack reverseContinue goto restartFrame restart'.split(' '),
);

/** A session, of which it is known whether it stands still. */
class Watched implements vscode.DebugAdapterTracker {
  private isPaused = false;
  /** The file that is being reloaded, and what was said since. */
  private reloading: { readonly file: string; said: string } | undefined;

  constructor(private readonly session: vscode.DebugSession) {}

  onWillReceiveMessage({ type, command = '' }: Message): void {
    if (type === 'request' && motions.has(command)) this.isPaused = false;
  }

  onDidSendMessage({ type, command = '', event, success, body }: Message): void {
    // A motion that was refused is none.
    if (type === 'response' && motions.has(command) && success === false) this.isPaused = true;
    if (event === 'output' && this.reloading) this.reloading.said += body?.output ?? '';
    if (event !== 'stopped') return;
    this.isPaused = true;
    if (this.reloading) tell(this.reloading, body?.description);
    this.reloading = undefined;
  }

  async reloadIfUsed(uri: vscode.Uri): Promise<void> {
    if (!this.isPaused || this.reloading || !(await this.uses(uri))) return;
    const file = vscode.workspace.asRelativePath(uri);
    this.reloading = { file, said: '' };
    try {
      await this.session.customRequest(reloadRequest);
    } catch (error) {
      this.reloading = undefined;
      const why = shortPaths(error instanceof Error ? error.message : String(error));
      const kept = 'The session goes on with the code that it had.';
      void vscode.window.showWarningMessage(`${file} was not reloaded. ${why} ${kept}`);
    }
  }

  /** Paths are compared alone: a remote editor knows the same file by another address. */
  private async uses(uri: vscode.Uri): Promise<boolean> {
    const { sources } = (await this.session.customRequest('loadedSources')) as {
      sources: readonly { readonly path?: string }[];
    };
    return sources.some(({ path = '' }) => pathOf(path) === uri.path);
  }
}

function pathOf(source: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(source) && !/^[a-z]:[\\/]/i.test(source);
  return isAddress ? vscode.Uri.parse(source).path : vscode.Uri.file(source).path;
}

/** Files by their paths in the workspace, as the editor's own lists name them. */
function shortPaths(text: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.reduce(
    (words, { uri }) => words.replaceAll(`${uri.fsPath}/`, '').replaceAll(`${uri.fsPath}\\`, ''),
    text,
  );
}

/**
 * Where the run differs on the new code, if it does, and where the session stands now; the
 * difference stands in the debug console, too.
 */
function tell({ file, said }: { file: string; said: string }, stop = ''): void {
  const difference = said.trim();
  if (difference === '') {
    const words = `$(check) ${file} is reloaded: the same run, on the new code`;
    vscode.window.setStatusBarMessage(words, 5_000);
    return;
  }
  const place = stop.replace(/^Paused (on|at) /, '');
  const now = place === '' ? '' : ` The session stands at ${place}.`;
  const words = `${file} is reloaded, and the run differs: ${withStop(difference)}${now}`;
  void vscode.window.showInformationMessage(words);
}

function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
