/** In a workspace that is not trusted the extension runs no code of it, and says what to do. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Uri } from 'vscode';
import type { ScenarioText } from '../../src/extension/authoring/checked-scenario.ts';

const editor = vi.hoisted(() => ({
  isTrusted: false,
  files: new Map<string, string>(),
  read: [] as string[],
  shown: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  Uri: { file: uriOf, parse: uriOf },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    textDocuments: [],
    getWorkspaceFolder: () => undefined,
    fs: {
      readFile: async ({ path }: Uri) => {
        editor.read.push(path);
        return new TextEncoder().encode(editor.files.get(path));
      },
    },
  },
  window: {
    showErrorMessage: async (...args: unknown[]) => void editor.shown.push(args),
  },
}));

function uriOf(path: string): Uri {
  return { scheme: 'file', path, fsPath: path, toString: () => `file://${path}` } as Uri;
}

const { mayRun } = await import('../../src/extension/launch/trust.ts');
const { checked } = await import('../../src/extension/authoring/checked-scenario.ts');

const samples = new URL('../../samples/new-protocol/', import.meta.url);
const scenario = uriOf('/w/lease.scenario.yaml');
const own = readFileSync(new URL('lease.scenario.yaml', samples), 'utf8');
const builtIn = 'protocol: raft\nnodes: { n1..n3: replica }\n';

function document(content: string): ScenarioText {
  return { uri: scenario, content };
}

beforeEach(() => {
  editor.files.set('/w/lease.ts', readFileSync(new URL('lease.ts', samples), 'utf8'));
  editor.read.length = 0;
  editor.shown.length = 0;
});

test('untrusted: a scenario of a built-in protocol may run', async () => {
  editor.isTrusted = false;
  editor.files.set(scenario.path, builtIn);
  expect(await mayRun(scenario)).toBe(true);
  expect(editor.shown).toEqual([]);
});

test('untrusted: a protocol of the workspace may not run, and a message says what to do', async () => {
  editor.isTrusted = false;
  editor.files.set(scenario.path, own);
  expect(await mayRun(scenario)).toBe(false);
  const [[message, button]] = editor.shown as [[string, string]];
  expect(message).toMatch(/^\.\/lease\.ts is code of this workspace.*not trusted.*[Tt]rust the/);
  expect(button).toBe('Manage Workspace Trust');
});

test('trusted: a protocol of the workspace may run', async () => {
  editor.isTrusted = true;
  editor.files.set(scenario.path, own);
  expect(await mayRun(scenario)).toBe(true);
});

test('untrusted: the check for problems reads and runs no code of the workspace', async () => {
  editor.isTrusted = false;
  const { problems, files } = await checked(document(own));
  expect(problems.map(({ severity, line }) => [severity, line])).toEqual([['warning', 3]]);
  expect(problems[0]!.message).toContain('not trusted');
  expect([files, editor.read]).toEqual([[], []]);
  const [problem] = (await checked(document(builtIn.replace('replica', 'replcia')))).problems;
  expect(problem!.message).toContain('replcia');
});

test('trusted: an operation that the protocol does not define is a problem', async () => {
  editor.isTrusted = true;
  expect(await checked(document(own))).toEqual({ problems: [], faults: [], files: ['file:///w/lease.ts'] });
  const [problem] = (await checked(document(own.replace('acquire', 'aquire')))).problems;
  expect(problem!.message).toContain('aquire');
});

test('trusted: a loop that never ends is stopped', async () => {
  editor.isTrusted = true;
  editor.files.set('/w/lease.ts', `${editor.files.get('/w/lease.ts')}\nfor (;;) {}\n`);
  const [problem] = (await checked(document(own))).problems;
  // Loops are limited by their iterations, and all code by time: either limit may come first.
  expect(problem!.message).toMatch(/lease\.ts.* the code (does not end|did not load)/);
});

test('trusted: code that takes long without a loop is stopped by the clock', async () => {
  editor.isTrusted = true;
  // Most built-in functions are limited by what they go through; this one is not.
  const slow =
    'const all = Array.from({ length: 100_000 }, (_, i) => i);' +
    "for (let i = 0; i < 500_000; i++) if (('' + all).length < 0) break;";
  editor.files.set('/w/lease.ts', `${editor.files.get('/w/lease.ts')}\n${slow}\n`);
  const [problem] = (await checked(document(own))).problems;
  expect(problem!.message).toMatch(/^\.\/lease\.ts cannot be loaded: the code did not load within \d+ s/);
});
