/** The curve of each message in flight, its marker, and a label if there is room for one. */

import type { MessageView } from '../../src/view/contract.ts';
import { centre, contains, cut, grow, overlap, pointAt } from './geometry.ts';
import type { Box, Curve, Point } from './geometry.ts';
import type { Layout } from './layout.ts';

export interface PlacedMessage {
  message: MessageView;
  /** Its position in the order of arrival, from 1: the number on its marker. */
  number: number;
  curve: Curve;
  /** The position of the marker on the curve, from 0 to 1. */
  share: number;
  marker: Point;
  label?: { x: number; y: number; text: string };
}

export const markerRadius = 10;
export const labelHeight = 15;
/** An upper bound for the average width of a letter, at the font size of labels. */
const letterWidth = 6.9;
/** More arrows than this cannot be told apart; the list below the picture has all messages. */
const drawnMax = 24;

/** Curves and markers, without labels yet. */
export function placeMarkers(messages: MessageView[], layout: Layout): PlacedMessage[] {
  const placed: PlacedMessage[] = [];
  for (const [index, message] of messages.slice(0, drawnMax).entries()) {
    const curve = linkCurve(layout, message.from, message.to);
    if (!curve) continue;
    const occupied = [...layout.boxes.values(), ...placed.map(markerBox)];
    const share = freeShare(curve, message.progress, occupied);
    placed.push({ message, number: index + 1, curve, share, marker: pointAt(curve, share) });
  }
  return placed;
}

/** Labels each message whose marker has room beside it. The list names all of them. */
export function placeLabels(placed: PlacedMessage[], layout: Layout, occupied: Box[]): void {
  const obstacles = [...layout.boxes.values(), ...placed.map(markerBox), ...occupied];
  for (const entry of placed) {
    entry.label = placeLabel(entry, layout, obstacles);
    if (entry.label) obstacles.push(labelBox(entry.label, entry.label.text));
  }
}

/** How far a link may bow to its right, as a share of its length; the preferred value first. */
const bows = [0.1, 0.06, 0.16, 0.02, 0.24, 0.34, -0.06, -0.16, -0.24];

/**
 * A curve from border to border. It bows to its right so that the two directions of a link stay
 * apart, and far enough to avoid a third node, if one of the bows does.
 */
export function linkCurve(layout: Layout, from: string, to: string): Curve | undefined {
  const [source, target] = [layout.boxes.get(from), layout.boxes.get(to)];
  if (!source || !target) return undefined;
  if (from === to) return ownCurve(source);
  const others = [...layout.boxes.values()].filter((box) => box !== source && box !== target);
  const curves = bows.map((bow) => within(layout.width, bowed(source, target, bow)));
  return curves.find((curve) => !others.some((box) => crosses(curve, grow(box, 4)))) ?? curves[0];
}

/** The straight line between two nodes. */
export function straightLink(layout: Layout, from: string, to: string): Curve | undefined {
  const [source, target] = [layout.boxes.get(from), layout.boxes.get(to)];
  return source && target && source !== target ? bowed(source, target, 0) : undefined;
}

function bowed(source: Box, target: Box, bow: number): Curve {
  const [start, end] = [centre(source), centre(target)];
  const along = { x: end.x - start.x, y: end.y - start.y };
  const whole: Curve = {
    from: start,
    control: {
      x: (start.x + end.x) / 2 - along.y * bow * 2,
      y: (start.y + end.y) / 2 + along.x * bow * 2,
    },
    to: end,
  };
  const [near, far] = [grow(source, 3), grow(target, 4)];
  const leaves = shares.find((share) => !contains(near, pointAt(whole, share))) ?? 0;
  const arrives = shares.findLast((share) => !contains(far, pointAt(whole, share))) ?? 1;
  return cut(whole, leaves, Math.max(leaves, arrives));
}

/** Bends a curve less if a marker in its middle would leave the picture. */
function within(width: number, { from, control, to }: Curve): Curve {
  const room = markerRadius + 3;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const across = Math.min(2 * (width - room) - x, Math.max(2 * room - x, control.x));
  return { from, control: { x: across, y: Math.max(2 * room - y, control.y) }, to };
}

const shares = Array.from({ length: 61 }, (_, index) => index / 60);

function crosses(curve: Curve, box: Box): boolean {
  return shares.some((share) => contains(box, pointAt(curve, share)));
}

/** A message from a node to itself is drawn beside its box. */
function ownCurve({ x, y, width, height }: Box): Curve {
  const side = x + width + 3;
  return {
    from: { x: side, y: y + height * 0.25 },
    control: { x: side + 36, y: y + height / 2 },
    to: { x: side, y: y + height * 0.75 },
  };
}

/** The free position on the curve that is nearest to the message's progress. */
function freeShare(curve: Curve, progress: number, occupied: Box[]): number {
  const preferred = 0.16 + 0.62 * Math.min(1, Math.max(0, progress));
  for (let step = 0; step <= 40; step++) {
    for (const side of [1, -1]) {
      const share = preferred + side * step * 0.02;
      if (share < 0.08 || share > 0.86) continue;
      const own = grow(markerBox({ marker: pointAt(curve, share) }), 1);
      if (!occupied.some((box) => overlap(own, box))) return share;
    }
  }
  return preferred;
}

function placeLabel(
  { message, marker }: PlacedMessage,
  { width, height }: Layout,
  obstacles: Box[],
): PlacedMessage['label'] {
  const text = message.type;
  const [beside, above] = [markerRadius + 4, markerRadius + 2];
  const long = text.length * letterWidth;
  const offsets = [
    { x: beside, y: -labelHeight / 2 },
    { x: -beside - long, y: -labelHeight / 2 },
    { x: -long / 2, y: -above - labelHeight },
    { x: -long / 2, y: above },
    { x: beside - 6, y: -labelHeight - 4 },
    { x: -beside - long + 6, y: -labelHeight - 4 },
    { x: beside - 6, y: 4 },
    { x: -beside - long + 6, y: 4 },
  ];
  const places = offsets.map((offset) => ({
    x: marker.x + offset.x,
    y: marker.y + offset.y,
    text,
  }));
  return places.find((place) => {
    const box = labelBox(place, text);
    const inside = box.x >= 2 && box.x + box.width <= width - 2 && box.y >= 2;
    return (
      inside && box.y + box.height <= height && !obstacles.some((other) => overlap(box, other))
    );
  });
}

function labelBox({ x, y }: Point, text: string): Box {
  return { x, y, width: text.length * letterWidth, height: labelHeight };
}

export function markerBox({ marker }: { marker: Point }): Box {
  return grow({ ...marker, width: 0, height: 0 }, markerRadius + 1);
}
