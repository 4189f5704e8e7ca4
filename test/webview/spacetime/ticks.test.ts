/** The axis of time: no tick is in a gap that is cut, and the moments after gaps are named. */

import { expect, it } from 'vitest';
import { marksOf } from '../../../webview/spacetime/draw/axis.ts';
import { drawWindow } from '../../../webview/spacetime/draw/overview.ts';
import type { Ink } from '../../../webview/spacetime/draw/ink.ts';
import type { Lane } from '../../../webview/spacetime/lane.ts';
import { RunAxis } from '../../../webview/spacetime/run-axis.ts';
import { instantX, layoutOf, type Scene } from '../../../webview/spacetime/scene.ts';
import { Viewport } from '../../../webview/spacetime/viewport.ts';

/** Some steps a millisecond apart, then seconds without any, and so on. */
const bursts = [0, 3_000_000, 7_250_000, 15_012_000].flatMap((at) =>
  Array.from({ length: 12 }, (_, index) => at + index * 1_000));

function sceneOf(times: readonly number[], width: number): Scene {
  const values = Float64Array.from(times);
  const lane = {
    count: times.length, following: times.length, coinciding: 0, view: { nodes: [{ id: 'n1' }] },
    times: { values, length: times.length, at: (step: number) => values[step]! },
  } as unknown as Lane;
  const axis = RunAxis.compressed([lane]);
  const viewport = new Viewport();
  viewport.width = width - 40;
  viewport.length = axis.placeOf(times.at(-1)!);
  viewport.fit();
  const layout = layoutOf({ width, height: 400, gutter: 40, fontSize: 13 }, [lane], []);
  return { lanes: [lane], axis, viewport, layout } as unknown as Scene;
}

const widthOf = (text: string) => text.length * 7;

it.each([318, 640, 1280])('has its ticks and labels apart, outside of gaps, in %i px', (width) => {
  const scene = sceneOf(bursts, width);
  const { ticks, breaks } = marksOf(scene, widthOf);
  expect(scene.axis.gaps).toHaveLength(3);
  expect(breaks).toHaveLength(3);
  for (const { x } of ticks) {
    const gap = scene.axis.gaps.find(({ from, until }) =>
      instantX(scene, from) + 1 < x && x < instantX(scene, until) - 1);
    expect(gap, `tick at ${x}`).toBeUndefined();
  }
  const spans = [
    ...ticks.map(({ x, text }) => [x, x + widthOf(text)]),
    ...breaks.filter(({ text }) => text !== '').map(({ x, text }) => {
      return [x - widthOf(text) / 2, x + widthOf(text) / 2];
    }),
  ].sort(([a], [b]) => a! - b!);
  spans.slice(1).forEach(([from], index) => expect(from).toBeGreaterThan(spans[index]![1]!));
  expect(spans.at(-1)![1]).toBeLessThanOrEqual(width);
  expect(ticks.map(({ text }) => text)).toEqual(expect.arrayContaining(['3 s']));
});

it('names the moment after each gap and how long it is, where there is room', () => {
  const { ticks, breaks } = marksOf(sceneOf(bursts, 1280), widthOf);
  const named = ticks.map(({ text }) => text);
  expect(named).toEqual(expect.arrayContaining(['3 s', '7.25 s', '15.012 s']));
  for (const { text } of breaks) expect(['', '… 2.989 s …', '… 4.239 s …', '… 7.751 s …']).toContain(text);
});

it('draws all sides of the window in the overview', () => {
  const scene = sceneOf(bursts, 640);
  const drawn: number[] = [];
  const ink = { fill: () => {}, lines: (all: readonly number[]) => drawn.push(...all) };
  drawWindow(ink as unknown as Ink, scene);
  const xs = drawn.filter((_, index) => index % 2 === 0);
  const { overview } = scene.layout;
  expect(Math.min(...xs)).toBeGreaterThanOrEqual(overview.x + 0.75);
  expect(Math.max(...xs)).toBeLessThanOrEqual(overview.x + overview.width - 0.75);
});
