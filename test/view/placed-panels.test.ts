/** Where the extension's panels are: where the user had them, pinned, or presented. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { turn } from '../host/event-loop.ts';
import { FakeSession } from './fake-editor.ts';
import {
  begun, editor, panelOf, panels, renewPanels, useNewPanels,
} from './panel-sessions.ts';

vi.mock('vscode', async () => {
  const fake = await import('./fake-editor.ts');
  const editor = new fake.FakeEditor();
  return { ...editor, editor };
});

useNewPanels();

describe('panels', () => {
  describe('open where the user last had them', () => {
    const openWith = async (id: string) => {
      const session = new FakeSession(id);
      editor.activate(session);
      editor.started.fire(session);
      await vi.waitFor(() => expect(editor.executed.at(-1)).toBeDefined());
      await turn();
    };
    const types = () => editor.panels.map(({ type }) => type).sort();

    afterEach(() => delete editor.settings['lockstep.panels.place']);

    test('as views if a view was the last, and without the focus', async () => {
      editor.openView('lockstep.view.cluster');
      editor.panels.length = 0;
      panels.dispose();
      renewPanels();
      await openWith('a');
      expect(types()).toEqual(['lockstep.sequence', 'lockstep.view.cluster']);
      expect(editor.executed).toContainEqual([
        'lockstep.view.cluster.focus',
        { preserveFocus: true },
      ]);
    });

    test('as tabs again after Open in Editor', async () => {
      editor.openView('lockstep.view.cluster');
      await panels.openInEditor('cluster');
      editor.panels.length = 0;
      panels.dispose();
      renewPanels();
      await openWith('a');
      expect(types()).toEqual(['lockstep.cluster', 'lockstep.sequence']);
    });

    test('as the setting says until then, and again once it is changed', async () => {
      editor.configure('lockstep.panels.place', 'views');
      await panels.openInEditor('cluster');
      editor.configure('lockstep.panels.place', 'views');
      editor.panels.length = 0;
      panels.dispose();
      renewPanels();
      await openWith('a');
      expect(types()).toEqual(['lockstep.view.cluster', 'lockstep.view.sequence']);
    });
  });

  test('are loaded again if VS Code did not deliver their script, and then say so', async () => {
    await begun('a');
    const { webview, received } = panelOf('cluster');
    const pages = [webview.html];
    for (let count = 0; count < 3; count++) {
      received.fire({ type: 'not loaded' });
      pages.push(webview.html);
    }
    expect(new Set(pages).size).toBe(4);
    expect(pages.slice(0, 3).every((page) => page.includes('cluster.js'))).toBe(true);
    expect(pages[3]).toContain('This panel could not be loaded.');
  });

  test('are pinned by the command where the focus was last', async () => {
    await begun('a');
    panelOf('sequence').received.fire({ type: 'has focus', hasFocus: true });
    panelOf('sequence').received.fire({ type: 'has focus', hasFocus: false });
    panels.pinOrFollow();
    expect(panelOf('sequence').posted).toEqual([{ type: 'pin or follow' }]);
    expect(panelOf('cluster').posted).toEqual([]);
  });

  describe('that are presented', () => {
    const layout = () =>
      editor.executed.map(([name]) => name).filter((name) => /Zen|Panel$|focus$/.test(name));

    test('are views over everything, and the layout comes back', async () => {
      await begun('a');
      editor.executed.length = 0;
      await panels.present();
      expect(layout()).toEqual([
        'workbench.action.toggleZenMode',
        'workbench.action.closePanel',
        'lockstep.presented.cluster.focus',
        'lockstep.presented.sequence.focus',
        'workbench.action.toggleMaximizedPanel',
        'lockstep.presented.cluster.focus',
      ]);
      expect(editor.executed).toContainEqual(['setContext', 'lockstep.presented']);
      editor.executed.length = 0;
      await panels.present();
      const end = [
        'workbench.action.toggleMaximizedPanel', 'workbench.action.closePanel',
        'workbench.action.exitZenMode',
      ];
      expect(layout()).toEqual(end);
      // Each time anew, however often: what is toggled on is toggled off.
      editor.executed.length = 0;
      await panels.present();
      await panels.present();
      const toggles = layout().filter((name) => name.endsWith('toggleMaximizedPanel'));
      expect(toggles).toHaveLength(2);
      editor.settings['workbench.panel.opensMaximized'] = 'always';
      editor.executed.length = 0;
      await panels.present();
      expect(layout()).not.toContain('workbench.action.toggleMaximizedPanel');
      delete editor.settings['workbench.panel.opensMaximized'];
      await panels.present();
    });

    test('keep the focus, and the frame is shown once they are gone', async () => {
      const session = await begun('a');
      const tracker = editor.track(session);
      await panels.present();
      expect(session.requests.at(-1)).toEqual({ type: 'focus', kept: 'always' });
      const body = { reason: 'step', preserveFocusHint: true };
      const shown = () => editor.executed.filter(([name]) => name.endsWith('focusProcess')).length;
      vi.useFakeTimers();
      tracker.onDidSendMessage({ type: 'event', event: 'stopped', body });
      tracker.onDidSendMessage({ type: 'response', command: 'stackTrace', success: true });
      await vi.advanceTimersByTimeAsync(50);
      expect(shown()).toBe(0);
      vi.useRealTimers();
      await panels.present();
      await vi.waitFor(() => expect(shown()).toBeGreaterThan(0));
      editor.showFrame(session);
      tracker.onWillStopSession();
    });

    test('move the session by their toolbar, and end by it', async () => {
      await begun('a');
      await panels.present();
      const view = editor.panels.find(({ type }) => type === 'lockstep.presented.cluster')!;
      expect(view.webview.html).toContain('data-of="presented"');
      editor.executed.length = 0;
      view.received.fire({ type: 'move', motion: 'step back' });
      view.received.fire({ type: 'end presentation' });
      await vi.waitFor(() =>
        expect(editor.executed.map(([name]) => name)).toContain('workbench.action.exitZenMode'),
      );
      expect(editor.executed[0]).toEqual(['workbench.action.debug.stepBack']);
    });

    test('do not outlive a reload of the window', async () => {
      await begun('a');
      await panels.present();
      panels.dispose();
      editor.executed.length = 0;
      renewPanels();
      await vi.waitFor(() => expect(layout()).toContain('workbench.action.exitZenMode'));
    });
  });
});
