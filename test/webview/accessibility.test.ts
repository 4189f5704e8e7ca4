/** Each panel, at stops of real runs and in each theme, has no violation that axe finds. */

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelNames } from '../../src/view/panels.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';
import type { ThemeName } from './themes.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const samples = path.resolve(import.meta.dirname, '../../samples');
const themes: ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
/** A log that is replicated, and a lock whose holder is paused. */
const stories = [
  { file: 'raft/first-election.scenario.yaml', step: 12 },
  { file: 'distributed-locks/pause-past-ttl.scenario.yaml', step: 12 },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** One line for each element that breaks a rule. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: tool } = window as unknown as {
      axe: { run(): Promise<{ violations: Violation[] }> };
    };
    return (await tool.run()).violations;
  });
  return found.flatMap(({ id, nodes }) => {
    return nodes.filter(({ html }) => isAbout(id, html)).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`);
  });
}

/**
 * A name must contain the visible label, for those who speak it. Marks of a picture and cells of a
 * table have no label: their text is the picture's, and the name says what it means.
 */
function isAbout(rule: string, html: string): boolean {
  return rule !== 'label-content-name-mismatch' || /^<(button|a|select|input|summary)\b/.test(html);
}

describe.each(panelNames)('%s', (panel) => {
  it.each(stories)('at step $step of $file, in every theme', async ({ file, step }) => {
    const host = await launched(path.join(samples, file));
    const live = await openLive(browser, host, panel);
    await live.goTo(step);
    for (const theme of themes) {
      await live.setTheme(theme);
      expect(await violations(live.page), theme).toEqual([]);
    }
    await live.page.context().close();
  });

  it('finds an element that has no name', async () => {
    const host = await launched(path.join(samples, stories[0].file));
    const live = await openLive(browser, host, panel);
    await live.page.evaluate(() => document.body.append(document.createElement('button')));
    expect((await violations(live.page)).join()).toContain('button-name');
    await live.page.context().close();
  });
});
