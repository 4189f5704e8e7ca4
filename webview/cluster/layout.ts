/** Places the nodes: servers on an ellipse or around a rectangle, clients in rows below. */

import type { NodeView } from '../../src/view/contract.ts';
import { boxWidth } from './box-width.ts';
import { between, centre, contains, overlap } from './geometry.ts';
import type { Box, Point } from './geometry.ts';

export interface Layout {
  width: number;
  height: number;
  boxes: Map<string, Box>;
}

/** The room that the picture has, in CSS pixels, and the lines that each server needs. */
export interface Room {
  width: number;
  /** The preferred height: the lower the panel, the flatter the ellipse. */
  height: number;
  /** How many lines stand below the caption of a server, that of its epoch not included. */
  lines: number;
}

/** Of a line of text in a box. */
export const lineHeight = 13;

interface BoxSize {
  width: number;
  height: number;
}

const margin = 20;
/** Room for an island's outline at the left and right. */
const side = 11;
const gap = 8;
/** Of a server with a name, a caption, an epoch and a timer. */
const boxHeight = 66;
/** Between servers and clients, where requests are drawn; less if the panel is low. */
const clientGap = { usual: 60, low: 34, lowBelow: 420 };
const clientHeight = 52;

/**
 * Depends only on the nodes, their number of lines and the size of the panel, so that nothing moves
 * from one stop to the next.
 */
export function layOut(nodes: NodeView[], { width, height: room, lines }: Room): Layout {
  const servers = nodes.filter((node) => !isClient(node));
  const clients = nodes.filter(isClient);
  const size = { width: boxWidth(servers.length, width), height: boxHeight + lines * lineHeight };
  const boxes = new Map<string, Box>();
  const apart = room < clientGap.lowBelow ? clientGap.low : clientGap.usual;
  const rows = clients.length === 0 ? 0 : apart + clientHeight;
  const ring = placeServers(servers.length, size, width, room - 2 * margin - rows);
  const top = margin - Math.min(0, ...ring.map(({ y }) => y));
  ring.forEach((point, index) => {
    const [x, y] = [width / 2 + point.x - size.width / 2, top + point.y];
    boxes.set(servers[index]!.id, { x, y, ...size });
  });
  const bottom = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height));
  const first = bottom + (bottom > 0 ? apart : margin);
  const narrow = Math.min(108, size.width);
  const height = Math.max(bottom, placeRows(clients, narrow, width, first, boxes));
  return { width, height: height + margin, boxes };
}

export function isClient({ role }: NodeView): boolean {
  return role === 'client';
}

/**
 * Points around (0, 0), clockwise, far enough apart that no two boxes touch. An ellipse shows all
 * links best; where it has no room, the servers stand around a rectangle.
 */
function placeServers(count: number, box: BoxSize, width: number, room: number): Point[] {
  const across = Math.min(250, (width - 2 * side - box.width) / 2);
  if (count <= 1) return Array.from({ length: count }, () => ({ x: 0, y: 0 }));
  if (count === 2) return ellipse(count, across, 0);
  const square = rectangle(count, box, width, room);
  const round = count < 6 ? Math.max(130, across * 0.8) : Math.max(150, across);
  const start = (room - box.height) / (count % 2 === 0 ? 2 : 1.81);
  for (let down = Math.min(230, Math.max(60, Math.min(round, start))); down < 320; down += 10) {
    const points = ellipse(count, across, down);
    if (crowded(points, box)) continue;
    const [high, low] = [heightOf(points), heightOf(square)];
    return high + box.height > room && low < high ? square : points;
  }
  return square;
}

/** Along the sides of a rectangle, clockwise from its upper left corner. */
function rectangle(count: number, box: BoxSize, width: number, height: number): Point[] {
  const room = width - 2 * side;
  const most = Math.max(2, Math.floor((room + gap) / (box.width + gap)));
  const columns = Math.min(most, Math.ceil((count + 4) / 4));
  const rows = Math.max(2, Math.ceil((count - 2 * columns + 4) / 2));
  const across = Math.min((room - box.width) / (columns - 1), box.width + 12 * gap);
  // Between the rows, messages are drawn.
  const spread = (height - rows * box.height) / (rows - 1);
  const down = box.height + Math.min(10 * gap, Math.max(4 * gap, spread));
  const cells = [
    ...Array.from({ length: columns }, (_, column) => ({ column, row: 0 })),
    ...Array.from({ length: rows - 2 }, (_, row) => ({ column: columns - 1, row: row + 1 })),
    ...Array.from({ length: columns }, (_, index) => ({
      column: columns - 1 - index,
      row: rows - 1,
    })),
    ...Array.from({ length: rows - 2 }, (_, index) => ({ column: 0, row: rows - 2 - index })),
  ];
  return cells
    .slice(0, count)
    .map(({ column, row }) => ({ x: (column - (columns - 1) / 2) * across, y: row * down }));
}

function heightOf(points: Point[]): number {
  const ys = points.map(({ y }) => y);
  return Math.max(...ys) - Math.min(...ys);
}

function ellipse(count: number, across: number, down: number): Point[] {
  const first = count === 2 ? Math.PI : -Math.PI / 2;
  return Array.from({ length: count }, (_, index) => {
    const angle = first + (index * 2 * Math.PI) / count;
    return { x: across * Math.cos(angle), y: down * Math.sin(angle) };
  });
}

function crowded(points: Point[], box: BoxSize): boolean {
  const size = { width: box.width + gap, height: box.height + 2 * gap };
  const boxes = points.map((point) => ({ ...point, ...size }));
  return boxes.some((box, index) => boxes.slice(index + 1).some((other) => overlap(box, other)));
}

function placeRows(
  clients: NodeView[],
  boxWidth: number,
  width: number,
  first: number,
  boxes: Map<string, Box>,
): number {
  const room = width - 2 * side;
  const perRow = Math.max(1, Math.floor((room + gap) / (boxWidth + gap)));
  const servers = [...boxes.values()];
  let y = first;
  let end = 0;
  for (let start = 0; start < clients.length; start += perRow) {
    const row = clients.slice(start, start + perRow);
    const widest = (room - boxWidth) / Math.max(1, row.length - 1);
    const rows = [Math.min(2 * boxWidth, widest), widest, Math.min(boxWidth + 4 * gap, widest)].map(
      (step) => rowOfBoxes(row.length, step, { y, boxWidth, width }),
    );
    const clearest = rows.reduce((one, other) =>
      hidden(other, servers) < hidden(one, servers) ? other : one,
    );
    row.forEach(({ id }, index) => boxes.set(id, clearest[index]!));
    end = y + clientHeight;
    y = end + 3 * gap;
  }
  return end;
}

function rowOfBoxes(
  count: number,
  step: number,
  { y, boxWidth, width }: { y: number; boxWidth: number; width: number },
): Box[] {
  const left = (width - step * (count - 1) - boxWidth) / 2;
  return Array.from({ length: count }, (_, index) => {
    return { x: left + index * step, y, width: boxWidth, height: clientHeight };
  });
}

/** How many straight lines between clients and servers pass behind another server. */
function hidden(clients: Box[], servers: Box[]): number {
  const lines = clients.flatMap((client) => servers.map((server) => ({ client, server })));
  return lines.filter(({ client, server }) => {
    const [from, to] = [centre(client), centre(server)];
    const points = Array.from({ length: 40 }, (_, index) => between(from, to, index / 40));
    const others = servers.filter((other) => other !== server);
    return points.some((point) => others.some((other) => contains(other, point)));
  }).length;
}
