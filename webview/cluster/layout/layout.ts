/** Places the nodes. It depends on nothing but the nodes and the size, so nothing ever jumps. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { divide } from './areas.ts';
import type { Area, Areas, Size } from './areas.ts';
import { distance, overlap } from './geometry.ts';
import type { Point, Rect } from './geometry.ts';
import { isLow, leastPitch, lowBlock, lowRow } from './low.ts';
import { onEllipse, onEllipses } from './ring.ts';
import type { Ellipse } from './ring.ts';
import { arcRoom, discRect, lineHeight, noWords, wordRoom, wordsAbove, wordsRect } from './slot.ts';
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
/** Between the discs of neighbours, so that a message between them is in sight. */
const neighbourGap = 52;

/** `foot`: what a crowd leaves free below it. */
export function layOut(nodes: NodeView[], size: Size, foot = 0): Layout {
  const isDense = isLow(size) && size.width < nodes.length * leastPitch;
  const isCompact = nodes.length >= manyNodes || isDense;
  const areas = divide(nodes, { ...size, height: size.height - (isCompact ? foot : 0) });
  if (isLow(size)) return low(areas, size, isCompact);
  const { peers, clients, services } = areas;
  const slots = new Map<string, Slot>();
  const put = (area: Area, placed: Slot[]) =>
    area.nodes.forEach(({ id }, index) => slots.set(id, placed[index]!));
  put(peers, isCompact ? compactRing(peers) : ring(peers, size));
  for (const area of [clients, services]) put(area, grid(area, isCompact));
  if (!isCompact) {
    const placed = [...slots.values()];
    const even = evenWords(peers.nodes.map(({ id }) => slots.get(id)!), placed, size);
    leaveBelow(placed);
    growWords(placed, size, even);
    dropCovering(placed);
    keepNear(placed, even);
  }
  return { ...size, slots, isCompact, isLow: false };
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
    for (const beside of [widestBeside, ...evenly.widths]) {
      for (let radius = largest; radius >= 18; radius -= 1) {
        const slots = ringOf(count, rect, radius, beside);
        if (isCrowded(slots)) continue;
        const [first] = evenWords(slots, slots, size);
        if (first && first.words.lines >= lines) return ringOf(count, rect, radius, beside);
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
    slots.forEach((one, own) => {
      if (one.words.lines === lines - 1 && !even.includes(one)) grow(own, { lines });
    });
  }
  for (let width = wordRoom.least; width <= wordRoom.most; width += 8) {
    slots.forEach(({ words }, own) => words.width < width && grow(own, { width }));
  }
}

/**
 * Up to this many nodes of a ring show the same facts, if each has room for some lines. Discs
 * become smaller for the lines that are wanted: standing, timer, log, and two facts.
 */
const evenly = { nodes: 7, least: 4, wanted: 5, widths: [110, 90, 70] };

/** Gives all nodes of a ring as many lines, moved up or down; returns those that it did so for. */
function evenWords(ring: Slot[], all: Slot[], size: Size): readonly Slot[] {
  const isBeside = ring.every(({ words: { side } }) => side === 'left' || side === 'right');
  if (ring.length > evenly.nodes || !isBeside) return [];
  const columns = (['left', 'right'] as const).map((side) =>
    ring.filter(({ words }) => words.side === side).sort((one, other) => one.y - other.y));
  // Longer words before more lines than are wanted.
  const tries = [wordRoom.lines, evenly.wanted, evenly.least].flatMap((lines) =>
    evenly.widths.map((width) => ({ lines, width })));
  const rank = ({ lines, width }: { lines: number; width: number }) =>
    (lines < evenly.wanted ? 0 : 1000) + width * 2 + lines;
  for (const one of tries.sort((first, second) => rank(second) - rank(first))) {
    const placed = columns.map((column) => stacked(column, one, all, size));
    if (placed.includes(undefined)) continue;
    columns.forEach((column, place) =>
      column.forEach((slot, index) => (slot.words = placed[place]![index]!)));
    return ring;
  }
  return [];
}

/** Keeps the words of one node from looking like those of the next. */
function withGap(rect: Rect): Rect {
  return { ...rect, y: rect.y - 1, height: rect.height - 1 };
}

/** Words below each other, each beside its own disc; undefined if they have no room. */
function stacked(
  column: Slot[],
  { lines, width }: { lines: number; width: number },
  all: Slot[],
  size: Size,
): WordRoom[] | undefined {
  // Letters do not fill the last line, and few discs have more than two timers.
  const height = lines * lineHeight - 4;
  const discs = all.map(({ x, y, radius }): Rect => {
    const out = radius + 8;
    return { x: x - out, y: y - out, width: 2 * out, height: 2 * out };
  });
  const rooms: WordRoom[] = [];
  const rectOf = (index: number, above: number) => {
    const one = column[index]!;
    const out = one.radius + arcRoom + 3;
    const edge = one.words.side === 'left' ? one.x - out : size.width - one.x - out;
    const words = { ...one.words, lines, width: Math.min(width, edge), above };
    return { words, rect: { ...wordsRect({ ...one, words }), height } };
  };
  const isFree = (index: number, above: number) => {
    const { rect } = rectOf(index, above);
    return rect.y >= 0 && rect.y + height <= size.height - 2 &&
      discs.every((disc) => !overlap(rect, disc)) &&
      rooms.every((words, place) =>
        place === index || !overlap(rect, withGap(wordsRect({ ...column[place]!, words }))));
  };
  const choices = Array.from({ length: Math.ceil((height - 22) / 2) }, (_, at) => 11 + 2 * at);
  for (const index of column.keys()) {
    // As high as it goes, which leaves the most room to those below.
    const above = choices.findLast((choice) => isFree(index, choice));
    if (above === undefined) return undefined;
    rooms.push(rectOf(index, above).words);
  }
  // And then as near as it goes to where words usually begin.
  for (const index of [...column.keys()].reverse()) {
    const usual = wordsAbove(column[index]!.radius);
    const nearest = [...choices].sort(
      (one, other) => Math.abs(one - usual) - Math.abs(other - usual));
    const above = nearest.find((choice) => isFree(index, choice));
    if (above !== undefined) rooms[index] = rectOf(index, above).words;
  }
  return rooms;
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
