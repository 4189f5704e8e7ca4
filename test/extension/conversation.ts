// Starts debug sessions through VS Code and waits for what their adapters say.
import * as vscode from 'vscode';

const patienceMs = 20_000;

export interface Stop {
  reason: string;
  threadId: number;
}

export interface Conversation {
  session: vscode.DebugSession;
  /** The next stop that has not been waited for yet. */
  nextStop(): Promise<Stop>;
  /** Sends a request and waits for the stop that follows. */
  step(request: string, threadId: number): Promise<Stop>;
  frames(threadId: number): Promise<{ name: string; line: number; source?: { path?: string; name?: string } }[]>;
  end(): Promise<void>;
}

export async function sampleScenario(): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles('**/first-election.scenario.yaml');
  if (!found[0]) throw new Error('samples/raft has no first-election.scenario.yaml');
  return found[0];
}

/** Starts a session and hands it over once the adapter has reported its start. */
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

export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is there. */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come within ${patienceMs} ms`);
}
