/** An exported run in Chromium, from the disk and without a network: it plays, and draws each step. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import { labels as playing } from '../../src/view/panel-words/play.ts';
import { labels, themeNames } from '../../src/view/panel-words/run-page.ts';
import { protocolFile, Shell } from '../cli/shell.ts';
import { launchChromium } from './panel-page.ts';

const root = path.resolve(import.meta.dirname, '../..');
const hostile = '</script><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">';
const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-run-page-'));
const shipped = (file: string) => readFileSync(path.join(root, 'dist', file), 'utf8');
const write = 'raft/replicate-one-write.scenario.yaml';
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  page: Page;
  run: RecordedRun;
  replayed: ReplayedRun;
  goTo(step: number): Promise<void>;
  complaints: string[];
}

async function open(
  files: Record<string, string>,
  name: string,
  context: Parameters<Browser['newContext']>[0] = {},
): Promise<Opened> {
  const shell = new Shell({ ...files }, { shipped });
  const { out } = await shell.run('export', '--view', name);
  const { code, error } = await shell.run('export', name, '--html', 'run.html');
  expect(code, error).toBe(0);
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, shell.files['run.html']!);
  const run = JSON.parse(out) as RecordedRun;
  const replayed = new ReplayedRun(run);
  replayed.advance(run.about.last + 1);
  const viewport = { width: 1280, height: 800 };
  const made = await browser.newContext({ colorScheme: 'dark', viewport, ...context });
  await made.setOffline(true);
  const page = await made.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) complaints.push(`request of ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.locator('lockstep-run .controls').waitFor();
  const goTo = async (step: number) => {
    const field = page.locator('lockstep-run .controls input.number');
    await field.fill(String(step));
    await field.dispatchEvent('change');
  };
  return { page, run, replayed, goTo, complaints };
}

function sample(name: string): [Record<string, string>, string] {
  const file = name.split('/')[1]!;
  return [{ [file]: readFileSync(path.join(root, 'samples', name), 'utf8') }, file];
}

const step = (page: Page) => page.locator('lockstep-run .controls input.number').inputValue();
const choose = (page: Page, tab: string) => page.locator(`lockstep-run [data-tab="${tab}"]`).click();
const textOf = (page: Page, selector: string) => page.locator(`lockstep-run ${selector}`).first().textContent();

describe('an exported run', () => {
  test('draws at each step what the panels of a session draw', async () => {
    const { page, run, replayed, goTo, complaints } = await open(...sample(write));
    const { last, panels } = run.about;
    expect(panels).toEqual(['cluster', 'sequence', 'spacetime', 'history', 'locks', 'logs', 'roles']);
    for (const at of [1, Math.floor(last / 2), last]) {
      await goTo(at);
      replayed.goTo(at);
      const views = replayed.views(panels);
      const ids = views.sequence!.items.flatMap((one) => (one.type === 'message' ? [one.id] : []));
      const missing = () => page.locator('lockstep-sequence').evaluate((panel, wanted) => {
        const rows = [...panel.shadowRoot!.querySelectorAll<SVGElement>('[data-message]')];
        return wanted.filter((id) => !rows.some((row) => row.dataset.message === id));
      }, ids);
      await expect.poll(missing).toEqual([]);
      const cluster = await textOf(page, 'lockstep-cluster [data-picture]');
      for (const { id } of views.cluster!.nodes) expect(cluster).toContain(id);
      const { narration } = views.cluster!;
      const current = narration!.steps.find(({ state }) => state === 'current');
      if (current) expect(await textOf(page, '.story .current')).toContain(current.text);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('has every panel, which answers offline what it would ask a debugger', async () => {
    const { page, run, goTo, complaints } = await open(...sample(write));
    await goTo(run.about.last);
    await choose(page, 'spacetime');
    const search = page.locator('lockstep-spacetime').getByPlaceholder(/event.name/);
    await search.fill('event.name == "EntryCommitted"');
    await search.press('Enter');
    await page.locator('lockstep-spacetime').getByText(/^\s*(\d+ of \d+|\d+ match)/).first().waitFor();
    await page.locator('lockstep-spacetime').getByLabel('Axis', { exact: true }).selectOption('step');
    await page.getByLabel(/nodes in the order of \d+ steps/).waitFor();
    await choose(page, 'history');
    await page.locator('lockstep-history').getByText('put x 1').first().waitFor({ state: 'attached' });
    await choose(page, 'logs');
    await page.locator('lockstep-logs').getByText('put x 1').first().waitFor({ state: 'attached' });
    await choose(page, 'roles');
    await page.locator('lockstep-roles select').selectOption({ label: 'n2' });
    await expect.poll(() => page.locator('lockstep-roles select').inputValue()).toContain('n2');
    await choose(page, 'locks');
    await page.locator('lockstep-locks').getByText('leader').first().waitFor({ state: 'attached' });
    await choose(page, 'words');
    expect(await textOf(page, '.verdicts')).toContain('Latest Configuration');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('plays by keys and buttons, and stops where a debugger would', async () => {
    const { page, run, complaints } = await open(...sample(write), { reducedMotion: 'reduce' });
    const { last } = run.about;
    const [first, second] = run.moments.map((mark) => String(mark.step));
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => step(page)).toBe('1');
    await page.keyboard.press('End');
    await expect.poll(() => step(page)).toBe(String(last));
    await page.keyboard.press('p');
    await page.keyboard.press('Home');
    await page.locator('lockstep-play select').selectOption('100');
    await page.getByRole('button', { name: playing.play }).click();
    await expect.poll(() => step(page)).toBe(first);
    await page.getByRole('button', { name: playing.play }).waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(' ');
    await expect.poll(() => step(page)).toBe(second);
    await page.keyboard.press('p');
    await expect.poll(() => step(page)).toBe(first);
    await page.getByRole('button', { name: playing.back }).click();
    await expect.poll(() => step(page)).toBe(String(Number(first) - 1));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('moves messages between steps, and not if the user wants no movement', async () => {
    const moved = async (reducedMotion: 'reduce' | 'no-preference') => {
      const { page, goTo, complaints } = await open(...sample(write), { reducedMotion });
      await goTo(14);
      await page.locator('lockstep-play select').selectOption('0.1');
      await page.evaluate(() => {
        const panel = document.querySelector('lockstep-run')!.shadowRoot!.querySelector('lockstep-cluster')!;
        const changes: string[] = [];
        Object.assign(window, { changes });
        new MutationObserver((list) => {
          for (const { target } of list) changes.push((target as SVGElement).style.transform);
        }).observe(panel.shadowRoot!, { subtree: true, attributes: true, attributeFilter: ['style'] });
      });
      await page.getByRole('button', { name: playing.play }).click();
      await page.getByRole('button', { name: playing.pause }).waitFor();
      const count = () => page.evaluate(() => {
        const { changes } = window as unknown as { changes: string[] };
        return changes.filter((one) => one.startsWith('translate')).length;
      });
      if (reducedMotion === 'no-preference') await expect.poll(count).toBeGreaterThan(3);
      await page.getByRole('button', { name: playing.pause }).click();
      await expect.poll(async () => Number(await step(page))).toBeGreaterThan(14);
      const found = await count();
      expect(complaints).toEqual([]);
      await page.context().close();
      return found;
    };
    expect(await moved('no-preference')).toBeGreaterThan(3);
    expect(await moved('reduce')).toBe(0);
  });

  test('follows the theme of the system, also in high contrast, until one is chosen', async () => {
    const paperOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const themeOf = (page: Page) => page.evaluate(() => [document.documentElement.dataset.theme, document.body.className]);
    const { page, complaints } = await open(...sample('two-generals/two-acknowledgements.scenario.yaml'));
    expect([await themeOf(page), await paperOf(page)]).toEqual([['dark', 'vscode-dark'], 'rgb(31, 31, 31)']);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => themeOf(page)).toEqual(['light', 'vscode-light']);
    expect(await paperOf(page)).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' });
    await expect.poll(() => themeOf(page)).toEqual(['hc-dark', 'vscode-high-contrast']);
    expect(await paperOf(page)).toBe('rgb(0, 0, 0)');
    await page.locator('lockstep-run .theme select').selectOption(themeNames['hc-light']);
    expect((await themeOf(page))[0]).toBe('hc-light');
    await page.emulateMedia({ contrast: 'no-preference' });
    expect((await themeOf(page))[0]).toBe('hc-light');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('shows what panels would send to a debugger: a step is shown, an action is refused', async () => {
    const { page } = await open(...sample(write));
    const send = (detail: object) =>
      page.evaluate((sent) => {
        window.dispatchEvent(new CustomEvent('lockstep-message', { detail: sent }));
      }, detail);
    await send({ type: 'goto', step: 3 });
    await expect.poll(() => step(page)).toBe('3');
    await send({ type: 'take', action: 'crash n1' });
    await expect.poll(() => textOf(page, '.notice.said')).toBe(labels.recording);
    await page.context().close();
  });

  test('has texts of scenarios and protocols as text, whatever they contain', async () => {
    const scenario = `# ${hostile}
title: ${JSON.stringify(hostile)}
protocol: ./pinging.ts
nodes: { a: peer, b: peer }
steps: [a ask]
`;
    const ping = `node.event('Pinged', { count: ${JSON.stringify(hostile)} });`;
    const files = { 'ping.scenario.yaml': scenario, 'pinging.ts': `// ${hostile}\n${protocolFile({ ping })}` };
    const { page, run, goTo, complaints } = await open(files, 'ping.scenario.yaml');
    await goTo(run.about.last);
    expect(await page.title()).toBe(hostile);
    expect(await textOf(page, 'h1')).toBe(hostile);
    await choose(page, 'scenario');
    expect(await textOf(page, 'pre')).toContain(`// ${hostile}`);
    expect(await textOf(page, '.scenario li')).toBe(`# ${hostile}`);
    expect(await page.evaluate(() => [(window as { harmed?: unknown }).harmed, document.querySelectorAll('img').length])).toEqual([undefined, 0]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('takes less than 2 MB without its data, and says so if a browser cannot unpack it', async () => {
    const [files, name] = sample('two-generals/two-acknowledgements.scenario.yaml');
    const { page } = await open(files, name);
    const file = path.join(folder, `${name}.html`);
    const text = readFileSync(file, 'utf8');
    const data = /id="run">([^<]*)</.exec(text)![1]!;
    expect(statSync(file).size - data.length).toBeLessThan(2_000_000);
    await page.addInitScript(() => {
      Object.assign(window, { DecompressionStream: undefined });
    });
    await page.reload();
    await expect.poll(() => page.locator('#run-state').textContent()).toMatch(/^This file cannot be played here: /);
    await page.context().close();
  });
});
