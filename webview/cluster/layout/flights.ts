/** Places the messages in flight along their lanes at their virtual time, and their names. */

import type { MessageView } from '../../../src/view/cluster/cluster-view.ts';
import { textWidth } from '../../ui/measure.ts';
import { distance, gapTo, headingAt, overlap, pointAt } from './geometry.ts';
import type { Curve, Point, Rect } from './geometry.ts';
import type { Layout } from './layout.ts';
import type { Links } from './links.ts';
import type { Slot } from './slot.ts';

export interface Flight {
  message: MessageView;
  lane: Curve;
  /** How far along its lane it is drawn: its progress, unless another message is there. */
  share: number;
  at: Point;
  /** Its direction in radians. */
  heading: number;
  /** Where its name has room; absent if it has none. */
  name?: Point & { text: string };
}

export const markRadius = 7;
const nameSize = 11;
const nameHeight = 13;

export function placeFlights(messages: MessageView[], links: Links): Flight[] {
  const byLane = new Map<string, Flight[]>();
  for (const message of messages) {
    const lane = links.lane(message.from, message.to);
    if (!lane) continue;
    const share = Math.min(0.93, Math.max(0.07, message.progress));
    const name = `${message.from} ${message.to}`;
    const flights = byLane.get(name) ?? [];
    byLane.set(name, flights);
    flights.push({ message, lane, share, at: lane.from, heading: 0 });
  }
  for (const flights of byLane.values()) spread(flights);
  const placed = [...byLane.values()].flat();
  for (const flight of placed) {
    flight.at = pointAt(flight.lane, flight.share);
    flight.heading = headingAt(flight.lane, flight.share);
  }
  return placed;
}

/** Keeps messages of one lane apart, the first to arrive in front. */
function spread(flights: Flight[]): void {
  if (flights.length === 1) return;
  const { from, to } = flights[0]!.lane;
  const least = Math.min(
    (2 * markRadius + 3) / Math.max(1, distance(from, to)),
    0.86 / (flights.length - 1),
  );
  flights.sort((one, other) => other.share - one.share);
  let most = 0.93;
  for (const flight of flights) {
    flight.share = Math.min(flight.share, most);
    most = flight.share - least;
  }
  // Those that were pushed back beyond the sender move forward again.
  let lowest = 0.07;
  for (const flight of flights.toReversed()) {
    flight.share = Math.max(flight.share, lowest);
    lowest = flight.share + least;
  }
}

/** Names get the room that nodes, their words and other messages leave. */
export function placeNames(flights: Flight[], layout: Layout, occupied: Rect[]): void {
  const marks = flights.map(({ at }) => around(at, markRadius + 1));
  const taken = [...[...layout.slots.values()].map(discOf), ...occupied, ...marks];
  for (const flight of flights) {
    const place = namePlaces(flight).find((rect) => {
      const isInside = rect.x >= 2 && rect.y >= 2 && rect.x + rect.width <= layout.width - 2;
      return (
        isInside &&
        rect.y + rect.height <= layout.height &&
        !taken.some((one) => overlap(rect, one)) &&
        isNearest(rect, flight, flights, layout)
      );
    });
    if (!place) continue;
    taken.push(place);
    flight.name = { x: place.x, y: place.y + nameHeight - 3, text: flight.message.type };
  }
}

/** A name nearer to another message, or to a node, would be read as theirs. */
function isNearest(rect: Rect, own: Flight, flights: Flight[], { slots }: Layout): boolean {
  const reach = gapTo(rect, own.at) - markRadius;
  return (
    flights.every((other) => other === own || gapTo(rect, other.at) - markRadius > reach + 2) &&
    [...slots.values()].every((slot) => gapTo(rect, slot) - slot.radius > reach)
  );
}

function namePlaces({ at, message }: Flight): Rect[] {
  const width = textWidth(message.type, nameSize) * 1.05;
  const [beside, above] = [markRadius + 4, markRadius + 1];
  const middle = -nameHeight / 2;
  const offsets = [
    { x: beside, y: middle },
    { x: -beside - width, y: middle },
    { x: -width / 2, y: -above - nameHeight },
    { x: -width / 2, y: above },
    { x: beside - 5, y: -nameHeight - 3 },
    { x: -beside - width + 5, y: -nameHeight - 3 },
    { x: beside - 5, y: 3 },
    { x: -beside - width + 5, y: 3 },
  ];
  return offsets.map(({ x, y }) => ({ x: at.x + x, y: at.y + y, width, height: nameHeight }));
}

function discOf({ x, y, radius }: Slot): Rect {
  return around({ x, y }, radius + 6);
}

function around({ x, y }: Point, by: number): Rect {
  return { x: x - by, y: y - by, width: 2 * by, height: 2 * by };
}
