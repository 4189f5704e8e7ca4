// The workbench as a person meets it: what can be seen, pressed and typed, by Playwright.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';

const artifacts = path.join(root, 'test', 'artifacts', 'workbench');

export class Workbench {
  constructor(page) {
    this.page = page;
    this.toolbar = page.locator('.debug-toolbar');
    this.stoppedLine = page.locator('.debug-top-stack-frame-line').first();
    this.breakpointRows = page.locator('.debug-breakpoints .monaco-list-row');
    this.callStackRows = page.locator('.debug-call-stack .monaco-list-row');
    this.variableRows = page.locator('.debug-variables .monaco-list-row');
    this.problemRows = page.locator('.markers-panel .monaco-list-row');
    this.status = page.locator('.statusbar-item[id$="lockstep.moment"]');
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.pick(`>${title}`, title);
  }

  /** Types into the open quick pick and takes the first row that holds `row`. */
  async pick(text, row) {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(text);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().click();
  }

  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.pick(name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Keys go to the editor only while it has the focus; a panel would take them. */
  async focusEditor() {
    await this.command('View: Focus First Editor Group');
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  toolbarButton(icon) {
    return this.toolbar.locator(`.codicon-debug-${icon}`);
  }

  /** The row of a variable; the scopes are opened, where VS Code has not done so by itself. */
  async variable(name) {
    const row = this.variableRows.filter({ hasText: name }).first();
    for (let attempt = 0; attempt < 20; attempt++) {
      const here = await row.waitFor({ timeout: 500 }).then(
        () => true,
        () => false,
      );
      if (here) return row;
      const closed = this.page.locator('.debug-variables .monaco-list-row[aria-expanded="false"]');
      if ((await closed.count()) > 0) await closed.first().locator('.monaco-tl-twistie').click();
    }
    throw new Error(`no variable is named ${name}`);
  }

  /** The inside of a panel, once its own document is there: `cluster` or `sequence`. */
  async panel(name) {
    const element = `lockstep-${name}`;
    for (let attempt = 0; attempt < 200; attempt++) {
      for (const frame of this.page.frames()) {
        const found = await frame.locator(element).count().catch(() => 0);
        if (found > 0) return frame.locator(element);
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no panel holds <${element}>`);
  }

  /** The number of actions taken, as the status bar tells it. */
  async step() {
    const text = await this.status.innerText({ timeout: 1000 });
    const match = /step ([\d,]+)/.exec(text);
    if (!match) throw new Error(`the status bar shows "${text}", no step`);
    return Number(match[1].replaceAll(',', ''));
  }

  /** Waits until the status bar shows a step for which `holds` is true. */
  async untilStep(holds) {
    const deadline = Date.now() + 20_000;
    let seen = 'nothing';
    while (Date.now() < deadline) {
      const step = await this.step().catch(() => undefined);
      if (step !== undefined && holds(step)) return step;
      seen = step ?? seen;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`the status bar shows ${seen} and stays so`);
  }

  async chooseTheme(name) {
    await this.command('Preferences: Color Theme');
    await this.pick(name, name);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    // The panels follow the theme a moment later.
    await this.page.waitForTimeout(1000);
  }

  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    await this.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  }
}
