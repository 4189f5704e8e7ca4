/** The extension's panels: which session they show, and what the adapters learn about them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contextKeys } from '../../src/extension/names.ts';
import type { Ending, ViewEvent } from '../../src/view/contract.ts';
import { turn } from '../host/event-loop.ts';
import { makeView } from '../webview/views.ts';
import { type FakeEditor, type FakePanel, FakeSession } from './fake-editor.ts';
import {
  begun, editor, isCleared, load, panelOf, panels, send, useNewPanels,
} from './panel-sessions.ts';

vi.mock('vscode', async () => {
  const fake = await import('./fake-editor.ts');
  const editor = new fake.FakeEditor();
  return { ...editor, editor };
});

useNewPanels();

const { moment, views } = makeView({ nodes: 3 });
const ending: Ending = {
  stoppedEarly: true,
  verdicts: [],
  counts: { holds: 0, violated: 0, unknown: 0 },
};

describe('panels', () => {
  test('open with a session, each in its place', async () => {
    const session = await begun('a');
    expect(editor.panels.map(({ title, viewColumn }) => [title, viewColumn])).toEqual([
      ['Cluster', 2],
      ['Sequence', 3],
    ]);
    expect(panelOf('cluster').webview.html).toContain('/extension/dist/webview/cluster.js');
    expect(session.requests).toEqual([
      { type: 'focus', kept: 'after commands' },
      { type: 'ready', panel: 'cluster' },
      { type: 'ready', panel: 'sequence' },
    ]);
  });

  test('say that a session is loading until it says something, or ends without it', async () => {
    const session = await begun('a');
    const { loading } = panelOf('cluster');
    expect(loading.at(-1)).toBe(false);
    editor.terminated.fire(session);
    expect(loading.at(-1)).toBe(true);
    const count = loading.length;
    const next = new FakeSession('b');
    editor.activate(next);
    send(next, { type: 'stopped', moment, views });
    editor.terminated.fire(next);
    expect(loading.slice(count)).toEqual([false]);
  });

  test('tell a page that opens whether there is a session', async () => {
    const session = await begun('a');
    expect(panelOf('cluster').opened.at(-1)).toBe(true);
    editor.terminated.fire(session);
    panelOf('cluster').received.fire({ type: 'ready', panel: 'cluster' });
    await turn();
    expect(panelOf('cluster').opened.at(-1)).toBe(false);
  });

  test('close the box of an exception once the frame of a stop without one is shown', async () => {
    const session = await begun('a');
    const tracker = editor.track(session);
    const closed = () => editor.executed.filter(([name]) => /closeExceptionWidget/.test(name)).length;
    const stop = (reason: string) =>
      tracker.onDidSendMessage({ type: 'event', event: 'stopped', body: { reason } });
    stop('exception');
    tracker.onDidSendMessage({ type: 'response', command: 'exceptionInfo', success: true });
    editor.showFrame(session);
    stop('pause');
    expect(closed()).toBe(0);
    editor.showFrame(session);
    await vi.waitFor(() => expect(closed()).toBe(1));
    stop('step');
    editor.showFrame(session);
    await turn();
    expect(closed()).toBe(1);
    tracker.onWillStopSession();
  });

  test.each(['lockstep/leaveBranch', 'next', 'goto'])(
    'leave the debug console closed that had no part in a stop: after %s', async (motion) => {
      const session = await begun('a');
      const tracker = editor.track(session);
      const opened = () => editor.executed.filter(([name]) => /focusRepl/.test(name)).length;
      const type = (expression: string) =>
        tracker.onWillReceiveMessage({
          type: 'request', command: 'evaluate', arguments: { context: 'repl', expression },
        });
      const stop = async () => {
        tracker.onDidSendMessage({ type: 'event', event: 'stopped', body: { reason: 'step' } });
        editor.showFrame(session);
        await turn();
      };
      type('crash n1');
      await stop();
      expect(opened()).toBe(1);
      // Reads a value, so that no stop follows.
      type('n1.term');
      tracker.onWillReceiveMessage({ type: 'request', command: motion });
      await stop();
      expect(opened()).toBe(1);
      tracker.onWillStopSession();
    },
  );

  test('do not open with a session that runs without debugging', () => {
    const session = new FakeSession('a', { noDebug: true });
    editor.activate(session);
    editor.started.fire(session);
    expect(editor.panels).toEqual([]);
  });

  test('are cleared by a run without debugging if what they show is over', async () => {
    const session = await begun('a');
    send(session, { type: 'stopped', moment, views });
    const run = () => editor.started.fire(new FakeSession('b', { noDebug: true }));
    const cleared = () => panelOf('cluster').posted.filter((one) => isCleared(one)).length;
    run();
    expect(cleared()).toBe(0);
    editor.terminated.fire(session);
    run();
    expect(cleared()).toBe(1);
    await begun('c');
    run();
    expect(cleared()).toBe(1);
  });

  test('are told why their view failed; another surface asks for it again', async () => {
    const session = await begun('a');
    send(session, { type: 'stopped', moment, views });
    send(session, { type: 'failed', failures: { cluster: 'no node n4' } });
    expect(panelOf('cluster').posted.at(-1)).toEqual({ type: 'failed', why: 'no node n4' });
    expect(panelOf('sequence').posted.at(-1)).toMatchObject({ type: 'stopped' });
    session.requests.length = 0;
    load('cluster');
    expect(session.requests).toEqual([{ type: 'ready', panel: 'cluster' }]);
  });

  test('receive their own view of a stop, and nothing if it holds none', async () => {
    const session = await begun('a');
    send(session, { type: 'stopped', moment, views: { cluster: views.cluster } });
    expect(panelOf('cluster').posted).toEqual([{ type: 'stopped', moment, view: views.cluster }]);
    expect(panelOf('sequence').posted).toEqual([]);
  });

  test('that are hidden or closed are reported to the adapter', async () => {
    const session = await begun('a');
    session.requests.length = 0;
    panelOf('cluster').setVisible(false);
    panelOf('sequence').dispose();
    expect(session.requests).toEqual([
      { type: 'hidden', panel: 'cluster' },
      { type: 'hidden', panel: 'sequence' },
    ]);
    panelOf('cluster').setVisible(true);
    load('cluster');
    expect(session.requests.at(-1)).toEqual({ type: 'ready', panel: 'cluster' });
  });

  test('have the focus while a page has it, whichever editor is active', async () => {
    const session = await begun('a');
    const kept = () =>
      session.requests.flatMap((request) => (request.type === 'focus' ? [request.kept] : []));
    panelOf('cluster').received.fire({ type: 'has focus', hasFocus: true });
    panelOf('cluster').stateChanged.fire();
    expect(kept()).toEqual(['after commands', 'always']);
    // From one page to the other: the first may report its loss last.
    panelOf('sequence').received.fire({ type: 'has focus', hasFocus: true });
    panelOf('cluster').received.fire({ type: 'has focus', hasFocus: false });
    expect(kept()).toEqual(['after commands', 'always']);
    panelOf('sequence').setVisible(false);
    expect(kept()).toEqual(['after commands', 'always', 'after commands']);
  });

  test('get the focus back from a frame that VS Code shows only when it is made to', async () => {
    const session = await begun('a');
    const tracker = editor.track(session);
    const cluster = panelOf('cluster');
    cluster.received.fire({ type: 'has focus', hasFocus: true });
    vi.useFakeTimers();
    const stop = async () => {
      const body = { reason: 'step', preserveFocusHint: true };
      tracker.onDidSendMessage({ type: 'event', event: 'stopped', body });
      tracker.onDidSendMessage({ type: 'response', command: 'stackTrace', success: true });
      await vi.advanceTimersByTimeAsync(1_100);
    };
    const taken = () => editor.executed.filter(([name]) => name.endsWith('callStackTop')).length;
    await stop();
    expect(taken()).toBe(1);
    // It did nothing, because VS Code did not have the frames yet.
    await vi.advanceTimersByTimeAsync(1_100);
    expect(taken()).toBe(2);
    editor.showFrame(session);
    cluster.received.fire({ type: 'has focus', hasFocus: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(cluster.revealed).toBe(1);
    // Neither had the focus, so the editor keeps it.
    await stop();
    expect(taken()).toBe(3);
    editor.showFrame(session);
    await vi.advanceTimersByTimeAsync(1_100);
    expect([cluster.revealed, taken()]).toEqual([1, 3]);
    vi.useRealTimers();
    tracker.onWillStopSession();
  });

  describe('and the box of an exception', () => {
    const box = { type: 'response', command: 'exceptionInfo', success: true };
    let tracker: ReturnType<FakeEditor['track']>;
    let cluster: FakePanel;
    const focus = (hasFocus: boolean) => cluster.received.fire({ type: 'has focus', hasFocus });

    beforeEach(async () => {
      tracker = editor.track(await begun('a'));
      cluster = panelOf('cluster');
      vi.useFakeTimers();
      focus(true);
    });

    afterEach(() => {
      tracker.onWillStopSession();
      vi.useRealTimers();
    });

    test('the panel gets the focus back once for each box', async () => {
      tracker.onDidSendMessage(box);
      expect(cluster.revealed).toBe(0);
      for (const boxes of [1, 2]) {
        focus(false);
        expect(cluster.revealed).toBe(boxes);
        tracker.onDidSendMessage(box);
        focus(true);
        await vi.advanceTimersByTimeAsync(500);
      }
      tracker.onDidSendMessage({ type: 'event', event: 'stopped', body: {} });
      focus(false);
      expect(cluster.revealed).toBe(2);
    });

    test('the panel gets the focus back even if its page does not report the second loss', async () => {
      tracker.onDidSendMessage(box);
      tracker.onDidSendMessage(box);
      focus(false);
      expect(cluster.revealed).toBe(1);
      await vi.advanceTimersByTimeAsync(500);
      expect(cluster.revealed).toBeGreaterThan(1);
      focus(true);
      const { revealed } = cluster;
      focus(false);
      await vi.runAllTimersAsync();
      expect(cluster.revealed).toBe(revealed);
    });

    test('the panel gets the focus back once, however late its page reports it', async () => {
      cluster.isBusy = true;
      tracker.onDidSendMessage(box);
      focus(false);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(cluster.revealed).toBe(1);
      focus(true);
      cluster.received.fire({ type: 'heard' });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(cluster.revealed).toBe(1);
    });

    test('not if no box is announced, or the panel did not have the focus', () => {
      focus(false);
      expect(cluster.revealed).toBe(0);
      tracker.onDidSendMessage(box);
      focus(true);
      focus(false);
      expect(cluster.revealed).toBe(0);
    });

    test('not after the next stop, nor when the box has not appeared in time', () => {
      tracker.onDidSendMessage(box);
      tracker.onDidSendMessage({ type: 'event', event: 'stopped', body: {} });
      focus(false);
      focus(true);
      tracker.onDidSendMessage(box);
      vi.runAllTimers();
      focus(false);
      expect(cluster.revealed).toBe(0);
    });

    test('not from what a key of the user opens, such as the command palette', () => {
      tracker.onDidSendMessage(box);
      cluster.received.fire({ type: 'shortcut' });
      focus(false);
      vi.runAllTimers();
      expect(cluster.revealed).toBe(0);
    });
  });

  test('show one panel on several surfaces, which the adapter computes once', async () => {
    const session = await begun('a');
    session.requests.length = 0;
    const stop: ViewEvent = { type: 'stopped', moment, views };
    send(session, stop);
    const view = editor.openView('lockstep.view.cluster');
    view.received.fire({ type: 'ready', panel: 'cluster' });
    expect(view.posted).toEqual([{ type: 'stopped', moment, view: views.cluster }]);
    expect(session.requests).toEqual([]);
    send(session, stop);
    expect(view.posted).toHaveLength(2);
    expect(panelOf('cluster').posted).toHaveLength(2);
    panelOf('cluster').setVisible(false);
    expect(session.requests).toEqual([]);
    view.setVisible(false);
    expect(session.requests).toEqual([{ type: 'hidden', panel: 'cluster' }]);
  });

  test('are pinned by the title of their view, which shows whether they are', async () => {
    await begun('a');
    const view = editor.openView('lockstep.view.cluster');
    const context = () =>
      editor.contexts.flatMap(([key, value]) => (key === contextKeys.pinnedViews ? [value] : []));
    panels.pinOrFollowView('cluster');
    expect(view.posted).toEqual([]);
    view.received.fire({ type: 'ready', panel: 'cluster' });
    panels.pinOrFollowView('cluster');
    expect(view.posted).toEqual([{ type: 'pin or follow' }]);
    expect(panelOf('cluster').posted).toEqual([]);
    view.received.fire({ type: 'pinned', isPinned: true });
    // A tab has no title of this kind.
    panelOf('sequence').received.fire({ type: 'pinned', isPinned: true });
    view.received.fire({ type: 'pinned', isPinned: false });
    expect(context()).toEqual(['cluster', 'cluster', '']);
  });

  test('tell a second surface that the run goes on', async () => {
    const session = await begun('a');
    send(session, { type: 'stopped', moment, views });
    send(session, { type: 'running', scenario: 'x' });
    const view = editor.openView('lockstep.view.cluster');
    view.received.fire({ type: 'ready', panel: 'cluster' });
    expect(view.posted.map((event) => (event as { type: string }).type)).toEqual([
      'stopped', 'running',
    ]);
  });

  test('turn to the active session: only its adapter has open panels', async () => {
    const first = await begun('a');
    panelOf('sequence').setVisible(false);
    first.requests.length = 0;
    const second = new FakeSession('b');
    editor.activate(second);
    expect(first.requests).toEqual([{ type: 'hidden', panel: 'cluster' }]);
    expect(second.requests).toEqual([{ type: 'ready', panel: 'cluster' }]);
    send(first, { type: 'stopped', moment, views: { cluster: views.cluster } });
    expect(panelOf('cluster').posted).toEqual([]);
    send(second, { type: 'stopped', moment, views: { cluster: views.cluster } });
    expect(panelOf('cluster').posted).toHaveLength(1);
  });

  test('keep their session while one of another kind is active', async () => {
    const session = await begun('a');
    editor.activate({ type: 'node' } as unknown as FakeSession);
    send(session, { type: 'running', scenario: 'x' });
    expect(panelOf('cluster').posted).toEqual([{ type: 'running', scenario: 'x' }]);
  });

  test('show how the run ended, even if they become visible afterwards', async () => {
    const session = await begun('a');
    panelOf('sequence').setVisible(false);
    const ended: ViewEvent = { type: 'ended', scenario: 'x', ending };
    send(session, ended);
    editor.activate(undefined);
    session.requests.length = 0;
    panelOf('sequence').setVisible(true);
    load('sequence');
    expect(panelOf('sequence').posted.at(-1)).toEqual(ended);
    expect(session.requests).toEqual([]);
  });

  test('send commands to the active session, and show why it refuses one', async () => {
    const session = await begun('a');
    session.refusal = 'deliver n1->n2#9 is not possible now';
    panelOf('cluster').received.fire({ type: 'take', action: 'deliver n1->n2#9' });
    await vi.waitFor(() => expect(editor.errors).toEqual([session.refusal]));
    expect(session.requests.at(-1)).toEqual({ type: 'take', action: 'deliver n1->n2#9' });
  });
});
