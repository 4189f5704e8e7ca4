/** Places the nodes. It depends on nothing but the nodes and the size, so nothing ever jumps. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { divide } from './areas.ts';
import type { Area, Areas, Size } from './areas.ts';
import { distance, overlap } from './geometry.ts';
import type { Point, Rect } from './geometry.ts';
import { clearancesFor, edge, evenly, evenWords, evenWordsWith } from './even.ts';
import { isLow, leastPitch, lowBlock, lowRow } from './low.ts';
import { onEllipse, onEllipses } from './ring.ts';
import type { Ellipse } from './ring.ts';
import { arcRoom, discRect, lineHeight, noWords, wordRoom, wordsRect } from './slot.ts';
import type { Slot, WordRoom } from './slot.ts';
import { dropCovering, keepNear, leaveBelow } from './tidy.ts';

export interface Layout extends Size {
  slots: Map<string, Slot>;
  /** With many nodes, each shrinks to its name and its epoch, and idle links are left out. */
  isCompact: boolean;
  /** All nodes are in a row or a block, and links pass above them. */
  isLow: boolean;
}

/** From this many nodes on, each of them shrinks. */
const manyNodes = 15;
/** What the timers of a node take around its disc, at least. */
const timersRoom = 8;
/** Between the discs of neighbours, so that a message between them is in sight. */
const neighbourGap = 52;

/** `foot`: what a crowd leaves free below it. */
export function layOut(nodes: NodeView[], size: Size, foot = 0): Layout {
  const isCompact = nodes.length >= manyNodes || isDense(nodes, size);
  const areas = divide(nodes, { ...size, height: size.height - (isCompact ? foot : 0) });
  if (isLow(size)) return low(areas, size, isCompact);
  const { peers, clients, services } = areas;
  const slots = new Map<string, Slot>();
  const put = (area: Area, placed: Slot[]) =>
    area.nodes.forEach(({ id }, index) => slots.set(id, placed[index]!));
  put(peers, isCompact ? compactRing(peers) : ring(peers, size));
  for (const area of [clients, services]) put(area, grid(area, isCompact));
  if (isCompact) return { ...size, slots, isCompact, isLow: false };
  const ids = peers.nodes.map(({ id }) => id);
  const beside = withHighestBeside(slots, ids);
  fillWords(slots, ids, size);
  if (beside) fillWords(beside, ids, size);
  const isBetter = beside !== undefined && isRoomier(beside, slots, ids);
  return { ...size, slots: isBetter ? beside : slots, isCompact, isLow: false };
}

/** Whether nodes that show everything would cover each other. */
function isDense(nodes: NodeView[], size: Size): boolean {
  if (isLow(size)) return size.width < nodes.length * leastPitch;
  const { peers } = divide(nodes, size);
  return peers.nodes.length > evenly.nodes && isTouching(ring(peers, size), 2 * timersRoom);
}

/** Gives the words of all nodes their room. */
function fillWords(slots: Map<string, Slot>, peers: string[], size: Size): void {
  const placed = [...slots.values()];
  const even = evenWords(peers.map((id) => slots.get(id)!), placed, size);
  leaveBelow(placed);
  growWords(placed, size, even);
  dropCovering(placed);
  keepNear(placed, even);
}

/**
 * Below the highest of a ring are its neighbours and what they send: the same with its words at its
 * side. Undefined if they are there.
 */
function withHighestBeside(
  slots: Map<string, Slot>,
  peers: readonly string[],
): Map<string, Slot> | undefined {
  const [first] = peers;
  if (peers.length < 3 || slots.get(first!)!.words.side !== 'below') return undefined;
  return new Map([...slots].map(([id, one]) => {
    return [id, id === first ? { ...one, words: { ...one.words, side: 'right' } } : { ...one }];
  }));
}

/** Whether the words of the highest are longer, and those of no other node have fewer lines. */
function isRoomier(
  slots: Map<string, Slot>,
  than: Map<string, Slot>,
  [highest]: readonly string[],
): boolean {
  const [one, other] = [slots, than].map((all) => all.get(highest!)!.words);
  const isFewer = ([id, { words }]: [string, Slot]) =>
    id !== highest && words.lines < than.get(id)!.words.lines;
  return one!.width > other!.width && one!.lines >= evenly.least && ![...slots].some(isFewer);
}

function low(areas: Areas, size: Size, isCompact: boolean): Layout {
  const { clients, peers, services } = areas;
  if (!isCompact) return { ...size, slots: lowRow(areas, size), isCompact, isLow: true };
  const blocks = [clients, peers, services].filter(({ nodes }) => nodes.length > 0);
  const slots = new Map(blocks.flatMap(({ nodes, rect }) => [...lowBlock(nodes, rect)]));
  return { ...size, slots, isCompact, isLow: true };
}

/** Peers on an ellipse, with their words outside of it, so that its middle is free for messages. */
function ring({ nodes, rect }: Area, size: Size): Slot[] {
  const count = nodes.length;
  if (count === 0) return [];
  const largest = Math.max(18, Math.min(42, Math.min(rect.width * 0.12, rect.height * 0.145)));
  const even = evenRing(count, rect, size, largest);
  if (even) return even;
  for (let radius = largest; ; radius -= 1) {
    const slots = ringOf(count, rect, radius);
    if (!isCrowded(slots)) return slots;
    if (radius > 14) continue;
    return isTouching(slots) ? rowOf(count, rect) : slots;
  }
}

/** With the largest discs and the longest words that leave as many lines to each node. */
function evenRing(count: number, rect: Rect, size: Size, largest: number): Slot[] | undefined {
  if (count < 3 || count > evenly.nodes) return undefined;
  for (let lines = evenly.wanted; lines >= evenly.least; lines--) {
    for (const clearance of clearancesFor(lines)) {
      for (const beside of [widestBeside, ...evenly.widths]) {
        for (let radius = largest; radius >= 18; radius -= 1) {
          const slots = ringOf(count, rect, radius, beside);
          if (isCrowded(slots)) continue;
          const [first] = evenWordsWith(clearance, slots, slots, size);
          if (first && first.words.lines >= lines) return ringOf(count, rect, radius, beside);
        }
      }
    }
  }
  return undefined;
}

/** Whether discs cover each other, or nearly. */
function isTouching(slots: Slot[], gap = 4): boolean {
  return slots.some((one, index) =>
    slots.some((other, place) => {
      return place > index && distance(one, other) < one.radius + other.radius + gap;
    }),
  );
}

/** Side by side, where a ring has too little height. */
function rowOf(count: number, rect: Rect): Slot[] {
  const share = rect.width / count;
  const high = rect.height / 2 - arcRoom;
  const radius = Math.max(6, Math.min(28, share * 0.3, high));
  const y = rect.y + rect.height / 2;
  return Array.from({ length: count }, (_, index) => {
    const point = { x: rect.x + (index + 0.5) * share, y };
    return slot(point, radius, { side: 'right', width: wordRoom.least, lines: 1 });
  });
}

/** The most room that a ring leaves for words at its sides. */
const widestBeside = 150;

function ringOf(count: number, rect: Rect, radius: number, widest = widestBeside): Slot[] {
  const outer = radius + arcRoom;
  const half = rect.width / 2;
  const hasSides = half - outer - wordRoom.least >= 1.4 * radius;
  const below = hasSides && count > 2 ? 0 : 2 * lineHeight;
  const down = Math.max(0, (rect.height - below) / 2 - outer - 2);
  const beside = Math.min(widest, Math.max(wordRoom.least, half - outer - 2.6 * radius));
  const most = count === 2 ? Infinity : Math.max(down, 110) * (widest < 100 ? 2.1 : 1.7);
  const across = Math.min(half - outer - (hasSides ? beside : 0), most);
  const centre = { x: rect.x + half, y: rect.y + outer + 2 + down };
  const points = count === 1 ? [centre] : stretched(count, { centre, across, down });
  return points.map((point) => {
    // The words of the lowest are to the left, which leaves as many to either side; unless clients
    // are there, whose messages would cross them.
    const isLowest = point.x < centre.x + 1 && point.y > centre.y + 1;
    const isLeft = point.x < centre.x - 1 || (isLowest && rect.x === 0);
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

/**
 * Gives each node more lines, and then longer ones, as long as they cover nothing. Those that have
 * the same number of lines keep it.
 */
export function growWords(slots: Slot[], size: Size, even: readonly Slot[] = []): void {
  const discs = slots.map(discRect);
  const rects = slots.map(wordsRect);
  const fits = (rect: Rect, own: number) =>
    rect.x >= edge &&
    rect.y >= 0 &&
    rect.x + rect.width <= size.width - edge &&
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
    slots.forEach((one, own) => {
      if (one.words.lines === lines - 1 && !even.includes(one)) grow(own, { lines });
    });
  }
  for (let width = wordRoom.least; width <= wordRoom.most; width += 8) {
    slots.forEach(({ words }, own) => words.width < width && grow(own, { width }));
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

const compact = { most: 30, least: 6, gap: 12 };
/** The least radius of discs on one ring: where they would be smaller, there are several rings. */
const leastOnOneRing = 16;
/** On rings, smaller discs have no room for a name; rows and columns make the most of the room. */
const leastOnRings = 10;

function compactRing({ nodes, rect }: Area): Slot[] {
  const centre = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  const ellipse = (radius: number): Ellipse => {
    const edge = radius + 10;
    const across = Math.max(1, rect.width / 2 - edge);
    return { centre, across, down: Math.max(1, rect.height / 2 - edge) };
  };
  for (let radius = compact.most; radius >= leastOnOneRing; radius -= 0.5) {
    const placed = onEllipse(ellipse(radius), nodes.length).map((point) => small(point, radius));
    if (!isTouching(placed, compact.gap)) return placed;
  }
  for (let radius = compact.most; ; radius -= 0.5) {
    const outer = ellipse(radius);
    const pitch = 2 * radius + compact.gap;
    const points = onEllipses(outer, nodes.length, pitch);
    if (points) return points.map((point) => small(point, radius));
    if (radius <= leastOnRings) {
      const block = lowBlock(nodes, rect);
      return nodes.map(({ id }) => block.get(id)!);
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
    const width = Math.max(leastBelow, Math.min(wordRoom.least, wide - 4));
    return slot({ x, y }, radius, { side: 'below', width, lines: 1 });
  });
}

/** Below a disc, where neighbours leave little room: a standing and a status are not longer. */
const leastBelow = 46;
