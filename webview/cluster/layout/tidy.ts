/** Leaves out or narrows words that would cover something, or be read as those of another node. */

import { gapTo, overlap } from './geometry.ts';
import { arcRoom, lineHeight, noWords, wordRoom, wordsRect } from './slot.ts';
import type { Slot } from './slot.ts';

/** Words beside a disc become narrower where they would reach those below another disc. */
export function leaveBelow(slots: Slot[]): void {
  const below = slots.filter(({ words }) => words.side === 'below').map(wordsRect);
  const isBeside = ({ words: { side } }: Slot) => side === 'left' || side === 'right';
  for (const one of slots.filter(isBeside)) {
    const reaches = () => below.some((rect) => overlap(wordsRect(one), rect));
    while (one.words.width > wordRoom.least && reaches()) {
      one.words = { ...one.words, width: Math.max(wordRoom.least, one.words.width - 4) };
    }
  }
}

/** Words that would cover a disc or other words are left to tooltips and cards. */
export function dropCovering(slots: Slot[]): void {
  for (const one of slots) {
    const words = wordsRect(one);
    const letters = { ...words, height: words.height - 4 };
    const covers = slots.some((other) => {
      if (other === one) return false;
      const { x, y, radius } = other;
      const out = radius + 4;
      const disc = { x: x - out, y: y - out, width: 2 * out, height: 2 * out };
      if (overlap(letters, disc)) return true;
      if (other.words.side === 'none') return false;
      const its = wordsRect(other);
      return overlap(letters, { ...its, height: its.height - 4 });
    });
    if (covers) one.words = noWords;
  }
}

/**
 * A first row that is nearer to the disc of another node would be read as its words. It becomes
 * narrower, and at last is left out; nodes that show the same number of lines keep them.
 */
export function keepNear(slots: Slot[], even: readonly Slot[]): void {
  for (const one of slots) {
    const given = one.words;
    const isNear = () => {
      const head = { ...wordsRect(one), height: lineHeight - 3 };
      return slots.every((other) =>
        other === one || one.words.side === 'none' || gapTo(head, other) - other.radius > arcRoom);
    };
    while (!isNear()) {
      const { width } = one.words;
      if (width > wordRoom.least) one.words = { ...one.words, width: width - 8 };
      else if (even.includes(one)) one.words = given;
      else one.words = noWords;
      if (one.words === given) break;
    }
  }
}
