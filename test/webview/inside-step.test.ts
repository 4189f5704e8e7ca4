/** Inside of an action, every panel names the step that this will be, and says that one is inside. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnteredView } from '../../src/view/contract.ts';
import { panelNames } from '../../src/view/panels.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const entered: EnteredView = {
  position: 'inside', command: 'fire n1 election', sentence: 'n1: timer election fires',
};

/** Before the first step of a run that has not been recorded further. */
function insideFirst() {
  const made = makeView({ nodes: 3 });
  return { ...made, moment: { ...made.moment, step: 0, steps: 0, entered } };
}

test.each(panelNames.filter((name) => name !== 'cluster'))('%s', async (name) => {
  const panel = await openPanel(browser, name);
  await panel.show(insideFirst());
  await panel.page.getByText('Inside step 1', { exact: true }).waitFor();
  await panel.page.getByText('of 1 ·').first().waitFor();
  await panel.page.context().close();
});

test('cluster: in its field, in its slider, and spoken', async () => {
  const panel = await openPanel(browser, 'cluster', { width: 460 });
  await panel.show(insideFirst());
  const field = panel.page.getByRole('spinbutton', { name: 'Inside step' });
  expect(await field.inputValue()).toBe('1');
  expect(await field.evaluate((input) => (input as HTMLInputElement).checkValidity())).toBe(true);
  await panel.page.locator('.where', { hasText: 'Inside step' }).waitFor();
  const slider = panel.page.getByRole('slider');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^Inside step 1 of 1, /);
  await panel.page.getByRole('status').filter({ hasText: 'Inside step 1 of 1' }).waitFor();
  const made = insideFirst();
  await panel.show({ ...made, moment: { ...made.moment, entered: { ...entered, position: 'before' } } });
  await expect.poll(() => panel.page.getByRole('spinbutton', { name: 'Step', exact: true }).inputValue()).toBe('0');
  await panel.page.context().close();
});
