// What the workbench does around a session: where the focus is, which panels are open, what is shown and offered.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';
import { attemptMs, attempts } from './attempts.mjs';

const scenario = 'first-election.scenario.yaml';
const faulty = 'faulty.scenario.yaml';

/** A copy of samples/raft, which tests may change, with a scenario that has a problem in line 2. */
export function makeWorkplace() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-workplace-'));
  cpSync(path.join(root, 'samples', 'raft'), folder, { recursive: true });
  rmSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, faulty), 'title: A misspelt protocol\nprotocol: rafft\nnodes: [n1]\n');
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeWorkplace(openWorkbench, folder) {
  describe('the workbench around a session', () => {
    let workbench;
    let page;
    const lastStep = 4;

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('shows the problem of a scenario instead of starting it, without launch.json', async () => {
      await workbench.openFromExplorer(faulty);
      await page.keyboard.press('F5');
      await workbench.notification(/^faulty\.scenario\.yaml:2:11: there is no protocol `rafft`/).waitFor();
      await page.locator('.squiggly-error').first().waitFor();
      assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
      await workbench.screenshot('8-faulty');
    });

    it('starts a scenario with F5 without launch.json', async () => {
      await workbench.command('Notifications: Clear All Notifications');
      await workbench.openFromExplorer(scenario);
      await page.keyboard.press('F5');
      await page.locator('.exception-widget').waitFor();
    });

    it('shows a built-in protocol read-only, and offers to copy it', async () => {
      await workbench.focusEditor();
      await page.keyboard.press('Control+Home');
      await page.locator('.codelens-decoration', { hasText: 'Copy Protocol into Workspace' }).waitFor();
      await page.keyboard.type('x');
      await page.locator('.monaco-editor-overlaymessage').waitFor();
      assert.equal(await page.locator('.tab.dirty').count(), 0);
      await page.keyboard.press('Escape');
    });

    it('keeps the focus in the debug console while commands are typed', async () => {
      await workbench.toggleConsole(true);
      await page.keyboard.type('crash n1\ncrash n2\n');
      await page.locator('.repl', { hasText: 'crash n2: done' }).waitFor();
      await page.keyboard.type('crash n3\n');
      await page.locator('.repl', { hasText: 'crash n3: done' }).waitFor();
      // The election that the debugger was inside, and three crashes.
      await workbench.untilStep((step) => step === lastStep);
      await workbench.consoleInput.waitFor();
      await workbench.screenshot('8-console');
    });

    it('shows the frame of that stop, and no box of an earlier one', async () => {
      await workbench.stoppedLine.waitFor();
      assert.equal(await page.locator('.exception-widget').count(), 0);
      assert.equal(await page.locator('.debug-top-stack-frame-line').count(), 1);
      const saved = readFileSync(path.join(folder, scenario), 'utf8');
      assert.equal(saved, readFileSync(path.join(root, 'samples', 'raft', scenario), 'utf8'));
    });

    it('keeps the focus in a panel through steps', async () => {
      await workbench.toggleConsole(false);
      const cluster = await workbench.panel('cluster');
      await cluster.locator('input[type="range"]').focus();
      await workbench.untilPanelFocus();
      await page.keyboard.press('Home');
      await workbench.untilStep((step) => step === 0);
      await workbench.callStackRows.filter({ hasText: 'Paused after a jump' }).waitFor();
      await page.keyboard.press('F10');
      // The box takes the focus, and the panel gets it back.
      await page.locator('.exception-widget').waitFor();
      await workbench.untilPanelFocus();
      for (const [key, end] of [['F10', 1], ['F10', 2], ['F10', 3], ['F11', lastStep]]) {
        await page.keyboard.press(key);
        await workbench.untilStep((step) => step === end);
        await workbench.stoppedLine.waitFor();
        await workbench.untilPanelFocus();
      }
      await workbench.screenshot('8-panel');
    });

    it('leaves the command palette open that the user opens after a step', async () => {
      await workbench.panel('cluster').then((cluster) => cluster.locator('input[type="range"]').focus());
      await workbench.untilPanelFocus();
      await page.keyboard.press('Home');
      await workbench.untilStep((step) => step === 0);
      await page.keyboard.press('F10');
      await page.locator('.exception-widget').waitFor();
      await workbench.untilPanelFocus();
      // VS Code may show the box a second time, which closes whatever is open; the panels must not.
      await attempts(async () => {
        await page.keyboard.press('F1');
        const input = page.locator('.quick-input-widget input[type="text"]:focus');
        await input.waitFor({ timeout: attemptMs });
        // As fast as people type: it must stay open meanwhile.
        await page.keyboard.type('Lockstep: Open', { delay: 100 });
        assert.equal(await input.inputValue({ timeout: attemptMs }), '>Lockstep: Open');
      }, 'typing into the command palette');
      await page.keyboard.press('Escape');
    });

    it('opens no source over a panel', async () => {
      const groups = page.locator('.editor-group-container');
      assert.equal(await groups.count(), 3);
      for (const title of ['Cluster', 'Sequence']) {
        const group = groups.filter({ has: page.locator('.tab', { hasText: title }) });
        assert.deepEqual(await group.locator('.tab').allInnerTexts().then((all) => all.length), 1);
      }
    });

    it('gives the focus to a panel that is opened by its command', async () => {
      await workbench.focusEditor();
      await workbench.command('Lockstep: Open Cluster');
      await workbench.untilPanelFocus();
    });

    it('offers a restart when the scenario is saved while the session is paused', async () => {
      await workbench.openFromExplorer(scenario);
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# One more line.');
      await page.keyboard.press('Control+S');
      const offer = workbench.notification(/applies after a restart/);
      await offer.waitFor();
      await workbench.screenshot('8-saved');
      await workbench.answer(/applies after a restart/, 'Restart');
      await workbench.untilStep((step) => step === 0);
      await page.locator('.exception-widget').waitFor();
    });

    it('has one panel of each kind after the window is reloaded and a session starts', async () => {
      await page.reload({ waitUntil: 'domcontentloaded' });
      await workbench.panel('cluster');
      await workbench.openFromExplorer(scenario);
      await page.keyboard.press('F5');
      await page.locator('.exception-widget').waitFor();
      for (const title of ['Cluster', 'Sequence']) {
        assert.equal(await page.locator('.tab', { hasText: title }).count(), 1);
      }
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
    });

    it('lists the scenarios in the Testing view, and runs them', async () => {
      await workbench.command('Testing: Focus on Test Explorer View');
      const rows = page.locator('.test-explorer .monaco-list-row');
      await rows.filter({ hasText: 'minority-write.broken' }).waitFor();
      await workbench.command('Test: Run All Tests');
      await rows.filter({ hasText: 'split-vote' }).locator('.codicon-testing-passed-icon').waitFor();
      await rows.filter({ hasText: 'minority-write' }).locator('.codicon-testing-passed-icon').waitFor();
      await rows.filter({ hasText: faulty }).locator('.codicon-testing-error-icon').waitFor();
      const states = await eventually(async () => {
        const waiting = await rows.locator('.codicon-testing-queued-icon').count();
        return waiting === 0 ? 'all ended' : undefined;
      }, 'the end of all tests');
      assert.equal(states, 'all ended');
      await workbench.screenshot('9-tests');
    });
  });
}
