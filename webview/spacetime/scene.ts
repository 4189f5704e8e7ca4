/** All that a picture shows at one moment, and where its parts are. */

import type { ConeAnswer } from '../../src/view/spacetime/spacetime-view.ts';
import type { Area } from './draw/ink.ts';
import type { Lane } from './lane.ts';
import { RunAxis } from './run-axis.ts';
import type { Viewport } from './viewport.ts';

/** An event: a step, and the node that acted in it. */
export interface Place {
  readonly lane: number;
  readonly step: number;
  readonly node: number;
}

export function samePlace(one: Place | undefined, other: Place | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.lane === other.lane && one.step === other.step && one.node === other.node;
}

type Spot = Pick<Place, 'step' | 'node'>;

export interface Scene {
  readonly lanes: readonly Lane[];
  readonly axis: RunAxis;
  readonly viewport: Viewport;
  readonly layout: Layout;
  /** The event that the keyboard is on, or the pointer. */
  readonly focus: Place | undefined;
  readonly cone: { readonly lane: number; readonly of: ConeAnswer } | undefined;
  /** The steps at which the search condition holds, by lane, and the one that was gone to. */
  readonly matches: readonly (readonly number[])[];
  readonly match: Place | undefined;
  /** The events that were picked for a shape, and the place of a shape that was gone to. */
  readonly picked: readonly Place[];
  readonly place: { readonly lane: number; readonly events: readonly Spot[] } | undefined;
  /** The first step that is not the same in both lanes; −1 if there is none. */
  readonly difference: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Left of the plot: the names of the nodes. */
  readonly gutter: number;
  readonly axis: Area;
  readonly lanes: readonly LaneLayout[];
  /** Of no height if the panel is too low for it. */
  readonly overview: Area;
  readonly fontSize: number;
}

export interface LaneLayout {
  /** The line above the rows: the title, cuts, violations. */
  readonly head: Area;
  readonly rows: Area;
  readonly rowHeight: number;
  /** How far the rows are scrolled. */
  readonly scroll: number;
}

const rowLeast = 15;
/** Rows become as low as this before they are scrolled: names can still be read. */
const readable = 10;
/** The rows of so many nodes become lower still. */
const rowsTogether = 15;
const lowest = 8;
/** A lane has at least the line above its rows, and one of them. */
const laneLeast = 46;
const rowMost = 72;
const headHeight = 20;
const axisHeight = 22;
/** Of the strip with the whole run, and between the parts; a low picture leaves the rows more. */
const roomy = { overviewHeight: 34, between: 8 };
const cramped = { overviewHeight: 14, between: 4 };
const lowBelow = 200;

export function layoutOf(
  size: { width: number; height: number; gutter: number; fontSize: number },
  lanes: readonly Lane[],
  scrolls: readonly number[],
): Layout {
  const { width, height, gutter, fontSize } = size;
  const { overviewHeight, between } = height < lowBelow ? cramped : roomy;
  const plot = Math.max(10, width - gutter);
  const all = lanes.reduce((sum, { view }) => sum + view.nodes.length, 0);
  const isFew = all <= rowsTogether;
  const heads = lanes.length * (headHeight + between);
  const below = overviewHeight + between;
  const free = height - axisHeight - between;
  // In a low panel the rows need the room, if they are then all in view without the overview.
  const whole = free - heads;
  const isLow = whole - below < all * (isFew ? rowLeast : readable);
  const strip = isLow && (isFew || whole >= all * readable) ? 0 : below;
  const share = Math.max(laneLeast, (free - strip) / Math.max(1, lanes.length));
  let top = axisHeight;
  const laid = lanes.map(({ view }, index): LaneLayout => {
    const room = share - headHeight - between;
    const count = Math.max(1, view.nodes.length);
    const rowHeight = rowHeightFor(room / count, isFew);
    const all = rowHeight * count;
    const head = { x: gutter, y: top, width: plot, height: headHeight };
    const rows = { ...head, y: top + headHeight, height: Math.min(room, all) };
    const scroll = Math.max(0, Math.min(scrolls[index] ?? 0, all - rows.height));
    top += share;
    return { head, rows, rowHeight, scroll };
  });
  const overview = {
    x: gutter,
    y: strip === 0 ? height : height - overviewHeight - 4,
    width: plot,
    height: strip === 0 ? 0 : overviewHeight,
  };
  const axis = { x: gutter, y: 0, width: plot, height: axisHeight };
  return { width, height, gutter, axis, lanes: laid, overview, fontSize };
}

/** Rows that have to be scrolled anyway are as high as is good to read. */
function rowHeightFor(fitting: number, isFew: boolean): number {
  if (fitting >= readable) return Math.min(rowMost, fitting);
  return isFew ? Math.max(lowest, fitting) : rowLeast;
}

/** The rows that are wholly in view, counted from 1; undefined if all of them are. */
export function rowsInView(
  { rows, rowHeight, scroll }: LaneLayout,
  count: number,
): [first: number, last: number] | undefined {
  if (rowHeight * count <= rows.height + 1) return undefined;
  const first = Math.ceil(scroll / rowHeight - 0.05) + 1;
  return [first, Math.max(first, Math.floor((scroll + rows.height) / rowHeight + 0.05))];
}

export function rowY({ rows, rowHeight, scroll }: LaneLayout, node: number): number {
  return rows.y + (node + 0.5) * rowHeight - scroll;
}

/** The node whose row is at a height; undefined if there is none. */
export function nodeAt(layout: LaneLayout, y: number, count: number): number | undefined {
  const { rows, rowHeight, scroll } = layout;
  if (y < rows.y || y > rows.y + rows.height) return undefined;
  const node = Math.floor((y - rows.y + scroll) / rowHeight);
  return node >= 0 && node < count ? node : undefined;
}

/** Of a time, or of the number of a step: whatever the axis measures. */
export function instantX({ axis, viewport, layout }: Scene, instant: number): number {
  return layout.gutter + viewport.xOf(axis.placeOf(instant));
}

export function stepX(scene: Scene, lane: Lane, step: number): number {
  return instantX(scene, scene.axis.ofStep(lane, step));
}

const placesOfLanes = new WeakMap<Lane, { axis: RunAxis; count: number; places: Float64Array }>();

/** The place of each step on the axis, computed once as long as the axis stays the same. */
export function placesOf(lane: Lane, axis: RunAxis): Float64Array {
  if (axis === RunAxis.time) return lane.times.values;
  const known = placesOfLanes.get(lane);
  if (known?.axis === axis && known.count === lane.count) return known.places;
  const places = new Float64Array(lane.count);
  for (let step = 0; step < lane.count; step++) {
    places[step] = axis.placeOf(axis.ofStep(lane, step));
  }
  placesOfLanes.set(lane, { axis, count: lane.count, places });
  return places;
}

/** The steps that are in view, by their numbers. */
export function stepsInView({ axis, viewport }: Scene, lane: Lane): [first: number, end: number] {
  const first = lane.stepAt(axis, axis.instantOf(viewport.start));
  const last = axis.instantOf(viewport.end);
  let low = first;
  let high = lane.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (axis.ofStep(lane, middle) > last) high = middle;
    else low = middle + 1;
  }
  return [first, low];
}
