/** The picture of the panel Locks and Leases: bars on a time axis, one row per node. */

import { nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import type {
  ConflictView, Held, LocksView, LockView, OutageView, SpanView,
} from '../../src/view/locks/locks-view.ts';
import {
  authorityLabel, authorityTitle, barText, believerLabel, conflictSummary, conflictText,
  endMarkText, gapText, labels, outageText, pictureText, renewalText, shortConflict,
  timeLabel, spanText, writeText,
} from '../../src/view/panel-words/locks.ts';
import { fit, textWidth } from '../ui/measure.ts';
import type { Axis, Gap } from './axis.ts';
import {
  bold, letters, type LockRows, margin, type Measures, type Rows, type StoreRows,
} from './rows.ts';

type Part = TemplateResult | typeof nothing;

interface Drawn {
  readonly view: LocksView;
  readonly axis: Axis;
  readonly rows: Rows;
  readonly measures: Measures;
  /** How far the picture is scrolled: the names of rows stay in view. */
  readonly scrolled: number;
}

export function picture(drawn: Drawn): TemplateResult {
  const { view, axis, rows, measures: { labelWidth } } = drawn;
  const width = labelWidth + axis.width + margin;
  const x = (time: number) => labelWidth + axis.x(time);
  return svg`<svg
    xmlns="http://www.w3.org/2000/svg"
    data-picture="Locks and Leases"
    role="group"
    aria-label=${pictureText(view)}
    width=${width}
    height=${rows.height}
    viewBox="0 0 ${width} ${rows.height}"
  >
    ${patterns}
    ${axisPart(drawn)}
    ${rows.locks.map((lock) => lockPart(drawn, lock, x))}
    ${rows.stores.map((store) => storePart(drawn, store))}
    ${view.now < view.known ? futurePart(drawn, x) : nothing}
    ${nowPart(drawn, x)}
    ${namesPart(drawn)}
  </svg>`;
}

/** A hatch for what does not run, and dots for what contradicts: not by colour alone. */
const patterns = svg`<defs>
  <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)">
    <line x1="0" y1="0" x2="0" y2="7" class="hatch"></line>
  </pattern>
  <pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">
    <circle cx="2" cy="2" r="1.1" class="dots"></circle>
    <circle cx="6" cy="6" r="1.1" class="dots"></circle>
  </pattern>
</defs>`;

// The axis

function axisPart({ view, axis, rows, measures }: Drawn): TemplateResult {
  const { labelWidth, axis: axisHeight } = measures;
  const y = axisHeight - 6;
  const end = labelWidth + axis.width;
  const ticks = ticksOf(view, axis, labelWidth);
  return svg`<g class="axis" aria-hidden="true">
    <line x1=${labelWidth} x2=${end} y1=${y} y2=${y}></line>
    ${axis.gaps.map(({ x, width, from, to }) => {
      const middle = labelWidth + x + width / 2;
      const half = Math.min(width / 2, halfOfGap({ from, to }));
      const isFree = !ticks.some(([, , at, room]) => Math.abs(at - middle) < room + half);
      return svg`<g class="gap">
        <rect x=${middle - 5} y=${y - 4} width="10" height="8" class="cut"></rect>
        <path d="M${middle - 5} ${y + 4}l4 -8M${middle + 1} ${y + 4}l4 -8"></path>
        ${isFree
          ? svg`<text x=${middle} y=${y - 8} text-anchor="middle">${gapText(to - from)}</text>`
          : nothing}
        <line x1=${middle} x2=${middle} y1=${axisHeight} y2=${rows.height} class="fold"></line>
      </g>`;
    })}
    ${ticks.map(([time, place, middle]) => svg`<g>
      <line x1=${place} x2=${place} y1=${y - 3} y2=${y + 3}></line>
      <text x=${middle} y=${y - 8} text-anchor="middle">${timeLabel(time)}</text>
    </g>`)}
  </g>`;
}

type Tick = readonly [time: number, place: number, middleOfName: number, half: number];

/** Half of the room that the name of a gap takes. */
function halfOfGap({ from, to }: Pick<Gap, 'from' | 'to'>): number {
  return textWidth(gapText(to - from), letters) / 2 + 4;
}

/**
 * Names of times, where there is room beside those of gaps and of other times. Those of the
 * current moment and of both ends come before those of gaps.
 */
function ticksOf({ now, known }: LocksView, axis: Axis, labelWidth: number): Tick[] {
  const gaps = axis.gaps.map((gap) => {
    const [middle, half] = [gap.x + gap.width / 2, halfOfGap(gap)];
    return [middle - half, middle + half];
  });
  const taken: number[][] = [];
  const ticks: Tick[] = [];
  const first = [now, known, axis.times[0]!];
  for (const [place, time] of [...first, ...axis.times].entries()) {
    const x = axis.x(time);
    const half = textWidth(timeLabel(time), letters) / 2 + 4;
    // The first one begins at the axis; it would reach below the names of the rows.
    const middle = Math.min(Math.max(x, half - 6), axis.width + margin - half);
    const avoided = place < first.length ? taken : [...gaps, ...taken];
    if (time < axis.times[0]!) continue;
    if (avoided.some(([from, to]) => middle + half > from! && middle - half < to!)) continue;
    taken.push([middle - half, middle + half]);
    ticks.push([time, labelWidth + x, labelWidth + middle, half]);
  }
  return ticks;
}

// Locks

type X = (time: number) => number;

function lockPart({ view, axis, measures }: Drawn, rows: LockRows, x: X): TemplateResult {
  const { labelWidth } = measures;
  const { lock, top, authority, believers, bottom } = rows;
  const first = authority ?? believers[0] ?? bottom;
  return svg`<g data-lock=${lock.name}>
    <line x1="0" x2=${labelWidth + axis.width} y1=${top} y2=${top} class="divider"></line>
    ${lock.conflicts.map((one) => conflictPart(one, lock, { view, x, first, bottom }))}
    ${lock.authority === undefined ? nothing : lock.authority.spans.map((span) =>
      barPart(span, {
        lock, isHeld: true, y: authority!, view, x, measures, row: `${lock.name} held`,
      }))}
    ${lock.believers.map(({ node, spans, outages }, i) => svg`
      ${outages.map((one) => outagePart(one, node, {
        view, x, y: believers[i]!, first: axis.times[0]!, barHeight: measures.bar,
        taken: spans.flatMap((span) => takenBy(span, lock, x)),
      }))}
      ${spans.map((span) => barPart(span, {
        lock, isHeld: false, y: believers[i]!, view, x, measures, row: `${lock.name} ${node}`,
      }))}
    `)}
  </g>`;
}

interface Bar {
  readonly lock: Held;
  readonly isHeld: boolean;
  readonly y: number;
  readonly view: LocksView;
  readonly x: X;
  readonly measures: Measures;
  readonly row: string;
}

function barPart(span: SpanView, bar: Bar): TemplateResult {
  const { lock, isHeld, y, view, x, row, measures: { bar: barHeight } } = bar;
  const { now, known } = view;
  const begin = x(span.from);
  const width = Math.max(3, x(span.to ?? known) - begin);
  const text = barText(span, lock, isHeld);
  const isWide = textWidth(text, letters * bold) + 12 < width;
  const top = y + 3;
  const about = spanText(span, lock, isHeld, now);
  return svg`<g
    class="item ${isHeld ? 'held' : 'believed'} ${span.to === null ? 'open' : ''}"
    role="button"
    tabindex="-1"
    data-row=${row}
    data-step=${span.fromStep}
    data-x=${begin}
    data-about=${about}
    aria-label=${about}
  >
    <title>${about}</title>
    <rect x=${begin} y=${top} width=${width} height=${barHeight} rx=${isHeld ? 0 : 9}></rect>
    ${span.renewals.map(({ at }) => {
      const place = x(at);
      return svg`<line x1=${place} x2=${place} y1=${top + barHeight - 6} y2=${top + barHeight}
        class="renewal"><title>${renewalText(span.holder, lock, at)}</title></line>`;
    })}
    ${isWide
      ? svg`<text x=${begin + (isHeld ? 6 : 9)} y=${top + barHeight - 5}>${text}</text>`
      : nothing}
    ${endPart(span, bar)}
  </g>`;
}

/** A flag where the lease ends by the clock of its node; filled for the authority's. */
function endPart(span: SpanView, { lock, isHeld, y, view, x, measures }: Bar): Part {
  const { end, from } = span;
  if (end === null || end.at > view.known || end.at < from) return nothing;
  // What was given up or taken away before does not end then: the mark would stand beside others.
  if (span.to !== null && end.at > span.to) return nothing;
  const place = x(end.at);
  return svg`<g class="end">
    <title>${endMarkText(span, lock, isHeld, view.now)}</title>
    <line x1=${place} x2=${place} y1=${y} y2=${y + measures.bar + 6}></line>
    <path d="M${place} ${y - 1}h8l-3 3.5l3 3.5h-8z"></path>
  </g>`;
}

type Extent = readonly [from: number, to: number];

/** Where the text of a believer's bar is, and the flag at the end of its lease. */
function takenBy(span: SpanView, lock: Held, x: X): Extent[] {
  const begin = x(span.from);
  const text = textWidth(barText(span, lock, false), letters * bold);
  const flags = span.end === null ? [] : [x(span.end.at)];
  return [[begin, begin + 9 + text], ...flags.map((at): Extent => [at - 2, at + 10])];
}

function outagePart(
  outage: OutageView, node: string,
  { view, x, y, first, barHeight, taken }: {
    view: LocksView; x: X; y: number; first: number; barHeight: number; taken: Extent[];
  },
): Part {
  const { type, from, to } = outage;
  const end = to ?? view.known;
  if (end <= first) return nothing;
  const begin = x(Math.max(from, first));
  const width = x(end) - begin;
  if (width <= 0) return nothing;
  const text = type === 'paused' ? labels.paused : labels.off;
  const [middle, half] = [begin + width / 2, textWidth(text, letters * bold) / 2 + 4];
  return svg`<g class="outage" data-outage=${type}>
    <title>${outageText(outage, node)}</title>
    <rect x=${begin} y=${y} width=${width} height=${barHeight + 6} fill="url(#hatch)"></rect>
    ${taken.every(([from, to]) => middle + half < from || middle - half > to) && width > 2 * half
      ? svg`<text x=${middle} y=${y + barHeight - 2} text-anchor="middle">${text}</text>`
      : nothing}
  </g>`;
}

function conflictPart(
  conflict: ConflictView, lock: Held,
  { view, x, first, bottom }: { view: LocksView; x: X; first: number; bottom: number },
): TemplateResult {
  const { from, to, step, type } = conflict;
  const begin = x(from);
  const width = Math.max(2, x(to ?? view.known) - begin);
  const about = conflictText(conflict, lock, view.now);
  return svg`<g
    class="item conflict ${type}"
    role="button"
    tabindex="-1"
    data-row="${lock.name} conflicts"
    data-step=${step}
    data-x=${begin}
    data-about=${about}
    aria-label=${about}
  >
    <title>${about}</title>
    <rect x=${begin} y=${first} width=${width} height=${bottom - first}></rect>
    ${type === 'two'
      ? svg`<rect x=${begin} y=${first} width=${width} height=${bottom - first} fill="url(#dots)"
          class="texture"></rect>`
      : nothing}
  </g>`;
}

// Storage

function storePart({ axis, rows, measures }: Drawn, store: StoreRows): TemplateResult {
  const { node, top, writes } = store;
  const isFew = writes.length <= 24;
  const { labelWidth } = measures;
  return svg`<g data-store=${node}>
    <line x1="0" x2=${labelWidth + axis.width} y1=${top - 4} y2=${top - 4} class="divider"></line>
    ${writes.map((placed) => {
      const { write, x, y, isLeft, text } = placed;
      const place = labelWidth + x;
      const from = isFew ? rowOf(rows, write.from, measures) : undefined;
      const about = writeText(write, node);
      return svg`<g
        class="item write ${write.accepted ? 'accepted' : 'refused'} ${
          write.older === undefined ? '' : 'stale'}"
        role="button"
        tabindex="-1"
        data-row="store ${node}"
        data-step=${write.step}
        data-x=${place}
        data-about=${about}
        aria-label=${about}
      >
        <title>${about}</title>
        ${from === undefined ? nothing : svg`<line x1=${place} x2=${place} y1=${from}
          y2=${y - 6} class="sent"></line>`}
        <circle cx=${place} cy=${y} r="7" class="target"></circle>
        <path d=${write.accepted
          ? `M${place - 5} ${y}l3.5 4l6.5 -8`
          : `M${place - 4} ${y - 4}l8 8M${place + 4} ${y - 4}l-8 8`}></path>
        ${text === ''
          ? nothing
          : svg`<text x=${place + (isLeft ? -11 : 11)} y=${y + 4}
              text-anchor=${isLeft ? 'end' : 'start'}>${text}</text>`}
      </g>`;
    })}
  </g>`;
}

/** The bottom of the row of a node that wrote, in the lowest lock that has one. */
function rowOf({ locks }: Rows, node: string, { bar }: Measures): number | undefined {
  for (const { lock, believers } of [...locks].reverse()) {
    const i = lock.believers.findIndex((one) => one.node === node);
    if (i >= 0) return believers[i]! + bar + 3;
  }
  return undefined;
}

// The moment, and the names of the rows

function futurePart({ view, axis, rows, measures }: Drawn, x: X): TemplateResult {
  const { labelWidth, axis: axisHeight } = measures;
  const begin = x(view.now) + 1;
  const width = Math.max(0, labelWidth + axis.width + margin - begin);
  return svg`<rect class="future" x=${begin} y=${axisHeight} width=${width}
    height=${rows.height - axisHeight}></rect>`;
}

function nowPart({ view, rows, measures: { axis: axisHeight } }: Drawn, x: X): TemplateResult {
  const place = x(view.now);
  return svg`<g class="now" aria-hidden="true">
    <line x1=${place} x2=${place} y1=${axisHeight - 10} y2=${rows.height}></line>
    <path d="M${place - 5} ${axisHeight - 12}h10l-5 7z"></path>
  </g>`;
}

function namesPart(drawn: Drawn): TemplateResult {
  const { rows, measures, scrolled } = drawn;
  const { labelWidth, row } = measures;
  const heading = (text: string, y: number) => svg`<text x="8" y=${y} class="lock"
    >${fit(text, labelWidth - 14, 12 * bold)}<title>${text}</title></text>`;
  const name = (text: string, y: number, title = text) => svg`<text x="16" y=${y + row - 9}
    >${fit(text, labelWidth - 22, letters)}<title>${title}</title></text>`;
  return svg`<g class="names" transform="translate(${scrolled} 0)">
    <rect x="0" y="0" width=${labelWidth - 6} height=${rows.height} class="cover"></rect>
    ${rows.locks.map(({ lock, top, authority, believers }) => svg`
      ${heading(lock.name, top + measures.heading - 6)}
      ${lock.authority && name(
        authorityLabel(lock.authority, lock), authority!, authorityTitle(lock.authority, lock))}
      ${lock.believers.map(({ node }, i) => name(believerLabel(node), believers[i]!))}
      ${conflictNote(lock, top, drawn)}
    `)}
    ${rows.stores.map(({ node, top }) => heading(node, top + 13))}
  </g>`;
}

/** In full if the axis is as wide as that, which is at least the width of the panel. */
function conflictNote(lock: LockView, top: number, { view, axis, measures }: Drawn): Part {
  const full = conflictSummary(lock, view.now);
  if (full === '') return nothing;
  const { labelWidth, heading } = measures;
  const size = letters * bold;
  const room = axis.width + margin - noteIndent;
  const isFull = textWidth(full, size) <= room;
  const text = isFull ? full : fit(shortConflict(lock, view.now), room, size);
  const y = top + heading - 6;
  return svg`<g class="note" data-conflict>
    <path d="M${labelWidth + 1} ${y + 1}l6 -11l6 11z"></path>
    <text x=${labelWidth + noteIndent} y=${y}>${text}<title>${full}</title></text>
  </g>`;
}

/** The room of the triangle before a note. */
const noteIndent = 16;
