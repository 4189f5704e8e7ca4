/** The table of all logs: only what is in view is in the page, whatever the length of the logs. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { LogGroup, LogsView, NodeLog } from '../../src/view/logs/logs-view.ts';
import { type InView, labels } from '../../src/view/panel-words/logs.ts';
import { entryCell, markLabels, nodeHeader } from './cells.ts';
import { inView, isNarrow, outOfView, type Sizes } from './measure.ts';

export interface Table {
  readonly view: LogsView;
  readonly tall: boolean;
  readonly sizes: Sizes;
  /** What is scrolled, and the room that there is, in both directions. */
  readonly scroll: { readonly left: number; readonly top: number };
  readonly room: { readonly width: number; readonly height: number };
  readonly active: Place | undefined;
}

/** A cell: the number of the log, in the order of all groups, and the index of the entry. */
export interface Place {
  readonly log: number;
  readonly index: number;
}

/** One place for each index, and one more: a leader's next index may be beyond the last entry. */
export function placesOf({ first, last }: LogsView): number {
  return Math.max(0, last - first + 2);
}

export function logsIn({ groups }: LogsView): { log: NodeLog; group: LogGroup }[] {
  return groups.flatMap((group) => group.logs.map((log) => ({ log, group })));
}

/** Whether a leader keeps marks on the logs. */
export function hasMarks({ groups }: LogsView): boolean {
  return groups.some(({ logs }) => logs.some(({ marks }) => marks.length > 0));
}

export function logTable(table: Table): TemplateResult {
  const { view, tall, sizes } = table;
  const count = placesOf(view);
  const logs = logsIn(view);
  const along = count * sizes.along;
  const across = logs.length * sizes.across;
  const [width, height] = tall
    ? [sizes.indexHeader + across, sizes.nodeHeader + along]
    : [sizes.nodeHeader + along, sizes.indexHeader + across];
  return html`<div
    class="sheet"
    role="grid"
    aria-label=${labels.logs}
    aria-rowcount=${logs.length + 1}
    aria-colcount=${count + 1}
    style="width:${width}px;height:${height}px"
  >
    ${indexHeaders(table, count)} ${logs.map((_, at) => logRow(table, at))}
    <div class="corner" style=${cornerStyle(table)}>${labels.index}</div>
  </div>`;
}

/** Which places are in view. */
export function visible({ tall, sizes, scroll, room, view }: Table) {
  const [at, space] = tall ? [scroll.top, room.height] : [scroll.left, room.width];
  return inView(at, Math.max(0, space - sizes.nodeHeader), sizes.along, placesOf(view));
}

/** What a reader sees of the table; the index after the last one is not among it. */
export function seen(table: Table): InView {
  const { tall, sizes, scroll, room, view } = table;
  const [[at, space], [side, across]] = tall
    ? [[scroll.top, room.height], [scroll.left, room.width]]
    : [[scroll.left, room.width], [scroll.top, room.height]];
  const count = view.last - view.first + 1;
  const indexes = outOfView(at!, space! - sizes.nodeHeader, sizes.along, count);
  const logs = outOfView(side!, across! - sizes.indexHeader, sizes.across, logsIn(view).length);
  const from = Math.min(view.last, view.first + indexes.before);
  return { from, to: Math.max(from, view.last - indexes.after), ...logs, tall };
}

function cornerStyle({ tall, sizes, scroll }: Table): string {
  const [width, height] = tall
    ? [sizes.indexHeader, sizes.nodeHeader]
    : [sizes.nodeHeader, sizes.indexHeader];
  return box(scroll.left, scroll.top, width, height);
}

function indexHeaders(table: Table, count: number): TemplateResult {
  const { view, tall, sizes, scroll } = table;
  const { from, to } = visible(table);
  // Only a mark of a leader is ever at the index after the last one.
  const hasNext = hasMarks(view);
  const headers: TemplateResult[] = [];
  for (let place = from; place < Math.min(to, count); place++) {
    const at = sizes.nodeHeader + place * sizes.along;
    const index = view.first + place;
    if (index > view.last && !hasNext) continue;
    const style = tall
      ? box(scroll.left, at, sizes.indexHeader, sizes.along)
      : box(at, scroll.top, sizes.along, sizes.indexHeader);
    headers.push(html`<div role="columnheader" class="index" aria-colindex=${place + 2}
      style=${style}>${index}</div>`);
  }
  return html`<div role="row" aria-rowindex="1">${headers}</div>`;
}

function logRow(table: Table, at: number): TemplateResult | string {
  const { view, tall, sizes, scroll, room, active } = table;
  const { log, group } = logsIn(view)[at]!;
  const start = sizes.indexHeader + at * sizes.across;
  // The rows of a large cluster are drawn as far as they are in view.
  const [low, high] = tall
    ? [scroll.left, scroll.left + room.width]
    : [scroll.top, scroll.top + room.height];
  if (start + sizes.across < low || start > high) return '';
  const conflicts = new Set(group.conflicts.map(({ index }) => index));
  const { from, to } = visible(table);
  const cells: TemplateResult[] = [];
  for (let place = from; place < to; place++) {
    const index = view.first + place;
    const along = sizes.nodeHeader + place * sizes.along;
    const style = tall
      ? box(start, along, sizes.across, sizes.along)
      : box(along, start, sizes.along, sizes.across);
    const marks = markLabels(log.marks, index, group);
    if (marks.length > 0) {
      cells.push(html`<div class="marks" style=${style} aria-hidden="true">${marks}</div>`);
    }
    if (index > view.last) continue;
    const isHere = index >= view.from && index <= view.to;
    const entry = isHere ? (log.entries[index - view.from] ?? null) : undefined;
    const isActive = active?.log === at && active.index === index;
    const differs = conflicts.has(index);
    cells.push(entryCell({ log, index, entry, differs, isActive, style, group }, at));
  }
  const header = tall
    ? box(start, scroll.top, sizes.across, sizes.nodeHeader)
    : box(scroll.left, start, sizes.nodeHeader, sizes.across);
  return html`<div role="row" class="row" aria-rowindex=${at + 2}>
    ${nodeHeader(log, header, { isTall: tall, isNarrow: isNarrow(room.width) })} ${cells}
  </div>`;
}

function box(left: number, top: number, width: number, height: number): string {
  return `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
}
