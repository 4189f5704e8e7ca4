/** Where text is already, so that no text covers another. */

import type { Ink, TextStyle } from './ink.ts';

const cell = 64;

export class TextRoom {
  /** Taken boxes by columns of the picture: left, right, top, bottom. */
  private readonly taken = new Map<number, number[][]>();

  constructor(
    private readonly ink: Ink,
    private readonly fontSize: number,
    /** Where the plot ends: a text that would be cut there is written further left. */
    private readonly right = Infinity,
  ) {}

  /** Writes a text where there is room for it. Returns whether there was. */
  write(x: number, y: number, text: string, style: TextStyle): boolean {
    const { align = 'left', size = this.fontSize, most = Infinity } = style;
    const width = Math.min(most, this.ink.widthOf(text, style));
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const beyond = Math.max(0, left + width + 2 - this.right);
    const from = left - beyond;
    const box = [from - 2, from + width + 2, y - size * 0.55, y + size * 0.55];
    if (width < 8 || left >= this.right || this.isTaken(box)) return false;
    this.take(box);
    this.ink.text(x - beyond, y, text, style);
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

function columnOf(x: number): number {
  return Math.floor(x / cell);
}
