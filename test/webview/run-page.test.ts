/** An exported run in Chromium, from the disk and without a network: it plays, and draws each step. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unpacker } from '../../src/view/export/pack.ts';
import type { Frame, RecordedRun } from '../../src/view/export/recorded-run.ts';
import { labels } from '../../src/view/panel-words/run-page.ts';
import { protocolFile, Shell } from '../cli/shell.ts';
import { launchChromium } from './panel-page.ts';

const root = path.resolve(import.meta.dirname, '../..');
const hostile = '</script><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">';
const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-run-page-'));
const shipped = (file: string) => readFileSync(path.join(root, 'dist', file), 'utf8');
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
  frame(step: number): Frame;
  goTo(step: number): Promise<void>;
  complaints: string[];
}

async function open(files: Record<string, string>, name: string): Promise<Opened> {
  const shell = new Shell({ ...files }, { shipped });
  const { out } = await shell.run('export', '--view', name);
  const { code, error } = await shell.run('export', name, '--html', 'run.html');
  expect(code, error).toBe(0);
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, shell.files['run.html']!);
  const run = JSON.parse(out) as RecordedRun;
  const unpacker = new Unpacker(run.frames);
  const context = await browser.newContext({ colorScheme: 'dark', viewport: { width: 1280, height: 800 } });
  await context.setOffline(true);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) complaints.push(`request of ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.locator('lockstep-run .panels').waitFor();
  const goTo = async (step: number) => {
    const field = page.locator('lockstep-run .controls input.number');
    await field.fill(String(step));
    await field.dispatchEvent('change');
  };
  return { page, run, goTo, complaints, frame: (step) => unpacker.value(step) as Frame };
}

function sample(name: string): [Record<string, string>, string] {
  const file = name.split('/')[1]!;
  return [{ [file]: readFileSync(path.join(root, 'samples', name), 'utf8') }, file];
}

/** What is drawn: the text of each picture, and the rows of the sequence. */
async function drawn(page: Page) {
  await expect.poll(() => page.locator('lockstep-sequence .target').count()).toBeGreaterThan(0);
  return page.evaluate(() => {
    const panelOf = (name: string) =>
      document.querySelector('lockstep-run')!.shadowRoot!.querySelector(name)!.shadowRoot!;
    const targets = [...panelOf('lockstep-sequence').querySelectorAll('.target')];
    return {
      cluster: panelOf('lockstep-cluster').querySelector('[data-picture]')!.textContent,
      rows: targets.map((target) => target.getAttribute('aria-label')),
      messages: [...panelOf('lockstep-sequence').querySelectorAll<SVGElement>('[data-message]')]
        .map((row) => row.dataset.message!),
    };
  });
}

const position = (page: Page) => page.locator('lockstep-run .position').textContent();

describe('an exported run', () => {
  test.each([
    'raft/replicate-one-write.scenario.yaml',
    'distributed-locks/fenced-lock.scenario.yaml',
    'two-generals/two-acknowledgements.scenario.yaml',
  ])('of %s draws at each step what the panels of a session draw', async (name) => {
    const { page, run, frame, goTo, complaints } = await open(...sample(name));
    const { last } = run.about;
    for (const step of [1, Math.floor(last / 2), last]) {
      await goTo(step);
      const { views, moment } = frame(step);
      await expect.poll(() => position(page)).toBe(`${step} of ${last}`);
      const ids = views.sequence!.items.flatMap((one) => (one.type === 'message' ? [one.id] : []));
      const missing = async () => {
        const { messages } = await drawn(page);
        return ids.filter((id) => !messages.includes(id));
      };
      await expect.poll(missing).toEqual([]);
      const { cluster } = await drawn(page);
      for (const { id } of views.cluster!.nodes) expect(cluster).toContain(id);
      const words = await page.locator('lockstep-run .words li').first().textContent();
      expect(words).toContain(moment.action.sentence);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('plays by keys and buttons, stops where a debugger would, and follows the theme', async () => {
    const { page, run, frame, complaints } = await open(...sample('raft/replicate-one-write.scenario.yaml'));
    const { last } = run.about;
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect([await theme(), await paper()]).toEqual(['dark', 'rgb(31, 31, 31)']);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => position(page)).toBe(`1 of ${last}`);
    await page.keyboard.press('End');
    await expect.poll(() => position(page)).toBe(`${last} of ${last}`);
    await page.keyboard.press('Home');
    const steps = Array.from({ length: last }, (_, index) => index + 1);
    const moment = steps.find((step) => !['start', 'step'].includes(frame(step).moment.stop.type));
    await page.locator('lockstep-run select.speed').selectOption('100');
    await page.locator('lockstep-run').getByRole('button', { name: labels.play }).click();
    await expect.poll(() => position(page)).toBe(`${moment} of ${last}`);
    await page.locator('lockstep-run').getByRole('button', { name: labels.play }).waitFor();
    await page.locator('lockstep-run button.theme').click();
    expect([await theme(), await paper()]).toEqual(['light', 'rgb(255, 255, 255)']);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('shows what panels would send to a debugger: a step is shown, an action is refused', async () => {
    const { page, run } = await open(...sample('raft/replicate-one-write.scenario.yaml'));
    const send = (detail: object) =>
      page.evaluate((sent) => {
        window.dispatchEvent(new CustomEvent('lockstep-message', { detail: sent }));
      }, detail);
    await send({ type: 'goto', step: 3 });
    await expect.poll(() => position(page)).toBe(`3 of ${run.about.last}`);
    await send({ type: 'take', action: 'crash n1' });
    await expect.poll(() => page.locator('lockstep-run main > .notice').textContent()).toBe(labels.recording);
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
    await page.locator('lockstep-run summary').click();
    const shown = await page.evaluate(() => ({
      title: document.title,
      head: document.querySelector('lockstep-run')!.shadowRoot!.querySelector('h1')!.textContent,
      source: document.querySelector('lockstep-run')!.shadowRoot!.querySelector('pre')!.textContent,
      line: document.querySelector('lockstep-run')!.shadowRoot!.querySelector('.scenario li')!.textContent,
      harmed: (window as { harmed?: unknown }).harmed,
      images: document.querySelectorAll('img').length,
    }));
    expect(shown).toMatchObject({ title: hostile, head: hostile, line: `# ${hostile}`, images: 0 });
    expect(shown.source).toContain(`// ${hostile}`);
    expect(shown.harmed).toBeUndefined();
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
    await expect.poll(() => page.locator('#state').textContent()).toMatch(/^This file cannot be played here: /);
    await page.context().close();
  });
});
