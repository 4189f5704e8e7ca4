// The panels as tabs and as views, pinned, presented and moved, and the box of a violation that is gone.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';
import { chooseInQuickInput } from './quick-input.mjs';

const scenario = 'first-election.scenario.yaml';
const broken = 'lease.broken.scenario.yaml';

/** A copy of two samples that the tests may change. */
export function makeSurfacesFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-surfaces-'));
  for (const sample of ['raft', 'new-protocol']) {
    cpSync(path.join(root, 'samples', sample), folder, { recursive: true });
  }
  rmSync(path.join(folder, '.vscode'), { recursive: true, force: true });
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeSurfaces(openWorkbench) {
  describe('the surfaces of the panels', () => {
    let workbench;
    let page;

    /** The parts of the window that can be seen. */
    const visibleParts = () =>
      page.evaluate(() => {
        const names = ['activitybar', 'sidebar', 'editor', 'panel', 'auxiliarybar', 'statusbar'];
        return names.filter((name) => (document.querySelector(`.part.${name}`)?.clientWidth ?? 0) > 0);
      });

    const untilVisible = (parts, what) =>
      eventually(async () => ((await visibleParts()).join() === parts.join() ? true : undefined), what);

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

    /** Waits until a surface of a panel is within a part of the window, at a step. */
    const untilWithin = (part, name, step) =>
      eventually(async () => {
        const around = await page.locator(`.part.${part}`).boundingBox();
        for (const frame of around === null ? [] : page.frames()) {
          const box = await placeAt(frame, name, step);
          if (box && isWithin(box, around)) return true;
        }
        return undefined;
      }, `${name} at step ${step} in the ${part}`);

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

    it('a view is pinned by a button in its title, which then lets it follow', async () => {
      const step = await workbench.untilStep((now) => now >= 0);
      const header = page.locator('.pane-header', { hasText: 'Cluster' });
      const button = (label) => header.locator(`.action-label[aria-label^="${label}"]`);
      await header.hover();
      await button('Pin Cluster to This Moment').click();
      await button('Let Cluster Follow the Session').waitFor();
      // As above: the first key stops inside the next action.
      await workbench.focusEditor();
      await page.keyboard.press('F10');
      await workbench.callStackRows.filter({ hasText: 'Paused on TermChanged at n3' }).waitFor();
      const next = await pressInCode('F10', (now) => now > step);
      // The tab follows.
      await surfacesAt('cluster', 1, step);
      await surfacesAt('cluster', 1, next);
      await header.hover();
      await button('Let Cluster Follow the Session').click();
      await surfacesAt('cluster', 2, next);
      await button('Pin Cluster to This Moment').waitFor();
    });

    it('presents the panels alone with large text, and brings everything back', async () => {
      const before = await visibleParts();
      const step = await workbench.untilStep((now) => now >= 0);
      await workbench.command('Lockstep: Present');
      await untilVisible(['panel'], 'only the panels');
      const presented = await eventually(async () => {
        for (const frame of page.frames()) {
          const element = frame.locator('[data-of="presented"] lockstep-cluster');
          if ((await element.count().catch(() => 0)) > 0) return element;
        }
        return undefined;
      }, 'the presented panel');
      assert.equal(await presented.evaluate((element) => getComputedStyle(element).zoom), '1.5');
      const toolbar = presented.locator('xpath=..').locator('lockstep-toolbar');
      const place = () => presented.evaluate(shownPlace);
      const press = async (name) => {
        const last = await place();
        await toolbar.getByRole('button', { name, exact: true }).click();
        await eventually(async () => ((await place()) === last ? undefined : true), `a stop after ${name}`);
      };
      // It may stop inside the next action first, where a node reports its new term.
      while ((await presented.evaluate(shownStep)) === step) await press('Step');
      assert.equal(await presented.evaluate(shownStep), step + 1);
      assert.deepEqual(await visibleParts(), ['panel']);
      while ((await presented.evaluate(shownStep)) > step) await press('Step Back');
      await workbench.screenshot('surfaces-3-presented');
      await workbench.command('Lockstep: Present');
      await untilVisible(before, 'the parts of the window that were visible');
      await workbench.untilStep((now) => now === step);
      await workbench.stoppedLine.waitFor();
      await workbench.screenshot('surfaces-4-after');
      // Again, with the panels alone; and the debug console, in the same area, is as high as before.
      await workbench.command('Lockstep: Present');
      await untilVisible(['panel'], 'only the panels, for the second time');
      // The last that it does is to focus the first panel, which would close the quick input.
      await workbench.untilPanelFocus();
      await workbench.command('Lockstep: Present');
      await untilVisible(before, 'the same parts once more');
      await workbench.toggleConsole(true);
      assert.ok((await visibleParts()).includes('editor'));
      await workbench.toggleConsole(false);
    });

    it('no box of a violation is left once the protocol was saved without it', async () => {
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
      await workbench.openFromExplorer(broken);
      await page.keyboard.press('F5');
      await page.locator('.exception-widget').waitFor();
      await workbench.openFile('lease.ts');
      await workbench.focusEditor();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('// saved');
      await page.keyboard.press('Control+S');
      await workbench.callStackRows.filter({ hasText: 'Paused on the reloaded code' }).waitFor();
      await page.locator('.exception-widget').waitFor({ state: 'detached' });
      await workbench.stoppedLine.waitFor();
      assert.equal(await page.locator('.debug-top-stack-frame-line').count(), 1);
      await workbench.screenshot('surfaces-5-reloaded');
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
    });

    it('views that were moved stay where they are, through steps and a reload of the window', async () => {
      const moves = [
        ['Cluster', 'New Side Bar Entry', 'sidebar'],
        ['Sequence', 'New Secondary Side Bar Entry', 'auxiliarybar'],
        ['Logs', 'New Panel Entry', 'panel'],
      ];
      const title = 'View: Move View';
      // Before it comes the name of the place, which a moved view has of its own.
      const focusOn = (view) => workbench.command(`Focus on ${view} View`);
      const start = async () => {
        await workbench.openFromExplorer(scenario);
        await page.keyboard.press('F5');
        return workbench.untilStep((now) => now >= 0);
      };
      let step = await start();
      for (const [view, place, part] of moves) {
        await focusOn(view);
        await chooseInQuickInput(page, 'F1', [[`>${title}`, title], [view, view], [place, place]]);
        await untilWithin(part, view.toLowerCase(), step);
      }
      const before = step;
      step = await pressInCode('F10', (now) => now > before);
      for (const [view, , part] of moves) await untilWithin(part, view.toLowerCase(), step);
      await workbench.screenshot('surfaces-6-moved');
      await page.reload({ waitUntil: 'domcontentloaded' });
      step = await start();
      for (const [view, , part] of moves) {
        await focusOn(view);
        await untilWithin(part, view.toLowerCase(), step);
      }
      await workbench.screenshot('surfaces-7-moved-and-reloaded');
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
    });
  });
}

/** Runs in a frame: the step that a panel shows. */
function shownStep(element) {
  return element.state.shown?.moment.step ?? -1;
}

/** Runs in a frame: the step, and the action that the debugger is inside. */
function shownPlace(element) {
  const { step, entered } = element.state.shown?.moment ?? {};
  return JSON.stringify([step, entered]);
}

/** Runs in a frame: all that a panel draws. */
function shownState(element) {
  return JSON.stringify(element.state.shown);
}

/** The box of a panel in the window, if a frame shows it at a step; a frame may be removed meanwhile. */
async function placeAt(frame, name, step) {
  try {
    const element = frame.locator(`lockstep-${name}`);
    if ((await element.count()) === 0 || (await element.evaluate(shownStep, undefined, { timeout: 1_000 })) !== step) {
      return undefined;
    }
    const box = await frame.parentFrame().frameElement().then((one) => one.boundingBox());
    return box !== null && box.width > 0 ? box : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(box, around) {
  return box.x >= around.x - 1 && box.y >= around.y - 1 &&
    box.x + box.width <= around.x + around.width + 1 && box.y + box.height <= around.y + around.height + 1;
}
