// The panels as tabs and as views, and pinned to a moment.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';

const scenario = 'first-election.scenario.yaml';

/** A copy of a sample that the tests may change. */
export function makeSurfacesFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-surfaces-'));
  cpSync(path.join(root, 'samples', 'raft'), folder, { recursive: true });
  rmSync(path.join(folder, '.vscode'), { recursive: true, force: true });
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeSurfaces(openWorkbench) {
  describe('the surfaces of the panels', () => {
    let workbench;
    let page;

    /** Waits until so many surfaces of a panel are at a step, and returns their elements. */
    const surfacesAt = (name, count, step) =>
      eventually(async () => {
        const found = [];
        for (const frame of page.frames()) {
          // A frame may be removed while it is searched.
          const element = frame.locator(`lockstep-${name}`);
          const at = await element.evaluate(shownStep, undefined, { timeout: 1_000 }).catch(() => -1);
          if (at === step) found.push(element);
        }
        return found.length === count ? found : undefined;
      }, `${count} surfaces of ${name} at step ${step}`);

    /** Presses a key in the code until the debugger is at a step. */
    const pressInCode = async (key, isThere) => {
      await workbench.focusEditor();
      await page.keyboard.press(key);
      return workbench.untilStep(isThere);
    };

    /** By the middle button: without the pointer over it, a tab has no other. */
    const closeTab = async (title) => {
      const tab = page.locator('.tab', { hasText: title });
      await tab.first().click({ button: 'middle' });
      await tab.first().waitFor({ state: 'detached' });
    };

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('a panel is a tab and a view at once, and both show the same', async () => {
      await workbench.openFromExplorer(scenario);
      await page.keyboard.press('F5');
      const step = await workbench.untilStep((now) => now >= 0);
      await surfacesAt('cluster', 1, step);
      await workbench.command('Lockstep: Focus on Cluster View');
      const both = await surfacesAt('cluster', 2, step);
      const [tab, view] = await Promise.all(both.map((element) => element.evaluate(shownState)));
      assert.equal(tab, view);
      const next = await pressInCode('F10', (now) => now > step);
      await surfacesAt('cluster', 2, next);
      await surfacesAt('sequence', 2, next);
      await workbench.screenshot('surfaces-1-tab-and-view');
    });

    it('its tab can be closed and opened again with Open in Editor', async () => {
      const step = await workbench.untilStep((now) => now >= 0);
      await closeTab('Cluster');
      await surfacesAt('cluster', 1, step);
      const header = page.locator('.pane-header', { hasText: 'Cluster' });
      await header.hover();
      await header.locator('.action-label[aria-label="Open Cluster in Editor"]').click();
      await surfacesAt('cluster', 2, step);
      await workbench.untilPanelFocus();
    });

    it('a pinned surface keeps its moment through steps, and follows again', async () => {
      const step = await workbench.untilStep((now) => now >= 0);
      // The command is about the surface that had the focus last: the tab.
      await workbench.command('Lockstep: Pin Panel or Follow Session');
      // The first key leads into the next action, where n1 reports its new term.
      await workbench.focusEditor();
      await page.keyboard.press('F10');
      await workbench.callStackRows.filter({ hasText: 'Paused on TermChanged at n1' }).waitFor();
      const next = await pressInCode('F10', (now) => now > step);
      await surfacesAt('cluster', 1, next);
      const [pinned] = await surfacesAt('cluster', 1, step);
      const toolbar = pinned.locator('xpath=..').locator('lockstep-toolbar');
      await toolbar.getByText(`Pinned at step ${step}; the session is at step ${next}`).waitFor();
      await workbench.screenshot('surfaces-2-pinned');
      await toolbar.locator('.pin').click();
      await surfacesAt('cluster', 2, next);
    });
  });
}

/** Runs in a frame: the step that a panel shows. */
function shownStep(element) {
  return element.state.shown?.moment.step ?? -1;
}

/** Runs in a frame: all that a panel draws. */
function shownState(element) {
  return JSON.stringify(element.state.shown);
}
