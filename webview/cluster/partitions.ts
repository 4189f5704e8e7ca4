/** Draws cut links with a cross on them, and an outline around each island of a partition. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { ClusterView } from '../../src/view/contract.ts';
import { cutTitle, islandName } from '../../src/view/panel-words/cluster.ts';
import type { CutLink } from '../../src/view/panel-words/cluster.ts';
import {
  corners,
  curvePath,
  grow,
  hull,
  meets,
  overlap,
  pointAt,
  polygonPath,
} from './geometry.ts';
import type { Box, Point } from './geometry.ts';
import { isClient } from './layout.ts';
import type { Layout } from './layout.ts';
import { linkCurve, straightLink } from './links.ts';

/** Merges the two directions of a link that is cut both ways. */
export function cutLinks(cuts: ClusterView['cuts']): CutLink[] {
  const has = (from: string, to: string) => cuts.some((cut) => cut.from === from && cut.to === to);
  return cuts
    .map(({ from, to }) => ({ from, to, bothWays: has(to, from) }))
    .filter(({ from, to, bothWays }) => !bothWays || from < to);
}

/** The outlines of islands already show which nodes a client cannot reach: fewer lines then. */
export function drawCuts(
  { cuts, nodes, islands }: ClusterView,
  layout: Layout,
): SVGTemplateResult[] {
  const clients = new Set(nodes.filter(isClient).map(({ id }) => id));
  const drawn = cutLinks(cuts).filter(
    ({ from, to }) => islands.length === 0 || !(clients.has(from) || clients.has(to)),
  );
  const size = drawn.length > 8 ? 3.5 : 5;
  return drawn.map((link) => {
    const { from, to, bothWays } = link;
    const curve = bothWays ? straightLink(layout, from, to) : linkCurve(layout, from, to);
    if (!curve) return svg``;
    const { x, y } = pointAt(curve, bothWays ? 0.5 : 0.6);
    const long = 2 * size;
    const cross = `M ${x - size} ${y - size} l ${long} ${long} m 0 ${-long} l ${-long} ${long}`;
    return svg`<g class="cut">
      <title>${cutTitle(link)}</title>
      <path d=${curvePath(curve)} marker-end=${bothWays ? nothing : 'url(#arrow-cut)'} />
      <path class="cross" d=${cross} />
    </g>`;
  });
}

export interface Outline {
  shape: Point[];
  /** The island's name is drawn at a corner of this box. */
  at: Box;
  island: number;
}

/**
 * One outline around each island, small islands first. If it would enclose a foreign node or cross
 * another outline, there is one around the island's servers and one around each client; if that
 * fails too, one around each node.
 */
export function outlineIslands({ islands, nodes }: ClusterView, layout: Layout): Outline[] {
  const clients = new Set(nodes.filter(isClient).map(({ id }) => id));
  const outlines: Outline[] = [];
  const smallFirst = [...islands.entries()].sort(([, a], [, b]) => a.length - b.length);
  for (const [island, ids] of smallFirst) {
    const foreign = [...layout.boxes].filter(([id]) => !ids.includes(id)).map(([, box]) => box);
    const taken = [
      ...foreign.map((box) => corners(grow(box, padding))),
      ...outlines.map(({ shape }) => shape),
    ];
    const boxesOf = (some: string[]) => some.flatMap((id) => layout.boxes.get(id) ?? []);
    const servers = boxesOf(ids.filter((id) => !clients.has(id)));
    const outer = boxesOf(ids.filter((id) => clients.has(id))).map((box) => [box]);
    const divisions = [[[...servers, ...outer.flat()]], [servers, ...outer]];
    const whole = divisions.find((parts) => parts.every((part) => isClear(part, taken)));
    const parts = whole ?? [...servers.map((box) => [box]), ...outer];
    const drawn = parts.filter((part) => part.length > 0);
    outlines.push(...drawn.map((part) => outline(part, island)));
  }
  return outlines;
}

const padding = 8;

function isClear(part: Box[], taken: Point[][]): boolean {
  return part.length <= 1 || !taken.some((shape) => meets(shapeAround(part), shape));
}

function shapeAround(part: Box[]): Point[] {
  return hull(part.flatMap((box) => corners(grow(box, padding))));
}

function outline(part: Box[], island: number): Outline {
  const highest = part.reduce((one, other) => (other.y < one.y ? other : one));
  return { shape: shapeAround(part), at: grow(highest, padding), island };
}

/** A corner where the island's name covers nothing, preferably the upper right one. */
export function placeTag({ at }: Outline, occupied: Box[]): Box {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners(at) as [Point, Point, Point, Point];
  const places = [
    { x: topRight.x - 12, y: topRight.y - 6 },
    { x: topLeft.x - 5, y: topLeft.y - 6 },
    { x: bottomRight.x - 12, y: bottomRight.y - 11 },
    { x: bottomLeft.x - 5, y: bottomLeft.y - 11 },
  ].map((corner) => ({ ...corner, width: 17, height: 17 }));
  return places.find((place) => !occupied.some((box) => overlap(place, box))) ?? places[0]!;
}

export function drawOutline({ shape, island }: Outline): SVGTemplateResult {
  return svg`<path class="island ${island % 2 === 0 ? 'even' : 'odd'}" d=${polygonPath(shape)} />`;
}

export function drawTag({ x, y, width, height }: Box, island: number): SVGTemplateResult {
  return svg`<g class="tag">
    <rect x=${x} y=${y} width=${width} height=${height} rx="3" />
    <text x=${x + width / 2} y=${y + 13}>${islandName(island)}</text>
  </g>`;
}
