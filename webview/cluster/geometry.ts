/** Points, boxes and curves: the plane geometry that the picture needs. */

export interface Point {
  x: number;
  y: number;
}

/** A rectangle by its upper left corner. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** A quadratic Bézier curve. */
export interface Curve {
  from: Point;
  control: Point;
  to: Point;
}

export function centre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

export function grow({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

export function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

export function contains({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

export function corners({ x, y, width, height }: Box): Point[] {
  const [right, bottom] = [x + width, y + height];
  return [
    { x, y },
    { x: right, y },
    { x: right, y: bottom },
    { x, y: bottom },
  ];
}

export function between(one: Point, other: Point, share: number): Point {
  return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share };
}

export function pointAt({ from, control, to }: Curve, share: number): Point {
  return between(between(from, control, share), between(control, to, share), share);
}

/** The part of a curve between two shares of its length, each from 0 to 1. */
export function cut(curve: Curve, start: number, end: number): Curve {
  const rest = {
    from: pointAt(curve, start),
    control: between(curve.control, curve.to, start),
    to: curve.to,
  };
  const share = start >= 1 ? 0 : (end - start) / (1 - start);
  return {
    from: rest.from,
    control: between(rest.from, rest.control, share),
    to: pointAt(rest, share),
  };
}

export function curvePath({ from, control, to }: Curve): string {
  return `M ${text(from)} Q ${text(control)} ${text(to)}`;
}

export function polygonPath(points: Point[]): string {
  return `M ${points.map(text).join(' L ')} Z`;
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** The smallest convex polygon around some points (Andrew's monotone chain). */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (side: Point[]) => {
    const chain: Point[] = [];
    for (const point of side) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** Whether two convex polygons share a point, that is, no side of either separates them. */
export function meets(one: Point[], other: Point[]): boolean {
  return ![...sides(one), ...sides(other)].some(([from, to]) => {
    const across = (point: Point) =>
      (to.y - from.y) * (point.x - from.x) - (to.x - from.x) * (point.y - from.y);
    const [mine, theirs] = [one.map(across), other.map(across)];
    return Math.max(...mine) < Math.min(...theirs) || Math.max(...theirs) < Math.min(...mine);
  });
}

function sides(points: Point[]): [Point, Point][] {
  return points.map((point, index) => [point, points[(index + 1) % points.length]!]);
}
