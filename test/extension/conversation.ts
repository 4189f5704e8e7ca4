// Starts debug sessions through VS Code and waits for the events of their adapters.
import * as vscode from 'vscode';
import { eventually } from '../host/eventually.mjs';
import { patienceMs } from '../host/patience.mjs';

export interface Stop {
  reason: string;
  threadId: number;
}

export interface Conversation {
  session: vscode.DebugSession;
  /** The next stop that no earlier call has returned. */
  nextStop(): Promise<Stop>;
  /** Sends a request and waits for the stop that follows. */
  step(request: string, threadId: number): Promise<Stop>;
  frames(threadId: number): Promise<{ name: string; line: number; source?: { path?: string; name?: string } }[]>;
  end(): Promise<void>;
}

export async function sampleScenario(): Promise<vscode.Uri> {
  const [found] = await vscode.workspace.findFiles('**/first-election.scenario.yaml');
  if (!found) throw new Error('samples/raft has no first-election.scenario.yaml');
  return found;
}

/** Starts a session and returns it once the adapter has reported that it runs. */
export async function converse(configuration: Partial<vscode.DebugConfiguration>): Promise<Conversation> {
  const stops: Stop[] = [];
  const waiting: ((stop: Stop) => void)[] = [];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('lockstep', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage(message) {
        if (message.type !== 'event' || message.event !== 'stopped') return;
        const receive = waiting.shift();
        if (receive) receive(message.body);
        else stops.push(message.body);
      },
    }),
  });
  const session = await startSession(configuration);
  const nextStop = (): Promise<Stop> => {
    const ready = stops.shift();
    return ready ? Promise.resolve(ready) : within(new Promise((resolve) => waiting.push(resolve)), 'a stop');
  };
  return {
    session,
    nextStop,
    async step(request, threadId) {
      const stop = nextStop();
      await session.customRequest(request, { threadId });
      return stop;
    },
    async frames(threadId) {
      const { stackFrames } = await session.customRequest('stackTrace', { threadId });
      return stackFrames;
    },
    async end() {
      const ended = new Promise<void>((resolve) => {
        const subscription = vscode.debug.onDidTerminateDebugSession((other) => {
          if (other.id !== session.id) return;
          subscription.dispose();
          resolve();
        });
      });
      await vscode.debug.stopDebugging(session);
      await within(ended, 'the end of the session');
      tracker.dispose();
    },
  };
}

async function startSession(configuration: Partial<vscode.DebugConfiguration>): Promise<vscode.DebugSession> {
  const started = new Promise<vscode.DebugSession>((resolve) => {
    const subscription = vscode.debug.onDidStartDebugSession((session) => {
      subscription.dispose();
      resolve(session);
    });
  });
  const folder = vscode.workspace.workspaceFolders?.[0];
  const accepted = await vscode.debug.startDebugging(folder, {
    type: 'lockstep',
    request: 'launch',
    name: 'test',
    ...configuration,
  });
  if (!accepted) throw new Error('VS Code did not start the session');
  return within(started, 'the start of the session');
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not appear within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lockstep's entries in the Problems view for a file. */
export function problemsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'lockstep');
}

/** Waits until a file has a problem whose message matches, and returns it. */
export async function problemMatching(uri: vscode.Uri, message: RegExp): Promise<vscode.Diagnostic> {
  const find = () => problemsOf(uri).find((problem) => message.test(problem.message));
  try {
    return await eventually(find, `a problem that matches ${message}`);
  } catch (error) {
    const present = problemsOf(uri).map((problem) => problem.message);
    throw new Error(`${String(error)}; the problems are: ${present.join('; ') || 'none'}`, { cause: error });
  }
}

/** Waits until a file has no problems. */
export async function noProblems(uri: vscode.Uri): Promise<void> {
  await eventually(() => (problemsOf(uri).length === 0 ? true : undefined), `a ${uri.path} without problems`);
}

/** Waits until the extension has checked a file, whatever the result. */
export function checkOf(uri: vscode.Uri): Promise<void> {
  return within(
    new Promise<void>((resolve) => {
      const subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (!uris.some((changed) => changed.toString() === uri.toString())) return;
        subscription.dispose();
        resolve();
      });
    }),
    `the check of ${uri.path}`,
  );
}

/** Replaces the whole content of an editor. */
export async function rewrite(editor: vscode.TextEditor, content: string): Promise<void> {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, content));
}
