/** The toolbar of a panel's page: follow or pin, a presented panel, its failure, its language. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelNames } from '../../src/view/panels.ts';
import { jsonFile } from '../host/manifest.ts';
import { mark, pseudo, pseudoOf } from '../l10n/pseudo.ts';
import { launchChromium, openPanel, type PanelOptions, type PanelPage } from './panel-page.ts';
import { makeView, type Made } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A stop after so many steps. */
function stopAt(step: number, more: Partial<Made['moment']> = {}): Made {
  const made = makeView({ nodes: 3 });
  return { ...made, moment: { ...made.moment, branch: 0, steps: 30, ...more, step } };
}

async function opened(options: PanelOptions = {}) {
  const panel = await openPanel(browser, 'cluster', options);
  const bar = panel.page.locator('lockstep-toolbar');
  const shownStep = () =>
    panel.page
      .locator('lockstep-cluster')
      .evaluate((element) => (element as unknown as Shows).state.shown?.moment.step);
  return { ...panel, bar, pin: bar.locator('.pin'), shownStep };
}

interface Shows {
  readonly state: { readonly shown?: { readonly moment: { readonly step: number } } };
}

const close = (panel: Pick<PanelPage, 'page'>) => panel.page.context().close();

describe('a panel whose view failed', () => {
  for (const name of panelNames) {
    it(`says so instead of another step, until there is a view: ${name}`, async () => {
      const panel = await openPanel(browser, name, {});
      await panel.show(stopAt(12));
      await panel.page.locator(`lockstep-${name}`).getByText('12').filter({ visible: true }).first().waitFor();
      await panel.send({ type: 'failed', why: 'no node <b>n4</b>' });
      const alert = panel.page.getByRole('alert');
      await alert.getByText('This panel cannot show the current step.').waitFor();
      await alert.getByText('no node <b>n4</b>').waitFor();
      expect(await panel.page.getByText('step 12').count()).toBe(0);
      await panel.show(stopAt(13));
      await alert.waitFor({ state: 'detached' });
      expect(panel.complaints).toEqual([]);
      await close(panel);
    });
  }

  it('says so beside the moment to which it is pinned', async () => {
    const panel = await opened();
    await panel.show(stopAt(12));
    await panel.pin.click();
    await panel.send({ type: 'failed', why: 'no node n4' });
    await panel.bar.getByText('Pinned at step 12; the current step cannot be shown').waitFor();
    expect(await panel.shownStep()).toBe(12);
    await panel.pin.click();
    await panel.page.getByRole('alert').getByText('no node n4').waitFor();
    await close(panel);
  });
});

describe('a pinned panel', () => {
  it('reports that it is pinned, also when its page is loaded again', async () => {
    const panel = await opened();
    const reports = async () =>
      (await panel.posted()).flatMap((one) => (one.type === 'pinned' ? [one.isPinned] : []));
    await panel.show(stopAt(12));
    await panel.pin.click();
    await expect.poll(reports).toEqual([true]);
    await panel.page.reload();
    await expect.poll(reports).toEqual([true]);
    await panel.pin.click();
    await expect.poll(reports).toEqual([true, false]);
    await close(panel);
  });

  it('keeps its picture and says where the session is, until it follows again', async () => {
    const panel = await opened();
    await panel.show(stopAt(12));
    await panel.pin.click();
    await panel.bar.getByText('Pinned at step 12; the session is at the same step').waitFor();
    await panel.show(stopAt(20));
    await panel.bar.getByText('Pinned at step 12; the session is at step 20').waitFor();
    expect(await panel.shownStep()).toBe(12);
    await panel.page.setViewportSize({ width: 300, height: 400 });
    const isCut = await panel.bar.locator('p').evaluate((text) =>
      text.scrollHeight > text.clientHeight + 1 || text.getBoundingClientRect().bottom > 28);
    expect(isCut).toBe(false);
    await panel.send({ type: 'running', scenario: 'x' });
    await panel.bar.getByText('the session is running').waitFor();
    await panel.show(stopAt(21, { branch: 1 }));
    await panel.bar.getByText('the session is at step 21 of branch 1').waitFor();
    expect(await panel.pin.getAttribute('aria-pressed')).toBe('true');
    await panel.pin.click();
    await expect.poll(panel.shownStep).toBe(21);
    expect(panel.complaints).toEqual([]);
    await close(panel);
  });

  it('is still pinned after it was hidden', async () => {
    const panel = await opened();
    await panel.show(stopAt(12));
    await panel.send({ type: 'pin or follow' });
    await panel.bar.getByText('Pinned at step 12').waitFor();
    await panel.page.reload();
    await panel.show(stopAt(20));
    await panel.bar.getByText('Pinned at step 12; the session is at step 20').waitFor();
    expect(await panel.shownStep()).toBe(12);
    await panel.send({ type: 'pin or follow' });
    await expect.poll(panel.shownStep).toBe(20);
    await close(panel);
  });

  it('says that nothing can be done in a picture of the past', async () => {
    const panel = await opened();
    await panel.show(stopAt(12));
    await panel.pin.click();
    await panel.show(stopAt(20));
    await panel.page.evaluate(() => (window.posted.length = 0));
    const slider = panel.page.locator('input[type="range"]').first();
    await slider.focus();
    await panel.page.keyboard.press('Home');
    await panel.bar.getByText('This picture is pinned.').waitFor();
    expect(await panel.posted()).toEqual([]);
    await close(panel);
  });

  it('is empty once its session is cleared, and cannot be pinned then', async () => {
    const panel = await opened();
    await panel.show(stopAt(12));
    await panel.pin.click();
    await panel.send({ type: 'cleared' });
    await panel.page.getByText('The cluster appears here').waitFor();
    expect(await panel.pin.count()).toBe(0);
    await close(panel);
  });
});

describe('a panel without a picture', () => {
  it('says that the run goes on, and how it ended', async () => {
    const panel = await opened();
    await panel.send({ type: 'running', scenario: 'x' });
    await panel.page.getByText('Running …').waitFor();
    const counts = { holds: 0, violated: 0, unknown: 0 };
    const ending = { stoppedEarly: true, verdicts: [], counts };
    await panel.send({ type: 'ended', scenario: 'x', ending });
    await panel.page.getByText('Ended: stopped early.').waitFor();
    await close(panel);
  });
});

describe('a presented panel', () => {
  it('has larger text, and moves the session', async () => {
    const panel = await opened({ of: 'presented', width: 640, height: 700 });
    await panel.show(stopAt(12));
    for (const name of ['Step Back', 'Step', 'Continue']) {
      await panel.bar.getByRole('button', { name, exact: true }).click();
    }
    await panel.bar.getByRole('button', { name: 'End Presentation' }).click();
    const sent = (await panel.posted()).filter(({ type }) => type !== 'ready');
    expect(sent).toEqual([
      { type: 'move', motion: 'step back' },
      { type: 'move', motion: 'step' },
      { type: 'move', motion: 'continue' },
      { type: 'end presentation' },
    ]);
    const zoom = () =>
      panel.page.locator('lockstep-cluster').evaluate((element) => getComputedStyle(element).zoom);
    expect(await zoom()).toBe('1.5');
    await panel.send({ type: 'running', scenario: 'x' });
    await expect
      .poll(() => panel.bar.getByRole('button', { name: 'Continue' }).isDisabled())
      .toBe(true);
    await close(panel);
  });
});

describe('the toolbar of a presentation', () => {
  it('plays the session, as the bar of the panel does', async () => {
    const panel = await opened({ of: 'presented', width: 640, height: 700 });
    await panel.show(stopAt(12));
    const button = panel.bar.locator('button.play');
    expect((await button.textContent())!.trim()).toBe('Play');
    await button.click();
    await expect.poll(async () => (await panel.posted()).at(-1)).toEqual({ type: 'step' });
    await expect.poll(async () => (await button.textContent())!.trim()).toBe('Pause');
    await button.click();
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('false');
    await panel.send({ type: 'running', scenario: 'x' });
    await expect.poll(() => button.isDisabled()).toBe(true);
    await close(panel);
  });
});

it('a panel whose script does not arrive as a whole says so to the extension', async () => {
  const panel = await opened();
  await panel.page.route('**/parts/*', (route) => route.abort());
  await panel.page.reload();
  await expect.poll(panel.posted).toEqual([{ type: 'not loaded' }]);
  await close(panel);
});

it('a panel that cannot be drawn says so', async () => {
  const panel = await opened();
  const broken = stopAt(12);
  await panel.show({ ...broken, views: { ...broken.views, cluster: {} as never } });
  await panel.bar.getByText('Internal error: this panel could not be drawn').waitFor();
  await close(panel);
});

describe('in the language of the editor', () => {
  const english = jsonFile('l10n/bundle.l10n.json') as Record<string, string>;

  it.each(panelNames)('%s', async (name) => {
    const panel = await openPanel(browser, name, { translations: pseudoOf(english) });
    await panel.send({ type: 'opened', hasSession: false });
    await panel.page.getByText(pseudo('Open a scenario')).waitFor();
    await panel.show(stopAt(12));
    const bar = panel.page.locator('lockstep-toolbar');
    await bar.getByRole('button', { name: pseudo('Pin to this moment') }).click();
    await bar.getByText(`${mark}Pínnéd át`).waitFor();
    expect(panel.complaints).toEqual([]);
    await close(panel);
  });
});
