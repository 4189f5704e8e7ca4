/** Messages as slopes from their sending to their arrival; too many of them as density. */

import { messageFields } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Lane, MessageRow } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { instantX, placesOf, rowY } from '../scene.ts';
import type { Ink, LineStyle } from './ink.ts';
import { labelledRow } from './events.ts';
import type { TextRoom } from './room.ts';

/** So many messages are drawn one by one, and so many of them with their types. */
export const slopesMost = 1_500;
const labelledMost = 120;
/** So many that were lost or refused are drawn among more messages than that. */
const unusualMost = 300;
/** The width of a cell of the density, in pixels. */
const cellWidth = 2;

const styles = {
  delivered: { colour: 'outline', width: 1 },
  refused: { colour: 'bid', width: 1.6 },
  lost: { colour: 'wrong', width: 1.2, dash: [5, 3] },
  reset: { colour: 'wrong', width: 1.2, dash: [2, 3] },
  flying: { colour: 'quiet', width: 1.2, dash: [1, 3] },
} as const satisfies Record<string, LineStyle>;
type Look = keyof typeof styles;

export function drawMessages(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  room: TextRoom,
): void {
  const { axis, viewport } = scene;
  const [from, until] = [axis.instantOf(viewport.start), axis.instantOf(viewport.end)];
  const [first, end] = [from, until].map((at) => lane.messageAt(lane.stepAt(axis, at)));
  const rows: number[] = [];
  if (end! - first! > slopesMost) {
    drawDensity(ink, scene, lane, layout, first!, end!);
    // What went wrong stays visible among many, as far as there is room for it.
    const unusual = lane.unusual.filter((row) => row >= first! && row < end!);
    rows.push(...every(unusual, unusualMost));
  } else lane.visitMessages(axis, from, until, (row) => rows.push(row));
  drawSlopes(ink, scene, lane, layout, { messages: rows.map((row) => lane.message(row)), room });
}

function every(rows: readonly number[], most: number): readonly number[] {
  const stride = Math.ceil(rows.length / most);
  return stride <= 1 ? rows : rows.filter((_, index) => index % stride === 0);
}

function drawSlopes(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  { messages, room }: { messages: readonly MessageRow[]; room: TextRoom },
): void {
  const parts = Object.fromEntries(
    Object.keys(styles).map((look) => [look, { lines: [] as number[], tips: [] as number[] }]),
  ) as Record<Look, { lines: number[]; tips: number[] }>;
  const ends = { crosses: [] as number[], bars: [] as number[] };
  const { axis } = scene;
  const all = [
    ...messages.map((message) => [message, message.outcome] as const),
    ...lane.inFlight().map((message) => [message, 'flying'] as const),
  ];
  const labelled = all.length <= labelledMost && layout.rowHeight >= labelledRow;
  for (const [message, look] of all) {
    if (message.from === message.to) continue;
    const from = { x: instantX(scene, axis.ofSending(message)), y: rowY(layout, message.from) };
    const arrival = look === 'flying' ? axis.ofFlight(lane, message) : axis.ofArrival(message);
    const to = { x: instantX(scene, arrival), y: rowY(layout, message.to) };
    const isLost = look === 'lost' || look === 'reset';
    // A message that is lost on its way ends before it arrives.
    const share = look === 'lost' ? 0.72 : 1;
    const end = {
      x: from.x + (to.x - from.x) * share,
      y: from.y + (to.y - from.y) * share,
    };
    parts[look].lines.push(from.x, from.y, end.x, end.y);
    if (isLost) ends.crosses.push(end.x, end.y);
    else parts[look].tips.push(end.x, end.y, Math.atan2(to.y - from.y, to.x - from.x));
    if (look === 'refused') ends.bars.push(end.x - 6, end.y + (from.y < to.y ? -6 : 6));
    if (labelled) wantLabel(room, scene, { lane, layout, message }, from, end);
  }
  for (const look of Object.keys(styles) as Look[]) {
    ink.lines(parts[look].lines, styles[look]);
    if (all.length > slopesMost / 2) continue;
    const hollow = look === 'flying';
    ink.heads(parts[look].tips, { colour: styles[look].colour, size: 7, hollow });
  }
  const crosses = () => ink.shapes('cross', ends.crosses, { colour: 'wrong', size: 4 });
  room.mark(crosses, ends.crosses, 5);
  room.mark(() => ink.shapes('bar', ends.bars, { colour: 'bid', size: 3 }), ends.bars, 4);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The type of a message near its middle, between the rows, where it cannot be of another node. */
function wantLabel(
  room: TextRoom,
  scene: Scene,
  { lane, layout, message }: { lane: Lane; layout: LaneLayout; message: MessageRow },
  from: Point,
  end: Point,
): void {
  const colour = message.outcome === 'delivered' ? 'quiet' : 'ink';
  const size = scene.layout.fontSize - 2;
  const style = { colour, size, align: 'center' } as const;
  const places = labelShares.map((share) => ({
    text: message.label,
    x: from.x + (end.x - from.x) * share,
    y: from.y + (end.y - from.y) * share,
    style,
  }));
  const top = rowY(layout, 0);
  const isBetween = ({ y }: Point) => {
    const part = (((y - top) % layout.rowHeight) + layout.rowHeight) % layout.rowHeight;
    return Math.min(part, layout.rowHeight - part) > size * 0.62 + 3;
  };
  const { cursor } = lane.view;
  const isFuture = cursor >= 0 && message.step > cursor;
  room.want('message', places.filter(isBetween), isFuture);
}

const labelShares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

/** How many messages cross the room between two rows, for each pair of pixel columns. */
function drawDensity(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  first: number,
  end: number,
): void {
  const { viewport, axis } = scene;
  const columns = Math.max(1, Math.ceil(layout.rows.width / cellWidth));
  const bands = Math.max(1, lane.view.nodes.length - 1);
  const steps = new Int32Array(columns * (bands + 1));
  const places = placesOf(lane, axis);
  const values = lane.messages.values;
  const toCell = 1 / (viewport.scale * cellWidth);
  for (let row = first; row < end; row++) {
    const at = row * messageFields;
    const [from, to] = [values[at + 1]!, values[at + 2]!];
    const place = places[values[at]!]!;
    const column = Math.floor((place - viewport.start) * toCell);
    if (column < 0 || column >= columns || from === to) continue;
    const [upper, lower] = from < to ? [from, to] : [to, from];
    // A message adds one to each band from its upper row to its lower row.
    steps[column * (bands + 1) + upper]!++;
    steps[column * (bands + 1) + lower]!--;
  }
  drawBands(ink, layout, columns, bands, steps);
}

function drawBands(
  ink: Ink,
  layout: LaneLayout,
  columns: number,
  bands: number,
  steps: Int32Array,
): void {
  const counts = new Int32Array(columns * bands);
  let most = 1;
  for (let column = 0; column < columns; column++) {
    let count = 0;
    for (let band = 0; band < bands; band++) {
      count += steps[column * (bands + 1) + band]!;
      counts[band * columns + column] = count;
      if (count > most) most = count;
    }
  }
  const alphas = new Uint8Array(columns * bands);
  const full = Math.log1p(most);
  for (let at = 0; at < alphas.length; at++) {
    const count = counts[at]!;
    if (count > 0) alphas[at] = 26 + Math.round((184 * Math.log1p(count)) / full);
  }
  const top = rowY(layout, 0);
  const area = {
    x: layout.rows.x, y: top, width: columns * cellWidth, height: bands * layout.rowHeight,
  };
  ink.cells(area, columns, bands, alphas, 'outline');
}
