/** Places the nodes. It depends on nothing but the nodes and the size, so nothing ever jumps. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { divide } from './areas.ts';
import type { Area, Size } from './areas.ts';
import { distance, overlap } from './geometry.ts';
import type { Point, Rect } from './geometry.ts';
import { onEllipse, onEllipses } from './ring.ts';
import type { Ellipse } from './ring.ts';

/** Where a node is drawn, and how much room it has for words. */
export interface Slot extends Point {
  /** The radius of its disc. */
  radius: number;
  words: WordRoom;
  /** Whether it has room for all that a node shows; otherwise for its name and epoch. */
  isDetailed: boolean;
}

export interface WordRoom {
  /** Where the words are: beside the disc, below it, or nowhere. */
  side: 'left' | 'right' | 'below' | 'none';
  width: number;
  lines: number;
}

export interface Layout extends Size {
  slots: Map<string, Slot>;
  /** With many nodes, each shrinks to its name and its epoch, and idle links are left out. */
  isCompact: boolean;
}

/** From this many nodes on, each of them shrinks. */
const manyNodes = 15;
export const lineHeight = 14;
/** Around a disc, where its timers are drawn. */
export const arcRoom = 16;
/** Above a disc, where a mark points at the node that acted last. */
const actorRoom = 10;
/** Between the discs of neighbours, so that a message between them is in sight. */
const neighbourGap = 52;

export function layOut(nodes: NodeView[], size: Size): Layout {
  const isCompact = nodes.length >= manyNodes;
  const { peers, clients, services } = divide(nodes, size);
  const slots = new Map<string, Slot>();
  const put = (area: Area, placed: Slot[]) =>
    area.nodes.forEach(({ id }, index) => slots.set(id, placed[index]!));
  put(peers, isCompact ? compactRing(peers) : ring(peers));
  for (const area of [clients, services]) put(area, grid(area, isCompact));
  if (!isCompact) {
    const placed = [...slots.values()];
    growWords(placed, size);
    dropCovering(placed);
  }
  return { ...size, slots, isCompact };
}

/** In CSS pixels, and the most lines that are drawn. */
const wordRoom = { least: 70, most: 190, lines: 7 };

/** Peers on an ellipse, with their words outside of it, so that its middle is free for messages. */
function ring({ nodes, rect }: Area): Slot[] {
  const count = nodes.length;
  if (count === 0) return [];
  const largest = Math.max(18, Math.min(42, Math.min(rect.width * 0.12, rect.height * 0.145)));
  for (let radius = largest; ; radius -= 1) {
    const slots = ringOf(count, rect, radius);
    if (!isCrowded(slots)) return slots;
    if (radius > 14) continue;
    return isTouching(slots) ? rowOf(count, rect) : slots;
  }
}

/** Whether discs cover each other. */
function isTouching(slots: Slot[]): boolean {
  return slots.some((one, index) =>
    slots.some((other, place) => {
      return place > index && distance(one, other) < one.radius + other.radius + 4;
    }),
  );
}

/** Side by side, where a ring has too little height. */
function rowOf(count: number, rect: Rect): Slot[] {
  const share = rect.width / count;
  const high = (rect.height - actorRoom) / 2 - arcRoom;
  const radius = Math.max(6, Math.min(28, share * 0.3, high));
  const y = rect.y + (rect.height + actorRoom) / 2;
  return Array.from({ length: count }, (_, index) => {
    const point = { x: rect.x + (index + 0.5) * share, y };
    return slot(point, radius, { side: 'right', width: wordRoom.least, lines: 1 });
  });
}

function ringOf(count: number, rect: Rect, radius: number): Slot[] {
  const outer = radius + arcRoom;
  const half = rect.width / 2;
  const hasSides = half - outer - wordRoom.least >= 1.4 * radius;
  const below = hasSides && count > 2 ? 0 : 2 * lineHeight;
  const down = Math.max(0, (rect.height - actorRoom - below) / 2 - outer - 2);
  const beside = Math.min(150, Math.max(wordRoom.least, half - outer - 2.6 * radius));
  const most = count === 2 ? Infinity : Math.max(down, 110) * 1.7;
  const across = Math.min(half - outer - (hasSides ? beside : 0), most);
  const centre = { x: rect.x + half, y: rect.y + actorRoom + outer + 2 + down };
  const points = count === 1 ? [centre] : stretched(count, { centre, across, down });
  return points.map((point) => {
    const isLeft = point.x < centre.x - 1;
    const side = hasSides && count > 2 ? (isLeft ? 'left' : 'right') : 'below';
    return slot(point, radius, { side, width: wordRoom.least, lines: 1 });
  });
}

/** Three or five points do not reach the bottom of their ellipse by themselves. */
function stretched(count: number, ellipse: Ellipse): Point[] {
  const { centre, across, down } = ellipse;
  const points = onEllipse({ centre, across, down: count === 2 ? 0 : Math.max(1, down) }, count);
  const [top, bottom] = [Math.min, Math.max].map((pick) => pick(...points.map(({ y }) => y)));
  if (bottom! - top! < 1) return points;
  const factor = (2 * down) / (bottom! - top!);
  return points.map(({ x, y }) => ({ x, y: centre.y - down + (y - top!) * factor }));
}

/** How far above the middle of a disc the words beside it begin. */
export function wordsAbove(radius: number): number {
  return Math.min(radius, 26);
}

/** The room that the words of a node have. */
export function wordsRect({ x, y, radius, words }: Slot): Rect {
  const { side, width, lines } = words;
  const [out, height] = [radius + arcRoom, lines * lineHeight];
  if (side === 'below') return { x: x - width / 2, y: y + out - 2, width, height };
  return {
    x: side === 'left' ? x - out - width : x + out,
    y: y - wordsAbove(radius),
    width,
    height,
  };
}

/** The room that a disc takes, with its timers and the mark of the last to act. */
export function discRect({ x, y, radius, words: { side } }: Slot): Rect {
  const [out, above] = [radius + 10, side === 'below' ? 0 : actorRoom];
  return { x: x - out, y: y - out - above, width: 2 * out, height: 2 * out + above };
}

/** Gives each node more lines, and then longer ones, as long as they cover nothing. */
export function growWords(slots: Slot[], size: Size): void {
  const discs = slots.map(discRect);
  const rects = slots.map(wordsRect);
  const fits = (rect: Rect, own: number) =>
    rect.x >= 3 &&
    rect.y >= 0 &&
    rect.x + rect.width <= size.width - 3 &&
    rect.y + rect.height <= size.height - 2 &&
    [...discs, ...rects].every(
      (other, index) => index % slots.length === own || !overlap(rect, other),
    );
  const grow = (own: number, more: Partial<WordRoom>): boolean => {
    const one = slots[own]!;
    const words = { ...one.words, ...more };
    const rect = wordsRect({ ...one, words });
    if (words.side === 'none' || !fits(rect, own)) return false;
    one.words = words;
    rects[own] = rect;
    return true;
  };
  for (let lines = 2; lines <= wordRoom.lines; lines++) {
    slots.forEach(({ words }, own) => words.lines === lines - 1 && grow(own, { lines }));
  }
  for (let width = wordRoom.least; width <= wordRoom.most; width += 8) {
    slots.forEach((_, own) => grow(own, { width }));
  }
}

/** In a small picture, words that would cover another disc are left to tooltips and cards. */
function dropCovering(slots: Slot[]): void {
  for (const one of slots) {
    const words = wordsRect(one);
    const letters = { ...words, height: words.height - 4 };
    const covers = slots.some((other) => {
      const { x, y, radius } = other;
      const disc = { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
      return other !== one && overlap(letters, disc);
    });
    if (covers) one.words = noWords;
  }
}

function slot({ x, y }: Point, radius: number, words: WordRoom): Slot {
  return { x, y, radius, words, isDetailed: true };
}

function small({ x, y }: Point, radius: number): Slot {
  return { x, y, radius, words: noWords, isDetailed: false };
}

/** Whether discs are too near to each other, or to the words of another. */
function isCrowded(slots: Slot[]): boolean {
  const words = slots.map((one) => wordsRect({ ...one, words: { ...one.words, lines: 2 } }));
  return slots.some((one, index) =>
    slots.some((other, place) => {
      if (index === place) return false;
      const out = other.radius + 10;
      const disc = { x: other.x - out, y: other.y - out, width: 2 * out, height: 2 * out };
      const isNear = distance(one, other) < one.radius + other.radius + neighbourGap;
      return isNear || overlap(words[index]!, disc);
    }),
  );
}

export const noWords: WordRoom = { side: 'none', width: 0, lines: 0 };
const compact = { most: 30, least: 6, gap: 12 };

function compactRing({ nodes, rect }: Area): Slot[] {
  const centre = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  for (let radius = compact.most; ; radius -= 0.5) {
    const edge = radius * 1.25 + 6;
    const outer: Ellipse = {
      centre,
      across: Math.max(1, rect.width / 2 - edge),
      down: Math.max(1, rect.height / 2 - edge),
    };
    const pitch = 2 * radius + compact.gap;
    const points = onEllipses(outer, nodes.length, pitch);
    if (points) return points.map((point) => small(point, radius));
    if (radius <= compact.least) {
      return onEllipse(outer, nodes.length).map((point) => small(point, radius));
    }
  }
}

/** Rows and columns that fill an area, with the words of each node below it. */
function grid({ nodes, rect }: Area, isCompact: boolean): Slot[] {
  const count = nodes.length;
  if (count === 0) return [];
  const most = isCompact ? compact.most : 34;
  let best = { columns: 1, rows: count, radius: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const [wide, high] = [rect.width / columns, rect.height / rows];
    const words = isCompact ? 8 : 2 * lineHeight + 1.5 * arcRoom;
    const radius = Math.min(
      most,
      (wide - 16) / 2 - (isCompact ? 0 : 6),
      (high - words) / 2 - arcRoom / 2,
    );
    if (radius > best.radius + 0.5) best = { columns, rows, radius };
  }
  const { columns, rows } = best;
  const radius = Math.max(compact.least, best.radius);
  const [wide, high] = [rect.width / columns, rect.height / rows];
  const lines = Math.max(
    1,
    Math.min(5, Math.floor((high - 2 * radius - arcRoom - 8) / lineHeight)),
  );
  return nodes.map((_, index) => {
    const [line, place] = [Math.floor(index / columns), index % columns];
    const inRow = Math.min(columns, count - line * columns);
    const x = rect.x + rect.width / 2 + (place - (inRow - 1) / 2) * wide;
    const middle = rect.y + (line + 0.5) * high;
    const y = isCompact ? middle : middle - (Math.min(lines, 3) * lineHeight + 4) / 2;
    if (isCompact) return small({ x, y }, radius);
    return slot({ x, y }, radius, { side: 'below', width: wordRoom.least, lines: 1 });
  });
}
