/** Points, curves and lines: the plane geometry that the picture needs. */

export interface Point {
  x: number;
  y: number;
}

/** A rectangle by its upper left corner. */
export interface Rect extends Point {
  width: number;
  height: number;
}

/** A quadratic Bézier curve. */
export interface Curve {
  from: Point;
  control: Point;
  to: Point;
}

export function overlap(one: Rect, other: Rect): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

/** The distance of a point from the nearest part of a rectangle. */
export function gapTo({ x, y, width, height }: Rect, point: Point): number {
  const across = Math.max(x - point.x, 0, point.x - x - width);
  const down = Math.max(y - point.y, 0, point.y - y - height);
  return Math.hypot(across, down);
}

export function between(one: Point, other: Point, share: number): Point {
  return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share };
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(other.x - one.x, other.y - one.y);
}

/** Where something stands after it moves by a distance along a direction in radians. */
export function moved({ x, y }: Point, angle: number, by: number): Point {
  return { x: x + Math.cos(angle) * by, y: y + Math.sin(angle) * by };
}

export function angleOf(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

export function pointAt({ from, control, to }: Curve, share: number): Point {
  return between(between(from, control, share), between(control, to, share), share);
}

/** The direction of a curve at a share of its length, in radians. */
export function headingAt({ from, control, to }: Curve, share: number): number {
  return angleOf(between(from, control, share), between(control, to, share));
}

/** The part of a curve between two shares of its length, each from 0 to 1. */
export function cut(curve: Curve, start: number, end: number): Curve {
  const from = pointAt(curve, start);
  const control = between(curve.control, curve.to, start);
  const share = start >= 1 ? 0 : (end - start) / (1 - start);
  const rest = { from, control, to: curve.to };
  return { from, control: between(from, control, share), to: pointAt(rest, share) };
}

export function reversed({ from, control, to }: Curve): Curve {
  return { from: to, control, to: from };
}

/** The curve beside a curve, to the right of its direction. */
export function beside({ from, control, to }: Curve, by: number): Curve {
  const angle = angleOf(from, to) + Math.PI / 2;
  return {
    from: moved(from, angle, by),
    control: moved(control, angle, by),
    to: moved(to, angle, by),
  };
}

export function curvePath({ from, control, to }: Curve): string {
  return `M ${text(from)} Q ${text(control)} ${text(to)}`;
}

/** Moves a drawing around (0, 0) to a place, turned by some degrees. */
export function placedAt({ x, y }: Point, degrees = 0): string {
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  return degrees === 0 ? place : `${place} rotate(${degrees.toFixed(0)})`;
}

export function linePath(points: Point[]): string {
  return `M ${points.map(text).join(' L ')}`;
}

/** An arc of a circle around (0, 0), clockwise from the top; shares of the circle from 0 to 1. */
export function arcPath(radius: number, share: number): string {
  const most = Math.min(share, 0.9999);
  const at = (part: number) =>
    text(moved({ x: 0, y: 0 }, most * part * 2 * Math.PI - Math.PI / 2, radius));
  const r = radius.toFixed(1);
  // In halves: where both ends nearly meet, their rounding would decide where the middle is.
  const half = (part: number) => `A ${r} ${r} 0 0 1 ${at(part)}`;
  return `M ${at(0)} ${half(0.5)} ${half(1)}`;
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
