/** The picture of the cluster panel in Chromium: how it is reached, enlarged and moved, and how it fits. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
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

describe('the picture', () => {
  it('is reached by keyboard: things with arrow keys, zoom and position with their own', async () => {
    const { page } = await opened(3);
    const world = page.locator('.world');
    const focused = () =>
      page.evaluate(() => {
        const own = document.querySelector('lockstep-cluster')!.shadowRoot!.activeElement;
        return JSON.stringify((own as HTMLElement | SVGElement | null)?.dataset ?? {});
      });
    const first = page.locator('[data-node=n1]');
    expect(await page.locator('[data-picture] [tabindex="0"]').count()).toBe(1);
    await first.focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('{"node":"n2"}');
    await page.keyboard.press('ArrowDown');
    expect(JSON.parse(await focused())).toHaveProperty('timer');
    await page.keyboard.press('ArrowDown');
    expect(JSON.parse(await focused())).toHaveProperty('message');
    await page.keyboard.press('ArrowDown');
    expect(JSON.parse(await focused())).toHaveProperty('link');
    const before = await world.getAttribute('transform');
    await page.keyboard.press('+');
    await expect.poll(() => world.getAttribute('transform')).not.toBe(before);
    await page.locator('.stage').focus();
    const enlarged = await world.getAttribute('transform');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => world.getAttribute('transform')).not.toBe(enlarged);
    await page.keyboard.press('0');
    await expect.poll(() => world.getAttribute('transform')).toBe(before);
  });

  it('is enlarged by the wheel with Ctrl, and moved by dragging', async () => {
    const { page } = await opened(5, 640);
    const world = page.locator('.world');
    await page.mouse.move(300, 400);
    await page.mouse.wheel(0, -200);
    expect(await world.getAttribute('transform')).toContain('scale(1.000)');
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await expect.poll(() => world.getAttribute('transform')).not.toContain('scale(1.000)');
    const before = await world.getAttribute('transform');
    await page.mouse.down();
    await page.mouse.move(350, 430);
    await page.mouse.up();
    await expect.poll(() => world.getAttribute('transform')).not.toBe(before);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => world.getAttribute('transform')).toContain('scale(1.000)');
    await page.getByRole('button', { name: 'Centre on the node' }).click();
    await expect.poll(() => world.getAttribute('transform')).toContain('scale(2.000)');
  });

  it('never moves a node: not by roles, messages, words, chips or verdicts', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 640, height: 420 });
    const { moment, views } = makeView({ nodes: 5 });
    const places = () =>
      panel.page.locator('[data-node]').evaluateAll((nodes) =>
        nodes.map((node) => {
          const { x, y } = node.querySelector('.body')!.getBoundingClientRect();
          return `${Math.round(x)} ${Math.round(y)}`;
        }),
      );
    await panel.show({ moment, views });
    await panel.page.locator('[data-node]').first().waitFor();
    const before = await places();
    const events = Array.from({ length: 8 }, (_, index) => {
      return { name: `LogTruncated${index}`, fields: 'a long list of fields, and of more fields' };
    });
    const verdicts = Array.from({ length: 13 }, () => {
      return { type: 'holds' as const, subject: 'Election Safety', sentence: '' };
    });
    const ending = { stoppedEarly: false, verdicts, counts: { holds: 13, violated: 0, unknown: 0 } };
    const nodes = views.cluster.nodes.map((node) => ({
      ...node, tone: 'lead' as const, status: 'paused' as const, facts: [], timers: [],
      standing: 'a long standing',
    }));
    await panel.show({
      moment: { ...moment, action: { ...moment.action, events }, stop: { type: 'end', ending } },
      views: { ...views, cluster: { ...views.cluster, nodes, messages: [] } },
    });
    await panel.page.getByRole('button', { name: '13 of 13 hold' }).waitFor();
    expect(await places()).toEqual(before);
    await panel.page.getByRole('button', { name: '13 of 13 hold' }).click();
    expect(await panel.page.locator('.verdicts li').count()).toBe(13);
    expect(await places()).toEqual(before);
  });

  it.each([15, 50, 100])('has all of %i nodes in sight, each legible, none over another', async (count) => {
    const panel = await openPanel(browser, 'cluster', { width: 640, height: 420 });
    await panel.show(makeView({ nodes: count, clients: 0 }));
    await expect.poll(() => panel.page.locator('.node').count()).toBe(count);
    const stage = (await panel.page.locator('.stage').boundingBox())!;
    const discs = await panel.page.locator('.node .body').evaluateAll((bodies) =>
      bodies.map((body) => {
        const { x, y, width } = body.getBoundingClientRect();
        return { x: x + width / 2, y: y + width / 2, radius: width / 2 };
      }),
    );
    for (const [index, { x, y, radius }] of discs.entries()) {
      expect(x - radius).toBeGreaterThanOrEqual(stage.x);
      expect(x + radius).toBeLessThanOrEqual(stage.x + stage.width);
      expect(y - radius).toBeGreaterThanOrEqual(stage.y);
      expect(y + radius).toBeLessThanOrEqual(stage.y + stage.height);
      expect(radius).toBeGreaterThan(6);
      for (const other of discs.slice(index + 1)) {
        expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(radius + other.radius);
      }
    }
  });
});

/** Words of nodes that overlap or leave the picture, and a page that is larger than the panel. */
async function misfits({ page }: PanelPage<'cluster'>): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('lockstep-cluster')!.shadowRoot!;
    const found: string[] = [];
    const frame = root.querySelector('svg.cluster')!.getBoundingClientRect();
    const texts = [...root.querySelectorAll('.node text')].map((text) => {
      return { words: text.textContent!.trim(), box: text.getBoundingClientRect() };
    });
    texts.forEach(({ words, box }, index) => {
      if (box.left < frame.left - 2 || box.right > frame.right + 2) found.push(`${words} leaves the picture`);
      if (box.bottom > frame.bottom + 3) found.push(`${words} is below the picture`);
      for (const other of texts.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 3 && down > 4) found.push(`${words} overlaps ${other.words}`);
      }
    });
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > window.innerWidth) found.push(`the page is ${scrollWidth} wide`);
    if (scrollHeight > window.innerHeight) found.push(`the page is ${scrollHeight} high`);
    return found;
  });
}

describe('the cluster panel fits', () => {
  it.each([
    [320, 200], [460, 200], [400, 640], [640, 380], [640, 760], [1280, 720],
  ])('any cluster at %i × %i', async (width, height) => {
    const panel = await openPanel(browser, 'cluster', { width, height });
    for (const nodes of [1, 2, 3, 4, 5, 7, 9, 12]) {
      for (const divided of [false, true]) {
        const view = makeView({ nodes, step: nodes });
        await panel.show(divided ? divide(view) : view);
        await expect.poll(() => panel.page.locator('.node').count()).toBe(nodes + 2);
        const walls = async () => (await panel.page.locator('.wall').count()) > 0;
        await expect.poll(walls).toBe(divided);
        expect(await misfits(panel), `${nodes} nodes${divided ? ', divided' : ''}`).toEqual([]);
      }
    }
  });
});
