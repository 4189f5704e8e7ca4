/** The Mermaid text of each picture is read by the real Mermaid, whatever names and messages contain. */

import path from 'node:path';
import type Mermaid from 'mermaid';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterToMermaid } from '../../src/view/export/mermaid/cluster.ts';
import { historyToMermaid } from '../../src/view/export/mermaid/history.ts';
import { mermaidLabel } from '../../src/view/export/mermaid/label.ts';
import { locksToMermaid } from '../../src/view/export/mermaid/locks.ts';
import { logsToMermaid } from '../../src/view/export/mermaid/logs.ts';
import { sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';
import { rolesToMermaid } from '../../src/view/roles/roles-mermaid.ts';
import { Lane } from '../../webview/spacetime/lane.ts';
import { spacetimeToMermaid } from '../../webview/spacetime/mermaid.ts';
import type { Scene } from '../../webview/spacetime/scene.ts';
import { RunAxis } from '../../webview/spacetime/run-axis.ts';
import { launchChromium } from './panel-page.ts';
import { makeView } from './views.ts';

const bundle = path.resolve(import.meta.dirname, '../../node_modules/mermaid/dist/mermaid.min.js');
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  await page.addScriptTag({ path: bundle });
});
afterAll(() => browser.close());

const hostiles = [
  '</text><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">',
  'end', 'section end', 'title', 'click a href "javascript:1"', '"] --> x["', 'a: b; c # d %% e',
  '`md` **bold** $$x$$ _it_', 'subgraph\nend', 'style n0 fill:red', '#59; &lt;b&gt; ¶ß ﬂ°', '', ' ',
  'gantt :crit, 1, 2', '1. list', '- list', 'space', 'columns 3', '\u202e\u2061 ‮', '💥'.repeat(80),
];

/** The view with each name and text of its parts replaced; nodes keep different names. */
function hostileView<View>(view: View, hostile: string): View {
  const texts = new Set([
    'details', 'text', 'label', 'standing', 'what', 'reason', 'name', 'value', 'messageType',
  ]);
  const kept = new Set(['message', 'holder', 'ok', 'failed', 'unknown', 'two', 'lost']);
  const ids = (value: string) => (/^(n\d+|[A-D])$/.test(value) ? `${hostile}${value}` : value);
  return JSON.parse(JSON.stringify(view), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (texts.has(key) && !kept.has(value)) return hostile;
    return ids(value);
  }) as View;
}

/** The picture, and what of it is not text or a shape. */
async function drawn(text: string): Promise<{ svg: string; harmful: unknown[] }> {
  return page.evaluate(async (source) => {
    const { mermaid } = window as unknown as { mermaid: typeof Mermaid };
    mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', suppressErrorRendering: true });
    await mermaid.parse(source);
    const { svg } = await mermaid.render(`m${Math.floor(performance.now() * 1000)}`, source);
    const parsed = new DOMParser().parseFromString(svg, 'text/html');
    const found = [...parsed.querySelectorAll('script, img, a, [onerror]')].map((one) => one.outerHTML);
    const { harmed } = window as { harmed?: unknown };
    return { svg, harmful: [...found, ...(harmed === undefined ? [] : [harmed])] };
  }, text);
}

const { views } = makeView({ nodes: 5 });

function scene(hostile: string): Scene {
  const lane = new Lane({
    key: 'a', branch: 0, title: '', nodes: [{ id: hostile, role: 'r' }, { id: 'n2', role: 'r' }],
    boots: [true, true], length: 2, cursor: 1,
  });
  lane.append({
    type: 'steps', from: 0, times: [0, 10, 10], nodes: [-1, 1, 0], kinds: [0, 1, 4], labels: [0, 0, 0],
    messages: [1, 0, 1, 0, 0, 10, 0, 0, 2, 1, 0, 1, 10, 20, 2, 0], events: [1, 1, 0],
    marks: [{ type: 'standing', step: 0, node: 0, text: hostile, tone: 'lead' }], texts: [hostile],
  });
  const viewport = { start: 0, end: 100 };
  return { lanes: [lane], axis: RunAxis.time, viewport } as unknown as Scene;
}

const forms: Record<string, (hostile: string) => string> = {
  cluster: (hostile) => clusterToMermaid({
    ...hostileView(views.cluster, hostile), cuts: [{ from: `${hostile}n1`, to: `${hostile}n2` }],
    islands: [[`${hostile}n1`], [`${hostile}n2`]],
  }),
  history: (hostile) => historyToMermaid(hostileView(views.history, hostile)),
  locks: (hostile) => locksToMermaid(hostileView(views.locks, hostile)),
  logs: (hostile) => logsToMermaid(hostileView(views.logs, hostile)),
  spacetime: (hostile) => spacetimeToMermaid(scene(hostile)),
  sequence: (hostile) => {
    const { participants, items } = hostileView(views.sequence, hostile);
    return sequenceToMermaid(participants, items);
  },
  roles: (hostile) => rolesToMermaid({
    role: hostile,
    states: [
      { standing: hostile, doc: '', isDeclared: true, boots: true, nodes: [hostile] },
      { standing: 'leader', doc: '', isDeclared: false, boots: false, nodes: [] },
    ],
    transitions: [
      { from: null, to: hostile, cause: hostile, isDeclared: true, count: 1, now: [] },
      { from: hostile, to: 'leader', cause: '', isDeclared: false, count: 2, now: [hostile] },
    ],
  }),
};

describe('the real Mermaid', () => {
  test.each(Object.keys(forms))('draws %s, whatever its texts contain', async (name) => {
    for (const hostile of hostiles) {
      const text = forms[name]!(hostile);
      const { svg, harmful } = await drawn(text).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(hostile)}: ${String(error)}\n${text}`);
      });
      expect(svg).toContain('<svg');
      expect(harmful, hostile).toEqual([]);
    }
  });

  test('draws of a label the characters that it has', async () => {
    const label = 'a: "b" <i>c</i> #59; `d` end';
    const text = `flowchart LR\n    n0["${mermaidLabel(label)}"]\n`;
    const { svg } = await drawn(text);
    const shown = await page.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, 'text/html');
      return parsed.querySelector('.node')!.textContent.trim();
    }, svg);
    expect(shown).toBe(label);
  });

  test('refuses a label that is not escaped, so that this test can fail', async () => {
    await expect(drawn('flowchart LR\n    n0["a" --> "]\n')).rejects.toThrow();
  });
});
