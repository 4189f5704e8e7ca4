/** Benches of the panels in Chromium: from the message with a view until its picture is laid out. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { ViewEvent } from '../../src/view/contract.ts';
import { type PanelName, panelNames } from '../../src/view/panels.ts';
import { openPanel } from '../webview/panel-page.ts';
import { Conversation } from './adapter.ts';
import { type Bench, type Figures, percentiles } from './bench.ts';

type Stopped = Extract<ViewEvent, { type: 'stopped' }>;

const scenario = (nodes: number) => `
title: Pictures
protocol: raft
nodes:
  n1..n${nodes}: replica
  client: client
network: { latency: 10ms..15ms }
options: { electionTimeout: 150ms..300ms, heartbeatInterval: 50ms }
seed: 7
steps:
  - wait 2s
  - client put x 1
  - client put y 2
  - wait 2s
`;

/** As the stops of a user who steps: after an election and a write. */
async function stopsOf(panel: PanelName, nodes: number, count: number): Promise<Stopped[]> {
  const conversation = new Conversation(scenario(nodes));
  await conversation.launch([], true);
  await conversation.openPanel(panel);
  const breakpoints = [{ name: 'EntryAppended' }];
  await conversation.ask('setFunctionBreakpoints', { breakpoints });
  await conversation.move('continue');
  await conversation.ask('setFunctionBreakpoints', { breakpoints: [] });
  const stops: Stopped[] = [];
  while (stops.length < count) {
    const next = conversation.stopped();
    await conversation.ask('next', { threadId: 1 });
    const stop = await next;
    if (stop.views[panel]) stops.push(stop);
  }
  return stops;
}

export async function launch(): Promise<Browser> {
  // It finds the repository by its own address, so it is not part of the bundle.
  const address = pathToFileURL(path.resolve('test/host/fetch-browser.mjs')).href;
  const { launchBrowser } = (await import(address)) as { launchBrowser(): Promise<Browser> };
  return launchBrowser();
}

/** How long each takes, in milliseconds; the page rests for a frame after each, or after some. */
function timed(
  page: Page, panel: PanelName, stops: readonly Stopped[], restAfter = 1,
): Promise<number[]> {
  const events = stops.map(({ moment, views }) => ({
    type: 'stopped', moment, view: views[panel],
  }));
  return page.evaluate(
    async ({ sent, name, between }) => {
      const element = document.querySelector<HTMLElement & { drawn: Promise<unknown> }>(name)!;
      const durations: number[] = [];
      for (const data of sent) {
        const began = performance.now();
        window.dispatchEvent(new MessageEvent('message', { data }));
        await element.drawn;
        element.getBoundingClientRect();
        durations.push(performance.now() - began);
        if (durations.length % between > 0) continue;
        await new Promise((rested) => requestAnimationFrame(() => setTimeout(rested)));
      }
      // What the page has posted is kept by the page around the panel.
      window.posted.length = 0;
      return durations;
    },
    { sent: events, name: `lockstep-${panel}`, between: restAfter },
  );
}

/** Megabytes in use after the garbage is collected. */
async function heapOf(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  await client.detach();
  return Math.round(usedSize / 1e5) / 10;
}

const pictureBench = (panel: PanelName, nodes: number): Bench => ({
  name: `picture-${panel}-${nodes}`,
  parameters: { panel, nodes },
  about: `the ${panel} panel after a step, ${nodes} nodes, in Chromium`,
  async run(): Promise<Figures> {
    const stops = await stopsOf(panel, nodes, 120);
    const browser = await launch();
    const { page } = await openPanel(browser, panel, { width: 640, height: 700 });
    const durations = await timed(page, panel, stops);
    await browser.close();
    return percentiles(durations.slice(20));
  },
});

const memoryBench = (panel: PanelName): Bench => ({
  name: `picture-memory-${panel}`,
  parameters: { panel, nodes: 5, stops: 10_000 },
  about: `the memory of the ${panel} panel's page over 10,000 stops`,
  async run(): Promise<Figures> {
    const stops = await stopsOf(panel, 5, 100);
    const browser = await launch();
    const { page } = await openPanel(browser, panel, { width: 640, height: 700 });
    // A rest after each stop would take most of the time, and no part in the memory.
    const show = () => timed(page, panel, stops, 20);
    for (let round = 0; round < 10; round++) await show();
    const after1000MB = await heapOf(page);
    for (let round = 0; round < 90; round++) await show();
    const after10000MB = await heapOf(page);
    await browser.close();
    return { after1000MB, after10000MB };
  },
});

export const pictureBenches: readonly Bench[] = [
  ...panelNames.flatMap((panel) => [5, 50].map((nodes) => pictureBench(panel, nodes))),
  ...panelNames.map((panel) => memoryBench(panel)),
];
