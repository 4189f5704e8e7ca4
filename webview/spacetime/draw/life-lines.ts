/** The life line of each node: thick while it leads, dashed while paused, absent while crashed. */

import type { Lane, Span } from '../lane.ts';
import { spanAt } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { instantX, rowY } from '../scene.ts';
import type { Ink, LineStyle } from './ink.ts';
import type { TextRoom } from './room.ts';

const plain: LineStyle = { colour: 'outline', width: 1.2 };
const paused: LineStyle = { colour: 'outline', width: 1.2, dash: [2, 4] };
/** Narrower spans are not drawn apart: the line stays as it was. */
const narrowest = 1;

export function drawLifeLines(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  room: TextRoom,
): void {
  const { rows } = layout;
  const right = Math.min(rows.x + rows.width, instantX(scene, scene.axis.endOf(lane)));
  const line: number[] = [];
  const dashes: number[] = [];
  const marks = { crashes: [] as number[], starts: [] as number[] };
  for (let node = 0; node < lane.view.nodes.length; node++) {
    const y = rowY(layout, node);
    if (y < rows.y - layout.rowHeight || y > rows.y + rows.height + layout.rowHeight) continue;
    drawTones(ink, scene, lane, layout, { node, right, room });
    visitSpans(scene, lane.statuses[node] ?? [], right, rows.x, (from, until, span, begins) => {
      if (span?.off) {
        if (begins) marks.crashes.push(from, y);
        drawStatus(ink, { from, until, y, text: span.text }, layout, room);
        return;
      }
      const isPaused = span !== undefined && span.text !== '';
      (isPaused ? dashes : line).push(from, y, until, y);
      if (begins && span?.text === '') marks.starts.push(from, y);
      if (isPaused) drawStatus(ink, { from, until, y, text: span.text }, layout, room);
    });
  }
  ink.lines(line, plain);
  ink.lines(dashes, paused);
  const crashes = () => ink.shapes('cross', marks.crashes, { colour: 'wrong', size: 6 });
  room.mark(crashes, marks.crashes, 7);
  const starts = () => ink.shapes('ring', marks.starts, { colour: 'outline', size: 4.5 });
  room.mark(starts, marks.starts, 6);
}

/** Calls `visit` with each part of the row that is in view, from before the first span on. */
function visitSpans(
  scene: Scene,
  spans: readonly Span[],
  right: number,
  left: number,
  visit: (from: number, until: number, span: Span | undefined, begins: boolean) => void,
): void {
  const { axis, viewport } = scene;
  const first = spanAt(axis, spans, axis.instantOf(viewport.start));
  for (let place = first; place < spans.length; place++) {
    const span = spans[place];
    const begin = instantX(scene, span === undefined ? 0 : axis.ofSpan(span));
    if (begin > right) return;
    const next = spans[place + 1];
    const end = next === undefined ? right : Math.min(right, instantX(scene, axis.ofSpan(next)));
    if (next !== undefined && end - begin < narrowest) continue;
    const from = Math.max(left, begin);
    if (end >= from) visit(from, end, span, begin >= left);
  }
}

function drawTones(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  { node, right, room }: { node: number; right: number; room: TextRoom },
): void {
  const y = rowY(layout, node);
  const { rows, rowHeight } = layout;
  const height = Math.max(3, Math.min(8, rowHeight * 0.22));
  visitSpans(scene, lane.standings[node] ?? [], right, rows.x, (from, until, span) => {
    if (span === undefined || span.text === '') return;
    const width = until - from;
    if (span.tone === 'lead') {
      ink.fill(from, y - height / 2, width, height, { colour: 'accent', alpha: 0.55 });
    } else if (span.tone === 'bid') {
      const look = { colour: 'bid', pattern: 'rising' } as const;
      ink.fill(from, y - height / 2, width, height, look);
    }
    const size = scene.layout.fontSize - 2;
    if (rowHeight < 26 || width < 24) return;
    const style = {
      colour: span.tone === 'lead' ? 'ink' : 'quiet', size, bold: span.tone === 'lead',
    } as const;
    const texts = [span.text, ...span.text.split(' · ')];
    const fits = texts.filter((text) => ink.widthOf(text, style) <= width - 8);
    const at = { x: from + 4, y: y - height / 2 - size * 0.9 };
    const isFuture = lane.view.cursor >= 0 && span.step > lane.view.cursor;
    room.want('standing', fits.map((text) => ({ text, ...at, style })), isFuture);
  });
}

function drawStatus(
  ink: Ink,
  { from, until, y, text }: { from: number; until: number; y: number; text: string },
  { rowHeight }: LaneLayout,
  room: TextRoom,
): void {
  const height = Math.max(6, rowHeight * 0.5);
  const pattern = { colour: 'outline', alpha: 0.35, pattern: 'crossed' } as const;
  ink.fill(from, y - height / 2, until - from, height, pattern);
  if (rowHeight < 15 || until - from < 20) return;
  const style = { colour: 'ink', size: 11, most: until - from - 16 } as const;
  const places = [12, 24, 40, 60].map((right) => ({ text, x: from + right, y, style }));
  room.want('status', places.filter(({ x }) => x + 16 < until));
}
