/** What the extension does in a workspace that is not trusted: it asks, and runs nothing. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import type { TextDocument, Uri } from 'vscode';

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
    showErrorMessage: async (...words: unknown[]) => void editor.shown.push(words),
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

function document(text: string): TextDocument {
  return { uri: scenario, getText: () => text } as TextDocument;
}

beforeEach(() => {
  editor.files.set('/w/lease.ts', readFileSync(new URL('lease.ts', samples), 'utf8'));
  editor.read.length = 0;
  editor.shown.length = 0;
});

test('not trusted, a scenario of a built-in protocol may run', async () => {
  editor.isTrusted = false;
  editor.files.set(scenario.path, builtIn);
  expect(await mayRun(scenario)).toBe(true);
  expect(editor.shown).toEqual([]);
});

test('not trusted, a protocol of the workspace may not, and what to do is said', async () => {
  editor.isTrusted = false;
  editor.files.set(scenario.path, own);
  expect(await mayRun(scenario)).toBe(false);
  const [[words, button]] = editor.shown as [[string, string]];
  expect(words).toMatch(/^\.\/lease\.ts is code of this workspace, .*not trusted.*Trust the/);
  expect(button).toBe('Manage Workspace Trust');
});

test('trusted, it may', async () => {
  editor.isTrusted = true;
  editor.files.set(scenario.path, own);
  expect(await mayRun(scenario)).toBe(true);
});

test('not trusted, looking for problems reads and runs no code of the workspace', async () => {
  editor.isTrusted = false;
  const { problems, files } = await checked(document(own));
  expect(problems.map(({ severity, line }) => [severity, line])).toEqual([['warning', 3]]);
  expect(problems[0]!.message).toContain('not trusted');
  expect([files, editor.read]).toEqual([[], []]);
  const [problem] = (await checked(document(builtIn.replace('replica', 'replcia')))).problems;
  expect(problem!.message).toContain('replcia');
});

test('trusted, the protocol is known: what it does not have is a problem', async () => {
  editor.isTrusted = true;
  expect(await checked(document(own))).toEqual({ problems: [], files: ['file:///w/lease.ts'] });
  const [problem] = (await checked(document(own.replace('acquire', 'aquire')))).problems;
  expect(problem!.message).toContain('aquire');
});

test('trusted, a loop that never ends is given up', async () => {
  editor.isTrusted = true;
  editor.files.set('/w/lease.ts', `${editor.files.get('/w/lease.ts')}\nfor (;;) {}\n`);
  const [problem] = (await checked(document(own))).problems;
  // Loops are limited by their count, and all code by time: a fast machine hits the count first.
  expect(problem!.message).toMatch(/lease\.ts:.* the code (does not end|did not load)/);
});

test('trusted, code that never ends without a loop is given up after a while', async () => {
  editor.isTrusted = true;
  const slow = `export const slow = /^(a+)+$/.test('${'a'.repeat(60)}b');`;
  editor.files.set('/w/lease.ts', `${editor.files.get('/w/lease.ts')}\n${slow}\n`);
  const [problem] = (await checked(document(own))).problems;
  expect(problem!.message).toMatch(/^\.\/lease\.ts: the code did not load within 1 s/);
});
