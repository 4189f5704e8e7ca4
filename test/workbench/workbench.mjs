// The workbench as a user operates it, driven by Playwright: what is visible, and what can be pressed and typed.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';
import { attemptMs, isDoneWithin, until } from './attempts.mjs';
import { chooseInQuickInput } from './quick-input.mjs';

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
    this.stepOver = page.locator('.debug-toolbar .codicon-debug-step-over:not(.disabled)');
    this.status = page.locator('.statusbar-item[id$="lockstep.moment"]');
  }

  /** Runs a command by its title in the command palette. */
  async command(title) {
    await chooseInQuickInput(this.page, 'F1', [[`>${title}`, title]]);
  }

  async openFile(name) {
    await chooseInQuickInput(this.page, 'Control+P', [[name, name]]);
    await this.untilOpen(name);
  }

  /** Opens a file by its row in the Explorer, which shows files that no search has indexed yet. */
  async openFromExplorer(name) {
    const row = this.page.locator('.explorer-viewlet .monaco-list-row', { hasText: name }).first();
    await this.command('View: Show Explorer');
    await until(() => this.isOpen(name), () => row.dblclick({ timeout: attemptMs }), `the tab ${name}`);
    await this.untilOpen(name);
    // The extension is active now. Before that, F5 only opens the view Run and Debug.
    await this.page.locator('.codelens-decoration', { hasText: 'Debug' }).first().waitFor();
    await this.focusEditor();
  }

  async isOpen(name) {
    return (await this.page.locator(`.tab.active[data-resource-name="${name}"]`).count()) > 0;
  }

  async untilOpen(name) {
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** A notification whose text matches. */
  notification(text) {
    return this.page.locator('.notification-list-item-message', { hasText: text }).first();
  }

  /**
   * Waits until a panel has the focus: it is a frame in the page. The page in that frame gets it a
   * little later, and only then the extension knows: a key that comes before is lost for the panel.
   */
  async untilPanelFocus() {
    await eventually(async () => {
      const focused = await this.page.evaluate(() => document.activeElement?.className ?? '');
      if (!/\bwebview\b/.test(focused)) return undefined;
      for (const frame of this.pageFrames()) {
        // A frame may be removed while it is asked.
        if (await frame.evaluate(isFocusedPanel).catch(() => false)) return true;
      }
      return undefined;
    }, 'the focus in a panel');
  }

  /** Keys reach the editor only while it has the focus; otherwise a panel would receive them. */
  async focusEditor() {
    const focused = this.page.locator('.editor-instance .monaco-editor.focused').first();
    await until(
      () => focused.isVisible(),
      () => this.command('View: Focus First Editor Group'),
      'the focus in the editor',
    );
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Opens the debug console with the focus in its input, or closes it. */
  async toggleConsole(isOpen) {
    await until(
      async () => (await this.consoleInput.isVisible()) === isOpen,
      () => this.page.keyboard.press('Control+Shift+Y'),
      `${isOpen ? 'opening' : 'closing'} the debug console`,
    );
  }

  /** Presses a button of a notification, which leaves its toast for the list after a while. */
  async answer(text, button) {
    const toast = this.notification(text);
    const item = toast.locator('xpath=ancestor::*[contains(@class, "notification-list-item")]');
    let isPressed = false;
    await until(
      () => isPressed,
      async () => {
        if (!(await toast.isVisible())) await this.command('Notifications: Show Notifications');
        await item.locator('.monaco-button', { hasText: button }).click({ timeout: attemptMs });
        isPressed = true;
      },
      `pressing ${button} of ${text}`,
    );
  }

  /** Ticks or unticks a row of the view Breakpoints. */
  async tickBreakpoint(name, isTicked = true) {
    const row = this.breakpointRows.filter({ hasText: name }).first();
    const box = row.locator('input[type="checkbox"], .monaco-checkbox').first();
    await row.waitFor();
    await until(
      async () => (await isChecked(box)) === isTicked,
      () => box.click({ timeout: attemptMs }),
      `ticking ${name}`,
    );
  }

  toolbarButton(icon) {
    return this.toolbar.locator(`.codicon-debug-${icon}`);
  }

  /** A button of the debug toolbar by its name, once it can be pressed. */
  labelledButton(label) {
    return this.toolbar.locator(`.action-label:not(.disabled)[aria-label^="${label}"]`);
  }

  /**
   * The row of a variable of a scope, found by opening the scope and scrolling, as a user would.
   * Other scopes stay closed: their rows are many, and the view shows five at a time.
   */
  async variable(text, scope = /^State/) {
    const row = this.variableRows.filter({ hasText: text }).first();
    const closed = this.page.locator('.debug-variables .monaco-list-row[aria-level="1"][aria-expanded="false"]:not(.monaco-tree-sticky-row)');
    const twistie = closed.filter({ hasText: scope }).first().locator('.monaco-tl-twistie');
    await eventually(async () => {
      if (await row.isVisible()) return true;
      // The list may be redrawn between the two calls, or the names of parents cover the row.
      const isOpened = (await twistie.isVisible()) && (await twistie.click({ timeout: 1_000 }).then(() => true, () => false));
      if (!isOpened) await this.scrollVariables();
      return undefined;
    }, `the variable ${text}`);
    return row;
  }

  /**
   * To the rows below, and after the last to the first: by keys, since a busy workbench may ignore
   * most of a long turn of the wheel.
   */
  async scrollVariables() {
    const list = this.page.locator('.debug-variables .monaco-list');
    const position = () => list.evaluate(positionInList);
    const isMovedBy = async (key) => {
      const before = await position();
      await list.press(key, { timeout: attemptMs });
      return isDoneWithin(1_000, async () => (await position()) !== before);
    };
    if (!(await isMovedBy('PageDown'))) await isMovedBy('Home');
  }

  /** The visible frames of the stack: name, file and line of each, from the top. */
  frames() {
    return this.page.evaluate(() => {
      const text = (row, name) => row.querySelector(name)?.textContent?.trim() ?? '';
      return [...document.querySelectorAll('.debug-call-stack .monaco-list-row')]
        .filter((row) => row.querySelector('.stack-frame'))
        .toSorted((one, other) => one.dataset.index - other.dataset.index)
        .map((row) => ({
          name: text(row, '.label'),
          file: text(row, '.file-name'),
          line: Number.parseInt(text(row, '.line-number')),
        }));
    });
  }

  /** Waits for a stop whose frames and reason are expected. Two readings must agree: see `untilStep`. */
  async untilStop(isExpected) {
    let last;
    return eventually(async () => {
      const isStopped = (await this.stepOver.count()) > 0;
      const frames = await this.frames();
      const states = await this.callStackRows.locator('.state').allTextContents();
      const reason = states[0] ?? '';
      const now = JSON.stringify([isStopped, reason, frames]);
      const isSteady = isStopped && now === last;
      last = now;
      return isSteady && isExpected(frames, reason.trim()) ? frames : undefined;
    }, 'the expected stop').catch((error) => {
      throw new Error(`${error.message}; the last one was ${last}`);
    });
  }

  /**
   * Gives a row of the view Breakpoints a condition, by its context menu, or by its button if the
   * menu closed without effect. The input closes as soon as anything else gets the focus.
   */
  async setCondition(name, condition) {
    const row = this.breakpointRows.filter({ hasText: name }).first();
    const byMenu = async () => {
      await row.click({ button: 'right', timeout: attemptMs });
      await this.page.locator('.monaco-menu .action-item', { hasText: 'Edit Condition' }).click({ timeout: attemptMs });
    };
    const byButton = async () => {
      await row.hover({ timeout: attemptMs });
      await row.locator('.action-label[aria-label^="Edit Condition"]').click({ timeout: attemptMs });
    };
    let attempt = 0;
    const input = this.page.locator('.debug-breakpoints .monaco-list-row input[type="text"], .debug-breakpoints .monaco-list-row .monaco-inputbox input').first();
    await until(
      () => input.isVisible(),
      async () => {
        await this.page.keyboard.press('Escape');
        await (attempt++ % 2 === 0 ? byMenu() : byButton());
      },
      `editing the condition of ${name}`,
    ).catch(async (error) => {
      throw new Error(`${error.message}; the focus is in ${await this.focusedElement()}`);
    });
    await input.fill(condition);
    await input.press('Enter');
    await row.filter({ hasText: condition }).waitFor();
  }

  /** The element with the focus, and those around it: for the message of a failure. */
  focusedElement() {
    return this.page.evaluate(() => {
      const names = [];
      for (let at = document.activeElement; at && names.length < 6; at = at.parentElement) {
        names.push(`${at.tagName.toLowerCase()}.${String(at.className).replaceAll(' ', '.')}`);
      }
      return names.join(' < ');
    });
  }

  /** Moves the cursor of the editor to a line; the first is 1. */
  async goToLine(line) {
    await this.focusEditor();
    await this.page.keyboard.press('Control+Home');
    for (let at = 1; at < line; at++) await this.page.keyboard.press('ArrowDown');
  }

  /** Sets a breakpoint on the line of the cursor in the open file, and removes it. */
  async toggleLineBreakpoint(file) {
    await this.untilOpen(file);
    await this.focusEditor();
    const glyph = this.page.locator('.editor-instance .glyph-margin-widgets .codicon-debug-breakpoint').first();
    await this.page.keyboard.press('F9');
    await glyph.waitFor();
    await this.page.keyboard.press('F9');
    await glyph.waitFor({ state: 'detached' });
  }

  /** Opens the quick input by a key, chooses the first row that contains `row`, and returns its text. */
  choose(key, row) {
    return chooseInQuickInput(this.page, key, [['', row]]);
  }

  /** Types into the debug console, which must have the focus, and waits for its answer. */
  async typed(text, answer) {
    await this.consoleInput.waitFor();
    const answers = this.page.locator('.repl .monaco-list-row', { hasText: answer });
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await answers.last().waitFor();
  }

  /** The frames that may show a panel: a page of VS Code is around each, and has none itself. */
  pageFrames() {
    return this.page.frames().filter((frame) => frame.parentFrame() && frame.childFrames().length === 0);
  }

  /** The root element of a panel, `cluster` or `sequence`, in the frame that contains it. */
  async panel(name) {
    const element = `lockstep-${name}`;
    return eventually(async () => {
      for (const frame of this.pageFrames()) {
        // A frame may be removed while it is searched.
        const count = await frame.locator(element).count().catch(() => 0);
        if (count > 0) return frame.locator(element);
      }
      return undefined;
    }, `the element <${element}>`);
  }

  /**
   * Waits until the debugger has taken a number of steps for which `isExpected` returns true, and
   * returns it. The status bar shows it a little before VS Code accepts the next key, and the toolbar
   * shows its state a little late: so two readings must agree.
   */
  async untilStep(isExpected) {
    let last;
    return eventually(async () => {
      const isStopped = (await this.stepOver.count()) > 0;
      const shown = await this.status.textContent({ timeout: 1_000 }).catch(() => '');
      const match = /(inside )?step ([\d,]+)/i.exec(shown ?? '');
      // Inside of step 5, four were taken.
      const number = match && Number(match[2].replaceAll(',', '')) - (match[1] ? 1 : 0);
      const step = match && isStopped ? number : undefined;
      const isSteady = step !== undefined && step === last;
      last = step;
      return isSteady && isExpected(step) ? step : undefined;
    }, 'a stop at the expected step');
  }

  /** Chooses a color theme and waits until an open panel uses it. `kind` is VS Code's name for its kind. */
  async chooseTheme(name, kind, panels = ['cluster', 'sequence']) {
    const title = 'Preferences: Color Theme';
    await chooseInQuickInput(this.page, 'F1', [[`>${title}`, title], [name, name]]);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    for (const panelName of panels) {
      const panel = await this.panel(panelName);
      await panel.locator(`xpath=ancestor::body[@data-vscode-theme-kind="${kind}"]`).waitFor();
    }
  }

  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    await this.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  }
}

function isChecked(box) {
  return box.evaluate((element) => element.checked || element.getAttribute('aria-checked') === 'true');
}

/** Runs in the page: the rows that are drawn, and which of them has the focus. */
function positionInList(list) {
  return [...list.querySelectorAll('.monaco-list-row')]
    .map((row) => `${row.dataset.index} ${row.classList.contains('focused')}`)
    .join();
}

/** Runs in a frame. */
function isFocusedPanel() {
  const panels = 'lockstep-cluster, lockstep-sequence, lockstep-history';
  return document.hasFocus() && document.querySelector(panels) !== null;
}
