/** Events on the life lines. When there is room for few, the rare ones are kept. */

import type { Lane } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { placesOf, rowY, stepsInView } from '../scene.ts';
import type { Ink, Shape, ShapeStyle } from './ink.ts';
import type { Place as TextPlace, TextRoom } from './room.ts';

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
  drawSteps(ink, scene, lane, layout, { first, end, free });
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
  { first, end, free }: InView,
): void {
  const { viewport, axis } = scene;
  const places = placesOf(lane, axis);
  const isDense = end - first > stepsMost;
  const centres: Record<keyof typeof looks, number[]> = {
    start: [], message: [], timer: [], operation: [], fault: [], other: [],
  };
  const note = (step: number) => {
    const kind = lane.kindOf(step);
    const node = lane.nodes.at(step);
    const x = layout.rows.x + viewport.xOf(places[step]!);
    if (node >= 0) centres[kind].push(x, rowY(layout, node));
    else if (kind === 'fault') centres.fault.push(x, layout.head.y + layout.head.height - 4);
    if (kind === 'start') {
      lane.view.boots.forEach((boots, index) => {
        if (boots) centres.start.push(x, rowY(layout, index));
      });
    }
  };
  // Faults are few, and a reader looks for them.
  if (isDense) lane.faults.filter((step) => step >= first && step < end).forEach(note);
  else for (let step = first; step < end; step++) note(step);
  for (const kind of Object.keys(looks) as (keyof typeof looks)[]) {
    const [shape, style] = looks[kind];
    const draw = () => ink.shapes(shape, centres[kind], style);
    free.mark(draw, centres[kind], style.size + 1);
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
      if (layout.rowHeight < labelledRow) continue;
      const step = lane.eventSteps.at(row);
      const { cursor } = lane.view;
      const isFuture = cursor >= 0 && step > cursor;
      const texts = eventTexts(lane, row);
      const wanted = eventPlaces({ x, y: y + 4, texts, size: scene.layout.fontSize - 2 });
      free.want(step === cursor ? 'current' : 'event', wanted, isFuture);
    }
  }
  free.mark(() => ink.shapes('diamond', centres, { colour: 'accent', size: 3.4 }), centres, 5);
}

/** Rows that are as high have room for texts. */
export const labelledRow = 30;

/** The whole label, and the name of the event alone. */
function eventTexts(lane: Lane, row: number): string[] {
  const text = lane.texts[lane.eventLabels.at(row)] ?? '';
  const name = text.split(' ', 1)[0]!;
  return text === name ? [name] : [text, name];
}

/** Right of the mark, or left of it if that has no room. */
function eventPlaces(
  { x, y, texts, size }: { x: number; y: number; texts: readonly string[]; size: number },
): TextPlace[] {
  const style = { colour: 'ink', size } as const;
  return texts.flatMap((text) => [
    { text, x: x + 8, y, style },
    { text, x: x - 8, y, style: { ...style, align: 'right' as const } },
  ]);
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
    const style = { colour: 'ink', most: 300 } as const;
    free.want('failure', [
      { text: mark.text, x: x + 10, y: y + height - 9, style },
      { text: mark.text, x: x - 10, y: y + height - 9, style: { ...style, align: 'right' } },
    ]);
  }
  ink.lines(lines, { colour: 'wrong', width: 1, dash: [3, 3] });
  const draw = () => ink.shapes('warning', warnings, { colour: 'wrong', size: 5 });
  free.mark(draw, warnings, 7);
}
