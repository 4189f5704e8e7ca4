/** As many lines of words beside each node of a ring, so that it shows the same facts of each. */

import type { Size } from './areas.ts';
import { gapTo, overlap } from './geometry.ts';
import type { Rect } from './geometry.ts';
import { arcRoom, lineHeight, wordRoom, wordsAbove, wordsRect } from './slot.ts';
import type { Slot, WordRoom } from './slot.ts';

/** Between words and the sides of the picture. */
export const edge = 6;

/**
 * Up to this many nodes of a ring show the same facts, if each has room for some lines. Discs
 * become smaller for the lines that are wanted: standing, timer, log, and two facts.
 */
export const evenly = { nodes: 7, least: 4, wanted: 5, widths: [110, 90, 70] };

/**
 * Between words and what is beside them: the ring of a timer around another disc, and the sides of
 * the picture. With less of it, letters nearly touch them, which is better than fewer lines.
 */
interface Clearance {
  /** Around the square of a disc, and around the disc. */
  box: number;
  disc: number;
  side: number;
  /** What the last line may exceed. */
  below: number;
}
const clear: Clearance = { box: 4, disc: 8, side: 4, below: 2 };
const near: Clearance = { box: 8, disc: 0, side: 0, below: 4 };
/** Where there are fewer lines than are wanted, the picture is small, and letters are near. */
export const clearancesFor = (lines: number) => (lines < evenly.wanted ? [clear, near] : [near]);

/** Gives all nodes of a ring as many lines, moved up or down; returns those that it did so for. */
export function evenWords(ring: Slot[], all: Slot[], size: Size): readonly Slot[] {
  const given = ring.map(({ words }) => words);
  const isEven = evenWordsWith(near, ring, all, size).length > 0;
  const most = ring[0]?.words.lines ?? 0;
  const nearby = ring.map(({ words }) => words);
  ring.forEach((one, index) => (one.words = given[index]!));
  const even = evenWordsWith(clear, ring, all, size);
  const isSmall = most < evenly.wanted;
  if (isSmall && even.length > 0 && even[0]!.words.lines >= most) return even;
  ring.forEach((one, index) => (one.words = nearby[index]!));
  return isEven ? ring : [];
}

export function evenWordsWith(
  clearance: Clearance,
  ring: Slot[],
  all: Slot[],
  size: Size,
): readonly Slot[] {
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
    const placed = columns.map((column) => stacked(column, { ...one, clearance }, all, size));
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
  { lines, width, clearance }: { lines: number; width: number; clearance: Clearance },
  all: Slot[],
  size: Size,
): WordRoom[] | undefined {
  const height = lines * lineHeight - clearance.below;
  // Few discs here have more than one timer, whose ring is 6 pixels out.
  const isAtDisc = (rect: Rect) => all.some((one) => {
    const out = one.radius + clearance.box;
    const disc = { x: one.x - out, y: one.y - out, width: 2 * out, height: 2 * out };
    const letters = { ...rect, height: lines * lineHeight - 4 };
    return overlap(letters, disc) || gapTo(rect, one) < one.radius + clearance.disc;
  });
  const rooms: WordRoom[] = [];
  const rectOf = (index: number, above: number) => {
    const one = column[index]!;
    const out = one.radius + arcRoom + 3;
    const free = one.words.side === 'left' ? one.x - out : size.width - one.x - out;
    const words = { ...one.words, lines, width: Math.min(width, free - clearance.side), above };
    return { words, rect: { ...wordsRect({ ...one, words }), height } };
  };
  const isFree = (index: number, above: number) => {
    const { rect } = rectOf(index, above);
    return rect.y >= 0 && rect.y + height <= size.height - 2 &&
      !isAtDisc(rect) &&
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
