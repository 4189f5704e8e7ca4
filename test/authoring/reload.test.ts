/** Saving a protocol reloads only paused sessions that use the file, and the user sees the result. */
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
}));

vi.mock('vscode', () => ({
  Disposable: { from: () => ({}) },
  Uri: { file: uriOf, parse: (text: string) => uriOf(text.replace(/^[\w-]+:\/\/[^/]*/, '')) },
  debug: {
    registerDebugAdapterTrackerFactory: (
      _type: string,
      factory: { createDebugAdapterTracker(session: unknown): unknown },
    ) => void (editor.track = (session) => factory.createDebugAdapterTracker(session)),
    onDidTerminateDebugSession: () => {},
  },
  workspace: {
    workspaceFolders: [{ uri: { fsPath: '/w' } }],
    asRelativePath: ({ path }: Uri) => path.slice(3),
    onDidSaveTextDocument: (save: (document: unknown) => Promise<void>) =>
      void (editor.save = save),
  },
  window: {
    setStatusBarMessage: (message: string) => void editor.shown.push(message),
    showInformationMessage: (message: string) => void editor.shown.push(message),
    showWarningMessage: (message: string) => void editor.shown.push(message),
  },
}));

function uriOf(path: string): Uri {
  return { path } as Uri;
}

const { registerReload } = await import('../../src/extension/authoring/reload.ts');

const stopped = { type: 'event', event: 'stopped', body: {} };
const same: ReloadResult = { type: 'same', at: { step: 7, inside: false } };

let tracker: Tracker;
let requests: string[];
let respond: () => Promise<ReloadResult>;

beforeEach(() => {
  requests = [];
  respond = async () => same;
  editor.shown.length = 0;
  registerReload();
  tracker = editor.track({
    id: '1',
    customRequest: async (command: string) => {
      requests.push(command);
      if (command === 'lockstep/reload') return respond();
      return { sources: [{ path: 'vscode-remote://host/w/lease.ts' }, { path: '/w/more.ts' }] };
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
    'lease.ts was reloaded, and the run differs. Step 7 (Grant A → B) sent Ack to A {} before, and ' +
      'Nack to A {} now. The debugger is now after step 6.',
  ]);
});

test('code that cannot be loaded is reported, and the next save tries again', async () => {
  tracker.onDidSendMessage(stopped);
  respond = async () => {
    throw new Error('/w/lease.ts:3:1: unexpected token.');
  };
  await save('/w/lease.ts');
  expect(editor.shown).toEqual([
    'lease.ts was not reloaded, and the session continues with the earlier code: ' +
      'lease.ts:3:1: unexpected token.',
  ]);
  respond = async () => same;
  expect(await save('/w/lease.ts')).toBe(2);
});
