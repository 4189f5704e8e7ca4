/** The cluster panel in Chromium: what it draws and says, and what can be done. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import type { ClusterView, NodeView } from '../../src/view/cluster/cluster-view.ts';
import type { ActionView } from '../../src/view/contract.ts';
import { divide, makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function opened(nodes: number, width = 650): Promise<PanelPage<'cluster'>> {
  const panel = await openPanel(browser, 'cluster', { width });
  await panel.show(makeView({ nodes }));
  await panel.page.locator('.node').first().waitFor();
  return panel;
}

describe('the cluster panel', () => {
  it('says what will appear before the first stop, and asks for a view', async () => {
    const panel = await openPanel(browser, 'cluster');
    await panel.send({ type: 'opened', hasSession: false });
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
    expect(await page.locator('svg[data-picture=Cluster] [data-node]').count()).toBe(7);
    expect(await page.locator('[data-message] .shape').count()).toBe(5);
    expect(await page.locator('.node.lead .second').count()).toBe(1);
    expect(await page.locator('.node.crashed .crossed').count()).toBe(1);
    expect(await page.locator('[data-timer="n2 election"] .left').count()).toBe(1);
    expect(await page.locator('[data-node=n1]').getAttribute('aria-label')).toBe('n1: replica, leader, term 3');
    await page.getByRole('button', { name: 'Nodes (7)' }).click();
    const cards = page.getByRole('region', { name: 'Nodes' }).getByRole('listitem');
    expect(await cards.count()).toBe(7);
    expect(await cards.first().getAttribute('aria-label')).toBe('n1: replica, leader, term 3');
    const spoken = await page.locator('[role=status]').first().textContent();
    expect(spoken).toBe(
      'Step 57 of 184. n2 receives AppendEntries from n1 — EntryAppended index 7, term 3. ' +
        'EntryAppended at n2: index 7, term 3. n2 was term 2 and is now term 3. ' +
        'n2 now shows commitIndex 4. n2 has new log entries: 6. n3 now shows votes 1 of 3 needed. ' +
        'n2 sent AppendEntriesReply to n1',
    );
    expect(complaints).toEqual([]);
  });

  it('shows votes, leases, holders, a value and a token, and epochs that are strings', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3, clients: 0 });
    const [first, ...others] = views.cluster.nodes;
    const node: NodeView = {
      ...first!,
      epoch: { name: 'ballot', value: '3.n1' },
      holds: [
        { of: 'order42', isRole: false, belief: 'holds', changed: false },
        { of: 'order7', isRole: false, belief: 'believes', changed: false },
      ],
      shown: [
        { type: 'votes', granted: 1, needed: 2, changed: true },
        { type: 'lease', name: 'leader lease', left: 2_100_000, span: 4_200_000, changed: false },
        { type: 'holder', of: 'order42', is: 'A', decides: false, changed: false },
        { type: 'value', value: 'x', changed: false },
        { type: 'token', token: 33, changed: false },
      ],
      facts: [],
      timers: [],
    };
    await panel.show({ moment, views: { ...views, cluster: { ...views.cluster, nodes: [node, ...others] } } });
    const { page } = panel;
    await page.locator('[data-node=n1] .under', { hasText: 'ballot 3.n1' }).waitFor();
    expect(await page.locator('[data-node=n1] .key.holds').count()).toBe(1);
    expect(await page.locator('[data-node=n1] .key.believes .struck').count()).toBe(1);
    expect(await page.locator('[data-node=n1] .vote.granted').count()).toBe(1);
    expect(await page.locator('[data-node=n1] .lease .left').getAttribute('width')).toBe('12.5');
    await page.getByRole('button', { name: 'Nodes (3)' }).click();
    const card = page.getByRole('region', { name: 'Nodes' }).getByRole('listitem').first();
    expect((await card.locator('dt').allInnerTexts()).slice(0, 7)).toEqual([
      'order42', 'order7', 'votes', 'leader lease', 'holder of order42', 'value', 'token',
    ]);
    expect((await card.locator('dd').allInnerTexts()).slice(0, 7)).toEqual([
      'holds order42', 'only believes to hold order7', '1 of 2 needed\n(changed)', 'ends in 2.1 s',
      'A', 'x', '33',
    ]);
    expect(panel.complaints).toEqual([]);
  });

  it('draws a refusal, what arrived, what was lost, and a broken connection', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3, clients: 1 });
    const [first, ...others] = views.cluster.messages;
    const cluster: ClusterView = {
      ...views.cluster,
      messages: [{ ...first!, refusal: true }, ...others],
      arrived: { ...first!, id: 'n3->n1#9', from: 'n3', to: 'n1' },
      lost: [{ ...first!, id: 'n1->n2#7', from: 'n1', to: 'n2', refused: false, progress: 0.5 }],
      connections: [
        {
          nodes: ['c1', 'n1'], state: 'half-open', knownBy: ['c1'],
          waiting: [{ at: 'c1', count: 2, left: 400_000 }],
        },
      ],
    };
    await panel.show({ moment, views: { ...views, cluster } });
    const { page } = panel;
    await page.locator(`[data-message="${first!.id}"] path.refused`).waitFor();
    expect(await page.locator('[data-message] circle.shape').count()).toBe(others.length);
    expect(await page.locator('[data-arrived="n3->n1#9"] .trail').count()).toBe(1);
    expect(await page.locator('[data-lost="n1->n2#7"] .cross').count()).toBe(1);
    const link = page.locator('[data-link="c1 n1"]');
    expect(await link.locator('.wire').count()).toBe(1);
    expect(await link.locator('.wire-mark').textContent()).toBe('half-open · ↻ 2 in 400 ms');
    await page.getByRole('button', { name: 'Legend' }).click();
    const legend = await page.locator('.legend li').allInnerTexts();
    expect(legend.map((text) => text.trim())).toEqual(
      expect.arrayContaining(['arrived with the last action', 'lost with the last action']),
    );
    // It explains nothing that is not there.
    expect(legend.join()).not.toContain('wall');
    expect(panel.complaints).toEqual([]);
  });

  it('shows text of a protocol as text', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 2, clients: 0 });
    const evil = '<img src=x onerror=alert(1)>';
    const nodes = views.cluster.nodes.map((node) => ({
      ...node,
      status: 'running' as const,
      facts: [{ name: evil, value: evil, changed: false }],
    }));
    const cluster = { ...views.cluster, nodes, messages: [] };
    const action = { ...moment.action, sentence: evil };
    await panel.show({ moment: { ...moment, action }, views: { ...views, cluster } });
    await panel.page.locator('.what .text', { hasText: evil }).waitFor();
    expect(await panel.page.locator('img').count()).toBe(0);
    expect(await panel.page.locator('[data-node=n1] > title').textContent()).toContain(evil);
  });

  it('delivers a message from the list by keyboard', async () => {
    const panel = await opened(3);
    await panel.page.getByRole('button', { name: 'Messages (3)' }).click();
    await panel.page.getByRole('button', { name: /Deliver now: ClientRequest from c1/ }).focus();
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).slice(1)).toEqual([{ type: 'take', action: 'deliver c1->n1#4' }]);
    await panel.page.keyboard.press('Escape');
    await expect.poll(() => panel.page.locator('.drawer').count()).toBe(0);
  });

  it('goes to a step by slider and by number, never past the ends', async () => {
    const panel = await opened(3);
    await panel.page.getByRole('slider').focus();
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.getByRole('spinbutton').fill('9999');
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).slice(1)).toEqual([
      { type: 'goto', step: 56 },
      { type: 'goto', step: 184 },
    ]);
  });

  it('accepts no commands while the run goes on or has ended, and keeps the picture', async () => {
    const panel = await opened(3);
    await panel.page.getByRole('button', { name: 'Messages (3)' }).click();
    await panel.send({ type: 'running', scenario: 'replication.scenario.yaml' });
    await panel.page.getByText('Running …').waitFor();
    expect(await panel.page.locator('.mail vscode-button[disabled]').count()).toBe(3);
    const ending = { stoppedEarly: true, verdicts: [], counts: { holds: 0, violated: 0, unknown: 0 } };
    await panel.send({ type: 'ended', scenario: 'replication.scenario.yaml', ending });
    await panel.page.locator('.ended', { hasText: 'Ended: stopped early' }).waitFor();
    expect(await panel.page.locator('[data-node]').count()).toBe(5);
    expect(await panel.posted()).toHaveLength(1);
  });

  it('names the branch, and does not repeat the command of an action as a sentence', async () => {
    const panel = await openPanel(browser, 'cluster');
    const made = makeView({ nodes: 3 });
    const texts = panel.page.locator('.moment .text');
    const shows = async (action: ActionView, expected: string) => {
      const moment = { ...made.moment, branch: 1, action, stop: { type: 'step' } as const };
      await panel.show({ ...made, moment });
      await expect.poll(() => texts.first().innerText()).toBe(expected);
    };
    const own = { isCommandEnough: true, events: [], replies: [] };
    const command = 'partition n1 | n2 n3';
    await shows({ ...own, command, sentence: command }, command);
    expect(await texts.nth(1).innerText()).toBe(
      'Replication while a follower is away · replication.scenario.yaml · branch 1',
    );
    await shows(
      { ...own, command: 'A lock x', sentence: 'A invokes lock x', failure: 'no' },
      'A lock x',
    );
    expect(await panel.page.locator('.chip.wrong').innerText()).toBe('its handler threw: no');
    await shows(
      { ...own, command: 'crash n1', sentence: 'n1 crashes', isCommandEnough: false },
      'n1 crashes',
    );
  });

  it('marks a stalled disk in words', async () => {
    const panel = await openPanel(browser, 'cluster');
    const { moment, views } = makeView({ nodes: 3 });
    const [first, ...others] = views.cluster.nodes;
    const nodes = [{ ...first!, facts: [], disk: { stalled: true, slow: 0, writes: 2 } }, ...others];
    await panel.show({ moment, views: { ...views, cluster: { ...views.cluster, nodes } } });
    await panel.page.locator('[data-node=n1]', { hasText: 'stalled, 2 writes' }).waitFor();
    expect(await panel.page.locator('[data-node=n1] > title').textContent()).toContain('disk stalls');
  });

  it('gives the field of the step an accessible name', async () => {
    const { page } = await opened(3);
    await page.getByRole('spinbutton', { name: 'Step' }).waitFor();
  });

  it('builds walls between islands, and marks links that are cut otherwise', async () => {
    const panel = await openPanel(browser, 'cluster');
    const made = makeView({ nodes: 5 });
    await panel.show(divide(made));
    await panel.page.locator('.wall').first().waitFor();
    expect(await panel.page.locator('.board').count()).toBe(0);
    const words = 'The network is partitioned: part 1: n1, n2, c1; part 2: n3, n4, n5, c2.';
    expect(await panel.page.locator('p.unseen').textContent()).toBe(words);
    const cuts = [{ from: 'n2', to: 'n1' }];
    await panel.show({ ...made, views: { ...made.views, cluster: { ...made.views.cluster, cuts } } });
    await panel.page.locator('[data-link="n1 n2"] .stopped').waitFor();
    expect(await panel.page.locator('.wall').count()).toBe(0);
    expect(await panel.page.locator('[data-link="n1 n2"]').getAttribute('aria-label')).toBe(
      'link n1 – n2, n2 cannot reach n1',
    );
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
    await panel.page.locator('.node').first().waitFor();
    expect(await panel.posted()).toEqual([{ type: 'ready', panel: 'cluster' }]);
  });
});
