/** The cluster panel in a low or small panel: all of it in view, and no label that misleads. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launched, openLive } from './live-panel.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

type Page = Pick<PanelPage<'cluster'>, 'page'>;
const low = [[320, 200], [460, 200], [640, 200], [1280, 200]] as const;
const samples = path.resolve(import.meta.dirname, '../../samples');

async function made(nodes: number, [width, height]: readonly [number, number], clients = 2) {
  const panel = await openPanel(browser, 'cluster', { width, height });
  await panel.show(makeView({ nodes, clients }));
  await expect.poll(() => panel.page.locator('.node').count()).toBe(nodes + clients);
  return panel;
}

/** What is not within the page: nodes, messages, and the bar below the picture. */
function outOfView({ page }: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const bar = root.querySelector('.bar')!.getBoundingClientRect();
    const stage = root.querySelector('.stage')!.getBoundingClientRect();
    const far = [...root.querySelectorAll<SVGElement>('.node .body, .mark .shape')].filter((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return left < 0 || right > window.innerWidth || top < stage.top || bottom > stage.bottom;
    });
    return [
      ...far.map((one) => one.closest<SVGElement>('[data-node], [data-message]')!.outerHTML.slice(0, 90)),
      ...(bar.bottom > window.innerHeight + 1 ? [`the bar ends at ${bar.bottom}`] : []),
    ];
  });
}

/**
 * Labels that are nearer to a node or message than to their own. Of words beside a disc, the first
 * row counts: the others are aligned with it. Below a disc, all of them count.
 */
function misleading({ page }: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const circles = (selector: string) =>
      [...root.querySelectorAll(selector)].map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const owner = one.closest('[data-node], [data-message]')!;
        return { owner, x: x + width / 2, y: y + height / 2, radius: width / 2 };
      });
    const [nodes, marks] = [circles('.node .body'), circles('.mark .shape')];
    const gap = (box: DOMRect, { x, y, radius }: { x: number; y: number; radius: number }) => {
      const across = Math.max(box.left - x, 0, x - box.right);
      const down = Math.max(box.top + 3 - y, 0, y - box.bottom + 3);
      return Math.hypot(across, down) - radius;
    };
    const wrong = (text: Element, things: typeof nodes) => {
      const box = text.getBoundingClientRect();
      const owner = text.closest('[data-node], [data-message]')!;
      const own = Math.min(...things.filter((one) => one.owner === owner).map((one) => gap(box, one)));
      const other = things.find((one) => one.owner !== owner && gap(box, one) < own - 0.5);
      if (!other) return [];
      const name = (element: Element) => JSON.stringify((element as SVGElement).dataset);
      return [`${text.textContent.trim()} of ${name(owner)} is nearer to ${name(other.owner)}`];
    };
    return [
      ...[...root.querySelectorAll('.node .words.below, .node .words > g:first-of-type')]
        .flatMap((text) => wrong(text, nodes)),
      ...[...root.querySelectorAll('.mark .label')].flatMap((text) => wrong(text, [...nodes, ...marks])),
    ];
  });
}

describe('a low cluster panel', () => {
  it.each(low)('has all nodes, all messages and its bar in view at %i × %i', async (...size) => {
    for (const nodes of [1, 2, 3, 5, 7, 9, 12, 15, 40, 100]) {
      const panel = await made(nodes, size);
      expect(await outOfView(panel), `${nodes} nodes`).toEqual([]);
    }
  });

  it('reaches the controls of playing below, and says where the run is and why it stopped', async () => {
    const { page } = await made(5, [460, 200]);
    const why = page.locator('lockstep-moment .why');
    const where = page.getByRole('spinbutton');
    const [one, other] = [(await why.boundingBox())!, (await where.boundingBox())!];
    expect(Math.abs(one.y - other.y)).toBeLessThan(4);
    const play = page.getByRole('button', { name: 'Play' });
    await play.scrollIntoViewIfNeeded();
    expect((await play.boundingBox())!.y).toBeLessThan(200);
  });
});

describe('no label is nearer to another thing than to its own', () => {
  const sizes = [...low, [460, 380], [640, 380], [1280, 800]] as const;

  it.each(sizes)('at %i × %i', async (...size) => {
    for (const nodes of [2, 3, 5, 7, 9]) {
      const panel = await made(nodes, size);
      expect(await misleading(panel), `${nodes} nodes`).toEqual([]);
    }
  });

  it.each([
    ['raft/first-election', 7], ['raft/first-election', 9], ['distributed-locks/fenced-lock', 40],
  ])('in %s', async (name, step) => {
    const host = await launched(path.join(samples, `${name}.scenario.yaml`), { stopOnEntry: true });
    const live = await openLive(browser, host, 'cluster', { width: 460, height: 200 });
    await live.goTo(step);
    for (const [width, height] of sizes) {
      await live.page.setViewportSize({ width, height });
      await live.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await misleading(live), `${width} × ${height}`).toEqual([]);
    }
    await live.page.context().close();
  });
});

describe('the names of a crowd', () => {
  const drawn = ({ page }: Page) =>
    page.locator('.node.compact').evaluateAll((nodes) => nodes.map((node) => {
      const name = node.querySelector('.name')!;
      return {
        id: (node as SVGElement).dataset.node!,
        name: name.textContent.trim(),
        size: parseFloat(getComputedStyle(name).fontSize),
        label: node.getAttribute('aria-label')!,
        title: node.querySelector('title')!.textContent,
      };
    }));

  it.each([
    [100, 460, 200], [100, 460, 380], [100, 640, 380], [100, 1280, 200], [60, 320, 300],
  ])('of %i nodes at %i × %i are whole, or all without what they begin with', async (count, width, height) => {
    const panel = await made(count, [width, height], 0);
    const all = await drawn(panel);
    const note = panel.page.locator('.short-names');
    const isShort = (await note.count()) > 0;
    if (isShort) expect(await note.textContent()).toBe(`n1–n${count}: numbers only`);
    for (const { id, name, size, label, title } of all) {
      expect(name).toBe(isShort ? id.slice(1) : id);
      expect(size, id).toBeGreaterThanOrEqual(7);
      expect([label, title].every((text) => text.startsWith(id))).toBe(true);
    }
  });

  it('without numbers keep what tells them apart', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 460, height: 200 });
    const { moment, views } = makeView({ nodes: 60, clients: 0 });
    const nodes = views.cluster.nodes.map((node, index) => ({
      ...node, id: `member-${String.fromCodePoint(97 + (index % 26))}${index < 26 ? '' : index}`,
    }));
    await panel.show({ moment, views: { ...views, cluster: { ...views.cluster, nodes, messages: [] } } });
    await panel.page.locator('.short-names', { hasText: 'member-a–member-z51: without “member-”' }).waitFor();
    expect((await drawn(panel)).slice(0, 3).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
