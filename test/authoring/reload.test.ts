/** Saving a protocol reloads the paused sessions that use it; saving a scenario offers a restart. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { DebugSession, TextDocument, Uri } from 'vscode';
import type { ReloadResult } from '../../src/dap/reload-result.ts';

interface Tracker {
  onWillReceiveMessage(message: object): void;
  onDidSendMessage(message: object): void;
}

const editor = vi.hoisted(() => ({
  track: (_session: unknown): unknown => undefined,
  save: async (_document: unknown): Promise<void> => {},
  shown: [] as string[],
  executed: [] as string[],
  files: new Map<string, string>(),
  /** The button of the next notification that is chosen. */
  chosen: undefined as string | undefined,
}));

vi.mock('vscode', () => ({
  Disposable: { from: () => ({}) },
  Position: class {},
  Range: class {},
  Uri: {
    file: uriOf,
    parse: (text: string) => uriOf(text.replace(/^[\w-]+:\/\/[^/]*/, '')),
    joinPath: ({ path }: Uri, ...parts: string[]) => uriOf([path, ...parts].join('/')),
  },
  debug: {
    registerDebugAdapterTrackerFactory: (
      _type: string,
      factory: { createDebugAdapterTracker(session: unknown): unknown },
    ) => void (editor.track = (session) => factory.createDebugAdapterTracker(session)),
    onDidTerminateDebugSession: () => {},
    activeDebugSession: { id: '1' },
  },
  commands: { executeCommand: async (command: string) => void editor.executed.push(command) },
  workspace: {
    workspaceFolders: [{ uri: uriOf('/w') }],
    isTrusted: true,
    textDocuments: [],
    getWorkspaceFolder: () => undefined,
    fs: {
      readFile: async ({ path }: Uri) => new TextEncoder().encode(editor.files.get(path)),
    },
    asRelativePath: ({ path }: Uri) => path.slice(3),
    onDidSaveTextDocument: (save: (document: unknown) => Promise<void>) =>
      void (editor.save = save),
  },
  window: {
    setStatusBarMessage: (message: string) => void editor.shown.push(message),
    showInformationMessage: async (message: string) => {
      editor.shown.push(message);
      return editor.chosen;
    },
    showErrorMessage: async (message: string) => void editor.shown.push(message),
    showTextDocument: async () => undefined,
    showWarningMessage: (message: string) => void editor.shown.push(message),
  },
}));

function uriOf(path: string): Uri {
  return { scheme: 'file', path, fsPath: path, toString: () => `file://${path}` } as Uri;
}

// Loaded on demand by the extension: here before the tests, which would wait for it.
await import('../../src/extension/engine.ts');
const { registerReload } = await import('../../src/extension/authoring/reload.ts');

const stopped = { type: 'event', event: 'stopped', body: {} };
const same: ReloadResult = { type: 'same', at: { step: 7, inside: false } };

let tracker: Tracker;
let requests: string[];
let respond: () => Promise<ReloadResult>;

const builtIn = '/extension/dist/protocols/raft/raft.ts';
const scenario = '/w/a.scenario.yaml';
const raft = 'protocol: raft\nnodes: { n1..n3: replica }\n';

beforeEach(() => {
  requests = [];
  editor.executed.length = 0;
  editor.chosen = undefined;
  editor.files.set(scenario, raft);
  respond = async () => same;
  editor.shown.length = 0;
  registerReload(uriOf('/extension'));
  tracker = editor.track({
    id: '1',
    configuration: { program: scenario },
    customRequest: async (command: string) => {
      requests.push(command);
      if (command === 'lockstep/reload') return respond();
      const paths = ['vscode-remote://host/w/lease.ts', '/w/more.ts', builtIn];
      return { sources: paths.map((path) => ({ path })) };
    },
  } as unknown as DebugSession) as Tracker;
});

/** Saves a file, and returns how many reloads have been requested so far. */
async function save(path: string): Promise<number> {
  await editor.save({ uri: uriOf(path) } as TextDocument);
  return requests.filter((command) => command === 'lockstep/reload').length;
}

test('a session that has never stopped, or that runs, is not reloaded', async () => {
  expect(await save('/w/lease.ts')).toBe(0);
  tracker.onDidSendMessage(stopped);
  tracker.onWillReceiveMessage({ type: 'request', command: 'continue' });
  expect(await save('/w/lease.ts')).toBe(0);
});

test('a session whose motion was refused is still paused', async () => {
  tracker.onDidSendMessage(stopped);
  tracker.onWillReceiveMessage({ type: 'request', command: 'next' });
  tracker.onDidSendMessage({ type: 'response', command: 'next', success: false });
  expect(await save('/w/lease.ts')).toBe(1);
});

test('a paused session is reloaded by the files that it uses and by no others', async () => {
  tracker.onDidSendMessage(stopped);
  expect(await save('/w/other.ts')).toBe(0);
  expect(await save('/w/lease.scenario.yaml')).toBe(0);
  expect(await save('/w/lease.ts')).toBe(1);
  expect(editor.shown).toEqual(['$(check) lease.ts reloaded: the run is the same']);
  expect(await save('/w/more.ts')).toBe(2);
});

test('the save of a built-in protocol reloads nothing', async () => {
  tracker.onDidSendMessage(stopped);
  expect(await save(builtIn)).toBe(0);
  expect(editor.shown).toEqual([]);
});

test('a save during a reload does not start another', async () => {
  tracker.onDidSendMessage(stopped);
  let finish: (report: ReloadResult) => void = () => {};
  const reloading = new Promise<void>((begun) => {
    respond = () => {
      begun();
      return new Promise((resolve) => (finish = resolve));
    };
  });
  const first = save('/w/lease.ts');
  await reloading;
  expect(await save('/w/more.ts')).toBe(1);
  finish(same);
  expect(await first).toBe(1);
});

test('a run that differs is described with its step and where the debugger is now', async () => {
  tracker.onDidSendMessage(stopped);
  respond = async () => ({
    type: 'run differs',
    step: 7,
    action: 'Grant A → B',
    difference: {
      type: 'effects differ',
      kind: 'sent',
      before: { first: 'Ack to A {}', more: 0 },
      now: { first: 'Nack to A {}', more: 0 },
    },
    at: { step: 6, inside: false },
  });
  await save('/w/lease.ts');
  expect(editor.shown).toEqual([
    'Step 7 (Grant A → B) sent Ack to A {} before, and Nack to A {} now. ' +
      'The debugger is now after step 6. lease.ts was reloaded.',
  ]);
});

test('code that cannot be loaded is reported, and the next save tries again', async () => {
  tracker.onDidSendMessage(stopped);
  respond = async () => {
    throw new Error('/w/lease.ts:3:1: unexpected token.');
  };
  await save('/w/lease.ts');
  expect(editor.shown).toEqual([
    'lease.ts:3:1: unexpected token. ' +
      'lease.ts was not reloaded, and the session continues with the earlier code.',
  ]);
  respond = async () => same;
  expect(await save('/w/lease.ts')).toBe(2);
});

/** Saves the scenario with other content, and waits until its notification is answered. */
async function saveScenario(content: string): Promise<void> {
  // Read by the session at its start.
  await new Promise<void>((resolve) => setImmediate(resolve));
  editor.files.set(scenario, content);
  await editor.save({ uri: uriOf(scenario) } as TextDocument);
  await vi.waitFor(() => expect(editor.shown).not.toEqual([]));
  await new Promise<void>((resolve) => setImmediate(resolve));
}

test('a change of the scenario applies on restart, which is offered', async () => {
  tracker.onDidSendMessage(stopped);
  await saveScenario(`${raft}seed: 2\n`);
  expect(editor.shown).toEqual([
    'The change to a.scenario.yaml applies after a restart. The paused session continues with ' +
      'the scenario as it was when it started.',
  ]);
  expect(editor.executed).toEqual([]);
  editor.chosen = 'Restart';
  editor.shown.length = 0;
  await saveScenario(`${raft}seed: 3\n`);
  await vi.waitFor(() => expect(editor.executed).toEqual(['workbench.action.debug.restart']));
});

test('a faulty scenario is not restarted: the problem is shown at its line', async () => {
  tracker.onDidSendMessage(stopped);
  editor.chosen = 'Restart';
  await saveScenario(raft.replace('replica', 'replcia'));
  await vi.waitFor(() => expect(editor.shown).toHaveLength(2));
  expect(editor.shown[1]).toMatch(/^a\.scenario\.yaml:2:\d+: .*replcia.*start the scenario again/);
  expect(editor.executed).toEqual([]);
});

test('nothing is offered for another scenario, without a change, or while the run goes on', async () => {
  await new Promise<void>((resolve) => setImmediate(resolve));
  await editor.save({ uri: uriOf(scenario) } as TextDocument);
  tracker.onDidSendMessage(stopped);
  await editor.save({ uri: uriOf(scenario) } as TextDocument);
  await editor.save({ uri: uriOf('/w/b.scenario.yaml') } as TextDocument);
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(editor.shown).toEqual([]);
});
