// The main task as a user performs it: open a scenario, stop at a term change, step forwards and back.
import assert from 'node:assert/strict';

const scenario = 'first-election.scenario.yaml';

/** Registers the journey with mocha; each test continues where the one before it ended. */
export function describeJourney(openWorkbench) {
  describe('stepping through an election', () => {
    let workbench;
    let page;
    let firstStop;
    let stepAtEvent;

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('shows Debug and Run above the first line of a scenario', async () => {
      await workbench.openFile(scenario);
      const lens = page.locator('.codelens-decoration', { hasText: 'Debug' });
      await lens.waitFor();
      assert.match(await lens.innerText(), /Debug.*Run/s);
      await workbench.screenshot('1-scenario');
    });

    it('starts with F5 and stops where the scenario requests it', async () => {
      await workbench.focusEditor();
      await page.keyboard.press('F5');
      await workbench.toolbar.waitFor();
      await page.locator('.debug-viewlet').waitFor();
      await workbench.stoppedLine.waitFor();
      firstStop = await workbench.untilStep((step) => step >= 0);
    });

    it("lists the protocol's events as breakpoints, and TermChanged can be ticked", async () => {
      // The scenario's breakOn may have ticked this event already: then untick it first.
      await workbench.tickBreakpoint('TermChanged', false);
      await workbench.tickBreakpoint('TermChanged');
      await workbench.screenshot('2-breakpoint');
    });

    it('stops when the term changes again, in the handler that changed it', async () => {
      await workbench.focusEditor();
      await page.keyboard.press('F5');
      stepAtEvent = await workbench.untilStep((step) => step > firstStop);
      await page.locator('.tab.active', { hasText: 'raft' }).waitFor();
      await workbench.stoppedLine.waitFor();
      await workbench.screenshot('3-term-changed');
    });

    it('shows the causal stack, down to the scenario', async () => {
      await workbench.callStackRows.filter({ hasText: scenario }).first().waitFor();
    });

    it('shows the state of the node that acted', async () => {
      await workbench.variable('currentTerm');
    });

    it('draws the cluster', async () => {
      const cluster = await workbench.panel('cluster');
      await cluster.locator('svg').first().waitFor();
      for (const node of ['n1', 'n2', 'n3']) await cluster.getByText(node, { exact: true }).first().waitFor();
    });

    it('draws the sequence', async () => {
      const sequence = await workbench.panel('sequence');
      await sequence.locator('svg').first().waitFor();
      await workbench.screenshot('4-panels');
    });

    it('steps over one action', async () => {
      await workbench.toolbarButton('step-over').click();
      const step = await workbench.untilStep((now) => now !== stepAtEvent);
      assert.equal(step, stepAtEvent + 1);
    });

    it('steps back to where it was', async () => {
      await workbench.toolbarButton('step-back').click();
      await workbench.untilStep((now) => now === stepAtEvent);
      await workbench.variable('currentTerm');
      await workbench.screenshot('5-stepped-back');
    });

    for (const [name, theme, kind] of [
      ['light', 'Light Modern', 'vscode-light'],
      ['dark', 'Dark Modern', 'vscode-dark'],
      ['high-contrast', 'Dark High Contrast', 'vscode-high-contrast'],
    ]) {
      it(`shows the panels in a ${name} theme`, async () => {
        await workbench.chooseTheme(theme, kind);
        await workbench.screenshot(`6-${name}`);
      });
    }

    it('keeps the content of its panels while they are hidden', async () => {
      await workbench.command('View: Toggle Maximize Editor Group');
      await workbench.command('View: Toggle Maximize Editor Group');
      const cluster = await workbench.panel('cluster');
      await cluster.getByText('n1', { exact: true }).first().waitFor();
    });

    it('ends with Shift+F5', async () => {
      await workbench.focusEditor();
      await page.keyboard.press('Shift+F5');
      await workbench.toolbar.waitFor({ state: 'hidden' });
    });

    it('restores its panels after the window is reloaded', async () => {
      await page.reload({ waitUntil: 'domcontentloaded' });
      const sequence = await workbench.panel('sequence');
      await sequence.locator('svg').first().waitFor();
      await workbench.screenshot('7-reloaded');
    });
  });
}
