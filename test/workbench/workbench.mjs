// The workbench as a user operates it, driven by Playwright: what is visible, and what can be pressed and typed.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';

const artifacts = path.join(root, 'test', 'artifacts', 'workbench');

export class Workbench {
  constructor(page) {
    this.page = page;
    this.toolbar = page.locator('.debug-toolbar');
    this.stoppedLine = page.locator('.debug-top-stack-frame-line').first();
    this.breakpointRows = page.locator('.debug-breakpoints .monaco-list-row');
    this.callStackRows = page.locator('.debug-call-stack .monaco-list-row');
    this.variableRows = page.locator('.debug-variables .monaco-list-row');
    this.consoleInput = page.locator('.repl-input-wrapper .monaco-editor.focused');
    this.status = page.locator('.statusbar-item[id$="lockstep.moment"]');
  }

  /** Runs a command by its title in the command palette. */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.pick(`>${title}`, title);
  }

  /** Types into the open quick pick and chooses the first row that contains `row`. */
  async pick(typed, row) {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(typed);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().click();
  }

  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.pick(name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Opens a file by its row in the Explorer, which shows files that no search has indexed yet. */
  async openFromExplorer(name) {
    await this.command('View: Show Explorer');
    await this.page.locator('.explorer-viewlet .monaco-list-row', { hasText: name }).first().dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    // The extension is active now. Before that, F5 only opens the view Run and Debug.
    await this.page.locator('.codelens-decoration', { hasText: 'Debug' }).first().waitFor();
    await this.focusEditor();
  }

  /** A notification whose text matches. */
  notification(text) {
    return this.page.locator('.notification-list-item-message', { hasText: text }).first();
  }

  /** Waits until a panel has the focus: it is a frame in the page. */
  async untilPanelFocus() {
    await eventually(async () => {
      const focused = await this.page.evaluate(() => document.activeElement?.className ?? '');
      return /\bwebview\b/.test(focused) || undefined;
    }, 'the focus in a panel');
  }

  /** Keys reach the editor only while it has the focus; otherwise a panel would receive them. */
  async focusEditor() {
    await this.command('View: Focus First Editor Group');
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  toolbarButton(icon) {
    return this.toolbar.locator(`.codicon-debug-${icon}`);
  }

  /** The row of a variable; expands the scopes that VS Code has not expanded itself. */
  async variable(name) {
    const row = this.variableRows.filter({ hasText: name }).first();
    const collapsed = this.page.locator('.debug-variables .monaco-list-row[aria-expanded="false"]').first();
    await eventually(async () => {
      if (await row.isVisible()) return true;
      // The list may be redrawn between the two calls: then the next attempt finds its new rows.
      if (await collapsed.isVisible()) await collapsed.locator('.monaco-tl-twistie').click({ timeout: 1_000 }).catch(() => {});
      return undefined;
    }, `the variable ${name}`);
    return row;
  }

  /** The root element of a panel, `cluster` or `sequence`, in the frame that contains it. */
  async panel(name) {
    const element = `lockstep-${name}`;
    return eventually(async () => {
      for (const frame of this.page.frames()) {
        // A frame may be removed while it is searched.
        const count = await frame.locator(element).count().catch(() => 0);
        if (count > 0) return frame.locator(element);
      }
      return undefined;
    }, `the element <${element}>`);
  }

  /** Waits until the status bar shows a step for which `isExpected` returns true, and returns it. */
  async untilStep(isExpected) {
    return eventually(async () => {
      const shown = await this.status.textContent({ timeout: 1_000 }).catch(() => '');
      const match = /step ([\d,]+)/i.exec(shown ?? '');
      const step = match ? Number(match[1].replaceAll(',', '')) : undefined;
      return step !== undefined && isExpected(step) ? step : undefined;
    }, 'the expected step in the status bar');
  }

  /** Chooses a color theme and waits until an open panel uses it. `kind` is VS Code's name for its kind. */
  async chooseTheme(name, kind) {
    await this.command('Preferences: Color Theme');
    await this.pick(name, name);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    for (const panelName of ['cluster', 'sequence']) {
      const panel = await this.panel(panelName);
      await panel.locator(`xpath=ancestor::body[@data-vscode-theme-kind="${kind}"]`).waitFor();
    }
  }

  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    await this.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  }
}
