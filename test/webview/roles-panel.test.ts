/** The State Machine panel in Chromium: the diagram, the transition just taken, how one moves. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rolesToMermaid } from '../../src/view/roles/roles-mermaid.ts';
import type { RolesView } from '../../src/view/roles/roles-view.ts';
import { launchChromium, openPanel, type PanelPage } from './panel-page.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const nasty = '<b>x</b> **y** --> z; end';

function made(more: Partial<RolesView> = {}): RolesView {
  const state = (standing: string, nodes: string[], isDeclared = true) => ({
    standing, doc: '', isDeclared, boots: standing === 'follower', nodes,
  });
  const transition = (from: string | null, to: string, cause: string, count: number) => ({
    from, to, cause, isDeclared: cause !== '', count, now: [] as string[],
    ...(count > 0 && { last: { step: 3, time: 150_000, node: 'n1' } }),
  });
  const view = {
    roles: [
      { name: 'replica', nodes: ['n1', 'n2', 'n3'], declares: true, others: false },
      { name: 'client', nodes: ['c'], declares: false, others: false },
    ],
    role: 'replica', others: false, doc: 'A server.',
    states: [
      state('follower', ['n2', 'n3']), state('candidate', []), state('leader', ['n1']),
      state(nasty, [], false),
    ],
    transitions: [
      transition(null, 'follower', 'boot', 3),
      transition('follower', 'candidate', 'times out, starts election', 1),
      { ...transition('candidate', 'leader', 'receives votes from majority', 1), now: ['n1'] },
      transition('candidate', 'follower', 'discovers current leader', 0),
      transition('leader', nasty, '', 1),
    ],
    off: [], since: 0,
    ...more,
  };
  return { ...view, mermaid: rolesToMermaid(view) };
}

async function opened(view = made()): Promise<PanelPage<'roles'>> {
  const panel = await openPanel(browser, 'roles', { width: 900, height: 700 });
  const { moment, views } = makeView({ nodes: 3 });
  await panel.show({ moment, views: { ...views, roles: view } });
  return panel;
}

const edge = ({ page }: PanelPage<'roles'>, index: number) =>
  page.locator(`g[data-transition="${index}"]`);

describe('the state machine panel', () => {
  it('draws states with their nodes and transitions with their causes', async () => {
    const panel = await opened();
    await edge(panel, 4).waitFor();
    const boxes = panel.page.locator('.node[data-standing]');
    expect(await boxes.count()).toBe(4);
    expect(await panel.page.locator('[data-standing=leader] .label').textContent()).toBe('leadern1');
    expect(await panel.page.locator('.node.here').count()).toBe(2);
    expect(await panel.page.locator('svg[data-picture="State Machine"]').count()).toBe(1);
    expect(await edge(panel, 3).textContent()).toContain('discovers current');
    expect(panel.complaints).toEqual([]);
  });

  it('has room for the names of states, and no label over another or over a state', async () => {
    const state = (standing: string, nodes: string[]) => ({
      standing, doc: '', isDeclared: true, boots: standing === 'follower', nodes,
    });
    const transition = (from: string | null, to: string, cause: string) => ({
      from, to, cause, isDeclared: true, count: 0, now: [] as string[],
    });
    const [starts, discovers] = ['times out, starts pre-vote (thesis §9.6)', 'discovers current leader or new term'];
    const panel = await opened(made({
      states: [
        state('follower', ['n1', 'n2']), state('pre-candidate', []), state('candidate', []), state('leader', []),
      ],
      transitions: [
        transition(null, 'follower', 'boot'), transition('follower', 'pre-candidate', starts),
        transition('follower', 'candidate', 'times out, starts election'),
        transition('follower', 'leader', 'times out; its own vote is a majority'),
        transition('pre-candidate', 'pre-candidate', 'times out, new pre-vote'),
        transition('pre-candidate', 'candidate', 'would receive votes from a majority'),
        transition('pre-candidate', 'follower', discovers),
        transition('candidate', 'candidate', 'times out, new election'),
        transition('candidate', 'pre-candidate', starts),
        transition('candidate', 'leader', 'receives votes from majority of servers'),
        transition('candidate', 'follower', discovers),
        transition('leader', 'follower', 'discovers server with higher term, or has no quorum'),
      ],
    }));
    await edge(panel, 11).waitFor();
    const misfits = await panel.page.evaluate(() => {
      const root = document.querySelector('lockstep-roles')!.shadowRoot!;
      const box = (element: Element) => element.getBoundingClientRect();
      const states = [...root.querySelectorAll('.node[data-standing]')];
      const wide = states.filter((one) => {
        const [text, frame] = [box(one.querySelector('text')!), box(one.querySelector(':scope > rect')!)];
        return text.left < frame.left + 2 || text.right > frame.right - 2;
      });
      const labels = [...root.querySelectorAll('g.edgeLabel')].filter((one) => one.querySelector('tspan'));
      const over = labels.flatMap((one, index) => [...labels.slice(index + 1), ...states].filter((other) => {
        const [a, b] = [box(one), box(other)];
        return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      }));
      return [...wide, ...over].map((one) => one.textContent);
    });
    expect(misfits).toEqual([]);
    expect(await panel.page.locator('.node[data-standing] > rect').count()).toBe(4);
  });

  it('is enlarged by its buttons, keys and the wheel, and fits again', async () => {
    const panel = await opened();
    await edge(panel, 4).waitFor();
    const size = async () => (await panel.page.locator('svg[data-picture]').boundingBox())!.width;
    const excess = () => panel.page.locator('.picture').evaluate((room) => room.scrollWidth - room.clientWidth);
    const whole = await size();
    const zoomIn = panel.page.getByRole('button', { name: 'Zoom in' });
    await zoomIn.click();
    await expect.poll(size).toBeGreaterThan(whole * 1.3);
    await panel.page.getByRole('button', { name: '140 %: Show all' }).waitFor();
    await panel.page.locator('.picture').focus();
    for (const key of ['+', '+', '+']) await panel.page.keyboard.press(key);
    await expect.poll(excess).toBeGreaterThan(0);
    // It stays enlarged at the next stop, whose picture is another.
    const { moment, views } = makeView({ nodes: 3 });
    const next = made({ states: made().states.slice(0, 3), transitions: made().transitions.slice(0, 4) });
    await panel.show({ moment, views: { ...views, roles: next } });
    await expect.poll(() => panel.page.locator('.node[data-standing]').count()).toBe(3);
    await panel.page.getByRole('button', { name: '384 %: Show all' }).waitFor();
    const width = await panel.page.locator('svg[data-picture]').evaluate((svg) => (svg as SVGSVGElement).viewBox.baseVal.width);
    expect(await size()).toBeGreaterThan(width * 1.9);
    await panel.page.keyboard.press('0');
    await expect.poll(size).toBeLessThanOrEqual(Math.max(whole, width));
    await panel.page.mouse.move(450, 400);
    await panel.page.keyboard.down('Control');
    await panel.page.mouse.wheel(0, -200);
    await panel.page.keyboard.up('Control');
    await expect.poll(size).toBeGreaterThan(width * 1.3);
    expect(panel.complaints).toEqual([]);
  });

  it.each([
    { width: 460, height: 200 }, { width: 460, height: 380 }, { width: 640, height: 380 },
    { width: 318, height: 180 }, { width: 318, height: 800 },
  ])('can be read in $width × $height, where the transition is, and fits on demand', async (size) => {
    const panel = await opened();
    const { page } = panel;
    await page.setViewportSize(size);
    await edge(panel, 4).waitFor();
    const over = () => page.locator('.picture').evaluate((room) => {
      const [frame, ...all] = [room, ...room.querySelectorAll('.node, .edgeLabel, path.transition')]
        .map((one) => one.getBoundingClientRect());
      return Math.max(
        room.scrollWidth - room.clientWidth, room.scrollHeight - room.clientHeight,
        ...all.map((one) => Math.max(one.right - frame!.right, frame!.left - one.left)),
        ...all.map((one) => Math.max(one.bottom - frame!.bottom, frame!.top - one.top)),
      );
    });
    const beyond = async () => {
      const [room, now] = await Promise.all(
        [page.locator('.picture'), edge(panel, 2)].map((one) => one.boundingBox()),
      );
      // The picture may be drawn anew: then it has no place for a moment.
      if (!room || !now) return Infinity;
      return Math.abs(now.y + now.height / 2 - room.y - room.height / 2) - room.height / 2;
    };
    await expect.poll(beyond).toBeLessThan(0);
    const scale = () => page.locator('svg[data-picture]').evaluate((svg) => {
      const { viewBox } = svg as SVGSVGElement;
      return svg.getBoundingClientRect().width / viewBox.baseVal.width;
    });
    await expect.poll(async () => (await scale()) * 13).toBeGreaterThanOrEqual(9.99);
    const step = (await page.locator('.position strong').boundingBox())!;
    const line = (await page.locator('.position').boundingBox())!;
    expect(step.x + step.width).toBeLessThanOrEqual(line.x + line.width + 0.5);
    await page.getByRole('button', { name: /Show all/ }).click();
    await expect.poll(over).toBeLessThanOrEqual(0);
  });

  it('explains its states to the pointer, as the protocol does', async () => {
    const states = made().states.map((one) => ({ ...one, doc: one.isDeclared ? 'It waits.' : '' }));
    const panel = await opened(made({ states }));
    await edge(panel, 4).waitFor();
    const titles = await panel.page.locator('.node[data-standing] > title').allTextContents();
    expect(titles).toEqual([
      'follower: It waits.', 'candidate: It waits.', 'leader: It waits.', `${nasty}: not declared`,
    ]);
  });

  it('marks the transition just taken, in the picture and in words', async () => {
    const panel = await opened();
    await edge(panel, 4).waitFor();
    expect(await edge(panel, 2).getAttribute('aria-current')).toBe('step');
    const width = (index: number) => panel.page
      .locator(`path[data-transition="${index}"]`)
      .evaluate((path) => parseFloat(getComputedStyle(path).strokeWidth));
    expect(await width(2)).toBeGreaterThan(await width(1));
    const words =
      'n1 becomes leader, was candidate: receives votes from majority (step 3, 150 ms).';
    expect(await panel.page.locator('.changes').innerText()).toBe(words);
    expect(await panel.page.locator('[role=status]').first().textContent()).toBe(
      `${words} follower: n2, n3. leader: n1.`,
    );
  });

  it('goes to where a transition was taken last, by click and by keyboard', async () => {
    const panel = await opened();
    await edge(panel, 4).waitFor();
    await edge(panel, 1).click();
    await edge(panel, 2).focus();
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Enter');
    // One that was never taken leads nowhere.
    await edge(panel, 3).focus();
    await panel.page.keyboard.press('Enter');
    const goto = { type: 'goto', step: 3 };
    expect((await panel.posted()).slice(1)).toEqual([goto, goto]);
  });

  it('says what is not declared, and shows text of a protocol as text', async () => {
    const panel = await opened();
    await edge(panel, 4).waitFor();
    expect(await edge(panel, 4).textContent()).toContain('not declared');
    expect(await edge(panel, 4).getAttribute('class')).toContain('undeclared');
    const box = panel.page.locator('.node.undeclared');
    expect((await box.textContent())!.replaceAll(/\s/g, '')).toContain(nasty.replaceAll(/\s/g, ''));
    expect(await panel.page.locator('.picture b').count()).toBe(0);
  });

  it('chooses a role or a node', async () => {
    const panel = await opened();
    await panel.page.getByRole('combobox').selectOption({ label: 'n2' });
    expect((await panel.posted()).at(-1)).toEqual({
      type: 'select', panel: 'roles', selection: { role: 'replica', node: 'n2' },
    });
  });

  it('says what to declare for a role without standings', async () => {
    const panel = await opened(made({ role: 'client', states: [], transitions: [] }));
    await panel.page.getByText('The role client shows no standing').waitFor();
    await panel.page.getByText(/declare the standings in the role/).waitFor();
  });
});
