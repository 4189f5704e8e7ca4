/** Where text and marks are, so that no text covers a mark or another text. */

import type { Area, Ink, TextStyle } from './ink.ts';

const cell = 64;
/** Around the middle of a text, by its size: its ground is as high. */
const halfHeight = 0.62;
const beside = 2;

/** A text, and one of the places where it can be. */
export interface Place {
  readonly text: string;
  readonly x: number;
  /** The middle of the text. */
  readonly y: number;
  readonly style: TextStyle;
}

/** What comes first has its place first. */
const ranks = [
  'name', 'failure', 'current', 'standing', 'rows', 'event', 'status', 'message',
] as const;
export type Rank = (typeof ranks)[number];

interface Wish {
  readonly places: readonly Place[];
  readonly isFuture: boolean;
}

export class TextRoom {
  /** Taken boxes by columns of the picture: left, right, top, bottom. */
  private readonly taken = new Map<number, number[][]>();
  private readonly wishes = new Map<Rank, Wish[]>();

  constructor(
    private readonly ink: Ink,
    private readonly fontSize: number,
    /** A text that would be cut at the right end of this is written further left. */
    private readonly area: Area,
  ) {}

  /** Draws marks that no text may cover. */
  mark(draw: () => void, centres: readonly number[], size: number): void {
    draw();
    for (let at = 0; at < centres.length; at += 2) {
      const [x, y] = [centres[at]!, centres[at + 1]!];
      this.take([x - size, x + size, y - size, y + size]);
    }
  }

  /** The text is written at the first of its places that is free, once all marks are drawn. */
  want(rank: Rank, places: readonly Place[], isFuture = false): void {
    const wishes = this.wishes.get(rank);
    if (wishes) wishes.push({ places, isFuture });
    else this.wishes.set(rank, [{ places, isFuture }]);
  }

  /** Writes all texts, above all that was drawn. */
  write(): void {
    for (const rank of ranks) {
      for (const { places, isFuture } of this.wishes.get(rank) ?? []) {
        places.some((place) => this.writeAt(place, isFuture));
      }
    }
    this.wishes.clear();
  }

  private writeAt({ text, x, y, style }: Place, isFuture: boolean): boolean {
    const { area } = this;
    const { align = 'left', size = this.fontSize, most = Infinity } = style;
    const width = Math.min(most, this.ink.widthOf(text, style));
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const beyond = Math.max(0, left + width + beside - area.x - area.width);
    const from = left - beyond;
    const [top, bottom] = [y - size * halfHeight, y + size * halfHeight];
    const isInside = left >= area.x && from >= area.x && left < area.x + area.width &&
      top >= area.y && bottom <= area.y + area.height;
    const box = [from - beside, from + width + beside, top, bottom];
    if (width < 8 || !isInside || this.isTaken(box)) return false;
    this.take(box);
    const look = isFuture ? { ...style, alpha: futureAlpha } : style;
    this.ink.text(x - beyond, y, text, { ...look, ground: 'paper' });
    return true;
  }

  private isTaken([left, right, top, bottom]: number[]): boolean {
    for (let column = columnOf(left!); column <= columnOf(right!); column++) {
      for (const [l, r, t, b] of this.taken.get(column) ?? []) {
        if (l! < right! && r! > left! && t! < bottom! && b! > top!) return true;
      }
    }
    return false;
  }

  private take(box: number[]): void {
    for (let column = columnOf(box[0]!); column <= columnOf(box[1]!); column++) {
      const boxes = this.taken.get(column) ?? [];
      boxes.push(box);
      this.taken.set(column, boxes);
    }
  }
}

/** What the debugger has not reached again is as faint as its marks. */
const futureAlpha = 0.6;

function columnOf(x: number): number {
  return Math.floor(x / cell);
}
