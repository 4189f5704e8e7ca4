/** The cluster panel read at a glance: who acted, who only believes, and what nodes show in words. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterView, NodeView } from '../../src/view/cluster/cluster-view.ts';
import { launched, openLive } from './live-panel.ts';
import { launchChromium, openPanel } from './panel-page.ts';
import type { PanelPage } from './panel-page.ts';
import type { ThemeName } from './themes.ts';
import { makeView } from './views.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const themes: ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
const sizes = [
  { width: 460, height: 380 }, { width: 640, height: 380 }, { width: 1280, height: 720 },
];

const samples = `${process.cwd()}/samples/distributed-locks`;

async function shown(cluster: (view: ClusterView) => ClusterView, nodes: number, size = sizes[1]!) {
  const panel = await openPanel(browser, 'cluster', size);
  const { moment, views } = makeView({ nodes, clients: 0 });
  await panel.show({ moment, views: { ...views, cluster: cluster(views.cluster) } });
  await expect.poll(() => panel.page.locator('.node').count()).toBe(nodes);
  return panel;
}

const eachNode = (change: (node: NodeView, index: number) => Partial<NodeView>) =>
  (view: ClusterView): ClusterView => ({
    ...view,
    messages: [],
    nodes: view.nodes.map((node, index) => ({ ...node, ...change(node, index) })),
  });

/** The rows beside the disc of a node, and in it. */
async function wordsOf({ page }: PanelPage<'cluster'>, node: string): Promise<string[]> {
  const texts = await page.locator(`[data-node="${node}"] text`).allTextContents();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

describe('the mark of the node that acted', () => {
  /** How far its middle is from that of its node, and whether it is in four parts around it. */
  const mark = ({ page }: PanelPage<'cluster'>) =>
    page.locator('.node.acted').evaluate((node) => {
      const [body, actor] = ['.body', '.actor'].map((part) => {
        const { x, y, width, height } = node.querySelector(part)!.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2, width };
      });
      const path = node.querySelector<SVGPathElement>('.actor')!;
      return {
        off: Math.hypot(body!.x - actor!.x, body!.y - actor!.y),
        isAround: actor!.width > body!.width * 0.9,
        parts: path.getAttribute('d')!.match(/M/g)!.length,
        line: getComputedStyle(path).strokeWidth,
      };
    });

  it.each([2, 5, 15, 60])(
    'is around it among %i nodes, and never beside it on a link', async (nodes) => {
      for (const size of sizes) {
        const panel = await shown((view) => view, nodes, size);
        const { off, isAround, parts, line } = await mark(panel);
        expect(off).toBeLessThan(1.5);
        expect({ isAround, parts, line }).toEqual({ isAround: true, parts: 4, line: '4px' });
      }
    });

  it.each(themes)('is drawn by lines, and explained by the same in the theme %s', async (theme) => {
    const panel = await openPanel(browser, 'cluster', { ...sizes[1], theme });
    await panel.show(makeView({ nodes: 3 }));
    await panel.page.getByRole('button', { name: 'Legend' }).click();
    const item = panel.page.locator('.legend li', { hasText: 'took the last action' });
    const inks = await Promise.all(
      [panel.page.locator('.node.acted .actor').first(), item.locator('.actor')].map((one) =>
        one.evaluate((path) => getComputedStyle(path).stroke)),
    );
    expect(inks[0]).toBe(inks[1]);
    expect(inks[0]).not.toBe('none');
    expect(await item.locator('.body').count()).toBe(1);
  });
});

describe('what the protocol explains', () => {
  it('is said to the pointer over a value, and to screen readers in the list of nodes', async () => {
    const panel = await shown((view) => view, 3, sizes[1]);
    const { page } = panel;
    const said = 'The candidate that got its vote.';
    const rows = page.locator('[data-node="n1"] .words g', { hasText: /votedFor/ });
    await expect.poll(() => rows.locator('title').first().textContent()).toMatch(
      new RegExp(`^votedFor .*: ${said}$`));
    expect(await page.locator('[data-node="n1"] > title').textContent()).toMatch(/(follower|leader): It /);
    await page.getByRole('button', { name: /^Nodes/ }).click();
    const card = page.locator('.card', { hasText: 'n1' }).first();
    expect(await card.locator('dt', { hasText: 'votedFor' }).getAttribute('title')).toBe(said);
    expect(await card.locator('dt .unseen', { hasText: said }).count()).toBe(1);
  });

  it('is in the legend: each role, what its nodes can be, and what their values mean', async () => {
    const panel = await shown((view) => view, 3, sizes[1]);
    await panel.page.getByRole('button', { name: 'Legend' }).click();
    const role = panel.page.getByRole('region', { name: 'replica' });
    await role.getByText('replica: A server.').waitFor();
    const terms = await role.locator('dt').allTextContents();
    expect(terms).toEqual(['follower', 'leader', 'votedFor']);
    expect(await role.locator('dd').first().textContent()).toBe('It is passive.');
  });
});

describe('words', () => {
  it.each([5, 6, 7])('are the same facts at each of %i nodes', async (nodes) => {
    for (const size of sizes.slice(1)) {
      const panel = await shown(eachNode(({ id }, index) => ({
        status: 'running', tone: index === 0 ? 'lead' : 'follow', shown: [],
        standing: index === 0 ? 'leader' : 'follower',
        clock: { offset: 0, drift: 0 }, epoch: { name: 'term', value: 3 },
        timers: [{ name: 'election', left: 131_000, span: 173_000 }],
        facts: [
          { name: 'votedFor', value: id, changed: false },
          { name: 'commitIndex', value: '4', changed: false },
        ],
      })), nodes, size);
      const kinds = [/er\b/, /\bt(erm )?3/, /131 ms/, /cells/, /voted/, /commit/];
      const rows = await Promise.all(
        Array.from({ length: nodes }, async (_, index) => {
          const id = `n${index + 1}`;
          const cells = await panel.page.locator(`[data-node=${id}] .cell`).count();
          return [...(await wordsOf(panel, id)), ...(cells > 0 ? ['cells'] : [])];
        }),
      );
      const facts = rows.map((words) => kinds.filter((kind) => kind.test(words.join('; '))).map(String));
      expect(new Set(facts.map(String)).size, `${size.width}: ${rows.map(String).join(" / ")}`).toBe(1);
      expect(facts[0]!.slice(0, 4)).toEqual(kinds.slice(0, 4).map(String));
      if (nodes === 5) expect(facts[0]).toEqual(kinds.map(String));
    }
  });

  it('never cut the time that a timer has left, nor a belief', async () => {
    for (const size of sizes) {
      for (const nodes of [2, 4, 5, 7]) {
        const panel = await shown(eachNode(() => ({
          status: 'running', shown: [], facts: [],
          holds: [{ of: 'leases/database-primary', isRole: false, belief: 'believes', changed: false }],
          timers: [{ name: 'election of a new leader', left: 43_210_000, span: 50_000_000 }],
        })), nodes, size);
        for (const id of ['n1', 'n2']) {
          const words = await wordsOf(panel, id);
          const cut = words.filter((text) => text.includes('…') && /believes|43\./.test(text));
          const about = `${nodes} nodes, ${size.width}: ${words.join(' / ')}`;
          // The name of the timer may be abbreviated before its time.
          const whole = /^(only believes|(\S{3,}… )?(in )?43\.21 s)/;
          expect(cut.filter((text) => !whole.test(text)), about).toEqual([]);
          expect(words.some((text) => text.startsWith('only believes')), about).toBe(true);
          const timer = words.find((text) => text.includes('43.'));
          if (timer !== undefined) expect(timer, about).toContain('43.21 s');
        }
      }
    }
  });
});

describe('a node that only believes', () => {
  it('to hold a lock looks and reads different in its disc', async () => {
    const panel = await shown(eachNode((_, index) => ({
      status: 'running', timers: [], facts: [], epoch: undefined!,
      standing: index < 2 ? 'holder' : '', tone: index < 2 ? 'lead' : 'none', stands: 'out',
      holds: index > 1 ? [] : [
        { of: 'order42', isRole: false, belief: index === 0 ? 'believes' : 'holds', changed: false },
      ],
    })), 3, sizes[2]);
    const [one, other] = [await wordsOf(panel, 'n1'), await wordsOf(panel, 'n2')];
    expect(one.slice(0, 3)).toEqual(['n1', 'believes', 'it holds']);
    expect(other.slice(0, 2)).toEqual(['n2', '★ holder']);
    const dashes = (id: string) => panel.page.locator(`[data-node=${id}] .second`)
      .evaluate((ring) => getComputedStyle(ring).strokeDasharray);
    expect(await dashes('n1')).not.toBe('none');
    expect(await dashes('n2')).toBe('none');
    expect(await panel.page.locator('[data-node=n1]').getAttribute('aria-label'))
      .toContain('believes it holds');
  });

  it('is told apart in a run whose lock went to another, and a counter is primary of nothing', async () => {
    const redlock = await launched(`${samples}/redlock-pause.scenario.yaml`);
    const counted = await (await openLive(browser, redlock, 'cluster')).goTo(20);
    const counter = counted.view.nodes.find(({ id }) => id === 'counter')!;
    expect([counter.standing, counter.tone]).toEqual(['', 'none']);
    const host = await launched(`${samples}/fenced-lock.scenario.yaml`);
    const panel = await openLive(browser, host, 'cluster', sizes[1]);
    let view = counted.view;
    const beliefs = () => view.nodes.flatMap(({ id, holds }) =>
      holds.map(({ belief }) => `${id} ${belief}`)).join(', ');
    for (let step = 33; step < 47 && !/A believes, B/.test(beliefs()); step++) {
      ({ view } = await panel.goTo(step));
    }
    expect(beliefs()).toMatch(/A believes, B (holds|granted)/);
    expect(await panel.page.locator('.node.doubtful').evaluateAll((nodes) =>
      nodes.map((node) => (node as SVGElement).dataset.node))).toEqual(['A']);
  });
});

describe('a crowd', () => {
  it.each([15, 20])('of %i nodes stands on one ring, apart, with words for the term', async (nodes) => {
    for (const size of sizes) {
      const panel = await shown((view) => view, nodes, size);
      const discs = await panel.page.locator('.node').evaluateAll((all) => all.map((node) => {
        const outer = node.querySelector('.second') ?? node.querySelector('.body')!;
        const { x, y, width, height } = outer.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2, radius: width / 2 };
      }));
      const centre = {
        x: (Math.min(...discs.map(({ x }) => x)) + Math.max(...discs.map(({ x }) => x))) / 2,
        y: (Math.min(...discs.map(({ y }) => y)) + Math.max(...discs.map(({ y }) => y))) / 2,
      };
      const [across, down] = (['x', 'y'] as const).map((axis) =>
        Math.max(...discs.map((disc) => Math.abs(disc[axis] - centre[axis]))));
      discs.forEach((one, index) => {
        const { x, y } = one;
        const out = Math.hypot((x - centre.x) / across!, (y - centre.y) / down!);
        expect(out, `n${index + 1} at ${size.width}`).toBeGreaterThan(0.85);
        for (const other of discs.slice(index + 1)) {
          const gap = Math.hypot(x - other.x, y - other.y) - one.radius - other.radius;
          expect(gap).toBeGreaterThan(3);
        }
      });
      const words = await wordsOf(panel, 'n1');
      expect(['term 3', 't3']).toContain(words[1]);
      if (nodes === 15) expect(words[1]).toBe('term 3');
    }
  });

  it('of 60 nodes with long names keeps them within their discs', async () => {
    const panel = await shown(eachNode(({ id }) => ({
      id: `member-${id}`, epoch: { name: 'incarnation', value: 0 },
    })), 60);
    const wide = await panel.page.locator('.node').evaluateAll((nodes) => nodes.map((node) => {
      const [name, body] = ['.name', '.body'].map((part) =>
        node.querySelector(part)!.getBoundingClientRect().width);
      return name! / body!;
    }));
    expect(Math.max(...wide)).toBeLessThan(1);
    expect((await wordsOf(panel, 'member-n8'))[1]).toBe('i0');
  });
});
