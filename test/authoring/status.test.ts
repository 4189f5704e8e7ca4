/** The status bar shows the state of the active session, whatever others do. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { ViewEvent } from '../../src/view/contract.ts';

const editor = vi.hoisted(() => ({
  active: undefined as { id: string } | undefined,
  item: { text: '', isShown: false },
  received: (_event: unknown) => {},
  activated: (_session: unknown) => {},
  terminated: (_session: unknown) => {},
}));

vi.mock('vscode', () => ({
  Disposable: { from: () => ({}) },
  StatusBarAlignment: { Left: 1 },
  window: {
    createStatusBarItem: () =>
      Object.assign(editor.item, {
        show: () => void (editor.item.isShown = true),
        hide: () => void (editor.item.isShown = false),
      }),
  },
  debug: {
    get activeDebugSession() {
      return editor.active;
    },
    onDidReceiveDebugSessionCustomEvent: (act: () => void) => void (editor.received = act),
    onDidChangeActiveDebugSession: (act: () => void) => void (editor.activated = act),
    onDidTerminateDebugSession: (act: () => void) => void (editor.terminated = act),
  },
}));

const { registerStatus } = await import('../../src/extension/status.ts');

const first = { id: '1', type: 'lockstep' };
const second = { id: '2', type: 'lockstep' };

function send(session: object, body: ViewEvent): void {
  editor.received({ session, event: 'lockstep/view', body });
}

function activate(session: { id: string } | undefined): void {
  editor.active = session;
  editor.activated(session);
}

const ended: ViewEvent = {
  type: 'ended',
  scenario: 'b.scenario.yaml',
  ending: { stoppedEarly: true, verdicts: [], counts: { holds: 0, violated: 0, unknown: 0 } },
};

beforeEach(() => {
  editor.active = undefined;
  editor.item.isShown = false;
  registerStatus();
});

test('each session has its own status, and that of the active one is shown', () => {
  activate(first);
  send(first, { type: 'running', scenario: 'a.scenario.yaml' });
  const running = editor.item.text;
  expect(running).toContain('Running');
  send(second, ended);
  expect(editor.item.text).toBe(running);
  activate(second);
  expect(editor.item.text).toContain('Ended');
  activate(first);
  expect(editor.item.text).toBe(running);
});

test('the end of another session does not hide the status of the active one', () => {
  activate(first);
  send(first, { type: 'running', scenario: 'a.scenario.yaml' });
  editor.terminated(second);
  expect(editor.item.isShown).toBe(true);
  activate(undefined);
  editor.terminated(first);
  expect(editor.item.isShown).toBe(false);
});
