/** The Testing view: its tree, how reports are shown, and that untrusted code does not run. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { CancellationToken, TestController, TestItem, TestRun, Uri } from 'vscode';
import type { TestReport } from '../../src/cli/test-report.ts';
import type { TestBatch, TestRunner } from '../../src/extension/testing/runner.ts';

const editor = vi.hoisted(() => ({
  isTrusted: true,
  files: new Map<string, string>(),
  changed: {} as Record<'create' | 'delete' | 'change', (uri: unknown) => void>,
}));

vi.mock('vscode', () => ({
  Uri: { file: uriOf, parse: uriOf, joinPath: (uri: Uri, name: string) => uriOf(joined(uri, name)) },
  Position: class {
    constructor(readonly line: number, readonly character: number) {}
  },
  Range: class {},
  Location: class {
    constructor(readonly uri: Uri, readonly range: unknown) {}
  },
  TestMessage: class {
    constructor(readonly message: string) {}
  },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    textDocuments: [],
    workspaceFolders: [{ name: 'w', uri: uriOf('/w') }],
    getWorkspaceFolder: () => ({ name: 'w', uri: uriOf('/w') }),
    asRelativePath: ({ path }: Uri) => path.slice(3),
    findFiles: async () => [...editor.files.keys()].filter((name) => /scenario/.test(name)).map(uriOf),
    createFileSystemWatcher: () => ({
      onDidCreate: (act: (uri: unknown) => void) => (editor.changed.create = act),
      onDidDelete: (act: (uri: unknown) => void) => (editor.changed.delete = act),
      onDidChange: (act: (uri: unknown) => void) => (editor.changed.change = act),
    }),
    onDidChangeWorkspaceFolders: () => ({}),
    onDidSaveTextDocument: () => ({}),
    fs: { readFile: async ({ path }: Uri) => new TextEncoder().encode(editor.files.get(path)) },
  },
}));

function uriOf(path: string): Uri {
  return { scheme: 'file', path, fsPath: path, toString: () => `file://${path}` } as Uri;
}

function joined({ path }: Uri, name: string): string {
  return name === '..' ? path.replace(/\/[^/]*$/, '') : `${path}/${name}`;
}

// Loaded on demand by the extension: here before the tests, which would wait for it.
await import('../../src/extension/engine.ts');
const { runTests } = await import('../../src/extension/testing/run-tests.ts');
const { TestTree } = await import('../../src/extension/testing/tree.ts');

class Items extends Map<string, TestItem> {
  replace(items: readonly TestItem[]): void {
    this.clear();
    for (const item of items) this.add(item);
  }
  add(item: TestItem): void {
    this.set(item.id, item);
  }
}

function controller() {
  const outdated: string[] = [];
  const items = new Items();
  const parents = new Map<object, TestItem>();
  const createTestItem = (id: string, label: string, uri: Uri) => {
    const children = new Items();
    const item = { id, label, uri, children } as unknown as TestItem;
    parents.set(children, item);
    Object.defineProperty(item, 'parent', {
      get: () => [...parents].find(([own]) => (own as Items).get(id) === item)?.[1],
    });
    return item;
  };
  const invalidateTestResults = ({ label }: TestItem) => void outdated.push(label);
  return { outdated, items, createTestItem, invalidateTestResults };
}

/** The tree as `folder/file`, one line each. */
function lines(items: Items, above = ''): string[] {
  return [...items.values()].flatMap(({ label, children }) => {
    const own = lines(children as unknown as Items, `${above}${label}/`);
    return own.length > 0 ? own : [`${above}${label}`];
  });
}

const raft = 'protocol: raft\nnodes: { n1..n3: replica }\n';
const own = 'protocol: ./lease.ts\nnodes: { n1..n3: replica }\n';
const token = { isCancellationRequested: false } as CancellationToken;

beforeEach(() => {
  editor.isTrusted = true;
  editor.files.clear();
});

async function treeOf(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) editor.files.set(`/w/${name}`, text);
  const view = controller();
  const tree = new TestTree(view as unknown as TestController);
  await tree.discover();
  return { view, tree };
}

test('the tree has folders and scenarios, and follows the files', async () => {
  const { view, tree } = await treeOf({ 'b.scenario.yaml': raft, 'in/deep/a.broken.scenario.yaml': raft });
  expect(lines(view.items)).toEqual(['b.scenario.yaml', 'in/deep/a.broken.scenario.yaml (must fail)']);
  expect(tree.all().map(({ label }) => label)).toEqual([
    'b.scenario.yaml', 'a.broken.scenario.yaml (must fail)',
  ]);
  editor.changed.create(uriOf('/w/in/c.scenario.yml'));
  editor.changed.create(uriOf('/w/node_modules/x/d.scenario.yaml'));
  editor.changed.create(uriOf('/w/.hidden/d.scenario.yaml'));
  editor.changed.delete(uriOf('/w/in/deep/a.broken.scenario.yaml'));
  expect(lines(view.items)).toEqual(['b.scenario.yaml', 'in/c.scenario.yml']);
  editor.changed.delete(uriOf('/w/in/c.scenario.yml'));
  expect(lines(view.items)).toEqual(['b.scenario.yaml']);
  editor.changed.change(uriOf('/w/b.scenario.yaml'));
  expect(view.outdated).toEqual(['b.scenario.yaml']);
});

/** Runs all tests with a runner that gives these reports; returns what the view shows. */
async function shownBy(files: Record<string, string>, reports: Record<string, Partial<TestReport>>) {
  const { tree } = await treeOf(files);
  const shown: string[] = [];
  const batches: TestBatch[] = [];
  const note = (what: string) => ({ label }: TestItem, messages?: unknown) => {
    const texts = [messages].flat().filter((one) => typeof one === 'object') as Message[];
    shown.push([`${what} ${label}`, ...texts.map(messageText)].join(' | '));
  };
  const ignored = () => undefined;
  const run = {
    ...{ enqueued: ignored, started: ignored, appendOutput: ignored },
    ...{ passed: note('passed'), failed: note('failed'), errored: note('errored') },
    skipped: note('skipped'),
  } as unknown as TestRun;
  const runner: TestRunner = {
    async run(batch, report) {
      batches.push(batch);
      for (const file of batch.files) {
        const given = reports[file];
        if (!given) throw new Error('no memory');
        const none = { judged: [], failures: [], problems: [], output: '' };
        const whole = { file, isValid: true, passed: true, ...none, ...given };
        report(whole);
      }
    },
  };
  await runTests(runner, run, tree.all(), token);
  return { shown, asked: batches.map((batch) => batch.files) };
}

interface Message {
  readonly message: string;
  readonly location?: { readonly uri: Uri; readonly range: { readonly line: number } };
}

function messageText({ message, location }: Message): string {
  return location ? `${location.uri.path}:${location.range.line + 1} ${message}` : message;
}

test('a failure is shown at the line of the scenario or of the code', async () => {
  const { shown, asked } = await shownBy(
    { 'a.scenario.yaml': raft, 'b.scenario.yaml': raft, 'c.scenario.yaml': raft },
    {
      'a.scenario.yaml': {},
      'b.scenario.yaml': {
        passed: false,
        failures: [
          { message: 'it did not hold', place: { file: 'b.scenario.yaml', line: 8, column: 5 } },
          { message: 'it threw', place: { file: '/w/lease.ts', line: 3, column: 1 } },
        ],
      },
      'c.scenario.yaml': { passed: false, failures: [{ message: 'two leaders' }] },
    },
  );
  expect(asked).toEqual([['a.scenario.yaml', 'b.scenario.yaml', 'c.scenario.yaml']]);
  expect(shown).toEqual([
    'passed a.scenario.yaml',
    'failed b.scenario.yaml | /w/b.scenario.yaml:8 it did not hold | /w/lease.ts:3 it threw',
    'failed c.scenario.yaml | /w/c.scenario.yaml:1 two leaders',
  ]);
});

test('a scenario with an error is not run: its problem is shown at its line', async () => {
  const { shown, asked } = await shownBy({ 'a.scenario.yaml': raft.replace('raft', 'rafft') }, {});
  expect(asked).toEqual([]);
  expect(shown).toEqual([
    'errored a.scenario.yaml | /w/a.scenario.yaml:1 there is no protocol `rafft` (did you mean `raft`?)',
  ]);
});

test('code of an untrusted workspace is not run, and scenarios of built-in protocols are', async () => {
  editor.isTrusted = false;
  const files = { 'a.scenario.yaml': own, 'b.scenario.yaml': raft, 'lease.ts': 'throw 1;' };
  const { shown, asked } = await shownBy(files, { 'b.scenario.yaml': {} });
  expect(asked).toEqual([['b.scenario.yaml']]);
  expect(shown[0]).toMatch(/^errored a\.scenario\.yaml \| .*\.\/lease\.ts is code of this workspace.*not trusted/);
  expect(shown[1]).toBe('passed b.scenario.yaml');
});

test('the tests after one at which the runner failed are run', async () => {
  const files = { 'a.scenario.yaml': raft, 'b.scenario.yaml': raft, 'c.scenario.yaml': raft };
  const { shown, asked } = await shownBy(files, { 'a.scenario.yaml': {}, 'c.scenario.yaml': {} });
  expect(asked).toEqual([Object.keys(files), ['c.scenario.yaml']]);
  expect(shown).toEqual([
    'passed a.scenario.yaml',
    'errored b.scenario.yaml | no memory',
    'passed c.scenario.yaml',
  ]);
});
