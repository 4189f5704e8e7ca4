/** What a search asks before it begins: by keyboard, with the settings of last time, and trust. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ExtensionContext, QuickPickItem, QuickPickOptions, Uri } from 'vscode';
import type { Finder } from '../../src/dap/find/finder.ts';

const editor = vi.hoisted(() => ({
  isTrusted: true,
  files: new Map<string, string>(),
  shown: [] as unknown[][],
  commands: new Map<string, (...given: unknown[]) => unknown>(),
  /** What the user chooses, one after the other, by a part of the label; '' for Enter alone. */
  choices: [] as (string | undefined)[],
  /** One text for each box, or all of them one after the other. */
  typed: '' as string | string[],
  problems: [] as (string | undefined)[],
  lists: [] as (readonly QuickPickItem[])[],
  prompts: [] as (string | undefined)[],
}));

vi.mock('vscode', () => ({
  Uri: Object.assign(class {}, { file: uriOf, parse: uriOf, joinPath: (uri: Uri) => uri }),
  Disposable: { from: () => ({ dispose: () => undefined }) },
  StatusBarAlignment: { Left: 1 },
  ProgressLocation: { Notification: 15, Window: 10 },
  commands: {
    registerCommand: (name: string, act: () => unknown) => void editor.commands.set(name, act),
    executeCommand: async () => undefined,
  },
  debug: { activeDebugSession: undefined },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    textDocuments: [],
    getWorkspaceFolder: () => undefined,
    asRelativePath: (uri: Uri) => uri.path,
    fs: {
      readFile: async ({ path }: Uri) => new TextEncoder().encode(editor.files.get(path)),
    },
  },
  window: {
    createOutputChannel: () => ({ appendLine: () => undefined, dispose: () => undefined }),
    showErrorMessage: async (...given: unknown[]) => void editor.shown.push(given),
    showQuickPick: async (items: readonly QuickPickItem[], options: QuickPickOptions = {}) => {
      const { canPickMany = false, placeHolder } = options;
      editor.prompts.push(placeHolder);
      const choice = editor.choices.shift();
      editor.lists.push(items);
      if (canPickMany) return items.filter(({ label }) => choice?.split(' ').includes(label));
      return choice === undefined ? undefined : items.find(({ label }) => label.includes(choice));
    },
    showInputBox: async ({ validateInput }: { validateInput: (text: string) => unknown }) => {
      const typed = typeof editor.typed === 'string' ? editor.typed : editor.typed.shift()!;
      editor.problems.push((await validateInput(typed)) as string | undefined);
      return editor.problems.at(-1) === undefined ? typed : undefined;
    },
  },
}));

function uriOf(path: string): Uri {
  return { scheme: 'file', path, fsPath: path, toString: () => `file://${path}` } as Uri;
}

const { askSettings } = await import('../../src/extension/finding/ask-settings.ts');
const { registerFinding } = await import('../../src/extension/finding/find-schedule.ts');
const settings = await import('../../src/extension/finding/settings.ts');

const targets = [
  { id: 'invariant One Leader', kind: 'invariant', text: 'One Leader' },
  { id: 'expectation event A', kind: 'expectation', text: 'event A', note: 'at the end' },
] as const;
const nodes = ['c1', 'v1', 'v2'];
const conditionProblem = async (text: string) => {
  return text.includes('vots') ? 'there is no field `vots`' : undefined;
};
const about = { targets, nodes, conditionProblem };
const before = settings.settingsDefault;

function ask(choices: (string | undefined)[], known: object = {}) {
  editor.choices = choices;
  return askSettings(before, { ...about, ...known });
}

beforeEach(() => {
  editor.shown.length = 0;
  editor.problems.length = editor.lists.length = 0;
});

test('Enter begins with the settings of last time; Escape gives up', async () => {
  expect(await ask(['Search'])).toEqual(before);
  expect(await ask([undefined])).toBeUndefined();
  const request = settings.requestOf(before);
  expect(request).toEqual({ mode: 'auto', time: 'timed', limits: { seconds: 30 } });
});

test('each setting is changed in its own list, which leads back', async () => {
  const chosen = await ask([
    'What to break', 'One Leader', 'How to search', 'Breadth-first', 'What time means', 'Untimed',
    'Faults', 'crashes=1', 'When to stop', '10 s', 'Search',
  ]);
  expect(settings.requestOf(chosen!)).toEqual({
    mode: 'bfs', time: 'untimed', faults: 'crashes=1', target: 'invariant One Leader',
    limits: { seconds: 10 },
  });
});

test('untimed is not chosen where a handler reads a clock, nor a promise that is not there', async () => {
  const readsClock = { node: 'c1', handler: 'Granted' };
  const chosen = await ask(['What time means', 'Untimed', 'Search'], { readsClock });
  expect(chosen!.time).toBe('timed');
  editor.choices = ['Search'];
  const old = { ...before, time: 'untimed', target: 'invariant Gone' } as const;
  expect(await askSettings(old, { ...about, readsClock })).toEqual({ ...before });
});

test('a budget and limits that are typed are checked', async () => {
  editor.typed = 'floods=1';
  expect((await ask(['Faults', 'Another budget', 'Search']))!.faults).toBe('');
  expect(editor.problems).toEqual([expect.stringContaining('there is no fault `floods`')]);
  editor.typed = 'drops=2,crashes=any';
  expect((await ask(['Faults', 'Another budget', 'Search']))!.faults).toBe(editor.typed);
  editor.typed = 'seconds=0';
  await ask(['When to stop', 'Other limits', 'Search']);
  expect(editor.problems.at(-1)).toContain('seconds needs a positive whole number');
  // As on the command line, a number is digits.
  for (const typed of ['states=1e3', 'states=0x10', 'states=']) {
    expect(settings.limitsIn(typed), typed).toHaveProperty('problem');
  }
  editor.typed = 'hours=1';
  await ask(['When to stop', 'Other limits', 'Search']);
  expect(editor.problems.at(-1)).toContain('There is no limit hours');
  editor.typed = 'seconds=5,states=100,depth=20';
  const { limits } = (await ask(['When to stop', 'Other limits', 'Search']))!;
  expect(limits).toEqual({ seconds: 5, states: 100, depth: 20 });
  // Another time keeps the other limits.
  editor.choices = ['When to stop', '10 s', 'Search'];
  const again = await askSettings({ ...before, limits }, about);
  expect(again!.limits).toEqual({ ...limits, seconds: 10 });
});

test('a state to reach, or to come back to in time, is checked while it is typed', async () => {
  editor.typed = ['c1.vots > 0'];
  expect((await ask(['What to break', 'Reach a state', 'Search']))!.reach).toBeUndefined();
  expect(editor.problems).toEqual(['there is no field `vots`']);
  editor.typed = ['c1.up'];
  const reached = (await ask(['What to break', 'Reach a state', 'How to', 'PCT', 'Search']))!;
  expect(settings.requestOf(reached)).toMatchObject({ mode: 'pct', reach: 'c1.up' });
  const leads = ['What to break', 'Fail to reach', 'Search'];
  editor.typed = ['c1.up', 'soon'];
  expect((await ask([...leads]))!.leadsTo).toBeUndefined();
  expect(editor.problems.at(-1)).toBe('Type a time above zero, as in 500ms, 10s or 2m');
  editor.typed = ['c1.up', '0s'];
  expect((await ask([...leads]))!.leadsTo).toBeUndefined();
  editor.typed = [' c1.up ', '20s'];
  const chosen = (await ask([...leads]))!;
  const leadsTo = { condition: 'c1.up', within: '20s' };
  expect(settings.requestOf(chosen)).toEqual({
    mode: 'auto', time: 'timed', limits: { seconds: 30 }, leadsTo,
  });
  // One aim takes the place of another.
  editor.choices = ['What to break', 'One Leader', 'Search'];
  const again = settings.requestOf((await askSettings(chosen, about))!);
  expect(again).toMatchObject({ target: 'invariant One Leader' });
  expect(again).not.toHaveProperty('leadsTo');
});

test('faults strike some nodes, and states are left out, if the user says so', async () => {
  expect((await ask(['Nodes that', 'Search']))).toBeUndefined();
  const choices = ['Faults', 'crashes=1', 'Nodes that', 'v1 v2', 'States to', 'Only some', 'Search'];
  editor.typed = ['c1.state.term < 4'];
  const chosen = (await ask(choices))!;
  const own = { faults: 'crashes=1', on: ['v1', 'v2'], inside: 'c1.state.term < 4' };
  expect(settings.requestOf(chosen)).toMatchObject(own);
  expect(editor.lists.at(-1)![0]!.detail).toContain('c1.state.term < 4');
  // Without faults, or when all nodes are chosen, it says nothing of nodes.
  expect(settings.requestOf({ ...chosen, faults: '' })).not.toHaveProperty('on');
  editor.choices = ['Nodes that', nodes.join(' '), 'Search'];
  expect((await askSettings(chosen, about))!.on).toBeUndefined();
  editor.choices = ['Search'];
  expect((await askSettings(chosen, { ...about, nodes: ['c1', 'v2'] }))!.on).toEqual(['v2']);
});

test('clearing all nodes is refused, and asked again', async () => {
  const none = ['Nodes that', '', 'v1', 'Search'];
  const chosen = (await ask(['Faults', 'crashes=1', ...none]))!;
  expect(editor.prompts).toContain('Choose at least one node: faults would strike nothing');
  expect(chosen.on).toEqual(['v1']);
});

test('where nodes are alike, the meaning without time says so', async () => {
  await ask(['What time', 'Untimed', 'Search'], { alike: 'symmetry: v1..v2 are alike' });
  expect(editor.lists[1]![1]!.detail).toContain('symmetry: v1..v2 are alike');
});

test('in a workspace that is not trusted, no code of it is searched', async () => {
  const samples = new URL('../../samples/find-the-bug/', import.meta.url);
  for (const name of ['quorum.ts', 'quorum.scenario.yaml']) {
    editor.files.set(`/w/${name}`, readFileSync(new URL(name, samples), 'utf8'));
  }
  const finder = vi.fn(() => {
    return { done: Promise.resolve(), end: () => undefined, cancel: () => false };
  });
  const stored = { get: () => undefined, update: async () => undefined };
  registerFinding({ workspaceState: stored } as unknown as ExtensionContext, finder);
  const find = editor.commands.get('lockstep.findSchedule')!;
  editor.isTrusted = false;
  // As an item of the Testing view.
  await find({ uri: uriOf('/w/quorum.scenario.yaml') }, before);
  expect(finder).not.toHaveBeenCalled();
  expect(editor.shown[0]![0]).toContain('the workspace is not trusted');
});

test('one job checks all conditions that are typed, and ends with the dialogs', async () => {
  const { ScenarioSource } = await import('../../src/extension/finding/scenario-source.ts');
  editor.files.set('/typed.scenario.yaml', 'protocol: raft\n');
  const begun: string[] = [];
  const ended: string[] = [];
  const finder: Finder = ({ task }, report) => {
    begun.push(task.type);
    let settle: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (settle = resolve));
    const end = () => {
      ended.push(task.type);
      settle();
    };
    if (task.type === 'describe') {
      report({ type: 'described', targets: [], nodes: [] });
      settle();
    }
    const check = (condition: string) => {
      if (condition === 'slow') return;
      const problem = condition === 'a.up' ? {} : { problem: `no \`${condition}\`` };
      queueMicrotask(() => report({ type: 'checked', ...problem }));
    };
    return { done, end, cancel: () => false, check };
  };
  const source = new ScenarioSource(uriOf('/typed.scenario.yaml'), finder);
  const { conditionProblem: check } = await source.about();
  expect(await Promise.all(['a', 'a.', 'a.up'].map(check))).toEqual(['no `a`', 'no `a.`', undefined]);
  expect(begun).toEqual(['describe', 'check']);
  const slow = check('slow');
  await new Promise<void>((resolve) => void setImmediate(resolve));
  source.endAsking();
  expect(await slow).toContain('ended before');
  expect(ended).toEqual(['check']);
  // A check that comes late must not begin a job that nothing ends.
  expect(await check('b')).toBeUndefined();
  expect(begun).toEqual(['describe', 'check']);
});
