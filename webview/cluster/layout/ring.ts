/** Points on ellipses, at equal distances along the line rather than at equal angles. */

import type { Point } from './geometry.ts';

export interface Ellipse {
  centre: Point;
  /** Half of its width and of its height. */
  across: number;
  down: number;
}

const samples = 360;

/** Clockwise from the top; two points are at the left and the right. */
export function onEllipse({ centre, across, down }: Ellipse, count: number): Point[] {
  const first = count === 2 ? -Math.PI : -Math.PI / 2;
  const line = Array.from({ length: samples + 1 }, (_, index) => {
    const angle = first + (index * 2 * Math.PI) / samples;
    return { x: centre.x + across * Math.cos(angle), y: centre.y + down * Math.sin(angle) };
  });
  const lengths = lengthsAlong(line);
  const whole = lengths.at(-1)!;
  let place = 0;
  return Array.from({ length: count }, (_, index) => {
    const wanted = (index * whole) / count;
    while (place < samples && lengths[place + 1]! <= wanted) place++;
    const part = lengths[place + 1]! - lengths[place]!;
    const share = part > 0 ? (wanted - lengths[place]!) / part : 0;
    const [one, other] = [line[place]!, line[place + 1] ?? line[place]!];
    return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share };
  });
}

function lengthsAlong(line: Point[]): number[] {
  let length = 0;
  return line.map((point, index) => {
    const before = line[index - 1];
    if (before) length += Math.hypot(point.x - before.x, point.y - before.y);
    return length;
  });
}

export function circumference({ across, down }: Ellipse): number {
  const [sum, product] = [across + down, 3 * across * down];
  return Math.PI * (3 * sum - Math.sqrt(product * 3.333 + 3 * (across ** 2 + down ** 2)));
}

function onLine({ x, y }: Point, count: number, pitch: number): Point[] {
  const places = Array.from(
    { length: Math.max(0, count) },
    (_, index) => index - (count - 1) / 2,
  );
  return places.map((place) => ({ x: x + place * pitch, y }));
}

/** Several ellipses, each inside the one before it, with room for `pitch` between all points. */
export function onEllipses(outer: Ellipse, count: number, pitch: number): Point[] | undefined {
  const points: Point[] = [];
  let { across, down } = outer;
  while (points.length < count && across > 0 && down > pitch * 0.55) {
    const ellipse = { centre: outer.centre, across, down };
    const room = Math.max(1, Math.floor(circumference(ellipse) / pitch));
    points.push(...onEllipse(ellipse, Math.min(room, count - points.length)));
    across -= pitch;
    down -= pitch;
  }
  // What is left in the middle is a line.
  if (down > -pitch * 0.05) {
    const most = Math.floor((2 * Math.max(0, across)) / pitch) + 1;
    points.push(...onLine(outer.centre, Math.min(most, count - points.length), pitch));
  }
  return points.length < count ? undefined : points;
}
