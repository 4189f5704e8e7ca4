/** The History panel in Chromium: intervals, conflicts, pages, keys, and what it withstands. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileEvent } from '../../src/view/history/history-view.ts';
import { historyView, operation, violatedView, withHistory } from './history-views.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const conflict = [operation(2), operation(3)];

const chart = ({ page }: PanelPage<'history'>) => page.locator('.scroll [data-place]');

describe('the History panel of a session', () => {
  it('says what will appear before the first stop', async () => {
    const panel = await openPanel(browser, 'history');
    await panel.send({ type: 'opened', hasSession: false });
    await panel.page.getByText('The operations of clients appear here').waitFor();
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'history' }]);
    await panel.show(withHistory(historyView(0)));
    await panel.page.getByText('No client has invoked an operation yet.').waitFor();
  });

  it('lets nothing pass below the buttons at its corner while it is scrolled', async () => {
    const panel = await openPanel(browser, 'history', { width: 420, height: 260 });
    await panel.show(withHistory(historyView(40, [violatedView(conflict)])));
    await expect.poll(() => chart(panel).count()).toBeGreaterThan(3);
    await panel.page.evaluate(() => window.scrollTo(0, 200));
    expect(await panel.page.evaluate(() => window.scrollY)).toBeGreaterThan(50);
    const below = await panel.page.evaluate(() => {
      const { left, right, top, bottom } = document.querySelector('lockstep-toolbar')!.getBoundingClientRect();
      const root = document.querySelector('lockstep-history')!.shadowRoot!;
      const places = [[left + 2, top + 2], [right - 4, top + 2], [left + 2, bottom - 4], [(left + right) / 2, (top + bottom) / 2]];
      return places.map(([x, y]) => root.elementsFromPoint(x!, y!).find((one) => root.contains(one))?.localName);
    });
    for (const name of below) expect(['header', 'p', 'strong']).toContain(name);
  });

  it('draws an interval for each operation, and goes to its moment by click and by keys', async () => {
    const panel = await openPanel(browser, 'history');
    await panel.show(withHistory(historyView(4), 35));
    await expect.poll(() => chart(panel).count()).toBe(4);
    expect(await panel.page.locator('.scroll [aria-current="step"]').count()).toBe(1);
    await chart(panel).nth(1).click();
    await chart(panel).nth(1).focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    const steps = (await panel.posted()).slice(1);
    expect(steps).toEqual([15, 25, 15].map((step) => ({ type: 'goto', step })));
    expect(panel.complaints).toEqual([]);
  });

  it('has a single stop in the order of tabs, and names each operation in words', async () => {
    const panel = await openPanel(browser, 'history');
    await panel.show(withHistory(historyView(4, [violatedView(conflict)])));
    await expect.poll(() => chart(panel).count()).toBe(4);
    expect(await panel.page.locator('.scroll [tabindex="0"]').count()).toBe(1);
    expect(await chart(panel).nth(3).getAttribute('aria-label')).toBe(
      '4: process c2: put x 3 → ok, in the conflict, cannot come next, ' +
        'after the longest valid prefix, steps 30 to 35',
    );
    const picture = panel.page.locator('.witness svg[role="img"]');
    expect(await picture.getAttribute('aria-label')).toContain('— real time → process c2: put x 3');
  });

  it('marks the conflict, and keeps the marks while the user goes back in the run', async () => {
    const panel = await openPanel(browser, 'history');
    await panel.show(withHistory(historyView(4, [violatedView(conflict)])));
    await expect.poll(() => panel.page.locator('.scroll .conflict').count()).toBe(2);
    expect(await panel.page.locator('.scroll .valid').count()).toBe(1);
    await panel.show(withHistory(historyView(3), 25));
    await panel.page.getByText('Found at step 57').waitFor();
    expect(await panel.page.locator('.scroll .conflict').count()).toBe(1);
    const other = withHistory(historyView(3), 25);
    await panel.show({ ...other, moment: { ...other.moment, branch: 1 } });
    await expect.poll(() => panel.page.locator('.scroll .conflict').count()).toBe(0);
  });

  it('draws two hundred of many operations, and says which', async () => {
    const panel = await openPanel(browser, 'history');
    const many = historyView(1_000, [violatedView([operation(498), operation(499)])]);
    await panel.show(withHistory(many));
    await panel.page.getByText('Operations 400 to 599 of 1,000 are drawn').waitFor();
    await expect.poll(() => chart(panel).count()).toBe(200);
    await panel.page.getByRole('button', { name: 'Later' }).click();
    await panel.page.getByText('Operations 600 to 799 of 1,000 are drawn').waitFor();
    await panel.page.getByRole('button', { name: 'Go to the Conflict' }).click();
    await panel.page.getByText('Operations 400 to 599 of 1,000 are drawn').waitFor();
    const marked = (await panel.page.locator('.scroll .conflict').first().boundingBox())!;
    expect(marked.x).toBeGreaterThan(0);
    expect(marked.x).toBeLessThan(650);
  });

  it('shows hostile names as text, never as markup', async () => {
    const panel = await openPanel(browser, 'history');
    const text = '<img src=x onerror="document.title=1">${1}';
    const own = [operation(0, { text, process: text }), operation(1, { text })];
    const verdict = { ...violatedView(own), model: text, lines: [text] };
    await panel.show(withHistory(historyView(2, [verdict], own)));
    await expect.poll(() => chart(panel).count()).toBe(2);
    expect(await panel.page.locator('img, script:not([nonce])').count()).toBe(0);
    expect(await panel.page.locator('.lines li').first().textContent()).toBe(text);
    expect(panel.complaints).toEqual([]);
  });

  it('fits into a narrow panel: only the pictures scroll sideways', async () => {
    const panel = await openPanel(browser, 'history', { width: 300 });
    await panel.show(withHistory(historyView(30, [violatedView(conflict)])));
    await expect.poll(() => chart(panel).count()).toBe(30);
    expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBe(300);
  });
});

describe('the page of a history file', () => {
  const opened: FileEvent = {
    type: 'opened', file: 'a.edn', choice: { steps: 10 }, formats: ['edn', 'jsonl'],
    specifications: ['register'],
  };
  const read: FileEvent = {
    type: 'read', format: 'edn', specification: 'register',
    view: historyView(4, [
      { model: 'linearizable', doc: 'One order.', type: 'checking', lines: [] },
      { model: 'eventual', doc: 'Some day.', type: 'checking', lines: [] },
    ]),
    origin: { scenario: 'a.scenario.yaml', seed: 3 },
  };
  const send = ({ page }: PanelPage<'history'>, ...events: FileEvent[]) =>
    page.evaluate((all) => all.forEach((event) => window.postMessage(event, '*')), events);

  const openFile = () => openPanel(browser, 'history', { of: 'file' });

  it('shows the verdict of each model as it comes, and the chosen model', async () => {
    const panel = await openFile();
    expect(await panel.posted()).toEqual([{ type: 'file ready' }]);
    await send(panel, opened, read, { type: 'verdict', verdict: violatedView(conflict) });
    await panel.page.getByText('✗ linearizable: violated').last().waitFor();
    expect(await panel.page.locator('select[name=model] option').allInnerTexts()).toEqual([
      '✗ linearizable: violated', '… eventual: checking …',
    ]);
    await panel.page.getByRole('button', { name: 'Stop Checking' }).click();
    await send(panel, { type: 'done', isStopped: true });
    await panel.page.locator('select[name=model]').selectOption('eventual');
    await panel.page.locator('.verdict').getByText('– eventual: not checked').waitFor();
    expect(await panel.page.locator('.scroll .conflict').count()).toBe(0);
    await panel.page.getByRole('button', { name: 'Check Longer' }).click();
    await panel.page.locator('select[name=format]').selectOption('jsonl');
    await chart(panel).first().click();
    expect((await panel.posted()).slice(1)).toEqual([
      { type: 'stop' },
      { type: 'choose', choice: { steps: 100 } },
      { type: 'choose', choice: { steps: 10, format: 'jsonl' } },
      { type: 'moment', step: 5 },
    ]);
    expect(panel.complaints).toEqual([]);
  });

  it('says what is wrong and where, and recovers when the text is right again', async () => {
    const panel = await openFile();
    const problem = { line: 3, column: 5, message: 'this `{` has no `}`' };
    await send(panel, opened, { type: 'problem', problem }, { type: 'done', isStopped: false });
    const alert = panel.page.getByRole('alert');
    expect(await alert.locator('p').textContent()).toBe('a.edn:3:5: this `{` has no `}`');
    await panel.page.getByRole('button', { name: 'Go to This Place' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'open as text', line: 3, column: 5 });
    await send(panel, opened, read);
    await expect.poll(() => chart(panel).count()).toBe(4);
    expect(await alert.count()).toBe(0);
  });
});
