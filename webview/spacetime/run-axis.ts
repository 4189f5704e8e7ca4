/** Where a step is on the axis: at its virtual time, perhaps with gaps cut short, or its number. */

import type { Numbers } from './numbers.ts';
import { firstAt } from './numbers.ts';

/** What an axis has to know of a run: the time of each step. */
export interface Timed {
  readonly count: number;
  readonly times: Numbers;
  /** Events that have one of their node before them, and those at the same moment as that. */
  readonly following: number;
  readonly coinciding: number;
}

/** A message, from its sending to its arrival. */
interface Flight {
  readonly sentStep: number;
  readonly sentAt: number;
  readonly step: number;
  readonly at: number;
}

export interface Gap {
  readonly from: number;
  readonly until: number;
  /** How much of it is left out, and how much of it and of those before it. */
  readonly cut: number;
  readonly cutSoFar: number;
}

/**
 * An *instant* is what the axis measures: microseconds of virtual time, or steps. A *place* is how
 * far from its beginning an instant is drawn: the same number, less the gaps that are cut.
 */
export class RunAxis {
  private constructor(
    readonly gaps: readonly Gap[],
    readonly byStep: boolean,
  ) {}

  static readonly time = new RunAxis([], false);
  /** For runs without time: where all happens at one moment, only the order tells steps apart. */
  static readonly steps = new RunAxis([], true);

  /** A gap that is several times as long as most is drawn as long as they are together. */
  static compressed(lanes: readonly Timed[]): RunAxis {
    const times = mergedTimes(lanes);
    // By value without a function that compares: a long run is read in parts, and sorted at each.
    const sizes = times
      .subarray(1)
      .map((time, at) => time - times[at]!)
      .filter((size) => size > 0)
      .sort();
    if (sizes.length === 0) return RunAxis.time;
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
    return new RunAxis(gaps, false);
  }

  ofStep({ times }: Timed, step: number): number {
    return this.byStep ? step : times.at(step);
  }

  ofSending({ sentStep, sentAt }: Flight): number {
    return this.byStep ? sentStep : sentAt;
  }

  /** A message that was lost in the step that sent it still has a slope. */
  ofArrival({ sentStep, step, at }: Flight): number {
    return this.byStep ? Math.max(step, sentStep + 1) : at;
  }

  /** Of what is in flight at the end: the step in which it will arrive is not known. */
  ofFlight(lane: Timed, { at }: Flight): number {
    return this.byStep ? this.endOf(lane) + 1 : at;
  }

  ofSpan({ step, from }: { readonly step: number; readonly from: number }): number {
    return this.byStep ? step : from;
  }

  /** The last step of a lane that the page has. */
  endOf(lane: Timed): number {
    return lane.count === 0 ? 0 : this.ofStep(lane, lane.count - 1);
  }

  /** The gap that an instant is inside of: between the step before it and the step after it. */
  gapAt(instant: number): Gap | undefined {
    const { gaps } = this;
    const gap = gaps[firstAt(gaps.length, (place) => gaps[place]!.until > instant)];
    return gap !== undefined && gap.from < instant ? gap : undefined;
  }

  placeOf(instant: number): number {
    const { gaps } = this;
    if (gaps.length === 0) return instant;
    const after = firstAt(gaps.length, (place) => gaps[place]!.until > instant);
    const before = gaps[after - 1]?.cutSoFar ?? 0;
    const gap = gaps[after];
    if (gap === undefined || instant <= gap.from) return instant - before;
    // Inside a gap, its whole length is drawn on the part that is left of it.
    const share = (instant - gap.from) / (gap.until - gap.from);
    return gap.from - before + share * (gap.until - gap.from - gap.cut);
  }

  instantOf(place: number): number {
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

/**
 * Whether time says little about the order of the runs: most events of a node are at the same
 * moment as the event before. Then they would be drawn on top of each other.
 */
export function isWithoutTime(lanes: readonly Timed[]): boolean {
  const coinciding = lanes.reduce((sum, lane) => sum + lane.coinciding, 0);
  const following = lanes.reduce((sum, lane) => sum + lane.following, 0);
  return coinciding * 2 > following;
}

/** The times of all steps of the lanes in ascending order. */
function mergedTimes(lanes: readonly Timed[]): Float64Array {
  const all = new Float64Array(lanes.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const { times } of lanes) {
    all.set(times.values.subarray(0, times.length), at);
    at += times.length;
  }
  return lanes.length > 1 ? all.sort() : all;
}
