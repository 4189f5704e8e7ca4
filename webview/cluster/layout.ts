/** Places the nodes: servers on an ellipse, clients in rows below it. */

import type { NodeView } from '../../src/view/contract.ts';
import { between, centre, contains, overlap } from './geometry.ts';
import type { Box, Point } from './geometry.ts';

export interface Layout {
  width: number;
  height: number;
  boxes: Map<string, Box>;
}

const margin = 20;
/** Room for an island's outline at the left and right. */
const side = 11;
const gap = 8;
const boxHeight = 66;
/** Between servers and clients, where requests are drawn; less if the panel is low. */
const clientGap = { usual: 60, low: 34, lowBelow: 420 };
const clientHeight = 52;

/**
 * Depends only on the nodes and the size of the panel, so that nothing moves from one stop to the
 * next. `room` is the preferred height: the lower the panel, the flatter the ellipse.
 */
export function layOut(nodes: NodeView[], width: number, room = Infinity): Layout {
  const servers = nodes.filter((node) => !isClient(node));
  const clients = nodes.filter(isClient);
  const boxWidth = width < 480 ? 84 : 108;
  const boxes = new Map<string, Box>();
  const apart = room < clientGap.lowBelow ? clientGap.low : clientGap.usual;
  const rows = clients.length === 0 ? 0 : apart + clientHeight;
  const ring = placeRing(servers.length, boxWidth, width, room - 2 * margin - boxHeight - rows);
  const top = margin - Math.min(0, ...ring.map(({ y }) => y));
  ring.forEach((point, index) => {
    const [x, y] = [width / 2 + point.x - boxWidth / 2, top + point.y];
    boxes.set(servers[index]!.id, { x, y, width: boxWidth, height: boxHeight });
  });
  const bottom = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height));
  const first = bottom + (bottom > 0 ? apart : margin);
  const height = Math.max(bottom, placeRows(clients, boxWidth, width, first, boxes));
  return { width, height: height + margin, boxes };
}

export function isClient({ role }: NodeView): boolean {
  return role === 'client';
}

/** Points around (0, 0), clockwise from the top, far enough apart that no two boxes touch. */
function placeRing(count: number, boxWidth: number, width: number, room: number): Point[] {
  if (count <= 1) return Array.from({ length: count }, () => ({ x: 0, y: 0 }));
  const across = Math.min(250, (width - 2 * side - boxWidth) / 2);
  if (count === 2) return ellipse(count, across, 0);
  const round = count < 6 ? Math.max(130, across * 0.8) : Math.max(150, across);
  const start = Math.max(60, Math.min(round, room / (count % 2 === 0 ? 2 : 1.81)));
  for (let down = Math.min(230, start); down < 320; down += 10) {
    const points = ellipse(count, across, down);
    if (!crowded(points, boxWidth)) return points;
  }
  return twoColumns(count, across);
}

/** For nodes that an ellipse has no room for: down on the right, then up on the left. */
function twoColumns(count: number, across: number): Point[] {
  const right = Math.ceil(count / 2);
  const step = boxHeight + 4 * gap;
  return Array.from({ length: count }, (_, index) =>
    index < right
      ? { x: across, y: index * step }
      : { x: -across, y: (count - 1 - index) * step + (count % 2) * (step / 2) },
  );
}

function ellipse(count: number, across: number, down: number): Point[] {
  const first = count === 2 ? Math.PI : -Math.PI / 2;
  return Array.from({ length: count }, (_, index) => {
    const angle = first + (index * 2 * Math.PI) / count;
    return { x: across * Math.cos(angle), y: down * Math.sin(angle) };
  });
}

function crowded(points: Point[], boxWidth: number): boolean {
  const size = { width: boxWidth + gap, height: boxHeight + 2 * gap };
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
