/** The Logs panel in Chromium: what it draws of long logs, how one moves in them, what it says. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry, LogsView, NodeLog } from '../../src/view/logs/logs-view.ts';
import { launchChromium, openPanel, type PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const nasty = '<img src=x onerror=alert(1)>';

/** Three logs of 100,000 entries; the last entry of n3 is another one. */
function longView(from = 99_961, to = 100_000): LogsView {
  const entries = (node: number): LogEntry[] =>
    Array.from({ length: to - from + 1 }, (_, at) => ({
      epoch: node === 3 && from + at === 100_000 ? 3 : 2,
      label: from + at === 99_999 ? nasty : `put k ${from + at}`,
      changed: node === 2 && from + at === 100_000,
      isGone: false,
    }));
  const log = (node: number): NodeLog => ({
    node: `n${node}`, status: 'running', standing: node === 1 ? 'leader' : 'follower',
    tone: node === 1 ? 'lead' : 'follow', epoch: { name: 'term', value: 3 },
    first: 1, last: 100_000, committed: 99_999, applied: 99_998, entries: entries(node),
    change: node === 2 ? { appended: { from: 100_000, to: 100_000 } } : {},
    marks: node === 1 ? [] : [{ leader: 'n1', next: 100_001, match: 100_000 }],
  });
  const different = (nodes: string[], epoch: number) => ({
    nodes, epoch, label: 'put k 100000', committed: false,
  });
  const conflicts = to === 100_000
    ? [{ index: 100_000, entries: [different(['n1', 'n2'], 2), different(['n3'], 3)] }]
    : [];
  const elsewhere = from > 500
    ? { before: 3, previous: 500, after: 0, searchedFrom: 80_001 }
    : { before: 0, after: 1, next: 100_000, searchedFrom: 80_001 };
  const docs = { match: 'Up to here, the leader knows that it has the log.', next: 'What the leader sends next.' };
  const groups = [{ name: 'replica', logs: [log(1), log(2), log(3)], conflicts, elsewhere, docs }];
  return { first: 1, last: 100_000, from, to, groups };
}

async function opened(width = 900, height = 420, view = longView()): Promise<PanelPage<'logs'>> {
  const panel = await openPanel(browser, 'logs', { width, height });
  const { moment, views } = makeView({ nodes: 3 });
  await panel.show({ moment, views: { ...views, logs: view } });
  await panel.page.locator('.entry').first().waitFor();
  return panel;
}

const cell = ({ page }: PanelPage<'logs'>, node: string, index: number) =>
  page.locator(`[data-node="${node}"][data-index="${index}"]`);

describe('the logs panel', () => {
  it('draws only what is in view of 100,000 entries, and the newest of them', async () => {
    const panel = await opened();
    await cell(panel, 'n1', 100_000).waitFor();
    expect(await panel.page.locator('.entry').count()).toBeLessThan(60);
    expect(await cell(panel, 'n1', 100_000).innerText()).toContain('put k 100000');
    expect(await panel.page.locator('.scroll').evaluate(({ scrollWidth }) => scrollWidth))
      .toBeGreaterThan(5_000_000);
    expect(panel.complaints).toEqual([]);
  });

  it('shows terms as text, marks of the leader, what is committed, changed and in conflict', async () => {
    const panel = await opened();
    await cell(panel, 'n3', 100_000).waitFor();
    const classes = async (node: string, index: number) =>
      (await cell(panel, node, index).getAttribute('class'))!.split(' ');
    expect(await classes('n3', 100_000)).toContain('conflict');
    expect(await classes('n2', 100_000)).toContain('changed');
    expect(await classes('n1', 99_999)).toContain('last-committed');
    expect(await cell(panel, 'n3', 100_000).locator('.epoch').innerText()).toContain('3');
    expect(await panel.page.locator('[data-mark="next n1"]').count()).toBe(2);
    const title = await panel.page.locator('[data-mark="match n1"]').first().getAttribute('title');
    expect(title).toBe('n1: match 100000, next 100001\nUp to here, the leader knows that it has the log.');
    expect(await panel.page.getByRole('rowheader', { name: /n2: .*match 100000, next 100001/ }).count()).toBe(1);
    const doc = panel.page.locator('.legend .doc', { hasText: 'next: What the leader sends next.' });
    // One line of words: in several boxes, a narrow panel would break each of them by itself.
    expect(await doc.evaluate(({ childElementCount, textContent }) => [childElementCount, textContent]))
      .toEqual([1, 'next: What the leader sends next.']);
    expect(await doc.locator('> span > strong').count()).toBe(1);
    expect(await panel.page.locator('.conflicts').allInnerTexts()).toEqual([
      'Logs differ at index 100000. n1, n2: put k 100000 (term 2). n3: put k 100000 (term 3).',
      'Logs also differ at 3 indexes outside of this part: 3 before. ' +
        'Indexes before 80001 were not compared.',
    ]);
    expect(await panel.page.locator('[role=status]').first().textContent()).toMatch(
      /^n2 appends entry 100000\. Logs differ/,
    );
  });

  it('goes to the nearest conflict, in the window and outside of it', async () => {
    const panel = await opened();
    await cell(panel, 'n3', 100_000).waitFor();
    const [previous, next] = ['Previous conflict', 'Next conflict'].map((name) =>
      panel.page.getByRole('button', { name }));
    expect(await next!.getAttribute('disabled')).not.toBeNull();
    await previous!.click();
    await panel.page.locator('.foot', { hasText: 'n1, index 100000' }).waitFor();
    await previous!.click();
    await expect.poll(async () => (await panel.posted()).at(-1)).toMatchObject({
      type: 'select', panel: 'logs', selection: { type: 'from' },
    });
    await panel.page.locator('.index', { hasText: /^500$/ }).waitFor();
    const { moment, views } = makeView({ nodes: 3 });
    await panel.show({ moment, views: { ...views, logs: longView(480, 520) } });
    await expect.poll(() => next!.getAttribute('disabled')).toBeNull();
    expect(await previous!.getAttribute('disabled')).not.toBeNull();
  });

  it('goes to an index, and asks for the entries that it does not have', async () => {
    const panel = await opened();
    await cell(panel, 'n1', 100_000).waitFor();
    await panel.page.locator('vscode-textfield input').fill('500');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.index', { hasText: /^500$/ }).waitFor();
    await expect.poll(async () => (await panel.posted()).at(-1)).toMatchObject({
      type: 'select', panel: 'logs', selection: { type: 'from' },
    });
    const { moment, views } = makeView({ nodes: 3 });
    await panel.show({ moment, views: { ...views, logs: longView(480, 520) } });
    await cell(panel, 'n1', 500).waitFor();
    expect(await cell(panel, 'n1', 500).getAttribute('class')).toContain('active');
    // A stop does not take the user away from there.
    await panel.show({ moment, views: { ...views, logs: longView(480, 520) } });
    await panel.page.locator('.index', { hasText: /^500$/ }).waitFor();
  });

  it('moves by keyboard, and says what is there', async () => {
    const panel = await opened();
    await cell(panel, 'n1', 100_000).waitFor();
    await panel.page.locator('.scroll').focus();
    for (const key of ['End', 'ArrowDown', 'ArrowLeft']) await panel.page.keyboard.press(key);
    await expect.poll(() => panel.page.locator('.foot').innerText()).toBe(
      `n2, index 99999: ${nasty} (term 2), committed`,
    );
    await panel.page.keyboard.press('Home');
    await panel.page.locator('.index', { hasText: /^1$/ }).waitFor();
  });

  it('shows text of a protocol as text', async () => {
    const panel = await opened();
    await cell(panel, 'n1', 99_999).getByText(nasty).waitFor();
    expect(await panel.page.locator('img').count()).toBe(0);
  });

  it('runs down in a narrow and tall panel', async () => {
    const panel = await opened(400, 800);
    await cell(panel, 'n1', 100_000).waitFor();
    const [one, other] = [cell(panel, 'n1', 100_000), cell(panel, 'n2', 100_000)];
    const [left, right] = [(await one.boundingBox())!, (await other.boundingBox())!];
    expect([left.y, left.x < right.x]).toEqual([right.y, true]);
  });

  it('shows what is left when logs become short', async () => {
    const panel = await opened(400, 800);
    await cell(panel, 'n1', 100_000).click();
    await panel.page.keyboard.press('PageUp');
    await panel.page.keyboard.press('PageUp');
    const { moment, views } = makeView({ nodes: 3 });
    const whole = longView(1, 10);
    const logs = whole.groups[0]!.logs.map((log) => ({ ...log, last: 10, committed: 9 }));
    const groups = [{ ...whole.groups[0]!, logs }];
    await panel.show({ moment, views: { ...views, logs: { ...whole, last: 10, groups } } });
    await cell(panel, 'n1', 10).waitFor();
    const { x, y } = (await cell(panel, 'n1', 10).boundingBox())!;
    expect([x >= 0 && x < 400, y > 0 && y < 800]).toEqual([true, true]);
  });

  it('says what to do if no role has a log', async () => {
    const panel = await openPanel(browser, 'logs');
    await panel.show(makeView({ nodes: 3 }));
    await panel.page.getByText('No role of this run shows a log.').waitFor();
  });
});
