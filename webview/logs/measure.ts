/** The sizes of the table of logs, and which indexes are in view: only these are drawn. */

/** In CSS pixels, for a font of 13 pixels. */
export interface Sizes {
  /** Along the indexes: a column if they run to the right, otherwise a row. */
  readonly along: number;
  /** Across them: the row or column of a node. */
  readonly across: number;
  /** Of the headers: that of the nodes, and that of the indexes. */
  readonly nodeHeader: number;
  readonly indexHeader: number;
}

/** Indexes run to the right; in a narrow and tall panel, they run down. */
export function isTall(width: number, height: number, logs: number): boolean {
  return width < 520 && height > width && logs * 66 + 52 <= Math.max(width, 320);
}

export function sizesOf(tall: boolean, scale: number, hasMarks: boolean): Sizes {
  const px = (size: number) => Math.round(size * scale);
  return tall
    ? { along: px(hasMarks ? 60 : 46), across: px(66), nodeHeader: px(46), indexHeader: px(52) }
    : { along: px(88), across: px(hasMarks ? 60 : 46), nodeHeader: px(150), indexHeader: px(24) };
}

/** Half-open: places from 0 on, counted from the first index. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

export function inView(scroll: number, room: number, size: number, count: number): Places {
  const from = Math.max(0, Math.floor(scroll / size) - 2);
  const to = Math.min(count, Math.ceil((scroll + room) / size) + 2);
  return { from: Math.min(from, to), to };
}

/** How many indexes are asked for: three times the room, so that scrolling has some ahead. */
export function askedFor(room: number, size: number): number {
  return Math.min(400, Math.max(30, 3 * Math.ceil(room / size)));
}
