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

/** Below this width, names and columns are narrower. */
const narrowBelow = 420;
/** The column of a node where indexes run down, and that of the indexes. */
const column = { least: 46, most: 66 };
const indexColumn = 48;

/** Indexes run to the right; in a narrow and tall panel, they run down if all nodes have room. */
export function isTall(width: number, height: number, logs: number): boolean {
  return width < 520 && height > width && logs * column.least + indexColumn <= width;
}

export interface TableShape {
  readonly tall: boolean;
  /** How much larger the font is than 13 pixels. */
  readonly scale: number;
  readonly hasMarks: boolean;
  readonly width: number;
  readonly logs: number;
}

export function sizesOf({ tall, scale, hasMarks, width, logs }: TableShape): Sizes {
  const px = (size: number) => Math.round(size * scale);
  const along = px(hasMarks ? 60 : 46);
  if (tall) {
    const share = Math.floor((width - px(indexColumn)) / Math.max(1, logs));
    const across = Math.max(px(column.least), Math.min(px(column.most), share));
    return { along, across, nodeHeader: px(62), indexHeader: px(indexColumn) };
  }
  const [place, header] = isNarrow(width) ? [66, 96] : [88, 150];
  return { along: px(place), across: along, nodeHeader: px(header), indexHeader: px(24) };
}

/** Whether the words of headers are short. */
export function isNarrow(width: number): boolean {
  return width < narrowBelow;
}

/** Half-open: places from 0 on, counted from the first index. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** How many rows or columns are, even in part, outside of a room: before it and after it. */
export function outOfView(
  scroll: number, room: number, size: number, count: number,
): { before: number; after: number } {
  // The border of a row may be out of view.
  const before = Math.min(count, Math.max(0, Math.ceil((scroll - 2) / size)));
  const last = Math.min(count, Math.floor((scroll + room + 2) / size));
  return { before, after: Math.max(0, count - Math.max(before, last)) };
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
