/** The lines between nodes, and the lanes beside them on which messages travel. */

import type { ClusterView } from '../../../src/view/cluster/cluster-view.ts';
import { angleOf, between, beside, distance, moved, pointAt, reversed } from './geometry.ts';
import type { Curve, Point, Rect } from './geometry.ts';
import type { Layout } from './layout.ts';
import { wordsRect } from './slot.ts';
import type { Slot } from './slot.ts';

/** How far the lane of a direction is from the middle of its link. */
const laneOffset = 5;
/** How far a link that would pass behind a node bends, in steps. */
const bends = [0, 34, -34, 68, -68, 110, -110, 160, -160];
/** In a row, each link has its own height above the nodes between; words are below them. */
const lowBends = [0, 40, 52, 64, 76, 88, 100];
/** How far a link stays from discs that it passes. */
const clearance = { usual: 12, low: 5 };

/** The geometry of the links of one layout, computed when it is first needed. */
export class Links {
  private readonly curves = new Map<string, Curve | undefined>();

  constructor(private readonly layout: Layout) {}

  /**
   * From the edge of one disc to the edge of the other; undefined if a node is not in the layout.
   * A link that is idle passes behind other nodes, others bend around them.
   */
  between(from: string, to: string, isIdle = false): Curve | undefined {
    const [first, last] = from < to ? [from, to] : [to, from];
    const name = `${linkName(from, to)}${isIdle ? ' idle' : ''}`;
    if (!this.curves.has(name)) this.curves.set(name, this.curve(first, last, isIdle));
    const curve = this.curves.get(name);
    return curve && first !== from ? reversed(curve) : curve;
  }

  /** Where messages of a direction travel: traffic keeps to its right. */
  lane(from: string, to: string): Curve | undefined {
    const curve = this.between(from, to);
    return curve && from !== to ? beside(curve, laneOffset) : curve;
  }

  /** How far a place is from the edge of the nearest disc. */
  roomAt(place: Point): number {
    const slots = [...this.layout.slots.values()];
    return Math.min(...slots.map((slot) => distance(slot, place) - slot.radius));
  }

  private curve(first: string, last: string, isIdle: boolean): Curve | undefined {
    const { slots, isCompact, isLow } = this.layout;
    const [one, other] = [slots.get(first), slots.get(last)];
    if (!one || !other) return undefined;
    if (one === other) return loop(one);
    const room = one.isDetailed || other.isDetailed ? 9 : 2;
    const middle = between(one, other, 0.5);
    const side = isLow && one.x < other.x ? -1 : 1;
    const across = angleOf(one, other) + (side * Math.PI) / 2;
    const others = [...slots.values()].filter((slot) => slot !== one && slot !== other);
    const candidates = (isCompact || isIdle ? [0] : isLow ? lowBends : bends).map((bend) => {
      const control = moved(middle, across, bend);
      return { curve: trimmed(one, other, control, room), bend };
    });
    const clear = candidates.filter(
      ({ curve }) => isInside(curve, this.layout) &&
        isClear(curve, others, isLow ? clearance.low : clearance.usual),
    );
    return (best(clear, this.words()) ?? this.highest(candidates) ?? candidates[0]!).curve;
  }

  /** In a long row, no link is clear of all nodes that it passes. */
  private highest(candidates: readonly Candidate[]): Candidate | undefined {
    if (!this.layout.isLow) return undefined;
    const top = ({ curve }: Candidate) => pointAt(curve, 0.5).y;
    const inside = candidates.filter(({ curve }) => isInside(curve, this.layout));
    return inside.sort((one, other) => top(one) - top(other))[0];
  }

  /** Where the first lines of words are: a node rarely has more. */
  private words(): Rect[] {
    return [...this.layout.slots.values()].flatMap((slot) => {
      const { words } = slot;
      if (words.side === 'none') return [];
      return [wordsRect({ ...slot, words: { ...words, lines: Math.min(words.lines, 4) } })];
    });
  }
}

interface Candidate {
  readonly curve: Curve;
  readonly bend: number;
}

/** The one that passes through the fewest words; of several, the one that bends least. */
function best(candidates: readonly Candidate[], words: readonly Rect[]): Candidate | undefined {
  let least = Infinity;
  let found: Candidate | undefined;
  for (const candidate of candidates) {
    const covered = samplesOf(candidate.curve).filter((point) =>
      words.some((rect) => isWithin(point, rect))).length;
    if (covered >= least) continue;
    least = covered;
    found = candidate;
  }
  return found;
}

function isWithin({ x, y }: Point, rect: Rect): boolean {
  return x > rect.x && x < rect.x + rect.width && y > rect.y && y < rect.y + rect.height;
}

function samplesOf(curve: Curve): Point[] {
  return Array.from({ length: 13 }, (_, index) => pointAt(curve, index / 12));
}

/** Names the link of two nodes, whichever sends: `n1 n3`. */
export function linkName(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function trimmed(one: Slot, other: Slot, control: Point, room: number): Curve {
  return {
    from: moved(one, angleOf(one, control), one.radius + room),
    control,
    to: moved(other, angleOf(other, control), other.radius + room),
  };
}

/** Of a message to its own sender: above the disc. */
function loop({ x, y, radius }: Slot): Curve {
  const top = y - radius;
  return {
    from: { x: x - radius * 0.5, y: top + 2 },
    control: { x, y: top - 52 },
    to: { x: x + radius * 0.5, y: top + 2 },
  };
}

function isClear(curve: Curve, others: Slot[], room: number): boolean {
  return samplesOf(curve).every((point) =>
    others.every((slot) => distance(slot, point) > slot.radius + room),
  );
}

function isInside(curve: Curve, { width, height }: Layout): boolean {
  const { x, y } = pointAt(curve, 0.5);
  return x > 8 && y > 8 && x < width - 8 && y < height - 8;
}

/** The pairs of nodes between which a line is drawn, in the order of the nodes. */
export function drawnPairs(view: ClusterView, { isCompact }: Layout): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  const add = (one: string, other: string) => {
    if (one === other) return;
    const name = linkName(one, other);
    if (!pairs.has(name)) pairs.set(name, one < other ? [one, other] : [other, one]);
  };
  if (!isCompact) usualPairs(view, add);
  const { messages, arrived, lost, connections, cuts, islands } = view;
  for (const { from, to } of [...messages, ...(arrived ? [arrived] : []), ...lost]) add(from, to);
  for (const {
    nodes: [one, other],
    state,
    waiting,
  } of connections) {
    if (!isCompact || state !== 'open' || waiting.length > 0) add(one, other);
  }
  // Walls show the cuts between islands.
  const islandOf = new Map(islands.flatMap((ids, island) => ids.map((id) => [id, island])));
  for (const { from, to } of cuts) {
    if (islands.length === 0 || islandOf.get(from) === islandOf.get(to)) add(from, to);
  }
  return [...pairs.values()];
}

/** Peers are linked with each other; others have links where they have connections or traffic. */
function usualPairs({ nodes }: ClusterView, add: (one: string, other: string) => void): void {
  const peers = nodes.filter(({ area }) => area === 'peers');
  peers.forEach((one, index) => peers.slice(index + 1).forEach((other) => add(one.id, other.id)));
}

/** Whether nothing is on a link, and nothing is wrong with it. */
export function isIdle(view: ClusterView, [one, other]: [string, string]): boolean {
  const joins = ({ from, to }: { from: string; to: string }) =>
    (from === one && to === other) || (from === other && to === one);
  const { messages, arrived, lost, cuts } = view;
  return ![...messages, ...(arrived ? [arrived] : []), ...lost, ...cuts].some(joins);
}
