// Chooses a row of VS Code's quick input: the command palette, the search for files, a list of values.
import { attemptMs, attempts } from './attempts.mjs';

/**
 * Anything else that takes the focus closes the quick input: a stop that shows its frame, a panel
 * that opens, a command that has not ended. So a choice is an attempt, which is repeated from the
 * key that opens the quick input until each row in turn was accepted. A quick input that still
 * shows what was typed has accepted nothing, so a repetition does nothing twice.
 *
 * @param choices the pages of the quick input: what to type, and the row to choose then
 * @returns the text of the last chosen row
 */
export async function chooseInQuickInput(page, openingKey, choices) {
  const rows = choices.map(([, row]) => row).join(', ');
  return attempts(async () => {
    try {
      await open(page, openingKey);
      let chosen = '';
      for (const [typed, row] of choices) chosen = await choose(page, typed, row);
      return chosen;
    } catch (error) {
      await page.keyboard.press('Escape');
      throw error;
    }
  }, `choosing ${rows} in the quick input`);
}

const widgetOf = (page) => page.locator('.quick-input-widget');
const inputOf = (page) => widgetOf(page).locator('input[type="text"]');

async function open(page, key) {
  await widgetOf(page).waitFor({ state: 'hidden', timeout: attemptMs });
  await page.keyboard.press(key);
  // Without the focus it is about to close, or a page that it does not cover receives the keys.
  await page.locator('.quick-input-widget input[type="text"]:focus').waitFor({ timeout: attemptMs });
}

async function choose(page, typed, row) {
  const input = inputOf(page);
  await input.fill(typed, { timeout: attemptMs });
  const found = widgetOf(page).locator('.quick-input-list .monaco-list-row', { hasText: row }).first();
  await found.waitFor({ timeout: attemptMs });
  // The list must belong to what was typed, and the quick input must still be there.
  if ((await input.inputValue({ timeout: attemptMs })) !== typed) throw new Error(`${typed} was replaced`);
  const text = await found.innerText({ timeout: attemptMs });
  await found.click({ timeout: attemptMs });
  await untilAccepted(page, typed);
  return text;
}

/** The quick input closes, or shows its next page, whose input is another. */
async function untilAccepted(page, typed) {
  await page.waitForFunction(
    (before) => {
      const field = document.querySelector('.quick-input-widget input[type="text"]');
      return !field?.checkVisibility() || field.value !== before;
    },
    typed,
    { timeout: attemptMs },
  );
}
