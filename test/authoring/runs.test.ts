/** What the commands of the Runs view ask when they are not given a row. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { ExtensionContext, QuickPickItem, QuickPickOptions } from 'vscode';
import type { Panels } from '../../src/extension/panels/panels.ts';
import type { BranchView } from '../../src/view/branches.ts';

const editor = vi.hoisted(() => ({
  commands: new Map<string, (...given: unknown[]) => Promise<unknown>>(),
  listeners: [] as ((event: unknown) => void)[],
  session: undefined as unknown,
  asked: [] as string[],
}));

vi.mock('vscode', () => {
  const event = () => ({ dispose: () => undefined });
  return {
    Uri: class {},
    Disposable: { from: () => ({ dispose: () => undefined }) },
    EventEmitter: class {
      event = event;
      fire() {}
    },
    commands: {
      registerCommand: (name: string, act: () => Promise<unknown>) =>
        void editor.commands.set(name, act),
      executeCommand: async () => undefined,
    },
    debug: {
      get activeDebugSession() {
        return editor.session;
      },
      onDidReceiveDebugSessionCustomEvent: (listener: (event: unknown) => void) =>
        void editor.listeners.push(listener),
      onDidChangeActiveDebugSession: event,
      onDidTerminateDebugSession: event,
    },
    window: {
      createTreeView: () => ({ visible: false, selection: [], onDidChangeVisibility: event }),
      showQuickPick: async (items: readonly QuickPickItem[], { placeHolder }: QuickPickOptions) => {
        editor.asked.push(`${placeHolder}: ${items.map(({ label }) => label).join(', ')}`);
      },
    },
  };
});

const { registerRuns } = await import('../../src/extension/runs/runs.ts');
const { commands, debugType, viewEvent } = await import('../../src/extension/names.ts');

const parted = { from: 0, step: 3, time: 0 };
const branches: BranchView[] = [
  { number: 0, name: '', parted: null, length: 9 },
  { number: 1, name: '', parted, length: 8 },
  { number: 2, name: 'kept', parted, length: 8, stale: { type: 'no parent', parent: 7 } },
];

beforeEach(() => {
  editor.asked.length = 0;
});

test('what only a branch can do asks for a branch; all else for a run, the first among them', async () => {
  const session = {
    id: 's', type: debugType,
    customRequest: async () => ({ current: 1, step: 4, branches }),
  };
  editor.session = session;
  registerRuns({} as Panels, {} as ExtensionContext);
  for (const listen of editor.listeners) {
    listen({ session, event: viewEvent, body: { type: 'stopped' } });
  }
  for (const command of [commands.deleteRun, commands.goToRun, commands.nameRun]) {
    await editor.commands.get(command)!();
  }
  expect(editor.asked).toEqual([
    'Choose a branch: Branch 1, kept (2)',
    'Choose a run: First run, Branch 1',
    'Choose a run: First run, Branch 1',
  ]);
});
