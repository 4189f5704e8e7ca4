/** One row of the picture: what Mermaid drew for it, at the height 0, and what can be clicked. */

import type { ItemsRow } from '../../src/view/sequence/rows.ts';
import type { SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import type { Layout } from './columns.ts';
import { setAll, svgElement } from './svg.ts';

/** A row that Mermaid drew, at the height 0. */
export interface DrawnRow {
  group: SVGGElement;
  target: SVGRectElement;
  height: number;
  parts: SVGGraphicsElement[];
  /** Of what is drawn, in the picture. */
  left: number;
  right: number;
}

/** Otherwise the head of an open arrow would grow with the width of its line. */
export function asPlainHead(head: SVGDefsElement): SVGDefsElement {
  head.querySelector('[id$="-filled-head"]')?.setAttribute('markerUnits', 'userSpaceOnUse');
  return head;
}

/** `isShared` if others have their place on the same line. */
export function rowOf(
  parts: SVGGraphicsElement[],
  { items }: ItemsRow,
  layout: Layout,
  isShared: boolean,
): DrawnRow {
  const { width } = layout;
  const { space } = layout;
  const item = items[0]!;
  const isEvent = items.some(({ type }) => type === 'event');
  const kind = item.type === 'message' ? item.outcome : isEvent ? 'event' : item.type;
  if (layout.labels.linesMax === 1) tighten(parts);
  else centre(parts);
  if (item.type === 'message') standClear(parts);
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
  const isNote = isShared && item.type !== 'message';
  const place = isNote
    ? { x: left + shift - 1, y: 0, width: right - left + 2, height, rx: 3 }
    : { x: 2, y: 0, width: width - 4, height, rx: 3 };
  const target = svgElement('rect', {
    class: 'target', role: 'button', tabindex: -1, 'aria-keyshortcuts': 'C', ...place,
  });
  target.append(svgElement('title'));
  group.append(svgElement('rect', { class: 'mark', ...place }), drawn, target);
  return { group, target, height, parts, left: left + shift, right: right + shift };
}

/** Where an arrow ends before a note that stands at its head. */
export function endArrowAt(parts: readonly SVGGraphicsElement[], end: number): void {
  const line = parts.find((part) => part instanceof SVGLineElement);
  if (!line) return;
  const begin = line.x1.baseVal.value;
  setAll(line, { x2: end });
  for (const part of parts) {
    if (part instanceof SVGTextElement) setAll(part, { x: labelMiddle(begin, end) });
  }
}

/** A label on one line needs less room than Mermaid leaves in its note. */
function tighten(parts: readonly SVGGraphicsElement[]): void {
  for (const part of parts) {
    for (const text of part.querySelectorAll('text')) text.setAttribute('dy', '0.85em');
    const [rect, text] = [part.querySelector('rect'), part.querySelector('text')];
    if (!rect || !text) continue;
    const size = parseFloat(getComputedStyle(text).fontSize);
    setAll(rect, { y: text.y.baseVal.getItem(0).value - 1, height: Math.ceil(size * 1.2) + 2 });
  }
}

/** Mermaid draws the lines of a note so low that its border crosses the last one. */
function centre(parts: readonly SVGGraphicsElement[]): void {
  for (const part of parts) {
    for (const text of part.querySelectorAll('text.noteText')) text.setAttribute('dy', '0.65em');
  }
}

/** The length of an arrow's head, in CSS pixels. */
export const headLength = 10;
/** How far letters reach below their base line, of the size of the font. */
const descent = 0.25;
/** From a line of a label to the next. */
const lineHeight = 1.16;

/** How Mermaid places a label; here, its base line does. */
const placedBy = ['dy', 'dominant-baseline', 'alignment-baseline'];

/** The line of an arrow is below the letters that reach down; its label is beside its head. */
function standClear(parts: readonly SVGGraphicsElement[]): void {
  const line = parts.find((part) => part instanceof SVGLineElement);
  const labels = parts.filter((part) => part instanceof SVGTextElement);
  if (!line || labels.length === 0) return;
  const size = parseFloat(getComputedStyle(labels[0]!).fontSize);
  const [tail, tip] = [line.x1, line.x2].map((end) => end.baseVal.value);
  let base = line.y1.baseVal.value - 2 - size * descent;
  for (const label of labels.toReversed()) {
    for (const name of placedBy) label.removeAttribute(name);
    setAll(label, { x: labelMiddle(tail!, tip!), y: base });
    base -= size * lineHeight;
  }
}

/** The middle of a label between the tail and the head of its arrow. */
function labelMiddle(tail: number, tip: number): number {
  return Math.round((tail + tip - Math.sign(tip - tail) * headLength) / 2);
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
