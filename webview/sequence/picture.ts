/**
 * The diagram in the page. Mermaid draws each row once; the picture keeps it and stacks the rows,
 * so that a step costs what its own rows cost.
 */

import {
  gapText, itemInWords, itemTitle, labels as words, repeatedText, timeLabel,
} from '../../src/view/panel-words/sequence.ts';
import {
  itemsLine, type Labels, nodesOf, participantKeys,
} from '../../src/view/sequence/mermaid.ts';
import { activationsOf, type ItemsRow, type SequenceRow } from '../../src/view/sequence/rows.ts';
import type { Participant, SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import type { Layout } from './columns.ts';
import { asPlainHead, type DrawnRow, endArrowAt, rowOf } from './drawn-row.ts';
import { edge, type Line, linesOf, overlap, type Ruler, sideBySide } from './lines.ts';
import { drawLines } from './renderer.ts';
import type { Font } from '../ui/mermaid.ts';
import { arrange, each, setAll, setText, svgElement } from './svg.ts';

/** A row in its place. */
export interface PlacedRow extends DrawnRow {
  items: SequenceItem[];
  top: number;
}

/** What a row has of a line that it shares: how far it is moved sideways. */
interface Placing {
  row: PlacedRow;
  x: number;
}

/** The width of the column with the times. */
export const gutterWidth = 78;

export class Picture {
  readonly body = svgElement('svg', { 'data-picture': 'Sequence' });
  readonly gutter = svgElement('svg', { class: 'times', width: gutterWidth });
  rows: PlacedRow[] = [];
  private readonly heads = svgElement('g');
  private readonly layers = {
    bands: svgElement('g', { class: 'bands' }),
    lifelines: svgElement('g', { class: 'lifelines' }),
    activations: svgElement('g', { class: 'activations' }),
    gaps: svgElement('g', { class: 'gaps' }),
    rows: svgElement('g'),
  };
  private known = new Map<string, DrawnRow>();
  private drawnFor = '';

  constructor() {
    this.body.append(this.heads, ...Object.values(this.layers));
  }

  /** Mermaid draws what it has not drawn yet. Throws its error, and then nothing has changed. */
  async draw(
    rows: readonly SequenceRow[],
    participants: readonly Participant[],
    layout: Layout,
    font: Font,
    ruler: Ruler,
  ): Promise<() => void> {
    const items = rows.flatMap((row) => (row.type === 'items' ? row.items : []));
    const keys = participantKeys(participants, items);
    const { centres, box } = layout;
    const drawnFor = JSON.stringify([font, centres, box, [...keys]]);
    const known = drawnFor === this.drawnFor ? this.known : new Map<string, DrawnRow>();
    const used = new Map<string, DrawnRow>();
    const lines = new Map<string, { line: string; row: ItemsRow; isShared: boolean }>();
    const order: (string | undefined)[] = [];
    const shared = linesOf(rows, layout, ruler);
    rows.forEach((row, index) => {
      if (row.type !== 'items') return void order.push(undefined);
      const room = shared.rooms.get(index);
      const isShared = room !== undefined;
      const line = itemsLine(row, keys, isShared ? labelsFor(room) : layout.labels);
      const key = rowKey(row, isShared ? `shared ${line}` : line, used, lines);
      order.push(key);
      const drawn = known.get(key);
      if (drawn) used.set(key, drawn);
      else lines.set(key, { line, row, isShared });
    });
    if (lines.size > 0) {
      const wanted = [...lines.values()];
      const columns = { keys: [...keys.values()], centres, box };
      const drawn = await drawLines(wanted.map(({ line }) => line), columns, font, (drawing) => {
        const { heads } = this;
        if (heads.childElementCount === 0) heads.append(...drawing.heads.map(asPlainHead));
        return drawing.rows.map((parts, index) => {
          const { row, isShared } = wanted[index]!;
          return rowOf(parts, row, layout, isShared);
        });
      });
      [...lines.keys()].forEach((key, index) => used.set(key, drawn[index]!));
    }
    return () => {
      this.known = used;
      this.drawnFor = drawnFor;
      const drawn = order.map((key) => (key === undefined ? undefined : used.get(key)));
      this.place(rows, shared.lines, drawn, layout);
    };
  }

  /** Stacks the lines. */
  private place(
    rows: readonly SequenceRow[],
    lines: readonly Line[],
    drawn: readonly (DrawnRow | undefined)[],
    layout: Layout,
  ): void {
    const space = layout.space;
    const placed: (PlacedRow | undefined)[] = [];
    const gaps: Gap[] = [];
    const times: Time[] = [];
    const bands: Band[] = [];
    let y = space.band;
    let band = '';
    for (const line of lines) {
      const [first] = line.rows;
      const row = rows[first!]!;
      if (row.type !== 'items') {
        y += space.band;
        gaps.push({ row, y: y + space.gap / 2 });
        y += space.gap;
        band = '';
        continue;
      }
      if (row.band !== band && bands.length > 0) y += space.band;
      const own = line.rows.map((index): PlacedRow => {
        return { ...drawn[index]!, items: (rows[index] as ItemsRow).items, top: y };
      });
      const placings = placingsOf(line.type, own, layout);
      placings.forEach(({ row: one, x }, place) => {
        placed[line.rows[place]!] = one;
        setAll(one.group, { transform: `translate(${x} ${one.top})` });
      });
      if (row.band !== band && row.band !== 'flight') times.push(timeOf(own, y + space.row + 11));
      const height = Math.max(...placings.map(({ row: one }) => one.top + one.height)) - y;
      bandsOf(line, placings, row, row.band === band ? bands.at(-1) : undefined, y + height)
        .forEach((one) => bands.push(one));
      band = line.type === 'packed' ? '' : row.band;
      y += height;
    }
    this.rows = placed.filter((row) => row !== undefined);
    this.showRows();
    this.showBands(bands, layout.width);
    this.showActivations(rows, placed, layout, y);
    this.showGaps(gaps, layout.width);
    this.showTimes(times, gaps, bands);
    const height = y + space.band * 2;
    each(this.layers.lifelines, 'line', layout.centres, (line, x) => {
      setAll(line, { class: 'actor-line', x1: x, x2: x, y1: 0, y2: height });
    });
    const { width } = layout;
    setAll(this.body, { width, height, viewBox: `0 0 ${width} ${height}` });
    setAll(this.gutter, { height, viewBox: `0 0 ${gutterWidth} ${height}` });
  }

  private showRows(): void {
    arrange(this.layers.rows, this.rows.map(({ group }) => group));
    for (const { group, target, items } of this.rows) {
      const is = (test: (item: SequenceItem) => unknown) => items.some((item) => test(item));
      group.classList.toggle('current', is(({ current }) => current));
      group.classList.toggle('stop', is(({ stop }) => stop));
      group.classList.toggle('future', is(({ future }) => future));
      setAll(target, { 'aria-label': items.map(itemInWords).join('; ') });
      setText(target.firstElementChild!, items.map(itemTitle).join('\n'));
      if (is(({ current }) => current)) target.setAttribute('aria-current', 'step');
      else target.removeAttribute('aria-current');
    }
  }

  private showBands(bands: readonly Band[], width: number): void {
    const shown = bands.filter(({ band }) => band !== 'flight');
    each(this.layers.bands, 'rect', shown, (rect, { top, bottom, items, span }) => {
      const current = items.some((item) => item.current) ? ' current' : '';
      const future = items.some((item) => item.future) ? ' future' : '';
      setAll(rect, {
        class: `band${current}${future}`, x: span ? span.left - 2 : 1, y: top - 1,
        width: span ? span.right - span.left + 4 : width - 2, height: bottom - top + 2, rx: 3,
      });
    });
  }

  private showActivations(
    rows: readonly SequenceRow[],
    placed: readonly (PlacedRow | undefined)[],
    layout: Layout,
    end: number,
  ): void {
    const space = layout.space;
    const shown = activationsOf(rows).filter(({ node }) => layout.nodes.includes(node));
    each(this.layers.activations, 'rect', shown, (rect, { node, from, to }) => {
      const [begin, last] = [placed[from], placed[to]];
      const isArrow = (row: PlacedRow) => row.items[0]!.type === 'message';
      const top = begin ? begin.top + begin.height - (isArrow(begin) ? 4 : space.row) : 0;
      const foot = last && (isArrow(last) ? last.height - 4 : space.row);
      const bottom = last ? last.top + foot! : end;
      const depth = shown.filter((one) => one.node === node && one.from < from && one.to > from);
      const x = layout.centres[layout.nodes.indexOf(node)]! - 4 + depth.length * 4;
      const height = Math.max(4, bottom - top);
      setAll(rect, { class: 'activation', x, y: top, width: 8, height });
    });
  }

  private showGaps(gaps: readonly Gap[], width: number): void {
    each(this.layers.gaps, 'g', gaps, (group, { row, y }) => {
      if (group.childElementCount === 0) group.append(svgElement('line'), svgElement('text'));
      const [line, text] = group.children;
      setAll(group, { class: row.type });
      setAll(line!, { x1: 0, x2: width, y1: y, y2: y });
      setAll(text!, { x: 8, y: y + 4 });
      setText(text!, row.type === 'gap' ? repeatedText(row) : '');
    });
  }

  private showTimes(times: readonly Time[], gaps: readonly Gap[], bands: readonly Band[]): void {
    const before = (index: number) => times[index - 1]?.at;
    const labels = times.map(({ at, y, item }, index) => {
      const mark = item.current ? ' current' : item.future ? ' future' : '';
      return { text: at === before(index) ? '' : timeLabel(at), y, className: `time${mark}` };
    });
    for (const { row, y } of gaps) {
      const text = row.type === 'gap' ? gapText({ ...row, folded: 0 }) : words.now;
      labels.push({ text: row.type === 'items' ? '' : text, y: y + 4, className: row.type });
    }
    for (const { items, top, height } of this.rows) {
      const isStop = items.some(({ stop }) => stop);
      if (!isStop && !isFirstCurrent(items, bands)) continue;
      const y = top + height / 2 + 5;
      labels.push({ text: isStop ? '●' : '▶', y, className: isStop ? 'sign stop' : 'sign' });
    }
    each(this.gutter, 'text', labels, (text, { text: written, y, className }) => {
      const isSign = className.startsWith('sign');
      const end = isSign || className === 'gap' ? 3 : 15;
      setAll(text, { class: className, x: gutterWidth - end, y });
      setText(text, written);
    });
  }
}

/** The band of the current step has its sign at its first row, unless a row has a sign itself. */
function isFirstCurrent([item]: SequenceItem[], bands: readonly Band[]): boolean {
  if (!item!.current) return false;
  const { items } = bands.find((band) => band.items.includes(item!))!;
  return items[0] === item && !items.some(({ stop }) => stop);
}

interface Band {
  top: number;
  bottom: number;
  band: string;
  items: SequenceItem[];
  /** Set if it does not have its line alone. */
  span?: { left: number; right: number };
}

/** One label on one line of so many characters. */
function labelsFor(room: number): Labels {
  return { message: () => room, note: () => room, linesMax: 1 };
}

/** Where the rows of a line are. */
function placingsOf(type: Line['type'], rows: PlacedRow[], layout: Layout): Placing[] {
  const [first, note] = rows;
  if (type === 'beside') {
    return [{ row: first!, x: 0 }, { row: note!, x: besideX(first!, note!, layout) }];
  }
  if (type !== 'packed') return rows.map((row) => ({ row, x: 0 }));
  const { nodes, centres } = layout;
  const notes = rows.map(({ items, left, right }) => {
    const [node] = nodesOf(items[0]!);
    return { centre: centres[nodes.indexOf(node!)] ?? 0, width: right - left };
  });
  // They were measured by the number of their letters: with little room, they may not fit.
  const lefts = sideBySide(notes, layout.width);
  if (!lefts) return stacked(rows);
  return rows.map((row, index) => ({ row, x: lefts[index]! - row.left }));
}

function stacked(rows: readonly PlacedRow[]): Placing[] {
  let { top } = rows[0]!;
  return rows.map((row) => {
    const placed = { ...row, top };
    top += row.height;
    return { row: placed, x: 0 };
  });
}

/** How far the note at the head of an arrow is moved. It ends the arrow. */
function besideX(arrow: PlacedRow, note: PlacedRow, { nodes, centres, width }: Layout): number {
  const [from, to] = nodesOf(arrow.items[0]!).map((id) => centres[nodes.indexOf(id)]!);
  const noteWidth = note.right - note.left;
  const isRight = to! > from!;
  const left = isRight
    ? Math.min(to! - overlap, width - edge - noteWidth)
    : Math.max(to! + overlap - noteWidth, edge);
  endArrowAt(arrow.parts, isRight ? left - 3 : left + noteWidth + 3);
  return left - note.left;
}

function timeOf(rows: readonly PlacedRow[], y: number): Time {
  const items = rows.flatMap((row) => row.items);
  const item = items.find(({ current }) => current) ?? items[0]!;
  return { at: item.at, y, item };
}

/** Of a line: it continues `open`, or begins a band, or is of several steps. */
function bandsOf(
  { type }: Line,
  placings: readonly Placing[],
  { band }: ItemsRow,
  open: Band | undefined,
  bottom: number,
): Band[] {
  const items = placings.flatMap(({ row }) => row.items);
  const { top } = placings[0]!.row;
  if (open) {
    open.bottom = bottom;
    open.items.push(...items);
    return [];
  }
  if (type !== 'packed') return [{ top, bottom, band, items }];
  const isCurrent = ({ row }: Placing) => row.items.some(({ current }) => current);
  const whole = { top, bottom, band, items: items.filter(({ current }) => !current) };
  const current = placings.filter(isCurrent).map(({ row, x }): Band => {
    const span = { left: row.left + x, right: row.right + x };
    return { top, bottom, band, items: row.items, span };
  });
  return [whole, ...current];
}

interface Gap {
  row: SequenceRow;
  y: number;
}

interface Time {
  at: number;
  y: number;
  item: SequenceItem;
}

/** Names a row among all: two rows may say the same. */
function rowKey(
  { items }: ItemsRow,
  line: string,
  ...taken: ReadonlyMap<string, unknown>[]
): string {
  const { step, type } = items[0]!;
  for (let number = 0; ; number++) {
    const key = `${step} ${type} ${number} ${line}`;
    if (!taken.some((keys) => keys.has(key))) return key;
  }
}
