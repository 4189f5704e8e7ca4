/** The whole picture: axis, lanes, and what is marked in them. */

import {
  differenceLabel, laneName, rowsShort, rowsText,
} from '../../../src/view/panel-words/spacetime.ts';
import type { Lane } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { rowsInView, rowY, stepsInView, stepX } from '../scene.ts';
import { firstAt } from '../numbers.ts';
import { drawAxis, drawCuts } from './axis.ts';
import { drawEvents, drawFailureSigns } from './events.ts';
import type { Ink } from './ink.ts';
import { drawLifeLines } from './life-lines.ts';
import { drawMessages } from './messages.ts';
import { TextRoom } from './room.ts';
import { drawShading } from './shading.ts';
import { drawShapes } from './shapes.ts';

export function drawPicture(ink: Ink, scene: Scene): void {
  const { layout } = scene;
  const plot = { x: layout.gutter, y: 0, width: layout.axis.width, height: layout.overview.y - 6 };
  ink.clipped(plot, () => drawAxis(ink, scene));
  scene.lanes.forEach((lane, index) => {
    const laid = layout.lanes[index];
    if (laid) drawLane(ink, scene, lane, laid, index);
  });
}

function drawLane(ink: Ink, scene: Scene, lane: Lane, layout: LaneLayout, index: number): void {
  const { head, rows } = layout;
  const { cone, focus } = scene;
  // A text below the last row has its room in the space to the next part.
  const whole = { ...head, height: head.height + rows.height + 5 };
  ink.clipped(whole, () => {
    ink.clipped(rows, () => {
      if (cone?.lane === index) drawShading(ink, scene, lane, layout, cone.of);
    });
    const room = new TextRoom(ink, scene.layout.fontSize, whole);
    wantName(room, lane, layout);
    drawCuts(ink, scene, lane, layout, room);
    // What stands above the first row has its room below the name of the run.
    ink.clipped({ ...rows, y: rows.y - 5, height: rows.height + 6 }, () => {
      drawLifeLines(ink, scene, lane, layout, room);
      drawMessages(ink, scene, lane, layout, room);
      drawEvents(ink, scene, lane, layout, room);
    });
    wantDifference(room, scene, lane, layout, nameWidth(ink, lane));
    drawFailureSigns(ink, scene, lane, layout, room);
    showRows(ink, lane, layout, room);
    drawFuture(ink, scene, lane, whole);
    room.write();
    drawMatches(ink, scene, lane, layout, index);
    drawShapes(ink, scene, lane, layout, index);
    if (scene.difference >= 0 && scene.lanes.length > 1) {
      drawDifference(ink, scene, lane, layout, index);
    }
    if (focus?.lane === index && focus.step < lane.count) {
      const x = stepX(scene, lane, focus.step);
      const y = focus.node < 0 ? head.y + head.height - 4 : rowY(layout, focus.node);
      ink.shapes('target', [x, y], { colour: 'focus', size: 9 });
    }
  });
  drawGutter(ink, scene, lane, layout);
}

const nameStyle = { colour: 'ink', bold: true } as const;

function nameWidth(ink: Ink, { view }: Lane): number {
  const name = laneName(view);
  return name === '' ? 0 : ink.widthOf(name, nameStyle);
}

function wantName(room: TextRoom, { view }: Lane, { head }: LaneLayout): void {
  const text = laneName(view);
  if (text === '') return;
  // The sign of a violation may be at the left end.
  const places = [6, 18, 30, 54].map((right) => {
    return { text, x: head.x + right, y: head.y + 9, style: nameStyle };
  });
  room.want('name', places);
}

/** How many rows of the lane are in view, if not all are; a bar shows it, too. */
function showRows(ink: Ink, lane: Lane, layout: LaneLayout, room: TextRoom): void {
  const { view } = lane;
  const { head, rows, rowHeight, scroll } = layout;
  const name = laneName(view);
  const count = view.nodes.length;
  const shown = rowsInView(layout, count);
  if (shown === undefined) return;
  const x = head.x + 6 + (name === '' ? 0 : nameWidth(ink, lane) + 10);
  const texts = [rowsText(...shown, count), rowsShort(...shown, count)];
  const style = { colour: 'quiet' } as const;
  room.want('rows', texts.map((text) => ({ text, x, y: head.y + 9, style })));
  const whole = rowHeight * count;
  const y = rows.y + (scroll / whole) * rows.height;
  const height = Math.max(8, (rows.height / whole) * rows.height);
  ink.fill(rows.x + rows.width - 5, y, 4, height, { colour: 'outline', alpha: 0.7 });
}

/** What the debugger has not reached again is grey, and the current moment a line. */
function drawFuture(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  whole: LaneLayout['head'],
): void {
  const { cursor } = lane.view;
  if (cursor < 0 || cursor >= lane.count) return;
  const x = stepX(scene, lane, cursor);
  const from = Math.max(whole.x, x + 1);
  ink.fill(from, whole.y, whole.x + whole.width - from, whole.height, {
    colour: 'paper', alpha: 0.5,
  });
  ink.lines([x, whole.y, x, whole.y + whole.height], { colour: 'accent', width: 2 });
  ink.heads([x, whole.y + 9, Math.PI / 2], { colour: 'accent', size: 9 });
}

/** Steps at which the search condition holds: a tick each, and rings while they are few. */
function drawMatches(ink: Ink, scene: Scene, lane: Lane, layout: LaneLayout, index: number): void {
  const steps = scene.matches[index] ?? [];
  const [first, end] = stepsInView(scene, lane);
  const { head, rows } = layout;
  const ticks: number[] = [];
  const rings: number[] = [];
  const last = firstAt(steps.length, (place) => steps[place]! >= end);
  for (let place = firstAt(steps.length, (one) => steps[one]! >= first); place < last; place++) {
    const step = steps[place]!;
    const x = stepX(scene, lane, step);
    const node = lane.nodes.at(step);
    ticks.push(x, head.y + 2, x, head.y + head.height);
    if (last - place < 400 && node >= 0) rings.push(x, rowY(layout, node));
  }
  ink.lines(ticks, { colour: 'changed', width: 2 });
  ink.shapes('target', rings, { colour: 'changed', size: 6.5 });
  const { match } = scene;
  if (match?.lane !== index || match.step >= lane.count) return;
  const x = stepX(scene, lane, match.step);
  ink.lines([x, head.y, x, rows.y + rows.height], { colour: 'changed', width: 2, dash: [4, 2] });
}

function drawDifference(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  { head, rows }: LaneLayout,
  index: number,
): void {
  const { difference } = scene;
  if (difference >= lane.count) return;
  const x = stepX(scene, lane, difference);
  const line = [x, head.y, x, rows.y + rows.height];
  ink.lines(line, { colour: 'wrong', width: 2, dash: [8, 3] });
  // What is the same in both lanes is drawn in full in the upper one.
  if (index === 0) return;
  ink.fill(rows.x, rows.y, x - rows.x, rows.height, { colour: 'paper', alpha: 0.35 });
}

function wantDifference(
  room: TextRoom,
  scene: Scene,
  lane: Lane,
  { head }: LaneLayout,
  nameWidth: number,
): void {
  const { difference, lanes } = scene;
  if (difference < 0 || lanes.length < 2 || difference >= lane.count) return;
  const x = stepX(scene, lane, difference);
  if (x < head.x || x > head.x + head.width) return;
  // The name of the run is at the left end of this line.
  const right = Math.max(x + 10, head.x + 18 + nameWidth);
  const style = { colour: 'ink', bold: true } as const;
  const at = { text: differenceLabel(difference), y: head.y + 9 };
  const beside = [
    { ...at, x: right, style },
    { ...at, x: x - 10, style: { ...style, align: 'right' as const } },
    { ...at, x: right + 60, style },
  ];
  room.want('failure', x > head.x + head.width - 190 ? beside.toReversed() : beside);
}

function drawGutter(ink: Ink, scene: Scene, lane: Lane, layout: LaneLayout): void {
  const { gutter, fontSize } = scene.layout;
  const { head, rows, rowHeight } = layout;
  ink.fill(0, head.y, gutter, head.height + rows.height, { colour: 'paper' });
  ink.clipped({ x: 0, y: rows.y, width: gutter, height: rows.height }, () => {
    lane.view.nodes.forEach(({ id, role }, node) => {
      const y = rowY(layout, node);
      if (y < rows.y - rowHeight || y > rows.y + rows.height + rowHeight) return;
      const withRole = rowHeight >= 34 && role !== id;
      ink.text(gutter - 8, withRole ? y - 6 : y, id, {
        colour: 'ink', bold: true, align: 'right', most: gutter - 12,
        size: Math.min(fontSize, rowHeight + 1),
      });
      if (withRole) {
        ink.text(gutter - 8, y + 8, role, {
          colour: 'quiet', size: fontSize - 2, align: 'right', most: gutter - 12,
        });
      }
    });
  });
  ink.lines([gutter - 0.5, head.y, gutter - 0.5, rows.y + rows.height], {
    colour: 'edge', width: 1,
  });
}
