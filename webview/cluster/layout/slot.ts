/** Where a node is drawn, and the room that its words have. */

import type { Point, Rect } from './geometry.ts';

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
  /** How far above the middle of the disc they begin, if they moved to give others room. */
  above?: number;
}

export const lineHeight = 14;
/** Around a disc, where its timers are drawn. */
export const arcRoom = 16;
export const noWords: WordRoom = { side: 'none', width: 0, lines: 0 };

/** In CSS pixels, and the most lines that are drawn. */
export const wordRoom = { least: 70, most: 190, lines: 7 };

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
    y: y - (words.above ?? wordsAbove(radius)),
    width,
    height,
  };
}

/**
 * Where so many lines are drawn in that room. They reach the middle of the disc: a single line
 * above it could be that of another node.
 */
export function linesRect(slot: Slot, count: number): Rect {
  const room = wordsRect(slot);
  const height = Math.min(count, slot.words.lines) * lineHeight;
  if (slot.words.side === 'below') return { ...room, height };
  const lowest = slot.y + lineHeight / 2;
  return { ...room, y: Math.max(room.y, lowest - height), height };
}

/** The room that a disc takes, with its timers. */
export function discRect({ x, y, radius }: Slot): Rect {
  const out = radius + 10;
  return { x: x - out, y: y - out, width: 2 * out, height: 2 * out };
}
