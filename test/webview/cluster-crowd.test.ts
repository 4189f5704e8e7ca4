/** The cluster panel with many nodes, enlarged, and what small discs say of a status. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeView } from '../../src/view/cluster/cluster-view.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** What is within the picture of each node: its radius on the screen, and its texts. */
function seen({ page }: PanelPage<'cluster'>) {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const frame = root.querySelector('.stage')!.getBoundingClientRect();
    const boxOf = (element: Element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left, top, right, bottom };
    };
    return [...root.querySelectorAll<SVGElement>('.node')].flatMap((node) => {
      const body = boxOf(node.querySelector('.body')!);
      const isSeen = body.left >= frame.left && body.right <= frame.right &&
        body.top >= frame.top && body.bottom <= frame.bottom;
      if (!isSeen) return [];
      const texts = [...node.querySelectorAll('text')];
      return [{
        id: node.dataset.node!,
        isDetailed: !node.classList.contains('compact'),
        isActor: node.classList.contains('acted'),
        radius: (body.right - body.left) / 2,
        words: texts.map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim()),
        boxes: [body, ...[...node.querySelectorAll('.words text')].map(boxOf)],
      }];
    });
  });
}

type Box = Awaited<ReturnType<typeof seen>>[number]['boxes'][number];

function overlaps(one: Box, other: Box): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > 3 && down > 4;
}

async function crowd(nodes: number, size: { width: number; height: number }) {
  const panel = await openPanel(browser, 'cluster', size);
  await panel.show(makeView({ nodes, clients: 2 }));
  await expect.poll(() => panel.page.locator('.node').count()).toBe(nodes + 2);
  return panel;
}

describe('a crowd', () => {
  it.each([
    [100, { width: 640, height: 420 }], [50, { width: 640, height: 380 }],
    [20, { width: 1280, height: 720 }],
  ])('of %i nodes shows as much of a node as a small cluster, once it is enlarged', async (nodes, size) => {
    const panel = await crowd(nodes, size);
    expect((await seen(panel)).every(({ isDetailed }) => !isDetailed)).toBe(true);
    expect(await panel.page.locator('.arc').count()).toBe(0);
    await panel.page.getByRole('button', { name: 'Centre on the node' }).click();
    await expect.poll(async () => (await seen(panel)).some(({ isActor }) => isActor)).toBe(true);
    const sight = await seen(panel);
    const actor = sight.find(({ isActor }) => isActor)!;
    expect(actor.isDetailed).toBe(true);
    expect(actor.words.join('; ')).toMatch(/follower.*term 3.*election in/);
    expect(await panel.page.locator(`[data-timer="${actor.id} election"]`).count()).toBe(1);
    // Discs and words do not grow with the picture: they get the room between them.
    for (const { radius } of sight) expect(radius).toBeLessThan(56);
    for (const [index, one] of sight.entries()) {
      for (const other of sight.slice(index + 1)) {
        const cover = one.boxes.some((box) => other.boxes.some((its) => overlaps(box, its)));
        expect(cover ? `${one.id} covers ${other.id}` : '').toBe('');
      }
    }
    await panel.page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => panel.page.locator('.arc').count()).toBe(0);
    expect((await seen(panel)).length).toBe(nodes + 2);
    expect(panel.complaints).toEqual([]);
  });

  it('brings a node into sight that the keyboard reaches', async () => {
    const panel = await crowd(50, { width: 640, height: 420 });
    await panel.page.getByRole('button', { name: 'Centre on the node' }).click();
    await expect.poll(async () => (await seen(panel)).length).toBeLessThan(40);
    const isSeen = async (id: string) => (await seen(panel)).some((one) => one.id === id);
    const far = ['n10', 'n25', 'n40'];
    const hidden: string[] = [];
    for (const id of far) if (!(await isSeen(id))) hidden.push(id);
    expect(hidden.length).toBeGreaterThan(0);
    for (const id of hidden) {
      await panel.page.locator(`[data-node=${id}]`).focus();
      await expect.poll(() => isSeen(id)).toBe(true);
    }
  });

  it('keeps the place under the pointer, and the distances of nodes grow with the zoom', async () => {
    const panel = await crowd(50, { width: 640, height: 420 });
    const { page } = panel;
    const centreOf = async (id: string) => {
      const { x, y, width, height } = (await page.locator(`[data-node=${id}] .body`).boundingBox())!;
      return { x: x + width / 2, y: y + height / 2 };
    };
    const [one, other] = [await centreOf('n7'), await centreOf('n9')];
    await page.mouse.move(one.x, one.y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    const zoom = Math.exp(200 / 300);
    await expect.poll(async () => Math.round((await centreOf('n9')).x - (await centreOf('n7')).x))
      .toBe(Math.round((other.x - one.x) * zoom));
    const now = await centreOf('n7');
    expect(Math.hypot(now.x - one.x, now.y - one.y)).toBeLessThan(2);
  });
});

describe('a status', () => {
  const ofFirst = (more: Partial<NodeView>) => {
    const { moment, views } = makeView({ nodes: 5, clients: 1 });
    const nodes = views.cluster.nodes.map((node, index) => (index < 2 ? { ...node, ...more } : node));
    return { moment, views: { ...views, cluster: { ...views.cluster, nodes } } };
  };

  it.each([300, 340, 400, 460, 560, 640, 1280])('is a whole word at a width of %i pixels', async (width) => {
    const panel = await openPanel(browser, 'cluster', { width, height: 380 });
    for (const status of ['crashed', 'paused'] as const) {
      await panel.show(ofFirst({ status, timers: [], facts: [], shown: [] }));
      await panel.page.locator(`.node.${status}`).first().waitFor();
      const found = (await seen(panel)).filter(({ id }) => id === 'n1' || id === 'n2');
      expect(found.map(({ words }) => words.includes(status)), status).toEqual([true, true]);
    }
    await panel.show(ofFirst({ status: 'paused', host: 'unplugged', timers: [], facts: [], shown: [] }));
    await panel.page.locator('.lost-host').first().waitFor();
    const [first] = await seen(panel);
    expect(first!.words).toEqual(expect.arrayContaining(['paused', 'unplugged']));
  });

  it('of a node in a crowd is a shape: a cross if it is off, bars if it is paused', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 640, height: 420 });
    const { moment, views } = makeView({ nodes: 100, clients: 0 });
    const [first, second, ...others] = views.cluster.nodes;
    const nodes = [{ ...first!, status: 'paused' as const }, { ...second!, status: 'crashed' as const }, ...others];
    await panel.show({ moment, views: { ...views, cluster: { ...views.cluster, nodes } } });
    await panel.page.locator('[data-node=n1] .bars').waitFor();
    const paused = panel.page.locator('.node.paused');
    expect(await panel.page.locator('.bars').count()).toBe(await paused.count());
    expect(await panel.page.locator('[data-node=n2] .crossed').count()).toBe(1);
  });
});
