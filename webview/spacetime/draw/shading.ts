/** The past, the future and what is concurrent of one event, as the ground of the rows. */

import type { ConeAnswer } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { instantX, rowY, stepX } from '../scene.ts';
import type { FillStyle, Ink } from './ink.ts';

/** The patterns tell them apart without colour. */
export const shades = {
  past: { colour: 'accent', alpha: 0.3, pattern: 'falling' },
  future: { colour: 'bid', alpha: 0.3, pattern: 'rising' },
  concurrent: { colour: 'quiet', alpha: 0.35, pattern: 'dots' },
} as const satisfies Record<string, FillStyle>;

export function drawShading(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  cone: ConeAnswer,
): void {
  const { rows, rowHeight } = layout;
  const end = instantX(scene, scene.axis.endOf(lane));
  const [left, right] = [rows.x, Math.min(rows.x + rows.width, end)];
  const own = stepX(scene, lane, cone.step);
  for (let node = 0; node < lane.view.nodes.length; node++) {
    const steps = lane.stepsOf[node] ?? [];
    const known = cone.past[node] ?? 0;
    const last = known > 0 ? steps[known - 1] : undefined;
    const first = cone.future[node] ?? -1;
    const isOwn = node === cone.node;
    const pastX = isOwn ? own : last === undefined ? left : xOf(scene, lane, last);
    const futureX = isOwn ? own : first < 0 ? right : xOf(scene, lane, first);
    const y = rowY(layout, node) - rowHeight / 2;
    const fill = (from: number, until: number, style: FillStyle) => {
      const begin = Math.max(left, from);
      ink.fill(begin, y, Math.min(right, until) - begin, rowHeight, style);
    };
    if (last !== undefined || isOwn) fill(left, pastX, shades.past);
    fill(pastX, futureX, shades.concurrent);
    if (first >= 0) fill(futureX, right, shades.future);
    drawEdges(ink, [pastX, futureX], y, rowHeight, { left, right });
  }
}

function xOf(scene: Scene, lane: Lane, step: number): number {
  return step < lane.count ? stepX(scene, lane, step) : Infinity;
}

function drawEdges(
  ink: Ink,
  [past, future]: [number, number],
  y: number,
  height: number,
  { left, right }: { left: number; right: number },
): void {
  const edge = (x: number) => (x > left && x < right ? [x, y, x, y + height] : []);
  ink.lines(edge(past), { colour: 'accent', width: 1.2 });
  ink.lines(edge(future), { colour: 'bid', width: 1.2 });
}
