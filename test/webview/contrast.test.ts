/** What the panels draw contrasts with the background in each of the editor's own themes. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import type { ThemeName } from './themes.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const names: ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
/** WCAG 2.2 demands a contrast of 4.5 for text and 3 for graphics. */
const words = ['var(--ink)', 'var(--quiet)'];
const shapes = ['outline', 'focus', 'accent', 'bid', 'wrong', 'changed'].map(
  (name) => `var(--${name})`,
);

/** The contrast of each colour with the panel's background; translucent colours as painted. */
async function contrasts({ page }: PanelPage<'cluster'>, colours: string[]): Promise<Record<string, number>> {
  return page.evaluate((wanted) => {
    const panel = document.querySelector('lockstep-cluster')!;
    const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const probe = panel.shadowRoot!.appendChild(document.createElement('i'));
    const computed = (colour: string) => {
      probe.style.color = colour;
      return getComputedStyle(probe).color;
    };
    const paper = computed('var(--paper)');
    const luminance = (colour: string) => {
      for (const layer of [paper, colour]) {
        brush.fillStyle = layer;
        brush.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map((part) =>
        part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const ground = luminance(paper);
    const found = wanted.map((colour) => {
      const own = luminance(computed(colour));
      return [colour, (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05)];
    });
    probe.remove();
    return Object.fromEntries(found) as Record<string, number>;
  }, colours);
}

async function faint(panel: PanelPage<'cluster'>, colours: string[], least: number): Promise<object> {
  const ratios = Object.entries(await contrasts(panel, colours));
  return Object.fromEntries(ratios.filter(([, ratio]) => ratio < least));
}

describe.each(names)('in the %s theme', (theme) => {
  it('text is legible, and borders and symbols are visible', async () => {
    const panel = await openPanel(browser, 'cluster', { theme });
    await panel.show(makeView({ nodes: 5 }));
    await panel.page.locator('.node.bid .body').waitFor();
    expect(await faint(panel, words, 4.5)).toEqual({});
    expect(await faint(panel, shapes, 3)).toEqual({});
  });

  it('the six colours of epochs are visible and distinct', async () => {
    const panel = await openPanel(browser, 'cluster', { theme });
    const fills: string[] = [];
    for (let value = 0; value < 6; value++) {
      const made = makeView({ nodes: 1 });
      const node = made.views.cluster.nodes[0]!;
      node.epoch = { name: 'term', value };
      node.log!.entries = node.log!.entries.map((entry) => ({ ...entry, epoch: value }));
      await panel.show(made);
      await panel.page.locator('[data-node=n1] text', { hasText: `term ${value}` }).first().waitFor();
      const cell = panel.page.locator('[data-node=n1] .cell').first();
      fills.push(await cell.evaluate((rect) => getComputedStyle(rect).stroke));
    }
    expect(new Set(fills).size).toBe(6);
    expect(await faint(panel, fills, 3)).toEqual({});
  });
});
