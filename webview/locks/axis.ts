/** The time axis: to scale where things happen, and cut short where nothing does. */

import type { LocksView } from '../../src/view/locks/locks-view.ts';

/** A part of the axis that is shorter than the scale demands. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
}

export interface Axis {
  readonly width: number;
  readonly gaps: readonly Gap[];
  /** The times at which something happens, ascending. */
  readonly times: readonly number[];
  /** The place of a time between the first and the last. */
  x(time: number): number;
}

/** Neighbours stay apart, and a cut part has room for its name. */
const leastPx = 5;
const gapPx = 88;

export function axisOf(times: readonly number[], room: number): Axis {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  if (sorted.length === 0) sorted.push(0);
  const lengths = sorted.slice(1).map((time, i) => time - sorted[i]!);
  const width = Math.max(room, lengths.length * leastPx);
  const most = Math.max(gapPx, (1.6 * width) / Math.max(1, lengths.length));
  const scale = scaleFor(lengths, width, most);
  const widths = lengths.map((length) => widthOf(length, scale, most));
  const spare = Math.max(0, width - widths.reduce((sum, one) => sum + one, 0));
  const stretched = widths.map((one) => one * (1 + spare / Math.max(1, width - spare)));
  const places = [0];
  for (const one of stretched) places.push(places.at(-1)! + one);
  const gaps = lengths.flatMap((length, i) => {
    if (length * scale <= most * 1.2) return [];
    return [{ from: sorted[i]!, to: sorted[i + 1]!, x: places[i]!, width: stretched[i]! }];
  });
  return { width, gaps, times: sorted, x: (time) => placeOf(time, sorted, places) };
}

function widthOf(length: number, scale: number, most: number): number {
  return Math.min(most, Math.max(leastPx, length * scale));
}

/** The scale at which the parts fill the width, found by halving. */
function scaleFor(lengths: readonly number[], width: number, most: number): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const sum = lengths.reduce((all, length) => all + widthOf(length, middle, most), 0);
    if (sum > width) high = middle;
    else low = middle;
  }
  return low;
}

function placeOf(time: number, times: readonly number[], places: readonly number[]): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  const [begin, end] = [times[low]!, times[low + 1]];
  if (end === undefined || time <= begin) return places[low]!;
  return places[low]! + ((time - begin) / (end - begin)) * (places[low + 1]! - places[low]!);
}

/** All times of a view that a reader looks for; ends of leases after the known run are left out. */
export function timesOf({ locks, stores, now, known }: LocksView): number[] {
  const times = [now, known];
  for (const { authority, believers, conflicts } of locks) {
    for (const { spans } of [...(authority === undefined ? [] : [authority]), ...believers]) {
      for (const { from, to, end, renewals } of spans) {
        times.push(from, to ?? known, ...renewals.map(({ at }) => at));
        if (end !== null && end.at <= known && end.at >= from) times.push(end.at);
      }
    }
    for (const { from, to } of conflicts) times.push(from, to ?? known);
    const first = Math.min(...times);
    for (const { outages } of believers) {
      for (const { from, to } of outages) {
        times.push(...[from, to ?? known].filter((time) => time >= first));
      }
    }
  }
  for (const { writes } of stores) times.push(...writes.map(({ at }) => at));
  return times;
}
