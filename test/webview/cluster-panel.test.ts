/** The cluster panel in Chromium: what it draws and says, what can be done, how it fits. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import type { ActionView, Ending } from '../../src/view/contract.ts';
import type { ThemeName } from './themes.ts';
import { divide, makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened(
  nodes: number,
  width = 650,
  theme: ThemeName = 'dark',
): Promise<PanelPage<'cluster'>> {
  const panel = await openPanel(browser, 'cluster', { width, theme });
  await panel.show(makeView({ nodes }));
  await panel.page.locator('svg.cluster .node').first().waitFor();
  return panel;
}

describe('the cluster panel', () => {
  it('says what will appear before the first stop, and asks for a view', async () => {
    const panel = await openPanel(browser, 'cluster');
    await panel.page.getByText('F5').waitFor();
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'cluster' }]);
  });

  it('reports when its page gets and loses the focus', async () => {
    const panel = await openPanel(browser, 'cluster');
    const before = (await panel.reportedFocus()).length;
    await panel.page.evaluate(() => {
      window.dispatchEvent(new FocusEvent('blur'));
      window.dispatchEvent(new FocusEvent('focus'));
    });
    expect((await panel.reportedFocus()).slice(before)).toEqual([false, true]);
  });

  it('reports keys that may open something else, and not those of the debug toolbar', async () => {
    const { page, posted } = await openPanel(browser, 'cluster');
    const before = (await posted()).length;
    for (const key of ['F10', 'Shift+F11', 'Tab', 'a', 'Control+P', 'F1']) await page.keyboard.press(key);
    expect((await posted()).slice(before)).toEqual([{ type: 'shortcut' }, { type: 'shortcut' }]);
  });

  it('draws nodes and messages, and says the same in words', async () => {
    const { page, complaints } = await opened(5);
    expect(await page.locator('svg.cluster .node').count()).toBe(7);
    expect(await page.locator('svg.cluster .marker').count()).toBe(5);
    expect(await page.locator('.node.lead .star').count()).toBe(1);
    expect(await page.locator('.node.crashed .crossed').count()).toBe(1);
    const cards = page.getByRole('region', { name: 'Nodes' }).getByRole('listitem');
    expect(await cards.count()).toBe(7);
    expect(await cards.first().getAttribute('aria-label')).toBe('n1: replica, leader, term 3');
    const spoken = await page.locator('[role=status]').textContent();
    expect(spoken).toBe(
      'Step 57 of 184. n2 receives AppendEntries from n1 — EntryAppended index 7, term 3. ' +
        'EntryAppended at n2: index 7, term 3',
    );
    expect(
      await page.getByRole('row', { name: 'n2' }).getByRole('cell').allInnerTexts(),
    ).toHaveLength(7);
    expect(complaints).toEqual([]);
  });

  it('shows votes, leases, holders, a value and a token, and epochs that are strings', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3, clients: 0 });
    const [first, ...others] = views.cluster.nodes;
    const entries = [
      { index: 1, label: 'x', committed: true, applied: false, changed: false },
      { index: 2, epoch: '3.n1', label: 'y', committed: false, applied: false, changed: true },
    ];
    const node = {
      ...first!,
      epoch: { name: 'ballot', value: '3.n1' },
      shown: [
        { type: 'votes' as const, granted: 1, needed: 2, changed: true },
        { type: 'lease' as const, name: 'leader lease', left: 2_100_000, changed: false },
        {
          type: 'holder' as const, of: 'order42', is: 'A', decides: false, changed: false,
        },
        { type: 'value' as const, value: 'x', changed: false },
        { type: 'token' as const, token: 33, changed: false },
      ],
      facts: [],
      timers: [],
      log: { entries, before: 0, committed: 1, applies: false },
    };
    const bare = others.map((other) => ({ ...other, log: undefined! }));
    await panel.show({ moment, views: { ...views, cluster: { ...views.cluster, nodes: [node, ...bare] } } });
    const card = panel.page.getByRole('region', { name: 'Nodes' }).getByRole('listitem').first();
    await card.getByText('leader lease').waitFor();
    expect((await card.locator('dt').allInnerTexts()).slice(0, 5)).toEqual([
      'votes', 'leader lease', 'holder of order42', 'value', 'token',
    ]);
    expect((await card.locator('dd').allInnerTexts()).slice(0, 5)).toEqual([
      '1 of 2 needed\n(changed)', 'ends in 2.1s', 'A', 'x', '33',
    ]);
    expect(await panel.page.locator('.node text.epoch').first().textContent()).toBe('ballot 3.n1');
    const cells = panel.page.locator('.logs .entry .epoch');
    expect((await cells.allInnerTexts()).map((text) => text.trim())).toEqual(['', '3.n1']);
    expect(await panel.page.locator('.logs .key').innerText()).not.toContain('✓');
    expect(panel.complaints).toEqual([]);
  });

  it('says at the stop at the end whether the run failed, and marks a stalled disk', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3 });
    const [first, ...others] = views.cluster.nodes;
    const nodes = [{ ...first!, disk: { stalled: true, slow: 0, writes: 2 } }, ...others];
    const ending: Ending = {
      stoppedEarly: false,
      verdicts: [{ type: 'violated', subject: 'no event Locked', sentence: 'it was reported', step: 7 }],
      counts: { holds: 0, violated: 1, unknown: 0 },
    };
    const cluster = { ...views.cluster, nodes };
    await panel.show({ moment: { ...moment, stop: { type: 'end', ending } }, views: { ...views, cluster } });
    await panel.page.locator('.ended .violated', { hasText: 'no event Locked' }).waitFor();
    expect(await panel.page.locator('.node .disk.stalls').count()).toBe(1);
    const title = await panel.page.locator('.node title').first().textContent();
    expect(title).toContain('disk stalls');
  });

  it('delivers a message from the picture, and from the list by keyboard', async () => {
    const panel = await opened(3);
    await panel.page.locator('.marker .number', { hasText: '2' }).click();
    await panel.page.getByRole('button', { name: /Deliver now: ClientRequest from c1/ }).focus();
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).slice(1)).toEqual([
      { type: 'take', action: 'deliver n1->n3#4' },
      { type: 'take', action: 'deliver c1->n1#4' },
    ]);
  });

  it('goes to a step by slider and by number, never past the ends', async () => {
    const panel = await opened(3);
    await panel.page.getByRole('slider').focus();
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.locator('vscode-textfield input').fill('9999');
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).slice(1)).toEqual([
      { type: 'goto', step: 56 },
      { type: 'goto', step: 184 },
    ]);
  });

  it('accepts no commands while the run goes on or has ended, and keeps the picture', async () => {
    const panel = await opened(3);
    await panel.send({ type: 'running', scenario: 'replication.scenario.yaml' });
    await panel.page.getByText('Running …').waitFor();
    await panel.page.locator('.marker .number').first().click();
    const ending = { stoppedEarly: true, verdicts: [], counts: { holds: 0, violated: 0, unknown: 0 } };
    await panel.send({ type: 'ended', scenario: 'replication.scenario.yaml', ending });
    await panel.page.locator('.ended', { hasText: 'Ended: stopped early.' }).waitFor();
    expect(await panel.page.locator('svg.cluster .node').count()).toBe(5);
    expect(await panel.posted()).toHaveLength(1);
  });

  it('lists the verdicts at the end', async () => {
    const panel = await opened(3);
    const ending: Ending = {
      stoppedEarly: false,
      verdicts: [
        { type: 'holds', subject: 'event Locked', sentence: '' },
        { type: 'violated', subject: 'no event Locked at B', sentence: 'it was reported', step: 7 },
      ],
      counts: { holds: 1, violated: 1, unknown: 0 },
    };
    await panel.send({ type: 'ended', scenario: 'x.scenario.yaml', ending });
    await panel.page.locator('.ended', { hasText: 'Ended: 1 violated, 1 holds.' }).waitFor();
    const lines = panel.page.locator('.ended').getByRole('listitem');
    expect(await lines.allInnerTexts()).toEqual([
      '✓ event Locked',
      '✗ no event Locked at B: it was reported (step 7)',
    ]);
    await panel.page.locator('.ended .violated', { hasText: 'no event Locked' }).waitFor();
  });

  it('names the branch, and does not repeat the command of an action as a sentence', async () => {
    const panel = await openPanel(browser, 'cluster');
    const made = makeView({ nodes: 3 });
    const lines = panel.page.locator('.moment p');
    const shows = async (action: ActionView, expected: string) => {
      await panel.show({ ...made, moment: { ...made.moment, branch: 1, action } });
      await expect.poll(() => lines.nth(1).innerText()).toBe(expected);
    };
    const own = { isCommandEnough: true, events: [], replies: [] };
    const command = 'partition n1 | n2 n3';
    await shows({ ...own, command, sentence: command }, command);
    expect(await lines.first().innerText()).toBe(
      'Replication while a follower is away replication.scenario.yaml · branch 1',
    );
    await shows(
      { ...own, command: 'A lock x', sentence: 'A invokes lock x', failure: 'no' },
      'A lock x — its handler threw: no',
    );
    await shows(
      { ...own, command: 'crash n1', sentence: 'n1 crashes', isCommandEnough: false },
      'crash n1 · n1 crashes',
    );
  });

  it('shows no reason for a stop after a step', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3 });
    await panel.show({ moment, views });
    await panel.page.locator('.reason', { hasText: 'EntryAppended at n2' }).waitFor();
    await panel.show({ moment: { ...moment, step: 58, stop: { type: 'step' } }, views });
    await expect.poll(() => panel.page.locator('.reason').count()).toBe(0);
  });

  it('gives the field of the step an accessible name', async () => {
    const { page } = await opened(3);
    await page.getByRole('spinbutton', { name: 'Step' }).waitFor();
  });

  it('outlines islands and crosses the links that are cut', async () => {
    const panel = await openPanel(browser, 'cluster');
    await panel.show(divide(makeView({ nodes: 5 })));
    await panel.page
      .getByText('The network is partitioned: part 1: n1, n2, c1; part 2: n3, n4, n5, c2.')
      .waitFor();
    expect(await panel.page.locator('.cut .cross').count()).toBe(6);
    expect(await panel.page.locator('path.island').count()).toBeGreaterThanOrEqual(2);
  });

  it('shows what will appear once it is cleared', async () => {
    const { page, send } = await opened(5);
    await send({ type: 'cleared' });
    await page.getByText('F5').waitFor();
    expect(await page.locator('svg.cluster').count()).toBe(0);
  });

  it('shows the same moment again at once after it was hidden', async () => {
    const panel = await opened(3);
    await panel.page.reload();
    await panel.page.locator('svg.cluster .node').first().waitFor();
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'cluster' }]);
  });
});

async function drawnNodes({ page }: PanelPage<'cluster'>): Promise<string> {
  return page.locator('svg.cluster').evaluate((svg) => svg.outerHTML.replaceAll(/<!--[^]*?-->/g, ''));
}

/** Labels that overlap or leave the picture, and a page that is wider than the panel. */
async function misfits({ page }: PanelPage<'cluster'>): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const found: string[] = [];
    const frame = root.querySelector('svg.cluster')!.getBoundingClientRect();
    const texts = [...root.querySelectorAll('svg.cluster text')].map((text) => {
      return { words: text.textContent!, box: text.getBoundingClientRect() };
    });
    texts.forEach(({ words, box }, index) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1)
        found.push(`${words} leaves the picture`);
      for (const other of texts.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 2 && down > 3) found.push(`${words} overlaps ${other.words}`);
      }
    });
    const wide = document.documentElement.scrollWidth;
    if (wide > window.innerWidth) found.push(`the page is ${wide} wide`);
    return found;
  });
}

describe('the cluster panel fits', () => {
  it('long epochs and values of 5, 7 and 12 servers beside a source: nothing is cut', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 560, height: 640 });
    for (const count of [5, 7, 12]) {
      const { moment, views } = makeView({ nodes: count, clients: 0 });
      const nodes = views.cluster.nodes.map((node, index) => ({
        ...node,
        status: 'running' as const,
        epoch: { name: index % 2 === 0 ? 'incarnation' : 'ballot', value: `${index + 10}.n1` },
        facts: [
          { name: 'zxid', value: '0x100000002', changed: false },
          { name: 'holds', value: 'a lease until 2.003384s of n12', changed: false },
        ],
        shown: [],
      }));
      const title = `${count} nodes`;
      const messages = views.cluster.messages.slice(0, 4);
      const cluster = { ...views.cluster, nodes, messages };
      await panel.show({ moment: { ...moment, title }, views: { ...views, cluster } });
      await panel.page.locator('.moment', { hasText: title }).waitFor();
      await expect.poll(() => panel.page.locator('.node').count()).toBe(count);
      const texts = await panel.page.locator('svg.cluster .node text').allTextContents();
      expect(texts.filter((text) => text.includes('…')), title).toEqual([]);
      const all = await panel.page.locator('svg.cluster .node').allTextContents();
      expect(all.every((text) => text.includes('incarnation') || text.includes('ballot'))).toBe(true);
      if (count <= 7) expect(await drawnNodes(panel), title).toMatch(/zxid 0x100000002</);
      // All of the picture is above the fold.
      const box = (await panel.page.locator('svg.cluster').boundingBox())!;
      expect(box.y + box.height, title).toBeLessThanOrEqual(640);
      expect(await misfits(panel), title).toEqual([]);
    }
  });

  it('the nodes in words stay near the picture however many messages are in flight', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 560, height: 640 });
    const made = makeView({ nodes: 3, clients: 0 });
    const [message] = made.views.cluster.messages;
    const messages = Array.from({ length: 60 }, (_, index) => ({ ...message!, id: `n1->n2#${index}` }));
    const cluster = { ...made.views.cluster, messages };
    await panel.show({ ...made, views: { ...made.views, cluster } });
    await expect.poll(() => panel.page.locator('.mail li').count()).toBe(60);
    const list = (await panel.page.locator('.mail ul').boundingBox())!;
    expect(list.height).toBeLessThan(260);
  });

  it.each([360, 650, 1000])('any cluster at %i px', async (width) => {
    const panel = await opened(3, width);
    for (const nodes of [1, 2, 3, 4, 5, 6, 7, 9]) {
      for (const divided of [false, true]) {
        const view = makeView({ nodes, step: nodes });
        await panel.show(divided ? divide(view) : view);
        await expect.poll(() => panel.page.locator('.node').count()).toBe(nodes + 2);
        const islands = async () => (await panel.page.locator('path.island').count()) > 0;
        await expect.poll(islands).toBe(divided);
        expect(await misfits(panel), `${nodes} nodes${divided ? ', divided' : ''}`).toEqual([]);
      }
    }
  });
});
