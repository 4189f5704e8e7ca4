/** Each control of a narrow panel has a name for all: in sight or in a tooltip, and for screen readers. */

import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelNames } from '../../src/view/panels.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium } from './panel-page.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const story = path.join(samples, 'raft/replicate-one-write.scenario.yaml');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The controls without a name that can be seen, in a tooltip at least, or without one that is read. */
function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const inAll = (root: Document | ShadowRoot): Element[] => [...root.querySelectorAll('*')]
      .flatMap((one) => one.shadowRoot && !one.localName.startsWith('vscode-')
        ? [one, ...inAll(one.shadowRoot)]
        : [one]);
    const isSeen = (one: Element) => {
      const { width, height } = one.getBoundingClientRect();
      return width > 1 && height > 1 && getComputedStyle(one).visibility === 'visible';
    };
    const textIn = (one: Element) => {
      const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      let text = '';
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement!;
        if (isSeen(parent) && !parent.closest('.unseen, option')) text += walker.currentNode.textContent;
      }
      return text.trim();
    };
    const kinds = 'button, select, input, summary, vscode-button, vscode-textfield, vscode-checkbox';
    const controls = inAll(document).filter((one) => one.matches(kinds) && isSeen(one));
    return controls.flatMap((one) => {
      const label = one.closest('label') ??
        (one.id === '' ? null : (one.getRootNode() as ShadowRoot).querySelector(`label[for="${one.id}"]`));
      const titled = one.closest('[title]')?.getAttribute('title') ?? '';
      const words = [one, ...(label ? [label] : [])].map(textIn).join('');
      const read = one.getAttribute('aria-label') ?? (one as Element & { label?: string }).label ?? '';
      const isRead = read !== '' || one.hasAttribute('aria-labelledby') || words !== '' || titled !== '';
      // A sign alone says little.
      const isNamed = /[\p{L}\d]/u.test(words) || titled !== '';
      return isNamed && isRead ? [] : [one.outerHTML.slice(0, 120)];
    });
  });
}

describe.each(panelNames)('%s', (panel) => {
  it.each([211, 318])('names each control in a width of %i pixels', async (width) => {
    const host = await launched(story, { stopOnEntry: true });
    const live = await openLive(browser, host, panel, { width, height: 420 });
    await live.goTo(12);
    expect(await unnamed(live.page)).toEqual([]);
    await live.page.evaluate(() => document.body.append(document.createElement('select')));
    await live.page.evaluate(() => {
      const one = document.querySelector('body > select') as HTMLSelectElement;
      one.style.cssText = 'width: 40px; height: 20px; position: fixed; top: 0';
    });
    expect(await unnamed(live.page)).toHaveLength(1);
  });
});
