/** Turns Mermaid's SVG into the panel's picture: rows to click, a mark, names that stay visible. */

import type { SequenceItem } from '../../src/view/contract.ts';
import { itemInWords, itemTitle } from '../../src/view/panel-words/sequence.ts';

/** Room below the last row for the frame of its mark. */
const footer = 10;
const svgSpace = 'http://www.w3.org/2000/svg';

/** A picture in two parts, so that the participants' names stay visible while it scrolls. */
export interface Picture {
  names: SVGSVGElement;
  /** The boxes of the names, from left to right. */
  boxes: SVGRectElement[];
  body: SVGSVGElement;
  /** What Mermaid drew for each item, in the items' order. */
  rows: SVGGraphicsElement[][];
}

/** Mermaid numbers what it draws in the order of its text: `i3` is the item with index 3. */
export function dissect(svg: SVGSVGElement, items: SequenceItem[]): Picture {
  const rows: SVGGraphicsElement[][] = items.map(() => []);
  let words: SVGGraphicsElement[] = [];
  for (const child of [...svg.children] as SVGGraphicsElement[]) {
    const kind = child.getAttribute('data-et');
    const index = Number(child.getAttribute('data-id')?.slice(1));
    if (child.classList.contains('messageText')) words.push(child);
    if (kind !== 'message' && kind !== 'note') continue;
    rows[index]?.push(...(kind === 'message' ? words : []), child);
    words = [];
  }
  items.forEach((item, index) => {
    const kind = item.type === 'message' ? item.outcome : item.type;
    for (const part of rows[index]!) part.classList.add('item', kind);
  });
  // Otherwise the head of an open arrow would grow with the width of its line.
  svg.querySelector('[id$="-filled-head"]')?.setAttribute('markerUnits', 'userSpaceOnUse');
  return { ...splitNames(svg), body: svg, rows };
}

/** Moves the participants' boxes into a picture of their own. The life lines begin below it. */
function splitNames(svg: SVGSVGElement): Pick<Picture, 'names' | 'boxes'> {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const boxes = [...svg.querySelectorAll<SVGGElement>('[data-et="participant"]')];
  const rects = boxes.flatMap((box) => [...box.querySelectorAll('rect')]);
  const bottom = Math.max(
    0,
    ...rects.map((rect) => rect.y.baseVal.value + rect.height.baseVal.value),
  );
  const names = document.createElementNS(svgSpace, 'svg');
  names.append(...boxes);
  crop(names, x, y, width, bottom - y + 1);
  crop(svg, x, bottom, width, height + y - bottom + footer);
  for (const line of svg.querySelectorAll('.actor-line')) {
    line.setAttribute('y2', String(height + y + footer));
    line.removeAttribute('id');
  }
  // Mermaid draws the last participant first.
  const sorted = rects.sort((one, other) => one.x.baseVal.value - other.x.baseVal.value);
  return { names, boxes: sorted };
}

function crop(svg: SVGSVGElement, x: number, y: number, width: number, height: number): void {
  svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
  svg.setAttribute('width', String(Math.ceil(width)));
  svg.setAttribute('height', String(Math.ceil(Math.max(1, height))));
  svg.removeAttribute('style');
  svg.removeAttribute('role');
  svg.removeAttribute('aria-roledescription');
}

/**
 * Covers each item with a target for clicks and keys, and returns the targets in the items' order.
 * Call it when the picture is in the page: it measures the items.
 */
export function addTargets(picture: Picture, items: SequenceItem[]): SVGRectElement[] {
  const { body, rows } = picture;
  const notes = [...body.querySelectorAll<SVGGElement>('.event')];
  notes.forEach(widen);
  includeNotes(picture, notes);
  const { x, width } = body.viewBox.baseVal;
  const bounds = rows.map(extent);
  const marks = document.createElementNS(svgSpace, 'g');
  const targets = document.createElementNS(svgSpace, 'g');
  items.forEach((item, index) => {
    const { top, bottom } = bounds[index]!;
    const place = { x: x + 2, y: top - 3, width: width - 4, height: bottom - top + 6 };
    marks.append(mark(place));
    targets.append(target(place, item, index));
  });
  body.prepend(marks);
  body.append(targets);
  return [...targets.children] as SVGRectElement[];
}

/** Widens a note: Mermaid measured the event's name before our CSS made it bold. */
function widen(note: SVGGElement): void {
  const rect = note.querySelector('rect');
  const widths = [...note.querySelectorAll('text')].map((text) => text.getBBox().width);
  const spare = rect ? rect.width.baseVal.value - Math.max(0, ...widths) - 2 * notePadding : 0;
  if (!rect || spare >= 0) return;
  rect.setAttribute('x', String(rect.x.baseVal.value + spare / 2));
  rect.setAttribute('width', String(rect.width.baseVal.value - spare));
}

const notePadding = 6;

/** A note of the first or the last column may be wider than the picture, which would clip it. */
function includeNotes({ names, body }: Picture, notes: SVGGElement[]): void {
  const old = body.viewBox.baseVal;
  const edges = notes.flatMap((note) => {
    const rect = note.querySelector('rect');
    if (!rect) return [];
    const { value: left } = rect.x.baseVal;
    return [left - edge, left + rect.width.baseVal.value + edge];
  });
  const left = Math.min(old.x, ...edges);
  const width = Math.max(old.x + old.width, ...edges) - left;
  if (width <= old.width) return;
  for (const svg of [names, body]) {
    const { y, height } = svg.viewBox.baseVal;
    crop(svg, left, y, width, height);
  }
}

/** Between a note and the edge of the picture: the frame of its row's mark. */
const edge = 8;

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The background of the current row. The pointer at its edge shows it without colour, too. */
function mark({ x, y, width, height }: Place): SVGGElement {
  const group = document.createElementNS(svgSpace, 'g');
  group.setAttribute('class', 'mark');
  const back = box({ x, y, width, height });
  const pointer = document.createElementNS(svgSpace, 'path');
  pointer.setAttribute('d', `M ${x + 3} ${y + height / 2 - 6} l 8 6 l -8 6 z`);
  group.append(back, pointer);
  return group;
}

function target(place: Place, item: SequenceItem, index: number): SVGRectElement {
  const rect = box(place);
  rect.setAttribute('class', 'target');
  rect.setAttribute('role', 'button');
  rect.setAttribute('tabindex', '-1');
  rect.setAttribute('data-index', String(index));
  rect.setAttribute('aria-label', itemInWords(item));
  const title = document.createElementNS(svgSpace, 'title');
  title.textContent = itemTitle(item);
  rect.append(title);
  return rect;
}

function box({ x, y, width, height }: Place): SVGRectElement {
  const rect = document.createElementNS(svgSpace, 'rect');
  for (const [name, value] of Object.entries({ x, y, width, height, rx: 3 })) {
    rect.setAttribute(name, String(value));
  }
  return rect;
}

function extent(parts: SVGGraphicsElement[]): { top: number; bottom: number } {
  const boxes = parts.map((part) => part.getBBox());
  if (boxes.length === 0) return { top: 0, bottom: 0 };
  return {
    top: Math.min(...boxes.map(({ y }) => y)),
    bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
  };
}

/**
 * Moves the marks and the tab stop to the current items, and returns their targets. If no item is
 * current, the tab stop is at the nearest one.
 */
export function markCurrent(
  { body, rows }: Picture,
  targets: SVGRectElement[],
  items: SequenceItem[],
): SVGRectElement[] {
  const marks = body.querySelectorAll('.mark');
  const current: SVGRectElement[] = [];
  items.forEach((item, index) => {
    const target = targets[index]!;
    marks[index]?.classList.toggle('current', item.current);
    for (const part of rows[index]!) part.classList.toggle('current', item.current);
    if (item.current) {
      target.setAttribute('aria-current', 'step');
      current.push(target);
    } else target.removeAttribute('aria-current');
  });
  const shown = current.length > 0 ? current : targets.slice(nearest(items)).slice(0, 1);
  for (const target of targets) target.setAttribute('tabindex', target === shown[0] ? '0' : '-1');
  return shown;
}

/** The last item that has happened: messages in flight follow it, and belong to earlier steps. */
function nearest(items: SequenceItem[]): number {
  return items.findLastIndex((item) => item.type !== 'message' || item.outcome !== 'in-flight');
}
