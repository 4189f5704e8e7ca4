/** The axis of time or of steps, with the gaps that are cut short, and the spans of partitions. */

import { gapLabel, stepLabel, timeLabel } from '../../../src/view/panel-words/spacetime.ts';
import type { Lane } from '../lane.ts';
import { spanAt } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { instantX } from '../scene.ts';
import { firstAt } from '../numbers.ts';
import type { Ink } from './ink.ts';

const tickRoom = 84;

export function drawAxis(ink: Ink, scene: Scene): void {
  const { axis, viewport, layout } = scene;
  const { x, y, width, height } = layout.axis;
  const size = layout.fontSize - 1;
  const bottom = Math.max(...layout.lanes.map(({ rows }) => rows.y + rows.height), height);
  const [from, until] = [axis.instantOf(viewport.start), axis.instantOf(viewport.end)];
  const step = niceStep(viewport.scale * tickRoom);
  const lines: number[] = [];
  let free = x - 1;
  const first = Math.max(0, Math.ceil(from / step) * step);
  const most = Math.ceil(width / 8);
  for (let index = 0, tick = first; tick <= until && index < most * 4; index++, tick += step) {
    const at = instantX(scene, tick);
    if (at < Math.max(x, free) || at > x + width) continue;
    const text = axis.byStep ? stepLabel(tick) : timeLabel(tick, step);
    const textWidth = ink.widthOf(text, { size });
    lines.push(at, y + height - 5, at, bottom);
    if (at + 3 + textWidth > x + width) continue;
    ink.text(at + 3, y + height / 2 - 1, text, { colour: 'quiet', size });
    free = at + 12 + textWidth;
  }
  ink.lines(lines, { colour: 'edge', width: 1, alpha: 0.6 });
  drawGaps(ink, scene, bottom);
}

/** Where time was left out: a break in the axis, with how long it is if there is room. */
function drawGaps(ink: Ink, scene: Scene, bottom: number): void {
  const { axis, viewport, layout } = scene;
  const { y, height } = layout.axis;
  const [from, until] = [axis.instantOf(viewport.start), axis.instantOf(viewport.end)];
  const first = firstAt(axis.gaps.length, (place) => axis.gaps[place]!.until > from);
  const breaks: number[] = [];
  const size = layout.fontSize - 2;
  let free = -Infinity;
  for (let place = first; place < axis.gaps.length; place++) {
    const gap = axis.gaps[place]!;
    if (gap.from > until || breaks.length > 4_000) break;
    const middle = (instantX(scene, gap.from) + instantX(scene, gap.until)) / 2;
    if (middle < free) continue;
    for (const side of [-2, 2]) {
      breaks.push(middle + side - 2, y + height + 4, middle + side + 2, y + height - 4);
      breaks.push(middle + side, y + height + 6, middle + side, bottom);
    }
    const text = gapLabel(gap.until - gap.from);
    ink.text(middle, y + height + 9, text, {
      colour: 'quiet', size, align: 'center', ground: 'paper',
    });
    free = middle + ink.widthOf(text, { size }) + 8;
  }
  ink.lines(breaks, { colour: 'quiet', width: 1, dash: [1, 3] });
}

/** 1, 2 or 5 times a power of ten, in microseconds or steps. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least) ?? 10;
  return Math.max(1, factor * power);
}

/** While links are cut, all rows have a hatched ground, and the head names the groups. */
export function drawCuts(ink: Ink, scene: Scene, lane: Lane, { head, rows }: LaneLayout): void {
  const { axis, viewport } = scene;
  const right = Math.min(rows.x + rows.width, instantX(scene, axis.endOf(lane)));
  const first = Math.max(0, spanAt(axis, lane.cuts, axis.instantOf(viewport.start)));
  for (let place = first; place < lane.cuts.length; place++) {
    const cut = lane.cuts[place]!;
    const begin = instantX(scene, axis.ofSpan(cut));
    if (begin > right) return;
    if (cut.text === '') continue;
    const next = lane.cuts[place + 1];
    const end = next ? Math.min(right, instantX(scene, axis.ofSpan(next))) : right;
    const from = Math.max(rows.x, begin);
    const width = end - from;
    if (width <= 0) continue;
    const look = { colour: 'changed', alpha: 0.16, pattern: 'crossed' } as const;
    ink.fill(from, rows.y, width, rows.height, look);
    ink.lines(
      [from, rows.y, from, rows.y + rows.height, end, rows.y, end, rows.y + rows.height],
      { colour: 'changed', width: 1.5, dash: [6, 3] },
    );
    ink.fill(from, head.y + head.height - 3, width, 3, { colour: 'changed' });
    if (width > 16) {
      ink.text(from + 3, head.y + 8, `⊘ ${cut.text}`, { colour: 'ink', most: width - 6 });
    }
  }
}
