/**
 * Which rows share a line of the picture. In a dense picture, the note of what a message brought
 * about stands at the head of its arrow, and notes of the same moment stand side by side.
 */

import { itemLabel, shortLabel } from '../../src/view/panel-words/sequence.ts';
import { messageText } from '../../src/view/sequence/mermaid.ts';
import type { ItemsRow, SequenceRow } from '../../src/view/sequence/rows.ts';
import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import type { Layout } from './columns.ts';
import { headLength } from './drawn-row.ts';

/** Rows that are drawn at one height: an arrow and its note, or notes side by side. */
export interface Line {
  type: 'single' | 'beside' | 'packed' | 'pause';
  /** The indexes of its rows. */
  rows: number[];
}

/** What a row that shares its line may take, in characters. */
export type Rooms = ReadonlyMap<number, number>;

/** Measures text in the font of the picture, in CSS pixels. */
export interface Ruler {
  /** The average width of a letter. */
  letter: number;
  measure(text: string): number;
}

export interface Lines {
  lines: Line[];
  rooms: Rooms;
}

/** An arrow keeps this much of its label, in characters, and of its length, in CSS pixels. */
const labelLeast = 11;
const labelGood = 26;
const arrowLeast = 30;
/** By how much a note is wider than its letters, and bold letters than others. */
const noteFrame = 14;
const bold = 1.1;
/** A note covers the line of its node by at least this much. */
export const overlap = 10;
export const edge = 4;

export function linesOf(rows: readonly SequenceRow[], layout: Layout, ruler: Ruler): Lines {
  const rooms = new Map<number, number>();
  const lines: Line[] = [];
  const isDense = layout.labels.linesMax === 1;
  for (let index = 0; index < rows.length;) {
    const found = isDense
      ? (beside(rows, index, layout, ruler, rooms) ?? packed(rows, index, layout, ruler, rooms))
      : undefined;
    const type = rows[index]!.type === 'items' ? 'single' : 'pause';
    const line: Line = found ?? { type, rows: [index] };
    lines.push(line);
    index += line.rows.length;
  }
  return { lines, rooms };
}

/** The arrow at `index` and the note after it, if that is of its receiver and both have room. */
function beside(
  rows: readonly SequenceRow[],
  index: number,
  layout: Layout,
  ruler: Ruler,
  rooms: Map<number, number>,
): Line | undefined {
  const [arrow, note] = [rows[index], rows[index + 1]];
  if (arrow?.type !== 'items' || note?.type !== 'items') return undefined;
  if (arrow.band !== note.band) return undefined;
  const message = arrow.items[0]!;
  if (message.type !== 'message' || message.from === message.to) return undefined;
  const place = ownNode(note);
  if (place !== message.to || message.outcome === 'in-flight') return undefined;
  const { nodes, centres, width } = layout;
  const [from, to] = [message.from, message.to].map((id) => centres[nodes.indexOf(id)]!);
  const outward = to! > from! ? width - edge - to! : to! - edge;
  const label = messageText(message);
  for (const text of [full(note.items), short(note.items)]) {
    const noteWidth = widthOf(note.items, text, ruler);
    const inner = Math.max(overlap, noteWidth - outward);
    const room = Math.abs(to! - from!) - inner - 8;
    const isWhole = ruler.measure(label) <= room - headLength;
    const letters = isWhole ? label.length : Math.floor((room - headLength) / ruler.letter);
    const isShort = text === short(note.items);
    // A note that lies far inside looks as if it were of another node.
    if (!isShort && inner > Math.abs(to! - from!) / 3) continue;
    const needed = Math.min(label.length, isShort ? labelLeast : labelGood);
    if (room < arrowLeast || letters < needed) continue;
    rooms.set(index, letters);
    rooms.set(index + 1, text.length);
    return { type: 'beside', rows: [index, index + 1] };
  }
  return undefined;
}

/** Notes of one moment, each of a single step and node, that have room beside each other. */
function packed(
  rows: readonly SequenceRow[],
  index: number,
  layout: Layout,
  ruler: Ruler,
  rooms: Map<number, number>,
): Line | undefined {
  const found: ItemsRow[] = [];
  for (let next = index; next < rows.length; next++) {
    const row = rows[next]!;
    if (row.type !== 'items' || !isAlone(rows, next) || ownNode(row) === undefined) break;
    if (!isMoment(found[0] ?? row, row)) break;
    found.push(row);
  }
  while (found.length > 1) {
    const texts = found.map(({ items }) => full(items));
    if (fitsSideBySide(found, texts, layout, ruler)) {
      texts.forEach((text, place) => rooms.set(index + place, text.length));
      return { type: 'packed', rows: found.map((_row, place) => index + place) };
    }
    found.pop();
  }
  return undefined;
}

/** Whether a row has its band alone. */
function isAlone(rows: readonly SequenceRow[], index: number): boolean {
  const bandAt = (place: number) => {
    const row = rows[place];
    return row?.type === 'items' ? row.band : '';
  };
  const own = bandAt(index);
  return own !== bandAt(index - 1) && own !== bandAt(index + 1);
}

function isMoment({ items: [one] }: ItemsRow, { items: [other] }: ItemsRow): boolean {
  return one!.at === other!.at && one!.future === other!.future;
}

/** The node of a note at one node. */
function ownNode({ items: [item] }: ItemsRow): string | undefined {
  switch (item!.type) {
    case 'event':
    case 'timer':
    case 'answer':
      return item!.node;
    case 'operation':
    case 'fault':
      return item!.nodes.length === 1 ? item!.nodes[0] : undefined;
    case 'message':
      return undefined;
  }
}

function fitsSideBySide(
  rows: readonly ItemsRow[],
  texts: readonly string[],
  { nodes, centres, width }: Layout,
  ruler: Ruler,
): boolean {
  const notes = rows.map((row, index) => ({
    centre: centres[nodes.indexOf(ownNode(row)!)] ?? 0,
    width: widthOf(row.items, texts[index]!, ruler),
  }));
  const places = sideBySide(notes, width);
  return places !== undefined;
}

/** Between notes that stand side by side. */
const between = 4;

/**
 * The left edge of each note: those of one node as a group in the middle of its column, or as close
 * to that as others allow. Undefined if there is no room.
 */
export function sideBySide(
  notes: readonly { centre: number; width: number }[],
  width: number,
): number[] | undefined {
  const byCentre = new Map<number, number[]>();
  notes.forEach(({ centre }, index) => {
    byCentre.set(centre, [...(byCentre.get(centre) ?? []), index]);
  });
  const groups = [...byCentre].sort(([one], [other]) => one - other);
  const lefts = notes.map(() => 0);
  const sizes = groups.map(([, own]) =>
    own.reduce((all, index) => all + notes[index]!.width + between, -between),
  );
  const starts: number[] = [];
  groups.forEach(([centre], place) => {
    const size = sizes[place]!;
    const wanted = Math.min(centre - size / 2, width - edge - size);
    const end = place === 0 ? edge - between : starts[place - 1]! + sizes[place - 1]!;
    const start = Math.max(end + between, wanted);
    // Those before it make room, so that it still covers the line of its node.
    const lack = Math.max(0, start - (centre - overlap));
    for (let before = 0; before < place; before++) starts[before]! -= lack;
    starts.push(start - lack);
  });
  // What stands out on the right pushes its neighbours back to the left.
  let limit = width - edge;
  for (let place = groups.length - 1; place >= 0; place--) {
    starts[place] = Math.min(starts[place]!, limit - sizes[place]!);
    limit = starts[place]! - between;
  }
  if (starts.some((start) => start < edge)) return undefined;
  const isFar = groups.some(([centre], place) => {
    return centre < starts[place]! || centre > starts[place]! + sizes[place]!;
  });
  if (isFar) return undefined;
  groups.forEach(([, own], place) => {
    let left = starts[place]!;
    for (const index of own) {
      lefts[index] = left;
      left += notes[index]!.width + between;
    }
  });
  return lefts;
}

function full(items: readonly SequenceItem[]): string {
  return items.map(itemLabel).join(' · ');
}

function short(items: readonly SequenceItem[]): string {
  return items.map(shortLabel).join(' · ');
}

function widthOf(items: readonly SequenceItem[], text: string, { measure }: Ruler): number {
  const names = items.map((item) => (item.type === 'event' ? measure(item.name) : 0));
  const added = names.reduce((all, one) => all + one, 0) * (bold - 1);
  return measure(text) + added + noteFrame;
}
