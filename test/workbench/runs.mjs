// The Runs view in the workbench: a branch is visited, left and named.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../host/eventually.mjs';

const scenario = 'duel.scenario.yaml';

/** A folder with a scenario that needs no time, so that a saved run is plain deliveries. */
export function makeRunsFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-runs-'));
  writeFileSync(path.join(folder, scenario), [
    'title: A duel', 'protocol: paxos', 'nodes: { p1..p2: proposer, a1..a3: acceptor }',
    'network: { latency: 1ms..20ms }', 'seed: 4', 'steps:',
    '  - start p1 propose red', '  - start p2 propose blue', '  - wait 1s', '',
  ].join('\n'));
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeRuns(openWorkbench) {
  describe('the Runs view', () => {
    let workbench;
    let page;
    const pane = () => page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Runs' }) });
    const rows = () => pane().locator('.monaco-list-row');
    const row = (text) => rows().filter({ hasText: text }).first();
    const labelOf = (text) => row(text).getAttribute('aria-label');

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('says in words what it will show, before there is a session', async () => {
      await workbench.openFromExplorer(scenario);
      await workbench.command('Focus on Runs View');
      await pane().getByText('No Lockstep session is running').waitFor();
    });

    it('has a row for each run, with the current one marked, and says both to a screen reader', async () => {
      await workbench.focusEditor();
      await page.keyboard.press('F5');
      await workbench.untilStep((step) => step === 0);
      await row('First run').waitFor();
      await workbench.toggleConsole(true);
      await page.keyboard.type('crash a1\n');
      await page.locator('.repl', { hasText: 'crash a1: done' }).waitFor();
      await workbench.toggleConsole(false);
      // At the end of a run no branch begins; before its end one does.
      await workbench.toolbarButton('step-back').click();
      await workbench.untilStep((step) => step === 0);
      await workbench.toggleConsole(true);
      await page.keyboard.type('crash a2\n');
      await page.locator('.repl', { hasText: 'crash a2: done' }).waitFor();
      await workbench.toggleConsole(false);
      await row('Branch 1').waitFor();
      assert.match(await labelOf('Branch 1'), /The debugger is here, after step 1\. Parted from First run after step 0/);
      assert.match(await labelOf('Branch 1'), /Begins with: a2 crashes\./);
      await workbench.screenshot('9-runs');
    });

    it('goes to a run that is clicked, and leaves a branch for its parent', async () => {
      await row('First run').click();
      await eventually(async () => /The debugger is here/.test(await labelOf('First run')), 'the first run');
      await row('Branch 1').click();
      await eventually(async () => /The debugger is here/.test(await labelOf('Branch 1')), 'the branch');
      await workbench.command('Lockstep: Leave Branch');
      await workbench.untilStep((step) => step === 0);
      await eventually(async () => /The debugger is here, after step 0/.test(await labelOf('First run')), 'the parent');
    });

    it('names a run by a key', async () => {
      await row('Branch 1').click();
      await eventually(async () => /The debugger is here/.test(await labelOf('Branch 1')), 'the branch');
      const input = page.locator('.quick-input-widget input[type="text"]');
      const soon = { timeout: 2_000 };
      // The stop opens the source, which may take the focus, and so close what asks for the name.
      await eventually(async () => {
        await workbench.command('Focus on Runs View');
        await page.keyboard.press('F2');
        try {
          await input.waitFor(soon);
          if ((await input.getAttribute('placeholder', soon)) === 'Choose a run') {
            await input.fill('Branch 1', soon);
            await page.keyboard.press('Enter');
          }
          await page.locator('.quick-input-widget', { hasText: 'Name of Branch 1' }).waitFor(soon);
          await input.fill('without a2', soon);
          await page.keyboard.press('Enter');
          await row('without a2 (1)').waitFor(soon);
          return true;
        } catch {
          await page.keyboard.press('Escape');
          return undefined;
        }
      }, 'the name');
      await row('without a2 (1)').waitFor();
    });

    it('says again what it will show, once the session has ended', async () => {
      await page.keyboard.press('Shift+F5');
      await pane().getByText('No Lockstep session is running').waitFor();
    });
  });
}
