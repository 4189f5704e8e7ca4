// Find a Schedule That Breaks It… from the paused moment: the settings by keyboard, the branch, the saved scenario.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { attemptMs, until } from './attempts.mjs';

const scenario = 'quorum.scenario.yaml';
const saved = 'quorum-one-leader.scenario.yaml';
const title = 'Find a Schedule That Breaks It';

/** A copy of the sample, to which the test saves what it finds. */
export function makeFindingFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-finding-'));
  cpSync(path.join(root, 'samples', 'find-the-bug'), folder, { recursive: true });
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeFinding(openWorkbench, folder) {
  describe('finding a schedule from the paused moment', () => {
    let workbench;
    let page;
    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    /** The rows of the quick input, once it shows one with this text. */
    const untilRow = (text) =>
      page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().waitFor();
    /** Types a part of a row and accepts it. */
    const accept = async (text) => {
      await untilRow(text);
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    const reason = (text) => workbench.callStackRows.filter({ hasText: text }).waitFor();

    it('a scenario offers it above its first line', async () => {
      await workbench.openFromExplorer(scenario);
      await page.locator('.codelens-decoration', { hasText: `${title}…` }).waitFor();
    });

    it('its settings are chosen by keyboard, and the finding opens one action before the break', async () => {
      await page.keyboard.press('F5');
      await workbench.untilStep((step) => step === 0);
      await workbench.focusEditor();
      await page.keyboard.press('F10');
      await workbench.untilStep((step) => step === 1);
      const button = workbench.labelledButton(title);
      const begin = page.locator('.quick-input-list .monaco-list-row', { hasText: 'What time means' });
      await until(() => begin.isVisible(), () => button.click({ timeout: attemptMs }), 'the settings');
      await accept('What time means');
      await accept('Untimed');
      await untilRow('Untimed');
      await workbench.screenshot('finding-1-settings');
      await page.keyboard.press('Enter');
      await reason('Paused one action before One Leader breaks');
      await workbench.notification(/One Leader: c1 and c2 were both elected/).waitFor();
      await workbench.screenshot('finding-2-found');
    });

    it('one step breaks the promise, and the earlier run is one command away', async () => {
      await workbench.focusEditor();
      const broken = page.locator('.exception-widget');
      await until(() => broken.isVisible(), () => page.keyboard.press('F10'), 'the break');
      await workbench.command('Lockstep: Leave Branch');
      await reason('Paused where branch 1 parted');
      await workbench.untilStep((step) => step === 1);
    });

    it('the finding is saved as a scenario of plain steps', async () => {
      await workbench.command('Lockstep: Save Finding as Scenario');
      await workbench.untilOpen(saved);
      assert.ok(existsSync(path.join(folder, saved)));
      await page.locator('.view-line', { hasText: 'deliver c1->v' }).first().waitFor();
    });

    it('it runs again when its protocol is saved, and the result is told', async () => {
      await page.keyboard.press('Shift+F5');
      await workbench.openFile('quorum.ts');
      await workbench.focusEditor();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('// One more line.');
      await page.keyboard.press('Control+S');
      await workbench.notification(/1 saved finding ran again\. Still broken: quorum-one-leader/).waitFor();
    });
  });
}
