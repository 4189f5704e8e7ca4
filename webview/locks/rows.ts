/** Where the rows of the picture are, from top to bottom. */

import type { LocksView, LockView, WriteView } from '../../src/view/locks/locks-view.ts';
import {
  authorityLabel, believerLabel, writeLabel, writeLabelInShort,
} from '../../src/view/panel-words/locks.ts';
import { fit, textWidth } from '../ui/measure.ts';
import type { Axis } from './axis.ts';

const lanesMost = 4;
/** Around the picture, at its right. */
export const margin = 14;
/** The size of most letters. */
export const letters = 11;
/** How much wider letters in bold are, at most on average. */
export const bold = 1.16;

/** In CSS pixels: the names at the left, and heights. */
export interface Measures {
  readonly labelWidth: number;
  readonly axis: number;
  readonly heading: number;
  readonly row: number;
  readonly bar: number;
  readonly lane: number;
}

const usual = { axis: 26, heading: 22, row: 25, bar: 18, lane: 17 };
const low = { axis: 24, heading: 19, row: 21, bar: 15, lane: 16 };
const labels = { usual: 132, least: 64, share: 0.34, narrowBelow: 520 };

/** In a narrow panel, names take a third of the room at most; in a low one, rows are lower. */
export function measuresOf(view: LocksView, width: number, isLow: boolean): Measures {
  const heights = isLow ? low : usual;
  if (width >= labels.narrowBelow) return { labelWidth: labels.usual, ...heights };
  const needed = Math.max(...namesOf(view).map(({ text, at, size }) => at + textWidth(text, size)));
  const labelWidth = Math.min(labels.share * width, needed + 10, labels.usual);
  return { labelWidth: Math.ceil(Math.max(labels.least, labelWidth)), ...heights };
}

/** The names at the left of the rows, and where they begin. */
function namesOf({ locks, stores }: LocksView): { text: string; at: number; size: number }[] {
  const heading = (text: string) => ({ text, at: 8, size: 12 * bold });
  const row = (text: string) => ({ text, at: 16, size: letters });
  return [
    ...locks.flatMap((lock) => [
      heading(lock.name),
      ...(lock.authority ? [row(authorityLabel(lock.authority, lock))] : []),
      ...lock.believers.map(({ node }) => row(believerLabel(node))),
    ]),
    ...stores.map(({ node }) => heading(node)),
  ];
}

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
  /** As much of its text as there is room for; empty if there is none. */
  readonly text: string;
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

export function rowsOf({ locks, stores }: LocksView, axis: Axis, measures: Measures): Rows {
  const { heading, row, lane } = measures;
  let y = measures.axis;
  const lockRows = locks.map((lock): LockRows => {
    const top = y;
    y += heading;
    const authority = lock.authority && y;
    if (lock.authority) y += row;
    const believers = lock.believers.map(() => {
      y += row;
      return y - row;
    });
    const bottom = y;
    y += 8;
    return { lock, top, authority, believers, bottom };
  });
  const storeRows = stores.map(({ node, writes }): StoreRows => {
    const top = y;
    const { placed, lanes } = lanesOf(writes, axis, { top, height: lane });
    y += Math.max(1, lanes) * lane + 8;
    return { node, top, bottom: y, writes: placed };
  });
  return { locks: lockRows, stores: storeRows, height: y + 4 };
}

/** How many rows end below a height of the picture. */
export function rowsBelow({ locks, stores }: Rows, height: number, { row }: Measures): number {
  // The border of a row may be out of view.
  const ends = [
    ...locks.flatMap(({ authority, believers }) =>
      [...(authority === undefined ? [] : [authority]), ...believers].map((top) => top + row - 2)),
    ...stores.map(({ bottom }) => bottom - 8),
  ];
  return ends.filter((end) => end > height).length;
}

/** Between a mark and its text. */
const textGap = 11;

/** A mark takes the first lane in which the text before it has ended. */
function lanesOf(
  writes: readonly WriteView[], axis: Axis, { top, height }: { top: number; height: number },
): { placed: PlacedWrite[]; lanes: number } {
  const ends: number[] = [];
  const placed = writes.map((write): PlacedWrite => {
    const x = axis.x(write.at);
    const { text, isLeft } = labelOf(write, x, axis.width);
    const width = textWidth(text, letters * bold) + textGap + 5;
    const begin = isLeft ? x - width : x - 6;
    const free = ends.findIndex((end) => end <= begin);
    const lane = free >= 0 ? free : Math.min(ends.length, lanesMost - 1);
    const isNamed = free >= 0 || ends.length < lanesMost;
    if (isNamed) ends[lane] = isLeft ? x + 8 : x + width;
    const y = top + lane * height + height / 2;
    return { write, x, y, isLeft, text: isNamed ? text : '' };
  });
  return { placed, lanes: ends.length };
}

/** The longest text that has room at the right of a mark or at its left; at last, a part of one. */
function labelOf(
  write: WriteView, x: number, axisWidth: number,
): { text: string; isLeft: boolean } {
  const size = letters * bold;
  const right = axisWidth + margin - x - textGap;
  const left = x - textGap;
  const short = writeLabelInShort(write);
  for (const text of [writeLabel(write), short]) {
    const wide = textWidth(text, size);
    if (wide <= right) return { text, isLeft: false };
    if (wide <= left) return { text, isLeft: true };
  }
  return { text: fit(short, Math.max(left, right), size), isLeft: left > right };
}
