/** Panels show code in the font of code: no word of theirs has the marks of Markdown. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { panelNames } from '../../src/view/panels.ts';
import { launched, openLive, type LivePanel } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const drift = path.join(samples, 'locks-as-written/redlock-drift.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Texts and labels with a mark, and what is shown as code. */
function marksIn({ page }: Pick<LivePanel<'cluster'>, 'page'>) {
  return page.evaluate(() => {
    const marked: string[] = [];
    const code: string[] = [];
    const look = (root: ParentNode) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const isHidden = text.parentElement?.closest('style, script');
        if (!isHidden && text.nodeValue?.includes('`')) marked.push(text.nodeValue.trim());
      }
      for (const element of root.querySelectorAll('*')) {
        for (const name of ['title', 'aria-label']) {
          if (element.getAttribute(name)?.includes('`')) marked.push(element.getAttribute(name)!);
        }
        if (element.localName === 'code') code.push(element.textContent);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document.querySelector('#app') ?? document.body);
    return { marked, code };
  });
}

test.each(panelNames)('%s', async (name) => {
  const host = await launched(drift, { stopOnEntry: true });
  const live = await openLive(browser, host, name, { width: 1280, height: 800 });
  const { page } = live;
  if (name === 'cluster') await page.getByRole('button', { name: 'Scenario' }).click();
  await page.waitForFunction(() => document.querySelector('#app')!.textContent !== null);
  const start = await marksIn(live);
  expect(start.marked).toEqual([]);
  const shown: Partial<Record<typeof name, string>> = {
    logs: 'look', history: 'history is MODEL', cluster: 'driftPercent',
  };
  if (shown[name]) expect(start.code).toContain(shown[name]);
  await live.goTo(20);
  if (name === 'spacetime') {
    const field = page.locator('input[type=search]');
    await field.fill('event.nome == "LockAcquired" && n99.term');
    await field.press('Enter');
    await page.locator('p.note.wrong code').first().waitFor();
  }
  expect((await marksIn(live)).marked).toEqual([]);
  await page.context().close();
});
