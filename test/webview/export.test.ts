/** Pictures of panels as files: an SVG that stands alone and looks the same, a PNG, and text. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PictureFile } from '../../src/view/export/picture-file.ts';
import { labels } from '../../src/view/panel-words/export.ts';
import { panelNames } from '../../src/view/panels.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const made = makeView({ nodes: 5 });
const hostile = '</text><script>window.harmed = 1</script>&amp; ``` | <img src=x>';

/** Chooses a format in the menu, and returns the files that the panel wants to have saved. */
async function saved({ page, posted }: PanelPage, name: string): Promise<PictureFile[]> {
  const before = (await posted()).length;
  const menu = page.locator('lockstep-export');
  await menu.getByRole('button', { name: labels.export }).click();
  await menu.getByRole('button', { name: `${labels.save} ${name}` }).click();
  await expect.poll(async () => (await posted()).length).toBe(before + 1);
  const message = (await posted()).at(-1)!;
  if (message.type !== 'save') throw new Error(`not a message to save: ${message.type}`);
  return message.files;
}

function textOf({ content }: PictureFile): string {
  if (content.type !== 'text') throw new Error('not a text');
  return content.text;
}

async function drawn(panel: PanelPage, name: string): Promise<void> {
  await panel.show(made);
  const picture = panel.page.locator(`lockstep-${name} svg text`);
  await expect.poll(() => picture.count()).toBeGreaterThan(5);
}

interface Written {
  text: string;
  width: number;
  height: number;
}

/** The texts of the pictures with their sizes; legends are small pictures. */
function textsOf(page: Page, host: string): Promise<Written[]> {
  return page.evaluate((name) => {
    const root = name === '' ? document : document.querySelector(name)!.shadowRoot!;
    const pictures = [...root.querySelectorAll('svg')].filter((svg) => {
      const isWhole = !svg.parentElement?.closest('svg');
      return isWhole && (svg.matches('.times') || svg.getBoundingClientRect().width >= 160);
    });
    const texts = pictures.flatMap((svg) => [...svg.querySelectorAll('text')]);
    const visible = texts.filter((text) => text.textContent && getComputedStyle(text).visibility === 'visible');
    const sizes = visible.map((text) => ({ text: text.textContent, box: text.getBBox() }));
    return sizes
      .map(({ text, box: { width, height } }) => ({ text, width, height }))
      .sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : one.width - other.width));
  }, host);
}

/** In which the browser counts lengths, in pixels. */
const layoutUnit = 1 / 64;

function expectSame(alone: Written[], inPanel: Written[]): void {
  expect(alone.map(({ text }) => text)).toEqual(inPanel.map(({ text }) => text));
  for (const [index, { text, width, height }] of alone.entries()) {
    const other = inPanel[index]!;
    const differs = Math.max(Math.abs(width - other.width), Math.abs(height - other.height));
    expect(differs, `${text}: ${width} or ${other.width}`).toBeLessThanOrEqual(layoutUnit);
  }
}

describe('Export…', () => {
  test.each(['cluster', 'sequence'] as const)('of %s writes an SVG that draws the same by itself', async (name) => {
    const panel = await openPanel(browser, name, { width: 900 });
    await drawn(panel, name);
    const [file] = await saved(panel, 'SVG');
    expect(file!.name).toBe(`${name}-step-57.svg`);
    const text = textOf(file!);
    expect(text).not.toMatch(/var\(|class=|<style|<script|color-mix|--vscode/);
    const alone = await browser.newPage();
    await alone.goto(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`);
    expect(await alone.evaluate(() => document.querySelector('parsererror'))).toBeNull();
    expectSame(await textsOf(alone, ''), await textsOf(panel.page, `lockstep-${name}`));
    const title = await alone.evaluate(() => document.querySelector('title')!.textContent);
    expect(title).toBe(`${name === 'cluster' ? 'Cluster' : 'Sequence'}: ${made.moment.title}, step 57`);
    const description = await alone.evaluate(() => document.querySelector('desc')!.textContent);
    expect(description).toContain(made.moment.action.sentence);
    expect(panel.complaints).toEqual([]);
    await Promise.all([alone.close(), panel.page.context().close()]);
  });

  test('writes a PNG at twice the size of the picture', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 900 });
    await drawn(panel, 'cluster');
    const svg = textOf((await saved(panel, 'SVG'))[0]!);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
    const [file] = await saved(panel, 'PNG');
    if (file!.content.type !== 'base64') throw new Error('not an image');
    const bytes = Buffer.from(file!.content.bytes, 'base64');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([Number(width) * 2, Number(height) * 2]);
    expect(panel.complaints).toEqual([]);
    await panel.page.context().close();
  });

  test('writes Markdown with the moment in words and tables, and what a text contains stays text', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 900 });
    const { moment, views } = made;
    const [first, ...others] = views.cluster.nodes;
    const nodes = [{ ...first!, facts: [{ name: 'x', value: hostile, changed: false }] }, ...others];
    await panel.show({ moment: { ...moment, title: hostile }, views: { ...views, cluster: { ...views.cluster, nodes } } });
    const [text, picture] = await saved(panel, 'Markdown');
    expect([text!.name, picture!.name]).toEqual(['cluster-step-57.md', 'cluster-step-57.svg']);
    const markdown = textOf(text!);
    expect(markdown).toContain('](cluster-step-57.svg)');
    expect(markdown).toContain('| n1 | ');
    expect(markdown).not.toMatch(/<script|<img|[^\\]`/);
    const alone = await browser.newPage();
    await alone.goto(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(picture!))}`);
    expect(await alone.evaluate(() => document.querySelectorAll('script, parsererror').length)).toBe(0);
    await Promise.all([alone.close(), panel.page.context().close()]);
  });

  test('copies Mermaid where the picture has such a form, and says where it has none', async () => {
    const panel = await openPanel(browser, 'roles');
    await panel.show(made);
    const menu = panel.page.locator('lockstep-export');
    await menu.getByRole('button', { name: labels.export }).click();
    expect(await menu.getByRole('button', { name: `${labels.copy} Mermaid` }).isDisabled()).toBe(true);
    await menu.getByText(labels.noMermaid).waitFor();
    await panel.page.keyboard.press('Escape');
    await expect.poll(() => menu.getByRole('dialog').count()).toBe(0);
    const sequence = await openPanel(browser, 'sequence');
    await drawn(sequence, 'sequence');
    const [file] = await saved(sequence, 'Mermaid');
    expect(textOf(file!)).toMatch(/^sequenceDiagram\n/);
    const cluster = await openPanel(browser, 'cluster', { width: 900 });
    await drawn(cluster, 'cluster');
    const [flowchart] = await saved(cluster, 'Mermaid');
    expect(flowchart!.name).toBe('cluster-step-57.mmd');
    expect(textOf(flowchart!)).toMatch(/^flowchart LR\n/);
    await cluster.page.context().close();
    await Promise.all([panel.page.context().close(), sequence.page.context().close()]);
  });

  test.each(['Escape elsewhere', 'press elsewhere', 'press outside of the page'])(
    'closes its dialog on %s', async (how) => {
      const panel = await openPanel(browser, 'cluster', { width: 900 });
      await drawn(panel, 'cluster');
      const opener = panel.page.locator('lockstep-export .open');
      const dialogs = () => panel.page.locator('lockstep-export').getByRole('dialog').count();
      await opener.click();
      await expect.poll(dialogs).toBe(1);
      if (how === 'Escape elsewhere') {
        // A press on its own words leaves it open, and takes the focus from its buttons.
        await panel.page.locator('lockstep-export .row span').first().click();
        expect(await dialogs()).toBe(1);
        await panel.page.keyboard.press('Escape');
      } else if (how === 'press elsewhere') await panel.page.locator('lockstep-moment').click({ position: { x: 20, y: 10 } });
      else await panel.page.evaluate(() => window.dispatchEvent(new Event('blur')));
      await expect.poll(dialogs).toBe(0);
      const hasFocus = await opener.evaluate((button) => button.matches(':focus'));
      expect(hasFocus).toBe(how === 'Escape elsewhere');
      await panel.page.context().close();
    },
  );

  test('what a header unfolds closes on Escape wherever the focus is, and on a press elsewhere', async () => {
    const panel = await openPanel(browser, 'cluster', { width: 900 });
    await drawn(panel, 'cluster');
    const unfold = panel.page.locator('lockstep-moment .unfold');
    const unfolded = () => panel.page.locator('lockstep-moment .all').count();
    await unfold.click();
    await panel.page.locator('.stage').evaluate((stage) => (stage as HTMLElement).focus());
    await panel.page.keyboard.press('Escape');
    await expect.poll(unfolded).toBe(0);
    await unfold.click();
    await expect.poll(unfolded).toBe(1);
    await panel.page.locator('.bar').first().click({ position: { x: 2, y: 2 } });
    await expect.poll(unfolded).toBe(0);
    await panel.page.context().close();
  });

  test.each(panelNames)('is in %s, and follows the command of the editor', async (name) => {
    const panel = await openPanel(browser, name);
    await panel.show(made);
    await panel.page.locator('lockstep-export button').waitFor();
    await panel.page.evaluate((to) => window.postMessage({ type: 'export', panel: to, format: 'markdown' }, '*'), name);
    await expect.poll(async () => (await panel.posted()).at(-1)!.type).toBe('save');
    await panel.page.context().close();
  });

  test.each(panelNames)('and the pin cover nothing in %s, nor each other', async (name) => {
    const panel = await openPanel(browser, name, { width: 460, height: 600 });
    await panel.show(made);
    await panel.page.locator('lockstep-export .open').waitFor();
    await panel.page.locator('lockstep-toolbar .pin').waitFor();
    const covered = await panel.page.evaluate(() => {
      const all = (root: ParentNode): Element[] =>
        [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
      const kinds = 'button, input, select, label, p, canvas, .stage, .scroll, vscode-button, vscode-textfield';
      const elements = all(document).filter((one) => one.matches(kinds) && one.getClientRects().length > 0);
      const corner = elements.filter((one) => one.matches('.open, .pin'));
      const found = corner.flatMap((one) => {
        const own = one.getBoundingClientRect();
        const others = elements.filter((other) => other !== one).map((other) => ({
          name: `${other.localName} ${other.className} ${other.textContent}`, box: other.getBoundingClientRect(),
        }));
        return others.filter(({ box }) => box.left < own.right - 0.5 && own.left < box.right - 0.5
          && box.top < own.bottom - 0.5 && own.top < box.bottom - 0.5).map((other) => other.name);
      });
      return { found, count: corner.length };
    });
    expect(covered).toEqual({ found: [], count: 2 });
    await panel.page.context().close();
  });
});
