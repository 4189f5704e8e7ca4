/** The stories that the extension is about, in the Sequence panel: readable without scrolling. */

import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventPrefix } from '../../src/dap/capabilities.ts';
import { launchChromium } from './panel-page.ts';
import { launched, type LivePanel, openLive } from './live-panel.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Story {
  name: string;
  program: string;
  /** The first row, and the event at which it ends, as they are read aloud. */
  start: string;
  event: string;
  end: string;
}

const replication = {
  program: 'samples/raft/replicate-one-write.scenario.yaml', start: 'client invokes put x 1',
};
const stories: readonly Story[] = [
  {
    name: 'an election', program: 'samples/raft/first-election.scenario.yaml',
    start: 'election timer of n5 fires', event: 'LeaderElected', end: 'LeaderElected',
  },
  {
    name: 'a write that is committed', ...replication,
    event: 'EntryCommitted', end: 'EntryCommitted index 2, term 1: put x 1 at n1',
  },
  {
    name: 'a write that every server applies', ...replication,
    event: 'EntryApplied', end: 'EntryApplied index 2, term 1: put x 1, response OK at n3',
  },
  {
    name: 'a late write that is fenced off',
    program: 'samples/distributed-locks/fenced-lock.scenario.yaml',
    start: 'A invokes lock order42', event: 'WriteFenced', end: 'WriteFenced',
  },
];

/** In the side bar or below the editor, and in a tab, in a window of 1280 × 800. */
const sizes = [{ width: 640, height: 380 }, { width: 1280, height: 720 }];

/** Opens the panel on a story that has reached its end. */
async function told(story: Story, size: { width: number; height: number }) {
  const host = await launched(story.program);
  const panel = await openLive(browser, host, 'sequence', size);
  await host.ask('setExceptionBreakpoints', { filters: [eventPrefix + story.event] });
  const stop = panel.page.locator('.row.stop .target', { hasText: story.end });
  for (let stops = 0; stops < 12; stops++) {
    const told = await panel.after(() => host.send('continue', { threadId: 1 }));
    // Each stop is inside of the next step. Its row comes once Mermaid has drawn it.
    const label = `about to be reported, step ${told.stop.moment.step + 1}`;
    await panel.page.locator(`.row.stop .target[aria-label$="${label}"]`).waitFor();
    if ((await stop.count()) > 0) return panel;
  }
  throw new Error(`${story.name} did not come to ${story.end}`);
}

/** What cannot be read from the first row of the story to the one that caused the stop. */
function unreadable({ page }: LivePanel<'sequence'>, start: string): Promise<string[]> {
  return page.evaluate((first) => {
    const root = document.querySelector('lockstep-sequence')!.shadowRoot!;
    const scroller = root.querySelector<HTMLElement>('.scroll')!;
    const frame = scroller.getBoundingClientRect();
    const top = root.querySelector('.names')!.getBoundingClientRect().bottom;
    const bottom = frame.top + scroller.clientHeight;
    const rows = [...root.querySelectorAll('.row')];
    const labelOf = (row: Element) => row.querySelector('.target')!.getAttribute('aria-label')!;
    const from = rows.findIndex((row) => labelOf(row).includes(first));
    const to = rows.findLastIndex((row) => row.matches('.stop'));
    const found: string[] = from < 0 || to < from ? [`no rows from ${from} to ${to}`] : [];
    for (const row of rows.slice(Math.max(0, from), to + 1)) {
      const box = row.querySelector('.target')!.getBoundingClientRect();
      if (box.top < top - 1 || box.bottom > bottom + 1) found.push(`out of view: ${labelOf(row)}`);
    }
    if (scroller.scrollWidth > scroller.clientWidth) found.push('wider than the panel');
    const texts = [...root.querySelectorAll('.picture text, .names text, .gutter text')];
    for (const text of texts.filter(({ textContent }) => textContent !== '')) {
      const { fontSize } = getComputedStyle(text);
      if (parseFloat(fontSize) < 11) found.push(`${fontSize}: ${text.textContent}`);
    }
    for (const arrow of root.querySelectorAll('.picture .row.message')) {
      const line = arrow.querySelector<SVGLineElement>('line:not(.mark)');
      const { y } = line?.getBoundingClientRect() ?? { y: Infinity };
      const label = [...arrow.querySelectorAll('text')].at(-1)!;
      if (label.getBoundingClientRect().bottom > y) found.push(`on its line: ${labelOf(arrow)}`);
    }
    const notes = [...root.querySelectorAll('.picture .row rect.note')];
    const boxes = notes.map((note) => note.getBoundingClientRect());
    boxes.forEach((one, index) => {
      const covered = boxes.slice(index + 1).some((other) => {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        return across > 2 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
      });
      if (covered) found.push(`covered: ${notes[index]!.parentElement!.textContent}`);
    });
    return found;
  }, start);
}

describe.each(stories)('$name', (story) => {
  it.each(sizes)('is readable without scrolling in $width × $height', async (size) => {
    const panel = await told(story, size);
    await expect.poll(() => unreadable(panel, story.start)).toEqual([]);
    mkdirSync('test/artifacts/sequence', { recursive: true });
    const name = `${story.end.split(' ')[0]} ${story.start.split(' ')[0]} ${size.width}`;
    await panel.page.screenshot({ path: `test/artifacts/sequence/${name}.png` });
    await panel.page.close();
  });
});

it('is not readable in a panel that is too low or too narrow', async () => {
  const story = stories.at(-1)!;
  const panel = await told(story, { width: 640, height: 240 });
  const low = await unreadable(panel, story.start);
  expect(low.join('\n')).toContain('out of view: A invokes lock order42');
  await panel.page.setViewportSize({ width: 220, height: 720 });
  await expect.poll(() => unreadable(panel, story.start)).toContain('wider than the panel');
  await panel.page.close();
});
