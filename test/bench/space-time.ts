/** The Space-Time panel with 100,000 messages: frames while it scrolls and zooms, in Chromium. */
import { openPanel } from '../webview/panel-page.ts';
import { framesOf, motions, showMany } from '../webview/spacetime/frames.ts';
import { manyMessages } from '../webview/spacetime/many.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { SpacetimeSource } from '../../src/view/spacetime/spacetime-source.ts';
import type { SpacetimeQuestion } from '../../src/view/spacetime/spacetime-view.ts';
import { sessionOf } from '../session/sessions.ts';
import { type Bench, type Figures, quantile } from './bench.ts';
import { launch } from './pictures.ts';

const messages = 100_000;

const frameBench = (nodes: number): Bench => ({
  name: `space-time-${nodes}`,
  parameters: { messages, nodes },
  about: `the Space-Time panel over ${messages.toLocaleString('en')} messages of ${nodes} nodes`,
  async run(): Promise<Figures> {
    const browser = await launch();
    const panel = await openPanel(browser, 'spacetime', { width: 1280, height: 800 });
    const began = performance.now();
    await showMany(panel, manyMessages(messages, nodes));
    const figures: Figures = { readMs: Math.round(performance.now() - began) };
    for (const motion of motions) {
      const { apart, drawing } = await framesOf(panel.page, motion, 160);
      const name = motion.replaceAll(' ', '-');
      figures[`${name}FrameP50Ms`] = quantile(apart, 0.5);
      figures[`${name}FrameP95Ms`] = quantile(apart, 0.95);
      figures[`${name}DrawingP95Ms`] = quantile(drawing, 0.95);
    }
    await browser.close();
    return figures;
  },
});

const scenario = (nodes: number) => `
title: A long run
protocol: raft
nodes:
  n1..n${nodes}: replica
network: { latency: 1ms..20ms }
seed: 7
steps:
  - wait 10m
`;

/** What the adapter does meanwhile: no part may take long, because nothing else is answered then. */
const answerBench = (nodes: number): Bench => ({
  name: `space-time-answers-${nodes}`,
  parameters: { steps: messages, nodes },
  about: `the answers to the Space-Time panel on ${messages.toLocaleString('en')} steps of Raft`,
  run(): Figures {
    const session = sessionOf(scenario(nodes));
    session.pursue(untilBreakpoint);
    while (session.length < messages && session.advance(1_000) === undefined);
    const source = new SpacetimeSource();
    const lane = source.view(session, source.selection).lanes[0].key;
    const timed = (question: SpacetimeQuestion) => {
      const began = performance.now();
      source.answer(session, question);
      return performance.now() - began;
    };
    const every = (step: number) => {
      const count = Math.floor(session.length / step);
      return Array.from({ length: count }, (_, index) => index * step);
    };
    const steps = every(512).map((from) => {
      return timed({ type: 'steps', lane, from, most: 512, labels: 0 });
    });
    const condition = 'message.type == "AppendEntries" && n1.state.currentTerm > 1';
    const searches = every(512).map((from) => {
      return timed({ type: 'search', lane, condition, from, most: 512 });
    });
    const cones = every(997).map((step) => {
      const node = session.recorded[0].clocks.at(step + 1)?.node ?? 0;
      return timed({ type: 'cone', lane, step: step + 1, node });
    });
    return {
      stepsP50Ms: quantile(steps, 0.5), stepsP99Ms: quantile(steps, 0.99),
      searchP50Ms: quantile(searches, 0.5), searchP99Ms: quantile(searches, 0.99),
      coneP50Ms: quantile(cones, 0.5), coneP99Ms: quantile(cones, 0.99),
    };
  },
});

export const spaceTimeBenches: readonly Bench[] = [
  ...[5, 50].map(frameBench),
  ...[5, 50].map(answerBench),
];
