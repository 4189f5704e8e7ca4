/** Where a virtual time is on the axis: true time, or with long gaps between steps cut short. */

import type { Lane } from './lane.ts';
import { firstAt } from './numbers.ts';

export interface Gap {
  readonly from: number;
  readonly until: number;
  /** How much of it is left out, and how much of it and of those before it. */
  readonly cut: number;
  readonly cutSoFar: number;
}

export class TimeAxis {
  private constructor(readonly gaps: readonly Gap[]) {}

  static readonly true = new TimeAxis([]);

  /** A gap that is several times as long as most is drawn as long as they are together. */
  static compressed(lanes: readonly Lane[]): TimeAxis {
    const times = mergedTimes(lanes);
    const sizes: number[] = [];
    for (let at = 1; at < times.length; at++) {
      const size = times[at]! - times[at - 1]!;
      if (size > 0) sizes.push(size);
    }
    if (sizes.length === 0) return TimeAxis.true;
    sizes.sort((a, b) => a - b);
    const usual = sizes[Math.floor((sizes.length - 1) * 0.5)]!;
    const longest = Math.max(1, Math.round(usual * gapFactor));
    const gaps: Gap[] = [];
    let cutSoFar = 0;
    for (let at = 1; at < times.length; at++) {
      const [from, until] = [times[at - 1]!, times[at]!];
      const cut = until - from - longest;
      if (cut <= longest) continue;
      cutSoFar += cut;
      gaps.push({ from, until, cut, cutSoFar });
    }
    return new TimeAxis(gaps);
  }

  /** A place on the axis, in microseconds that are drawn. */
  placeOf(time: number): number {
    const { gaps } = this;
    if (gaps.length === 0) return time;
    const after = firstAt(gaps.length, (place) => gaps[place]!.until > time);
    const before = gaps[after - 1]?.cutSoFar ?? 0;
    const gap = gaps[after];
    if (gap === undefined || time <= gap.from) return time - before;
    // Inside a gap, its whole length is drawn on the part that is left of it.
    const share = (time - gap.from) / (gap.until - gap.from);
    return gap.from - before + share * (gap.until - gap.from - gap.cut);
  }

  timeOf(place: number): number {
    const { gaps } = this;
    if (gaps.length === 0) return place;
    const after = firstAt(gaps.length, (one) => {
      return gaps[one]!.until - gaps[one]!.cutSoFar > place;
    });
    const before = gaps[after - 1]?.cutSoFar ?? 0;
    const gap = gaps[after];
    const start = gap === undefined ? Infinity : gap.from - before;
    if (gap === undefined || place <= start) return place + before;
    const share = (place - start) / (gap.until - gap.from - gap.cut);
    return gap.from + share * (gap.until - gap.from);
  }
}

const gapFactor = 8;

/** The times of all steps of the lanes in ascending order. */
function mergedTimes(lanes: readonly Lane[]): Float64Array {
  const all = new Float64Array(lanes.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const { times } of lanes) {
    all.set(times.values.subarray(0, times.length), at);
    at += times.length;
  }
  return lanes.length > 1 ? all.sort() : all;
}
