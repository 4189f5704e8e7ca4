/** The event under the pointer: the nearest on its row, or the arrival of the nearest message. */

import type { Place, Scene } from './scene.ts';
import { instantX, nodeAt, rowY, stepX } from './scene.ts';
import { slopesMost } from './draw/messages.ts';

/** How far the pointer may be from an event, and from a slope, in pixels. */
const eventReach = 11;
const slopeReach = 5;

export function pick(scene: Scene, x: number, y: number): Place | undefined {
  for (let lane = 0; lane < scene.lanes.length; lane++) {
    const found = pickIn(scene, lane, x, y);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pickIn(scene: Scene, index: number, x: number, y: number): Place | undefined {
  const lane = scene.lanes[index]!;
  const layout = scene.layout.lanes[index]!;
  const node = nodeAt(layout, y, lane.view.nodes.length);
  if (node === undefined || x < layout.rows.x) return undefined;
  const { axis, viewport } = scene;
  const instant = axis.instantOf(viewport.placeAt(x - layout.rows.x));
  const step = lane.nearest(axis, node, instant);
  if (step !== undefined) {
    const distance = Math.abs(stepX(scene, lane, step) - x);
    const height = Math.abs(rowY(layout, node) - y);
    if (distance <= eventReach && height <= Math.max(eventReach, layout.rowHeight * 0.4)) {
      return { lane: index, step, node };
    }
  }
  return nearestSlope(scene, index, x, y);
}

function nearestSlope(scene: Scene, index: number, x: number, y: number): Place | undefined {
  const lane = scene.lanes[index]!;
  const layout = scene.layout.lanes[index]!;
  const { axis, viewport } = scene;
  let best: Place | undefined;
  let reach = slopeReach;
  let seen = 0;
  const [from, until] = [axis.instantOf(viewport.start), axis.instantOf(viewport.end)];
  lane.visitMessages(axis, from, until, (row) => {
    if (++seen > slopesMost) return;
    const message = lane.message(row);
    const from = { x: instantX(scene, axis.ofSending(message)), y: rowY(layout, message.from) };
    const to = { x: instantX(scene, axis.ofArrival(message)), y: rowY(layout, message.to) };
    const distance = distanceTo(from, to, x, y);
    const hasArrived = lane.nodes.at(message.step) === message.to;
    if (distance >= reach || !hasArrived) return;
    reach = distance;
    best = { lane: index, step: message.step, node: message.to };
  });
  return best;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From a point to a line from one end to the other. */
function distanceTo(from: Point, to: Point, x: number, y: number): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}
