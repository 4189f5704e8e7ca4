/** Saving a protocol: only a session that is paused and uses the file is notified. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { DebugSession, TextDocument, Uri } from 'vscode';

interface Tracker {
  onWillReceiveMessage(message: object): void;
  onDidSendMessage(message: object): void;
}

const editor = vi.hoisted(() => ({
  track: (_session: unknown): unknown => undefined,
  save: (_document: unknown): void => {},
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
    onDidSaveTextDocument: (save: (document: unknown) => void) => void (editor.save = save),
  },
  window: {
    setStatusBarMessage: (words: string) => void editor.shown.push(words),
    showInformationMessage: (words: string) => void editor.shown.push(words),
    showWarningMessage: (words: string) => void editor.shown.push(words),
  },
}));

function uriOf(path: string): Uri {
  return { path } as Uri;
}

const { registerReload } = await import('../../src/extension/authoring/reload.ts');

let tracker: Tracker;
let asked: string[];
let refusal: string | undefined;
const stopped = { type: 'event', event: 'stopped', body: {} };

beforeEach(() => {
  asked = [];
  editor.shown.length = 0;
  refusal = undefined;
  registerReload();
  tracker = editor.track({
    id: '1',
    customRequest: async (command: string) => {
      asked.push(command);
      if (command === 'loadedSources') {
        return { sources: [{ path: 'vscode-remote://host/w/lease.ts' }, { path: '/w/more.ts' }] };
      }
      if (refusal) throw new Error(refusal);
    },
  } as unknown as DebugSession) as Tracker;
});

async function save(path: string): Promise<string[]> {
  editor.save({ uri: uriOf(path) } as TextDocument);
  await vi.waitFor(() => new Promise((resolve) => setTimeout(resolve, 5)));
  return asked.filter((command) => command === 'lockstep/reload');
}

test('a session that runs, or never stopped, hears nothing', async () => {
  expect(await save('/w/lease.ts')).toEqual([]);
  tracker.onDidSendMessage(stopped);
  tracker.onWillReceiveMessage({ type: 'request', command: 'continue' });
  expect(await save('/w/lease.ts')).toEqual([]);
});

test('one that stands still reloads what it uses, and nothing else', async () => {
  tracker.onDidSendMessage(stopped);
  expect(await save('/w/other.ts')).toEqual([]);
  expect(await save('/w/lease.scenario.yaml')).toEqual([]);
  expect(await save('/w/lease.ts')).toHaveLength(1);
  tracker.onDidSendMessage(stopped);
  expect(editor.shown).toEqual(['$(check) lease.ts is reloaded: the same run, on the new code']);
  expect(await save('/w/more.ts')).toHaveLength(2);
});

test('where the run differs now is said, with the step and how', async () => {
  tracker.onDidSendMessage(stopped);
  await save('/w/lease.ts');
  const output = 'step 7 (deliver) sent A before, and B now\n';
  tracker.onDidSendMessage({ type: 'event', event: 'output', body: { output } });
  const description = 'Paused on step 6: the new code differs in the next one';
  tracker.onDidSendMessage({ ...stopped, body: { description } });
  expect(editor.shown).toEqual([
    `lease.ts is reloaded, and the run differs: ${output.trim()}. ` +
      'The session stands at step 6: the new code differs in the next one.',
  ]);
});

test('code that cannot be loaded is said, and the session goes on', async () => {
  tracker.onDidSendMessage(stopped);
  refusal = '/w/lease.ts:3:1: unexpected token.';
  await save('/w/lease.ts');
  expect(editor.shown).toEqual([
    'lease.ts was not reloaded. lease.ts:3:1: unexpected token. ' +
      'The session goes on with the code that it had.',
  ]);
  refusal = undefined;
  expect(await save('/w/lease.ts')).toHaveLength(2);
});
