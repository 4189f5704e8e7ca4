/** The strip below the picture: the whole run, and which part of it is in view. */

import type { Lane } from '../lane.ts';
import { firstAt } from '../numbers.ts';
import type { Scene } from '../scene.ts';
import { placesOf } from '../scene.ts';
import type { Ink } from './ink.ts';

const cellWidth = 2;

/** All that does not depend on the window: drawn anew only when the run or the size changes. */
export function drawStrip(ink: Ink, scene: Scene): void {
  const { overview } = scene.layout;
  const share = overview.height / Math.max(1, scene.lanes.length);
  ink.fill(overview.x, overview.y, overview.width, overview.height, {
    colour: 'raised',
  });
  scene.lanes.forEach((lane, index) => {
    const area = { ...overview, y: overview.y + index * share, height: share - 1 };
    drawBars(ink, scene, lane, area);
    const x = (step: number) => stripX(scene, placesOf(lane, scene.axis)[step] ?? 0);
    const failures = lane.failures.flatMap(({ step }) => [x(step), area.y + 5]);
    ink.shapes('warning', failures.slice(0, 800), { colour: 'wrong', size: 3.5 });
    const matches = (scene.matches[index] ?? []).flatMap((step) => {
      return [x(step), area.y, x(step), area.y + area.height * 0.4];
    });
    ink.lines(matches, { colour: 'changed', width: 1.5 });
    const { cursor } = lane.view;
    if (cursor >= 0 && cursor < lane.count) {
      ink.lines([x(cursor), area.y, x(cursor), area.y + area.height], {
        colour: 'accent', width: 2,
      });
    }
  });
}

export function drawWindow(ink: Ink, scene: Scene): void {
  const { overview } = scene.layout;
  const { viewport } = scene;
  const from = Math.max(overview.x, stripX(scene, viewport.start));
  const end = Math.min(overview.x + overview.width, stripX(scene, viewport.end));
  const until = Math.max(from + 3, end);
  // A line at the end of the canvas would be cut.
  const [left, right] = [from + 1, Math.min(until, overview.x + overview.width - 1)];
  const { y, height } = overview;
  const veil = { colour: 'paper', alpha: 0.55 } as const;
  ink.fill(overview.x, y, from - overview.x, height, veil);
  ink.fill(until, y, overview.x + overview.width - until, height, veil);
  const [top, bottom] = [y + 0.5, y + height - 0.5];
  ink.lines(
    [left, top, right, top, left, bottom, right, bottom, left, top, left, bottom, right, top,
      right, bottom],
    { colour: 'ink', width: 1.5 },
  );
}

export function stripX({ viewport, layout }: Scene, place: number): number {
  return layout.overview.x + (place / Math.max(1, viewport.length)) * (layout.overview.width - 6);
}

export function stripPlace({ viewport, layout }: Scene, x: number): number {
  return ((x - layout.overview.x) / (layout.overview.width - 6)) * viewport.length;
}

/** How many steps fall on each pair of pixels, as heights on a logarithmic scale. */
function drawBars(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  area: { x: number; y: number; width: number; height: number },
): void {
  const columns = Math.max(1, Math.floor((area.width - 6) / cellWidth));
  const places = placesOf(lane, scene.axis);
  const perCell = scene.viewport.length / columns;
  const counts: number[] = [];
  let first = 0;
  for (let column = 0; column < columns; column++) {
    const until = (column + 1) * perCell;
    const end = firstAt(lane.count, (step) => places[step]! >= until);
    counts.push(end - first);
    first = end;
  }
  const most = Math.log1p(Math.max(1, ...counts));
  const bars: number[] = [];
  counts.forEach((count, column) => {
    if (count === 0) return;
    const height = Math.max(1.5, (Math.log1p(count) / most) * (area.height - 4));
    const x = area.x + column * cellWidth + 1;
    bars.push(x, area.y + area.height, x, area.y + area.height - height);
  });
  ink.lines(bars, { colour: 'outline', width: 1.4 });
}
