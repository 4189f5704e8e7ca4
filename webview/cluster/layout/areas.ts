/** Divides the picture into areas: the ring of the peers, and one each for clients and services. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import type { Rect } from './geometry.ts';

export interface Areas {
  peers: Area;
  clients: Area;
  services: Area;
}

export interface Area {
  nodes: NodeView[];
  rect: Rect;
}

export interface Size {
  width: number;
  height: number;
}

/** The share of the width that a column beside the ring takes, and its bounds in pixels. */
const column = { share: 0.2, least: 100, most: 190 };
/** In a column, a node with a line or two of words needs so much height; narrower words are cut. */
const leastCell = { width: 62, height: 82 };
const row = { share: 0.2, least: 78, most: 150 };

/** Clients and services are beside the ring in a wide picture, below and above it in a high one. */
export function divide(nodes: NodeView[], { width, height }: Size): Areas {
  const of = (area: NodeView['area']) => nodes.filter((node) => node.area === area);
  const [peers, clients, services] = [of('peers'), of('clients'), of('services')];
  const isWide = width > height * 1.1;
  const rect = (from: number, to: number): Rect =>
    isWide
      ? { x: from, y: 0, width: to - from, height }
      : { x: 0, y: height - to, width, height: to - from };
  const long = isWide ? width : height;
  const { share, least, most } = isWide ? column : row;
  const beside = (count: number) => {
    if (count === 0) return 0;
    const strips = count > 8 ? 1.7 : 1;
    const perColumn = Math.max(1, Math.floor(height / leastCell.height));
    const columns = isWide && count <= 8 ? Math.ceil(count / perColumn) : 1;
    const enough = Math.max(least, columns * leastCell.width);
    return Math.min(strips * Math.min(Math.max(most, enough), Math.max(enough, long * share)),
      long / 3);
  };
  // Without a ring, clients and services face each other, and what they send crosses the middle.
  const first =
    peers.length > 0 ? beside(clients.length) : halfOf(clients.length, services.length);
  const last = peers.length > 0 ? beside(services.length) : 1 - first;
  const [left, right] = peers.length > 0 ? [first, long - last] : [long * first, long * first];
  return {
    clients: { nodes: clients, rect: rect(0, left) },
    peers: { nodes: peers, rect: rect(left, right) },
    services: { nodes: services, rect: rect(right, long) },
  };
}

function halfOf(clients: number, services: number): number {
  if (clients === 0) return 0;
  return services === 0 ? 1 : 0.5;
}
