/** The axis of time or of steps, with the gaps that are cut short, and the spans of partitions. */

import { gapLabel, stepLabel, timeLabel } from '../../../src/view/panel-words/spacetime.ts';
import type { Lane } from '../lane.ts';
import { spanAt } from '../lane.ts';
import type { LaneLayout, Scene } from '../scene.ts';
import { instantX } from '../scene.ts';
import type { Gap } from '../run-axis.ts';
import { firstAt } from '../numbers.ts';
import type { Ink } from './ink.ts';
import type { TextRoom } from './room.ts';

const tickRoom = 84;

/** What is drawn on the axis: lines with a label at their right, and breaks where time is cut. */
interface AxisMarks {
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** The time that is left out is named if there is room. */
  readonly breaks: readonly { readonly x: number; readonly text: string }[];
}

export function drawAxis(ink: Ink, scene: Scene): void {
  const { y, height } = scene.layout.axis;
  const size = scene.layout.fontSize - 1;
  const { layout } = scene;
  const bottom = Math.max(...layout.lanes.map(({ rows }) => rows.y + rows.height), height);
  const { ticks, breaks } = marksOf(scene, (text) => ink.widthOf(text, { size }));
  const lines = ticks.flatMap(({ x }) => [x, y + height - 5, x, bottom]);
  ink.lines(lines, { colour: 'grid', width: 1 });
  const middle = y + height / 2 - 1;
  for (const { x, text } of ticks) {
    ink.text(x + labelRight, middle, text, { colour: 'quiet', size });
  }
  const foot = y + height;
  ink.lines(
    breaks.flatMap(({ x }) => [-2, 2].flatMap((side) => [
      x + side - 2, foot + 4, x + side + 2, foot - 4, x + side, foot + 6, x + side, bottom,
    ])),
    { colour: 'quiet', width: 1, dash: [1, 3] },
  );
  for (const { x, text } of breaks) {
    ink.text(x, middle, text, { colour: 'quiet', size, align: 'center' });
  }
}

const labelRight = 3;
const labelsApart = 9;
const breaksApart = 12;
/** So many times are tried: most of them may be in gaps. */
const triedMost = 2_000;

/** No tick is inside of a gap that is cut: there, the axis is not to scale. */
export function marksOf(scene: Scene, widthOf: (text: string) => number): AxisMarks {
  const { axis, viewport } = scene;
  const { x: left, width } = scene.layout.axis;
  const room = new Room(left - 1, left + width);
  const tick = (instant: number, text: string) => {
    const x = instantX(scene, instant);
    const end = x + labelRight + widthOf(text);
    return room.take(x, end, labelsApart) ? [{ x, text }] : [];
  };
  const until = axis.instantOf(viewport.end);
  const gaps = gapsInView(scene, until);
  // The first moment after a gap: something happens there, and a reader cannot count ticks.
  const after = gaps.flatMap((gap) => tick(gap.until, timeLabel(gap.until)));
  const apart = niceStep(viewport.scale * tickRoom);
  const regular = regularTicks(scene, until, apart).flatMap((instant) => {
    return tick(instant, axis.byStep ? stepLabel(instant) : timeLabel(instant, apart));
  });
  const breaks = gaps.map((gap) => {
    const [begin, end] = [instantX(scene, gap.from), instantX(scene, gap.until)];
    const x = (begin + end) / 2;
    const text = gapLabel(gap.until - gap.from);
    const half = widthOf(text) / 2;
    const isNamed = end - begin > half * 2 + 6 && room.take(x - half, x + half, 3);
    return { x, text: isNamed ? text : '' };
  });
  return { ticks: [...after, ...regular], breaks };
}

/** The parts of a line that texts have. */
class Room {
  private readonly taken: [from: number, until: number][] = [];

  constructor(
    private readonly from: number,
    private readonly until: number,
  ) {}

  /** Returns whether the part was free, with some space beside it. */
  take(from: number, until: number, space: number): boolean {
    if (from < this.from || until > this.until) return false;
    if (this.taken.some(([f, u]) => f < until + space && u > from - space)) return false;
    this.taken.push([from, until]);
    return true;
  }
}

/** Without those that would be drawn on each other. */
function gapsInView({ axis, viewport }: Scene, until: number): Gap[] {
  const { gaps } = axis;
  const kept: Gap[] = [];
  for (let free = viewport.start; ; free += breaksApart * viewport.scale) {
    const at = firstAt(gaps.length, (place) => gaps[place]!.until - gaps[place]!.cutSoFar > free);
    const gap = gaps[at];
    if (gap === undefined || gap.from > until) return kept;
    kept.push(gap);
    free = gap.until - gap.cutSoFar;
  }
}

/** As far apart as labels need it; those in gaps are left out. */
function regularTicks({ axis, viewport }: Scene, until: number, apart: number): number[] {
  const ticks: number[] = [];
  const from = axis.instantOf(viewport.start);
  let instant = Math.max(0, Math.ceil(from / apart) * apart);
  for (let tried = 0; instant <= until && tried < triedMost; tried++) {
    const gap = axis.gapAt(instant);
    if (gap) instant = Math.max(instant + apart, Math.ceil(gap.until / apart) * apart);
    else {
      ticks.push(instant);
      instant += apart;
    }
  }
  return ticks;
}

/** 1, 2 or 5 times a power of ten, in microseconds or steps. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least) ?? 10;
  return Math.max(1, factor * power);
}

/** While links are cut, all rows have a hatched ground, and the head names the groups. */
export function drawCuts(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  { head, rows }: LaneLayout,
  room: TextRoom,
): void {
  const { axis, viewport } = scene;
  const right = Math.min(rows.x + rows.width, instantX(scene, axis.endOf(lane)));
  const first = Math.max(0, spanAt(axis, lane.cuts, axis.instantOf(viewport.start)));
  for (let place = first; place < lane.cuts.length; place++) {
    const cut = lane.cuts[place]!;
    const begin = instantX(scene, axis.ofSpan(cut));
    if (begin > right) return;
    if (cut.text === '') continue;
    const next = lane.cuts[place + 1];
    const end = next ? Math.min(right, instantX(scene, axis.ofSpan(next))) : right;
    const from = Math.max(rows.x, begin);
    const width = end - from;
    if (width <= 0) continue;
    const look = { colour: 'changed', alpha: 0.16, pattern: 'crossed' } as const;
    ink.fill(from, rows.y, width, rows.height, look);
    ink.lines(
      [from, rows.y, from, rows.y + rows.height, end, rows.y, end, rows.y + rows.height],
      { colour: 'changed', width: 1.5, dash: [6, 3] },
    );
    ink.fill(from, head.y + head.height - 3, width, 3, { colour: 'changed' });
    const style = { colour: 'ink', most: width - 6 } as const;
    const text = `⊘ ${cut.text}`;
    if (width > 16) room.want('rows', [{ text, x: from + 3, y: head.y + 8, style }]);
  }
}
