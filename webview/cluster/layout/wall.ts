/** The walls between the islands of a partitioned network: the border of the nearest nodes. */

import type { Size } from './areas.ts';
import type { Point } from './geometry.ts';

export type Wall = [Point, Point];

interface Site extends Point {
  island: number;
}

/**
 * Each point of the picture belongs to the island of the node that is nearest to it. The walls are
 * the borders between islands, that is, edges of the Voronoi diagram, so they meet without gaps.
 */
export function wallsBetween(
  islands: string[][],
  places: Map<string, Point>,
  size: Size,
): Wall[] {
  const sites = islands.flatMap((ids, island) =>
    ids.flatMap((id): Site[] => {
      const place = places.get(id);
      return place ? [{ x: place.x, y: place.y, island }] : [];
    }),
  );
  const walls: Wall[] = [];
  sites.forEach((one, index) => {
    for (const other of sites.slice(index + 1)) {
      if (one.island === other.island) continue;
      const wall = border(one, other, sites, size);
      if (wall) walls.push(wall);
    }
  });
  return walls;
}

/** The points that are as near to one site as to the other, and farther from all others. */
function border(
  one: Site,
  other: Site,
  sites: Site[],
  { width, height }: Size,
): Wall | undefined {
  const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const long = Math.hypot(dx, dy);
  if (long < 1e-6) return undefined;
  const along = { x: -dy / long, y: dx / long };
  const reach = width + height;
  let [from, to] = [-reach, reach];
  /** Keeps the places `t` along the line where `value + t * slope <= 0`. */
  const keep = (value: number, slope: number) => {
    if (Math.abs(slope) < 1e-9) {
      if (value > 1e-9) to = from - 1;
    } else if (slope > 0) to = Math.min(to, -value / slope);
    else from = Math.max(from, -value / slope);
  };
  keep(-middle.x, -along.x);
  keep(middle.x - width, along.x);
  keep(-middle.y, -along.y);
  keep(middle.y - height, along.y);
  for (const site of sites) {
    if (to <= from) return undefined;
    if (site === one || site === other) continue;
    // Nearer to `one` than to `site`: twice the dot product with the way from one to the site.
    const [sx, sy] = [site.x - one.x, site.y - one.y];
    const value = (middle.x - one.x) * sx + (middle.y - one.y) * sy - (sx * sx + sy * sy) / 2;
    keep(value, along.x * sx + along.y * sy);
  }
  if (to - from < 1) return undefined;
  const at = (t: number) => ({ x: middle.x + along.x * t, y: middle.y + along.y * t });
  return [at(from), at(to)];
}
