// The editor of history files and the History panel of a session, read and clicked as a user does.
import assert from 'node:assert/strict';
import { eventually } from '../host/eventually.mjs';

const file = 'lost-update.edn';
const scenario = 'two-leaders.broken.scenario.yaml';
const themes = [
  ['light', 'Light Modern', 'vscode-light'],
  ['high-contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
  ['high-contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['dark', 'Dark Modern', 'vscode-dark'],
];

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeHistories(openWorkbench) {
  describe('histories', () => {
    let workbench;
    let page;

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('a history file opens with its verdict in words, and the conflict marked', async () => {
      await workbench.openFile(file);
      const editor = await workbench.panel('history-file');
      await editor.locator('.verdict.violated', { hasText: 'lost update' }).waitFor();
      const chosen = await editor.locator('select[name="model"]').evaluate(({ selectedOptions }) => {
        return selectedOptions[0].textContent.trim();
      });
      assert.match(chosen, /^✗ .*: violated$/);
      // Both sales read 5 and wrote what was left after their own.
      const conflict = editor.locator('.scroll .operation.conflict');
      assert.equal(await conflict.count(), 2);
      await editor.locator('.witness svg').waitFor();
    });

    for (const [name, theme, kind] of themes) {
      it(`the editor of a history file in a ${name} theme`, async () => {
        await workbench.chooseTheme(theme, kind, ['history-file']);
        await workbench.screenshot(`history-file-${name}`);
      });
    }

    it('an operation in the History panel of a session leads to its step', async () => {
      await workbench.openFromExplorer(scenario);
      await page.keyboard.press('F5');
      await workbench.untilStep((step) => step > 0);
      await workbench.command('Lockstep: Open History');
      const history = await workbench.panel('history');
      const operations = history.locator('.scroll .operation');
      let before = 0;
      // On to the next stop, until clients have done something.
      do {
        await workbench.focusEditor();
        await page.keyboard.press('F5');
        before = await workbench.untilStep((step) => step > before);
      } while ((await operations.count()) < 2);
      const title = await operations.first().getAttribute('aria-label');
      // `steps 12 to 15`: the operation was invoked in the first, and answered in the last.
      const [, invoked, answered = invoked] = /\bsteps? (\d+)(?: to (\d+))?/.exec(title) ?? [];
      assert.ok(Number(answered) < before, title);
      await operations.first().click();
      await workbench.untilStep((step) => step === Number(answered));
      await eventually(async () => {
        return (await operations.first().getAttribute('aria-current')) === 'step' || undefined;
      }, 'the mark of the present step');
    });

    for (const [name, theme, kind] of themes) {
      it(`the History panel in a ${name} theme`, async () => {
        await workbench.chooseTheme(theme, kind, ['history']);
        await workbench.screenshot(`history-${name}`);
      });
    }

    it('ends', async () => {
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
    });
  });
}
