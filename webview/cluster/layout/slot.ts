/** Where a node is drawn, and the room that its words have. */

import type { Point } from './geometry.ts';

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
