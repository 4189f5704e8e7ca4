/** What the editor shows of a search: always what was found, in plain text, for its scenario. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { CancellationToken, ExtensionContext, QuickPickItem, Uri } from 'vscode';

const editor = vi.hoisted(() => ({
  told: [] as string[],
  informed: [] as string[],
  errors: [] as string[],
  lists: [] as QuickPickItem[][],
  press: '',
  commands: new Map<string, (...given: unknown[]) => Promise<unknown>>(),
  listeners: [] as ((event: unknown) => void)[],
  session: undefined as unknown,
  opened: [] as string[],
  output: [] as string[],
  console: [] as string[],
  cancels: (_listener: () => void): void => undefined,
}));

vi.mock('vscode', () => ({
  Uri: Object.assign(class {}, {
    file: uriOf, parse: uriOf, joinPath: (uri: Uri, name: string) => uriOf(`${uri.path}/${name}`),
  }),
  Disposable: { from: () => ({ dispose: () => undefined }) },
  StatusBarAlignment: { Left: 1 },
  ProgressLocation: { Notification: 15, Window: 10 },
  commands: {
    registerCommand: (name: string, act: () => Promise<unknown>) =>
      void editor.commands.set(name, act),
    executeCommand: async () => undefined,
  },
  debug: {
    get activeDebugSession() {
      return editor.session;
    },
    activeDebugConsole: { appendLine: (text: string) => void editor.console.push(text) },
    onDidReceiveDebugSessionCustomEvent: (listener: (event: unknown) => void) => {
      editor.listeners.push(listener);
      return { dispose: () => undefined };
    },
  },
  workspace: {
    isTrusted: true,
    getWorkspaceFolder: () => undefined,
    asRelativePath: (uri: Uri) => uri.path,
    fs: {
      stat: async () => undefined,
      readFile: async () => new TextEncoder().encode(editor.opened.at(-1)),
    },
  },
  window: {
    createOutputChannel: () => ({
      appendLine: (text: string) => void editor.output.push(text), dispose: () => undefined,
    }),
    createStatusBarItem: () => ({ show: () => undefined, dispose: () => undefined }),
    withProgress: (_: object, act: (progress: object, token: object) => unknown) =>
      act({ report: () => undefined }, {
        isCancellationRequested: false,
        onCancellationRequested(listener: () => void) {
          editor.cancels(() => {
            (this as { isCancellationRequested: boolean }).isCancellationRequested = true;
            listener();
          });
        },
      }),
    showErrorMessage: async (text: string) => void editor.errors.push(text),
    showInformationMessage: async (text: string) => void editor.informed.push(text),
    showWarningMessage: async (text: string, ...buttons: string[]) => {
      editor.told.push(text);
      return buttons.find((one) => one === editor.press);
    },
    showQuickPick: async (items: QuickPickItem[]) => {
      editor.lists.push(items);
      return items[0];
    },
    showTextDocument: async () => undefined,
  },
}));

function uriOf(path: string): Uri {
  return { scheme: 'file', path, fsPath: path, toString: () => `file://${path}` } as Uri;
}

const { registerFinding } = await import('../../src/extension/finding/find-schedule.ts');
const { FoundFiles } = await import('../../src/extension/finding/found-files.ts');
const { kindOf } = await import('../../src/extension/finding/saved-findings.ts');
const { askSettings } = await import('../../src/extension/finding/ask-settings.ts');
const { SessionSource } = await import('../../src/extension/finding/session-source.ts');
const settings = await import('../../src/extension/finding/settings.ts');
const { plainText } = await import('../../src/extension/plain-text.ts');

const link = '[Fix](command:evil)';
const from = { branch: 0, step: 3 };
const found = {
  outcome: 'violated', lines: [`✗ violated: ${link}`], brokenBefore: [], cut: [], from, at: from,
  finding: { number: 1, promise: 'P', why: '', ends: 'broken', actions: 4, from },
};

function session(open: () => Promise<unknown>) {
  return {
    id: '1', type: 'lockstep', configuration: { program: '/w/a.scenario.yaml' },
    customRequest: async (name: string) => (name === 'lockstep/find' ? found : open()),
  };
}

const stored = () => {
  const kept = new Map<string, unknown>();
  const workspaceState = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  return { workspaceState } as unknown as ExtensionContext;
};

beforeEach(() => {
  editor.told.length = editor.errors.length = editor.lists.length = editor.listeners.length = 0;
  editor.press = '';
});

test('a finding that cannot be opened is told nevertheless', async () => {
  editor.session = session(() => Promise.reject(new Error('the session is running')));
  registerFinding(stored(), () => {
    return { done: Promise.resolve(), end: () => undefined, cancel: () => false };
  });
  const find = editor.commands.get('lockstep.findScheduleHere')!;
  const searched = await find(undefined, settings.settingsDefault);
  expect(searched).toMatchObject({ outcome: 'violated' });
  expect(editor.errors).toEqual(['The finding could not be opened: the session is running']);
  expect(editor.told[0]).toContain('violated');
  // Text of a workspace is not a link.
  expect(editor.told[0]).not.toContain('](');
});

test('what breaks beyond the bounds is one sentence, and a button searches there', async () => {
  const requests: unknown[] = [];
  const notice = { text: 'With a crash, it breaks "P".', time: 'untimed', faults: 'crashes=1' };
  const searched = {
    outcome: 'unknown', brokenBefore: [], cut: [], notice,
    lines: ['? unknown: stopped at the limit of time', 'timed, faults crashes=1,drops=1', 'beyond these bounds'],
  };
  editor.session = {
    ...session(async () => undefined),
    customRequest: async (_: string, request: unknown) => {
      requests.push(request);
      editor.press = requests.length === 1 ? 'Search There' : '';
      return { ...searched, from, at: from };
    },
  };
  await editor.commands.get('lockstep.findScheduleHere')!(undefined, settings.settingsDefault);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(editor.told[0]).toBe('? Unknown: stopped at the limit of time. With a crash, it breaks "P".');
  expect(requests[0]).not.toHaveProperty('faults');
  expect(requests[0]).not.toHaveProperty('from');
  // From the same moment: the session may be elsewhere when the button is pressed.
  expect(requests[1]).toMatchObject({ time: 'untimed', faults: 'crashes=1', from });
});

test('a search that is cancelled leaves what it searched', async () => {
  let cancel: () => void = () => undefined;
  editor.cancels = (listener) => (cancel = listener);
  const own = {
    ...session(async () => undefined),
    customRequest: async (name: string) => {
      if (name !== 'lockstep/find') return undefined;
      for (const body of [
        { phase: 'searching', count: 1_234, depth: 9, rate: 1 }, { phase: 'shrinking', count: 7, depth: 7, rate: 1 },
      ]) editor.listeners.at(-1)!({ session: own, event: 'lockstep/findProgress', body });
      cancel();
      throw new Error('cancelled');
    },
  };
  editor.session = own;
  expect(await editor.commands.get('lockstep.findScheduleHere')!(undefined, settings.settingsDefault)).toBeUndefined();
  editor.cancels = () => undefined;
  const text = /\? unknown: stopped by you after 1.?234 states, up to 9 actions deep, in \d+\.\d s/;
  expect(editor.output.at(-1)).toMatch(text);
  expect(editor.console).toEqual([expect.stringMatching(text)]);
  expect(editor.errors).toEqual([]);
});

test('a search that is cancelled without its session on the screen says so in a notification', async () => {
  editor.cancels = (listener) => listener();
  const own = {
    ...session(async () => undefined),
    customRequest: async (name: string) => {
      if (name === 'lockstep/find') throw new Error('cancelled');
    },
  };
  editor.session = own;
  const said = editor.informed.length;
  const consoled = editor.console.length;
  const done = editor.commands.get('lockstep.findScheduleHere')!(undefined, settings.settingsDefault);
  editor.session = undefined;
  expect(await done).toBeUndefined();
  editor.cancels = () => undefined;
  expect(editor.informed.slice(said)).toEqual([expect.stringMatching(/^\? Unknown: stopped by you after 0 states/)]);
  expect(editor.console).toHaveLength(consoled);
});

test('a session that runs when its finding arrives does not open it by itself', async () => {
  const token = { onCancellationRequested: () => undefined } as unknown as CancellationToken;
  for (const [events, isHere] of [
    [[], true],
    [[{ type: 'running' }], false],
    [[{ type: 'running' }, { type: 'stopped', moment: from }], true],
    [[{ type: 'stopped', moment: { branch: 0, step: 9 } }], false],
  ] as const) {
    const own = session(async () => undefined);
    const search = new SessionSource(own as never).search({}, () => undefined, token);
    for (const body of events) {
      editor.listeners.at(-1)!({ session: own, event: 'lockstep/view', body });
    }
    expect((await search)!.finding!.isHere).toBe(isHere);
  }
});

test('a search from an earlier moment opens its finding if the session is still there', async () => {
  const token = { onCancellationRequested: () => undefined } as unknown as CancellationToken;
  for (const [at, isHere] of [[from, true], [{ branch: 0, step: 9 }, false]] as const) {
    const own = { ...session(async () => undefined), customRequest: async () => ({ ...found, at }) };
    const again = new SessionSource(own as never).again({ ...found, finding: undefined, from } as never);
    expect((await again.search({}, () => undefined, token))!.finding!.isHere).toBe(isHere);
  }
});

test('a notification saves the finding that it is about, and not a later one', async () => {
  const files = new FoundFiles();
  const asked: string[] = [];
  const finding = (name: string) => ({
    saved: async () => {
      asked.push(name);
      return { notSaved: 'no words' };
    },
  });
  const first = files.found(uriOf('/w/a.scenario.yaml'), finding('first'));
  files.found(uriOf('/w/b.scenario.yaml'), finding('second'));
  await files.save(first);
  await files.save();
  expect(asked).toEqual(['first', 'second']);
});

test('settings are those of the scenario', async () => {
  const context = stored();
  const [one, other] = [uriOf('/w/a.scenario.yaml'), uriOf('/w/b.scenario.yaml')];
  const untimed = { ...settings.settingsDefault, time: 'untimed', reach: 'c1.up' } as const;
  await settings.remember(context, one, untimed);
  expect(settings.remembered(context, one)).toEqual(untimed);
  expect(settings.remembered(context, other)).toEqual(settings.settingsDefault);
  for (let i = 0; i < 60; i++) await settings.remember(context, uriOf(`/w/${i}`), untimed);
  expect(settings.remembered(context, one)).toEqual(settings.settingsDefault);
  expect(settings.remembered(context, uriOf('/w/59'))).toEqual(untimed);
});

test('links and icons of a workspace stay text', async () => {
  expect(plainText(link)).not.toMatch(/\]\(/);
  expect(plainText('$(trash) x')).not.toMatch(/\$\(/);
  expect(plainText('a[0] == $1 (b)')).toBe('a[0] == $1 (b)');
  const targets = [{ id: 'a', kind: 'invariant', text: '$(trash) A' }] as const;
  const about = { targets, nodes: [], conditionProblem: async () => undefined };
  await askSettings({ ...settings.settingsDefault, target: 'a' }, about);
  const [{ detail = '' }, { description = '' }] = editor.lists[0] as [QuickPickItem, QuickPickItem];
  expect(detail + description).toContain('trash');
  expect(detail + description).not.toContain('$(');
});

test('a saved finding no longer breaks only if its promise is still there and holds', () => {
  const name = 'invariant "One Leader"';
  const run = (type: 'holds' | 'violated', judged = name) => {
    return { isValid: true, passed: type === 'holds', judged: [{ name: judged, type }] };
  };
  expect(kindOf(run('holds'), name)).toBe('holding');
  expect(kindOf(run('violated'), name)).toBe('broken');
  expect(kindOf(run('holds', 'invariant "Renamed"'), name)).toBe('gone');
  expect(kindOf({ isValid: false, passed: false, judged: [] }, name)).toBe('invalid');
  const step = run('violated', 'step "deliver A from b to c"');
  expect(kindOf({ ...step, judged: [...step.judged, ...run('holds').judged] }, name)).toBe('impossible');
  expect(kindOf(step, 'A handler throws')).toBe('impossible');
  expect(kindOf(run('violated', 'A handler throws'), 'A handler throws')).toBe('broken');
});
