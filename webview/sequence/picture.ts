/**
 * The diagram in the page. Mermaid draws each row once; the picture keeps it and stacks the rows,
 * so that a step costs what its own rows cost.
 */

import {
  gapText, itemInWords, itemTitle, labels as words, repeatedText, timeLabel,
} from '../../src/view/panel-words/sequence.ts';
import { itemsLine, participantKeys } from '../../src/view/sequence/mermaid.ts';
import { activationsOf, type ItemsRow, type SequenceRow } from '../../src/view/sequence/rows.ts';
import type { Participant, SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import type { Layout } from './columns.ts';
import { drawLines } from './renderer.ts';
import type { Font } from '../ui/mermaid.ts';
import { arrange, each, setAll, setText, svgElement } from './svg.ts';

/** A row that Mermaid drew, at the height 0. */
export interface DrawnRow {
  group: SVGGElement;
  target: SVGRectElement;
  height: number;
  parts: SVGGraphicsElement[];
}

/** A row in its place. */
export interface PlacedRow extends DrawnRow {
  items: SequenceItem[];
  top: number;
}

/** In CSS pixels: around a row, between the bands of two actions, and of a gap. */
const roomy = { row: 2, band: 3, gap: 15 };
const tight = { row: 0, band: 2, gap: 11 };
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
  ): Promise<() => void> {
    const items = rows.flatMap((row) => (row.type === 'items' ? row.items : []));
    const keys = participantKeys(participants, items);
    const { centres, box } = layout;
    const drawnFor = JSON.stringify([font, centres, box, [...keys]]);
    const known = drawnFor === this.drawnFor ? this.known : new Map<string, DrawnRow>();
    const used = new Map<string, DrawnRow>();
    const lines = new Map<string, { line: string; row: ItemsRow }>();
    const order: (string | undefined)[] = [];
    for (const row of rows) {
      if (row.type !== 'items') {
        order.push(undefined);
        continue;
      }
      const line = itemsLine(row, keys, layout.labels);
      const key = rowKey(row, line, used, lines);
      order.push(key);
      const drawn = known.get(key);
      if (drawn) used.set(key, drawn);
      else lines.set(key, { line, row });
    }
    if (lines.size > 0) {
      const wanted = [...lines.values()];
      const columns = { keys: [...keys.values()], centres, box };
      const drawn = await drawLines(wanted.map(({ line }) => line), columns, font, (drawing) => {
        const { heads } = this;
        if (heads.childElementCount === 0) heads.append(...drawing.heads.map(asPlainHead));
        return drawing.rows.map((parts, index) => rowOf(parts, wanted[index]!.row, layout));
      });
      [...lines.keys()].forEach((key, index) => used.set(key, drawn[index]!));
    }
    return () => {
      this.known = used;
      this.drawnFor = drawnFor;
      this.place(rows, order.map((key) => (key === undefined ? undefined : used.get(key))), layout);
    };
  }

  /** Stacks the rows. */
  private place(
    rows: readonly SequenceRow[],
    drawn: readonly (DrawnRow | undefined)[],
    layout: Layout,
  ): void {
    const space = spaceOf(layout);
    const placed: (PlacedRow | undefined)[] = [];
    const gaps: Gap[] = [];
    const times: Time[] = [];
    const bands: Band[] = [];
    let y = space.band;
    let band = '';
    rows.forEach((row, index) => {
      const one = drawn[index];
      if (row.type !== 'items' || one === undefined) {
        y += space.band;
        gaps.push({ row, y: y + space.gap / 2 });
        y += space.gap;
        band = '';
        placed.push(undefined);
        return;
      }
      const { items } = row;
      const first = items[0]!;
      if (row.band !== band) {
        if (bands.length > 0) y += space.band;
        bands.push({ top: y, bottom: y, band: row.band, items: [] });
        const isLater = row.band !== 'flight';
        if (isLater) times.push({ at: first.at, y: y + space.row + 11, item: first });
        band = row.band;
      }
      const last = bands.at(-1)!;
      last.bottom = y + one.height;
      last.items.push(...items);
      placed.push({ ...one, items, top: y });
      y += one.height;
    });
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
    for (const { group, target, top, items } of this.rows) {
      setAll(group, { transform: `translate(0 ${top})` });
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
    each(this.layers.bands, 'rect', shown, (rect, { top, bottom, items }) => {
      const current = items.some((item) => item.current) ? ' current' : '';
      const future = items.some((item) => item.future) ? ' future' : '';
      setAll(rect, {
        class: `band${current}${future}`, x: 1, y: top - 1, width: width - 2,
        height: bottom - top + 2, rx: 3,
      });
    });
  }

  private showActivations(
    rows: readonly SequenceRow[],
    placed: readonly (PlacedRow | undefined)[],
    layout: Layout,
    end: number,
  ): void {
    const space = spaceOf(layout);
    const shown = activationsOf(rows).filter(({ node }) => layout.nodes.includes(node));
    each(this.layers.activations, 'rect', shown, (rect, { node, from, to }) => {
      const begin = placed[from];
      const top = begin ? begin.top + begin.height - space.row : 0;
      const last = placed[to];
      const bottom = last ? last.top + space.row : end;
      const x = layout.centres[layout.nodes.indexOf(node)]! - 4;
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

function spaceOf({ labels }: Layout): typeof roomy {
  return labels.linesMax === 1 ? tight : roomy;
}

interface Band {
  top: number;
  bottom: number;
  band: string;
  items: SequenceItem[];
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

/** Otherwise the head of an open arrow would grow with the width of its line. */
function asPlainHead(head: SVGDefsElement): SVGDefsElement {
  head.querySelector('[id$="-filled-head"]')?.setAttribute('markerUnits', 'userSpaceOnUse');
  return head;
}

function rowOf(parts: SVGGraphicsElement[], { items }: ItemsRow, layout: Layout): DrawnRow {
  const { width } = layout;
  const space = spaceOf(layout);
  const item = items[0]!;
  const isEvent = items.some(({ type }) => type === 'event');
  const kind = item.type === 'message' ? item.outcome : isEvent ? 'event' : item.type;
  if (layout.labels.linesMax === 1) tighten(parts);
  if (item.type !== 'message') embolden(parts, items);
  const boxes = parts.map((part) => part.getBBox());
  // Above the letters of a label is room that an arrow does not need.
  const above = item.type === 'message' && layout.labels.linesMax === 1 ? 2 : 0;
  const top = Math.min(...boxes.map((box) => box.y)) + above;
  // The head of an arrow reaches below its line.
  const below = item.type === 'message' ? 3.5 : 0;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + below;
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  // A note of an outer column is wider than its column.
  const shift = left < 4 ? 4 - left : Math.min(0, Math.max(4 - left, width - 4 - right));
  const height = (Number.isFinite(top) ? bottom - top : 0) + 2 * space.row;
  const drawn = svgElement('g', { transform: `translate(${shift} ${space.row - top})` });
  for (const part of parts) part.classList.add('item', kind);
  drawn.append(...parts);
  const group = svgElement('g', { class: `row ${item.type}` });
  if (item.type === 'message') group.setAttribute('data-message', item.id);
  const place = { x: 2, y: 0, width: width - 4, height, rx: 3 };
  const target = svgElement('rect', { class: 'target', role: 'button', tabindex: -1, ...place });
  target.append(svgElement('title'));
  group.append(svgElement('rect', { class: 'mark', ...place }), drawn, target);
  return { group, target, height, parts };
}

/** A label on one line needs less room than Mermaid leaves above its arrow and in its note. */
function tighten(parts: readonly SVGGraphicsElement[]): void {
  for (const part of parts) {
    if (part instanceof SVGLineElement) {
      for (const end of [part.y1, part.y2]) end.baseVal.value -= 1;
    } else for (const text of part.querySelectorAll('text')) text.setAttribute('dy', '0.85em');
  }
}

/** The names of events stand out from their details. */
function embolden(parts: readonly SVGGraphicsElement[], items: readonly SequenceItem[]): void {
  const names = items.flatMap((item) => (item.type === 'event' ? [item.name] : []));
  for (const part of parts) {
    for (const span of part.querySelectorAll('tspan')) {
      const text = span.textContent ?? '';
      const found = names.flatMap((name) => {
        const at = text.indexOf(name);
        return at < 0 ? [] : [{ at, name }];
      });
      if (found.length === 0) continue;
      found.sort((one, other) => one.at - other.at);
      const pieces: Node[] = [];
      let from = 0;
      for (const { at, name } of found) {
        if (at < from) continue;
        const bold = svgElement('tspan', { 'font-weight': 600 });
        bold.textContent = name;
        pieces.push(document.createTextNode(text.slice(from, at)), bold);
        from = at + name.length;
      }
      pieces.push(document.createTextNode(text.slice(from)));
      span.replaceChildren(...pieces);
    }
    widen(part);
  }
}

/** Mermaid measured the note before the names in it were bold. */
function widen(note: SVGGraphicsElement): void {
  const rect = note.querySelector('rect');
  const widths = [...note.querySelectorAll('text')].map((text) => text.getBBox().width);
  const spare = rect ? rect.width.baseVal.value - Math.max(0, ...widths) - notePadding : 0;
  if (!rect || spare >= 0) return;
  rect.setAttribute('x', String(rect.x.baseVal.value + spare / 2));
  rect.setAttribute('width', String(rect.width.baseVal.value - spare));
}

const notePadding = 12;
