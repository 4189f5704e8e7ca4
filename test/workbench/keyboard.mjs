// The Cluster panel without a pointer: opened, reached and acted on by keys alone.
import { eventually } from '../host/eventually.mjs';
import { attemptMs, attempts } from './attempts.mjs';

const scenario = 'first-election.scenario.yaml';

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeKeyboard(openWorkbench) {
  describe('the Cluster panel by keyboard alone', () => {
    let workbench;
    let page;
    let begun;

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    /** Opens the quick input by a key, types, and takes its first row, all without the pointer. */
    const choose = (key, typed, row) =>
      attempts(async () => {
        try {
          await page.keyboard.press(key);
          await page.locator('.quick-input-widget input[type="text"]:focus').waitFor({ timeout: attemptMs });
          await page.keyboard.type(typed);
          const first = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row });
          await first.waitFor({ timeout: attemptMs });
          await page.keyboard.press('Enter');
          await page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: attemptMs });
        } catch (error) {
          await page.keyboard.press('Escape');
          throw error;
        }
      }, `choosing ${row} by keys`);

    /** What has the focus in the panel: `node n1`, or the text of an entry of its menu. */
    const reached = async () => {
      for (const frame of page.frames()) {
        const found = await frame.evaluate(focusedIn).catch(() => '');
        if (found) return found;
      }
      return '';
    };

    /** Presses a key until something has the focus that is looked for. */
    const pressUntil = async (key, isIt, most = 40) => {
      for (let pressed = 0; pressed < most; pressed++) {
        await page.keyboard.press(key);
        const now = await reached();
        if (isIt(now)) return now;
      }
      throw new Error(`${key} does not lead there; the focus is in ${await reached()}`);
    };

    /** Opens the menu of what has the focus, and takes the entry that begins with these letters. */
    const take = async (letters, isIt) => {
      await page.keyboard.press('Enter');
      await eventually(async () => ((await reached()).startsWith('menuitem') ? true : undefined), 'the menu');
      await page.keyboard.type(letters);
      await eventually(async () => (isIt(await reached()) ? true : undefined), `the entry ${letters}`);
      await page.keyboard.press('Enter');
    };

    const inPanel = (selector) => async () => {
      for (const frame of page.frames()) {
        const count = await frame.locator(`lockstep-cluster ${selector}`).count().catch(() => 0);
        if (count > 0) return count;
      }
      return undefined;
    };

    it('opens from the palette, and Tab leads to its nodes', async () => {
      await choose('Control+P', scenario, scenario);
      await workbench.untilOpen(scenario);
      await page.locator('.codelens-decoration', { hasText: 'Debug' }).first().waitFor();
      await page.keyboard.press('F5');
      begun = await workbench.untilStep((step) => step >= 0);
      await choose('F1', 'Lockstep: Focus on Cluster View', 'Focus on Cluster View');
      await workbench.untilPanelFocus();
      await eventually(inPanel('.node'), 'nodes');
      await pressUntil('Tab', (now) => now.startsWith('node '));
    });

    it('crashes a node', async () => {
      await take('crash', (now) => /^menuitem Crash n\d/.test(now));
      await eventually(inPanel('.node.crashed'), 'a crashed node');
      await workbench.untilStep((step) => step > begun);
      await workbench.screenshot('keyboard-1-crashed');
    });

    it('cuts a link', async () => {
      const before = await workbench.untilStep((step) => step > begun);
      await workbench.untilPanelFocus();
      await pressUntil('ArrowRight', (now) => now.startsWith('node '), 2);
      await pressUntil('ArrowDown', (now) => now.startsWith('link '), 6);
      await take('cut', (now) => now.startsWith('menuitem Cut'));
      await eventually(inPanel('.link.cut'), 'a link that is cut');
      await workbench.untilStep((step) => step > before);
      await workbench.screenshot('keyboard-2-cut');
    });

    it('delivers a message, and stops where its handler reports an event', async () => {
      const before = await workbench.status.textContent();
      await workbench.untilPanelFocus();
      await pressUntil('ArrowDown', (now) => now.startsWith('message '), 6);
      await take('deliver', (now) => now.startsWith('menuitem Deliver'));
      await eventually(
        async () => ((await workbench.status.textContent()) === before ? undefined : true), 'the delivery');
      await workbench.screenshot('keyboard-3-delivered');
    });
  });
}

/** Runs in a frame. */
function focusedIn() {
  const panel = document.querySelector('lockstep-cluster');
  let active = document.hasFocus() ? panel?.shadowRoot?.activeElement : undefined;
  if (!active) return '';
  while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const kind = ['node', 'timer', 'message', 'link'].find((name) => active.dataset[name] !== undefined);
  if (kind) return `${kind} ${active.dataset[kind]}`;
  return `${active.getAttribute('role') ?? active.localName} ${active.getAttribute('aria-label') ?? active.textContent.trim()}`;
}
