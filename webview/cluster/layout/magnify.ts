/**
 * A crowd under the magnifier: its nodes move apart, while discs and words keep a size that can be
 * read. So a node of a hundred shows as much as one of five, once it has the room.
 */

import type { Size } from './areas.ts';
import { overlap } from './geometry.ts';
import type { Rect } from './geometry.ts';
import { growWords } from './layout.ts';
import type { Layout } from './layout.ts';
import { discRect, noWords, wordsRect } from './slot.ts';
import type { Slot } from './slot.ts';
import type { Viewport } from './viewport.ts';

/** The size to which discs grow, and the least that has room for timers around it. */
const disc = { most: 32, detailed: 18 };
/** The least room that is worth drawing words in: a timer with its time left, a log, a value. */
const wordsLeast = { width: 100, lines: 3 };

/** Depends on the zoom, and not on where the picture is moved: nothing jumps while it moves. */
export function magnified(layout: Layout, zoom: number): Layout {
  const { width, height, slots, isCompact, isLow } = layout;
  const size = { width: width * zoom, height: height * zoom };
  const placed = [...slots].map(([id, { x, y, radius }]) => {
    const larger = Math.min(radius * zoom, Math.max(radius, disc.most));
    const slot = { x: x * zoom, y: y * zoom, radius: larger, words: noWords, isDetailed: false };
    return [id, slot] as const;
  });
  const all = placed.map(([, slot]) => slot);
  const roomy = placeWords(all.filter(({ radius }) => radius >= disc.detailed), all, size);
  growWords(roomy, size);
  return { ...size, slots: new Map(placed), isCompact, isLow };
}

/** At the first side where words cover neither a disc nor the words of another node. */
function placeWords(slots: Slot[], all: Slot[], size: Size): Slot[] {
  const taken: Rect[] = all.map(discRect);
  const isFree = (rect: Rect, own: Rect | undefined) =>
    rect.x >= 3 && rect.y >= 0 && rect.x + rect.width <= size.width - 3 &&
    rect.y + rect.height <= size.height - 2 &&
    taken.every((other) => other === own || !overlap(rect, other));
  return slots.filter((slot) => {
    const own = taken[all.indexOf(slot)];
    for (const side of ['right', 'left', 'below'] as const) {
      const words = { side, ...wordsLeast };
      const rect = wordsRect({ ...slot, words });
      if (!isFree(rect, own)) continue;
      Object.assign(slot, { words, isDetailed: true });
      taken.push(rect);
      return true;
    }
    return false;
  });
}

/** The least zoom, from one on, at which a node of the crowd shows everything. */
export function detailedZoom(layout: Layout, node: string, from: number, most: number): number {
  for (let zoom = from; zoom < most; zoom *= 1.15) {
    if (magnified(layout, zoom).slots.get(node)?.isDetailed) return zoom;
  }
  return from;
}

/** Whether any part of a node is within the picture as it is moved. */
export function isInSight(slot: Slot, { x, y }: Viewport, size: Size): boolean {
  const around = discRect(slot);
  const boxes = slot.words.side === 'none' ? [around] : [around, wordsRect(slot)];
  const sight = { x: -x, y: -y, width: size.width, height: size.height };
  return boxes.some((box) => overlap(box, sight));
}
