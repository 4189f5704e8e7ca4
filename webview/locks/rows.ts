/** Where the rows of the picture are, from top to bottom. */

import type { LocksView, LockView, WriteView } from '../../src/view/locks/locks-view.ts';
import { writeLabel } from '../../src/view/panel-words/locks.ts';
import type { Axis } from './axis.ts';

export const labelWidth = 132;
export const barHeight = 18;
export const axisHeight = 26;
const rowHeight = 25;
const headingHeight = 22;
const laneHeight = 17;
const lanesMost = 4;
/** How wide a letter of a mark's text is, at most on the average. */
const letterPx = 6.1;

export interface LockRows {
  readonly lock: LockView;
  readonly top: number;
  /** Absent without an authority. */
  readonly authority: number | undefined;
  readonly believers: readonly number[];
  readonly bottom: number;
}

export interface PlacedWrite {
  readonly write: WriteView;
  readonly x: number;
  readonly y: number;
  /** Whether its text is left of it, because there is no room to its right. */
  readonly isLeft: boolean;
  /** Whether its text is drawn. */
  readonly isNamed: boolean;
}

export interface StoreRows {
  readonly node: string;
  readonly top: number;
  readonly bottom: number;
  readonly writes: readonly PlacedWrite[];
}

export interface Rows {
  readonly locks: readonly LockRows[];
  readonly stores: readonly StoreRows[];
  readonly height: number;
}

export function rowsOf({ locks, stores }: LocksView, axis: Axis): Rows {
  let y = axisHeight;
  const lockRows = locks.map((lock): LockRows => {
    const top = y;
    y += headingHeight;
    const authority = lock.authority && y;
    if (lock.authority) y += rowHeight;
    const believers = lock.believers.map(() => {
      y += rowHeight;
      return y - rowHeight;
    });
    const bottom = y;
    y += 8;
    return { lock, top, authority, believers, bottom };
  });
  const storeRows = stores.map(({ node, writes }): StoreRows => {
    const top = y;
    const { placed, lanes } = lanesOf(writes, axis, top);
    y += Math.max(1, lanes) * laneHeight + 8;
    return { node, top, bottom: y, writes: placed };
  });
  return { locks: lockRows, stores: storeRows, height: y + 4 };
}

/** A mark takes the first lane in which the text before it has ended. */
function lanesOf(
  writes: readonly WriteView[], axis: Axis, top: number,
): { placed: PlacedWrite[]; lanes: number } {
  const ends: number[] = [];
  const placed = writes.map((write): PlacedWrite => {
    const x = axis.x(write.at);
    const width = writeLabel(write).length * letterPx + 16;
    const isLeft = x + width > axis.width && x > axis.width / 2;
    const begin = isLeft ? x - width : x - 6;
    const free = ends.findIndex((end) => end <= begin);
    const lane = free >= 0 ? free : Math.min(ends.length, lanesMost - 1);
    const isNamed = free >= 0 || ends.length < lanesMost;
    if (isNamed) ends[lane] = isLeft ? x + 8 : x + width;
    return { write, x, y: top + lane * laneHeight + laneHeight / 2, isLeft, isNamed };
  });
  return { placed, lanes: ends.length };
}
