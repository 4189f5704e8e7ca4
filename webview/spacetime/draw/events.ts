/** Events on the life lines. When there is room for few, the rare ones are kept. */

import type { Lane } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { placesOf, rowY, stepsInView } from '../scene.ts';
import type { Ink, Shape, ShapeStyle } from './ink.ts';
import type { TextRoom } from './room.ts';

/** So many steps in view have a mark each. */
const stepsMost = 2_500;
/** The room of an event, in pixels. */
const room = 12;

export function drawEvents(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  free: TextRoom,
): void {
  const [first, end] = stepsInView(scene, lane);
  drawSteps(ink, scene, lane, layout, first, end);
  drawReported(ink, scene, lane, layout, { first, end, free });
}

const looks = {
  start: ['ring', { colour: 'outline', size: 3 }],
  message: ['dot', { colour: 'ink', size: 2.2 }],
  timer: ['ring', { colour: 'ink', size: 3 }],
  operation: ['triangle', { colour: 'accent', size: 4.5 }],
  fault: ['square', { colour: 'wrong', size: 3.2 }],
  other: ['ring', { colour: 'quiet', size: 1.8 }],
} as const satisfies Record<string, readonly [Shape, ShapeStyle]>;

function drawSteps(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  first: number,
  end: number,
): void {
  const { viewport, axis } = scene;
  const places = placesOf(lane, axis);
  const isDense = end - first > stepsMost;
  const centres: Record<keyof typeof looks, number[]> = {
    start: [], message: [], timer: [], operation: [], fault: [], other: [],
  };
  for (let step = first; step < end; step++) {
    const kind = lane.kindOf(step);
    // Faults and operations are few, and a reader looks for them.
    if (isDense && kind !== 'fault') continue;
    const node = lane.nodes.at(step);
    const x = layout.rows.x + viewport.xOf(places[step]!);
    if (node >= 0) centres[kind].push(x, rowY(layout, node));
    else if (kind === 'fault') centres.fault.push(x, layout.head.y + layout.head.height - 4);
    if (kind === 'start') {
      lane.view.boots.forEach((boots, index) => {
        if (boots) centres.start.push(x, rowY(layout, index));
      });
    }
  }
  for (const kind of Object.keys(looks) as (keyof typeof looks)[]) {
    const [shape, style] = looks[kind];
    ink.shapes(shape, centres[kind], style);
  }
}

/** The steps in view, and the room for text. */
interface InView {
  readonly first: number;
  readonly end: number;
  readonly free: TextRoom;
}

/** Protocol events: of those that share the room of one, the rarest is drawn. */
function drawReported(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  { first, end, free }: InView,
): void {
  const { viewport, axis } = scene;
  const places = placesOf(lane, axis);
  const columns = Math.ceil(layout.rows.width / room) + 1;
  const count = lane.view.nodes.length;
  const kept = new Int32Array(columns * count).fill(-1);
  const last = lane.eventAt(end);
  for (let row = lane.eventAt(first); row < last; row++) {
    const node = lane.eventNodes.at(row);
    if (node < 0) continue;
    const column = Math.floor(viewport.xOf(places[lane.eventSteps.at(row)]!) / room);
    if (column < 0 || column >= columns) continue;
    const cell = node * columns + column;
    const rival = kept[cell]!;
    if (rival < 0 || rarer(lane, row, rival)) kept[cell] = row;
  }
  const centres: number[] = [];
  for (let node = 0; node < count; node++) {
    const y = rowY(layout, node) + Math.min(9, layout.rowHeight * 0.28);
    for (let column = 0; column < columns; column++) {
      const row = kept[node * columns + column]!;
      if (row < 0) continue;
      const x = layout.rows.x + viewport.xOf(places[lane.eventSteps.at(row)]!);
      centres.push(x, y);
      if (layout.rowHeight < 30) continue;
      const most = roomAfter(kept, node, columns, column) * room - 10;
      const text = lane.texts[lane.eventLabels.at(row)] ?? '';
      const name = text.split(' ', 1)[0]!;
      const size = scene.layout.fontSize - 2;
      const width = ink.widthOf(text, { size });
      const shown = width <= most ? text : name;
      if (ink.widthOf(shown, { size }) > most) continue;
      free.write(x + 6, y + 4, shown, { colour: 'ink', size, ground: 'paper' });
    }
  }
  ink.shapes('diamond', centres, { colour: 'accent', size: 3.4 });
}

function roomAfter(kept: Int32Array, node: number, columns: number, column: number): number {
  let free = 1;
  while (column + free < columns && free < 24 && kept[node * columns + column + free]! < 0) free++;
  return free;
}

function rarer(lane: Lane, row: number, rival: number): boolean {
  const count = (one: number) => lane.eventCount(lane.eventLabels.at(one));
  return count(row) < count(rival);
}

/** Violations and handlers that threw are always drawn, above the rows and at their node. */
export function drawFailureSigns(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  free: TextRoom,
): void {
  const [first, end] = stepsInView(scene, lane);
  const { viewport, axis } = scene;
  const places = placesOf(lane, axis);
  const warnings: number[] = [];
  const lines: number[] = [];
  for (const mark of lane.failures) {
    if (mark.step < first || mark.step >= end) continue;
    const x = layout.rows.x + viewport.xOf(places[mark.step]!);
    const { y, height } = layout.head;
    warnings.push(x, y + height - 9);
    lines.push(x, y + height, x, layout.rows.y + layout.rows.height);
    if (mark.node >= 0) warnings.push(x, rowY(layout, mark.node));
    const right = layout.rows.x + layout.rows.width;
    const isNearEnd = x > right - 200;
    const align = isNearEnd ? 'right' : 'left';
    const style = { colour: 'ink', most: 300, ground: 'paper', align } as const;
    free.write(x + (isNearEnd ? -10 : 10), y + height - 9, mark.text, style);
  }
  ink.lines(lines, { colour: 'wrong', width: 1, dash: [3, 3] });
  ink.shapes('warning', warnings, { colour: 'wrong', size: 5 });
}
