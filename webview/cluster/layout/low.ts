/** A picture with little height: all nodes in a row, or in a block if there are many. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import type { Areas, Size } from './areas.ts';
import { arcRoom, lineHeight, noWords } from './slot.ts';
import type { Slot } from './slot.ts';
import type { Rect } from './geometry.ts';

/** In a lower picture, a ring leaves neither its nodes nor their words any room. */
const lowBelow = 160;

/** With less room for each, a row of nodes is a crowd. */
export const leastPitch = 40;

export function isLow({ height }: Size): boolean {
  return height < lowBelow;
}

/** Between two areas, in parts of the distance between neighbours. */
const areaGap = 0.4;
const rowDisc = { most: 22, least: 9 };
/** Above the discs, for links that pass over other nodes. */
const archRoom = 36;
/** Narrower words would be cut to a few letters. */
const leastWords = 44;
const mostLines = 5;

/**
 * Clients, peers and services side by side, with their words below them. What neighbours send is
 * between them, and what others send passes above.
 */
export function lowRow(areas: Areas, { width, height }: Size): Map<string, Slot> {
  const groups = [areas.clients, areas.peers, areas.services]
    .map(({ nodes }) => nodes)
    .filter((nodes) => nodes.length > 0);
  const parts = groups.reduce((sum, nodes) => sum + nodes.length, (groups.length - 1) * areaGap);
  const pitch = width / Math.max(1, parts);
  const wide = pitch - 8;
  const radius = Math.max(rowDisc.least, Math.min(rowDisc.most, pitch * 0.26, height * 0.155));
  const free = height - archRoom - 2 * radius - arcRoom + 6;
  const lines = wide < leastWords ? 0 : Math.min(mostLines, Math.floor(free / lineHeight));
  const y = lines < 1 ? height * 0.6 : height - lines * lineHeight - arcRoom + 2 - radius;
  const slots = new Map<string, Slot>();
  let at = 0;
  for (const nodes of groups) {
    for (const { id } of nodes) {
      const width = Math.min(190, wide);
      const words = lines < 1 ? noWords : { side: 'below' as const, width, lines };
      slots.set(id, { x: (at + 0.5) * pitch, y, radius, words, isDetailed: true });
      at++;
    }
    at += areaGap;
  }
  return slots;
}

const blockDisc = { most: 30, gap: 2 };
/** Around the block, for the marks of the node that acted. */
const edge = 5;

/** Rows and columns of discs that are as large as the room allows. */
export function lowBlock(nodes: readonly NodeView[], area: Rect): Map<string, Slot> {
  const rect = {
    x: area.x + edge,
    y: area.y + edge,
    width: area.width - 2 * edge,
    height: area.height - 2 * edge,
  };
  const count = nodes.length;
  const cellOf = (columns: number) =>
    Math.min(rect.width / columns, rect.height / Math.ceil(count / columns));
  const choices = Array.from({ length: count }, (_, index) => index + 1);
  const columns = choices.reduce((best, one) => (cellOf(one) > cellOf(best) ? one : best), 1);
  const rows = Math.ceil(count / columns);
  const radius = Math.min(blockDisc.most, (cellOf(columns) - blockDisc.gap) / 2);
  const [wide, high] = [rect.width / columns, rect.height / rows];
  return new Map(nodes.map(({ id }, index) => {
    const [line, place] = [Math.floor(index / columns), index % columns];
    const [x, y] = [rect.x + (place + 0.5) * wide, rect.y + (line + 0.5) * high];
    return [id, { x, y, radius, words: noWords, isDetailed: false }];
  }));
}
