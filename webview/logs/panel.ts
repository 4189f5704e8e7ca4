/** The panel of all logs: one table by index, which scrolls through logs of any length. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { LogGroup, LogsSelection, LogsView, NodeLog } from '../../src/view/logs/logs-view.ts';
import { logsToMermaid } from '../../src/view/export/mermaid/logs.ts';
import {
  cellText, changeTexts, conflictTexts, elsewhereText, inViewText, labels,
} from '../../src/view/panel-words/logs.ts';
import { emptyStyles } from '../ui/empty.ts';
import { legendFold, legendFoldStyles } from '../ui/legend-fold.ts';
import type { Shown } from '../ui/panel.ts';
import { withCode } from '../ui/marked.ts';
import { PanelElement } from '../ui/panel.ts';
import { positionLine } from '../ui/head/position.ts';
import { frameStyles, headButtons, tokens } from '../ui/theme.ts';
import { cellId } from './cells.ts';
import { legend } from './legend.ts';
import { askedFor, isTall, type Sizes, sizesOf } from './measure.ts';
import { logsStyles } from './styles.ts';
import { hasMarks, logsIn, logTable, type Place, seen, type Table, visible } from './table.ts';

/** Of a table whose indexes run down, and of all else in the panel with its legend unfolded. */
const wantedDown = 320;
const besidesLogs = 330;

export class LogsPanel extends PanelElement<'logs'> {
  static override styles = [
    tokens, emptyStyles, frameStyles, headButtons, legendFoldStyles, logsStyles,
  ];

  readonly name = 'logs';
  @state() private position = { left: 0, top: 0 };
  @state() private room = { width: 600, height: 300 };
  @state() private active: Place | undefined;
  @query('.scroll') private scroller!: HTMLElement | null;
  /** Whether the newest entries stay in view as logs grow. */
  private follows = true;
  /** What was asked for last. */
  private asked: LogsSelection | undefined;
  /** The position that this panel has set itself: it is not the user's. */
  private ownScroll = -1;
  /** The stop at which the change was scrolled into view. */
  private revealed = '';
  private readonly sizesSeen = new ResizeObserver(() => this.measure());

  protected content({ moment, view, phase }: Shown<'logs'>): TemplateResult {
    return html`
      <header>
        ${positionLine(moment, phase.type)}
        ${view.groups.length === 0 ? nothing : this.controls(view)}
      </header>
      ${view.groups.length === 0 ? this.without() : this.logs(view)}
    `;
  }

  toMermaid(): string | undefined {
    const { shown } = this.state;
    return shown && logsToMermaid(shown.view);
  }

  protected override spoken(shown: Shown<'logs'>): string {
    const isEmpty = shown.view.groups.length === 0;
    if (shown.phase.type !== 'stopped' || isEmpty) return super.spoken(shown);
    const conflicts = [...conflictTexts(shown.view.groups), elsewhereText(shown.view)];
    return [...changeTexts(shown.view), ...conflicts].join(' ').trim();
  }

  private without(): TemplateResult {
    return html`<div class="empty">
      <p>${labels.noLogs}</p>
      <p class="quiet">${withCode(labels.howToShow)}</p>
    </div>`;
  }

  private controls(view: LogsView): TemplateResult {
    return html`<label class="jump" title=${labels.goToIndex}>
        <span class="word">${labels.goToIndex}</span>
        <vscode-textfield
          type="number"
          .label=${labels.goToIndex}
          placeholder=${labels.index}
          min=${view.first}
          max=${view.last}
          @change=${this.jumped}
        ></vscode-textfield>
      </label>
      <button @click=${this.toNewest} title=${labels.newest} aria-label=${labels.newest}
        ><span class="word">${labels.newest}</span><span class="sign">⇥</span></button>
      ${this.conflictJumps(view)}`;
  }

  /** To the nearest index at which logs differ, in the window or outside of it. */
  private conflictJumps(view: LogsView): TemplateResult | typeof nothing {
    const indexes = differingIndexes(view);
    if (indexes.length === 0) return nothing;
    const at = this.active?.index ?? (this.follows ? view.last + 1 : this.middle(view));
    const [previous, next] = [
      indexes.findLast((index) => index < at), indexes.find((index) => index > at),
    ];
    const jump = (label: string, sign: string, index: number | undefined) =>
      html`<button
        ?disabled=${index === undefined}
        title=${label}
        aria-label=${label}
        @click=${() => index !== undefined && this.show(view, this.placeOf(view, index))}
      >${sign}</button>`;
    return html`${jump(labels.previousConflict, '‹ ≠', previous)}
      ${jump(labels.nextConflict, '≠ ›', next)}`;
  }

  private middle(view: LogsView): number {
    const { from, to } = visible(this.table(view));
    return view.first + Math.floor((from + to) / 2);
  }

  /** In the first log of the group that differs there. */
  private placeOf(view: LogsView, index: number): Place {
    const group = view.groups.find((one) => indexesOf(one).includes(index));
    const log = logsIn(view).findIndex((one) => one.group === group);
    return { log: Math.max(0, log), index };
  }

  private logs(view: LogsView): TemplateResult {
    const elsewhere = elsewhereText(view);
    const changes = changeTexts(view).join(' ');
    return html`
      <p class="line changes" title=${changes}>${changes}</p>
      <div
        class="scroll"
        tabindex="0"
        role="group"
        aria-label=${labels.logs}
        aria-activedescendant=${this.active ? cellId(this.active.log, this.active.index) : nothing}
        @scroll=${this.scrolled}
        @keydown=${this.keyPressed}
        @click=${this.clicked}
      >
        ${logTable(this.table(view))}
      </div>
      ${conflictTexts(view.groups).map((text) =>
        html`<p class="line conflicts" title=${text}>${text}</p>`)}
      ${elsewhere === '' ? nothing
        : html`<p class="line conflicts elsewhere" title=${elsewhere}>${elsewhere}</p>`}
      <div class="end">
        <p class="quiet foot">${this.footText(view)}</p>
        ${legendFold(legend(view), this.tallEnough(view))}
      </div>
    `;
  }

  private table(view: LogsView): Table {
    const { position: scroll, room, active } = this;
    return { view, tall: this.isTall(view), sizes: this.sizes(view), scroll, room, active };
  }

  private isTall(view: LogsView): boolean {
    return isTall(this.room.width, this.room.height, logsIn(view).length);
  }

  private sizes(view: LogsView): Sizes {
    const scale = parseFloat(getComputedStyle(this).fontSize) / 13;
    const { width } = this.room;
    const tall = this.isTall(view);
    return sizesOf({ tall, scale, hasMarks: hasMarks(view), width, logs: logsIn(view).length });
  }

  /** The height of a page that has room for all logs and for the legend. */
  private tallEnough(view: LogsView): number {
    const { indexHeader, across } = this.sizes(view);
    const logs = logsIn(view).length * across + indexHeader;
    return (this.isTall(view) ? wantedDown : logs) + besidesLogs;
  }

  override updated(changed: PropertyValues): void {
    if (this.scroller) this.sizesSeen.observe(this.scroller);
    const view = this.state.shown?.view;
    if (!view || !this.scroller) return;
    if (changed.has('state') && this.follows) this.scrollToEnd(view);
    if (changed.has('state')) this.revealChange(view);
    this.askForVisible(view);
  }

  /** Once for each stop: the server of the headline, and the entry that it changed. */
  private revealChange(view: LogsView): void {
    const { moment } = this.state.shown!;
    const stop = `${moment.branch} ${moment.step}`;
    if (stop === this.revealed) return;
    this.revealed = stop;
    const at = logsIn(view).findIndex(({ log }) => changedIndex(log) !== undefined);
    const index = at < 0 ? undefined : changedIndex(logsIn(view)[at]!.log);
    if (index === undefined) return;
    const { across, indexHeader } = this.sizes(view);
    const tall = this.isTall(view);
    const scroller = this.scroller!;
    const side = tall ? 'scrollLeft' : 'scrollTop';
    const room = (tall ? scroller.clientWidth : scroller.clientHeight) - indexHeader;
    const [first, last] = [at * across, (at + 1) * across - room];
    scroller[side] = Math.min(first, Math.max(last, scroller[side]));
    this.noteScroll();
    this.scrollToIndex(view, index);
  }

  private measure(): void {
    const { scroller } = this;
    if (!scroller) return;
    // Whatever the layout does, no more than the window is drawn.
    const width = Math.min(scroller.clientWidth, window.innerWidth);
    const height = Math.min(scroller.clientHeight, window.innerHeight);
    if (width !== this.room.width || height !== this.room.height) this.room = { width, height };
    const view = this.state.shown?.view;
    if (view && this.follows) void this.updateComplete.then(() => this.scrollToEnd(view));
  }

  private scrollToEnd(view: LogsView): void {
    const { scroller } = this;
    if (!scroller) return;
    const place = this.isTall(view) ? scroller.scrollHeight : scroller.scrollWidth;
    this.moveTo(view, place);
  }

  /** Along the indexes. */
  private moveTo(view: LogsView, place: number): void {
    const scroller = this.scroller!;
    const side = this.isTall(view) ? 'scrollTop' : 'scrollLeft';
    scroller[side] = place;
    this.ownScroll = scroller[side];
    this.noteScroll();
  }

  private noteScroll(): void {
    const { scrollLeft: left, scrollTop: top } = this.scroller!;
    if (left !== this.position.left || top !== this.position.top) this.position = { left, top };
  }

  private scrolled(): void {
    const view = this.state.shown?.view;
    if (!view) return;
    this.noteScroll();
    const at = this.isTall(view) ? this.position.top : this.position.left;
    if (Math.abs(at - this.ownScroll) <= 1) return;
    this.follows = this.isAtEnd(view);
    this.ownScroll = -1;
  }

  private isAtEnd(view: LogsView): boolean {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } =
      this.scroller!;
    return this.isTall(view)
      ? scrollTop + clientHeight >= scrollHeight - 4
      : scrollLeft + clientWidth >= scrollWidth - 4;
  }

  /** Asks for the indexes in view when the window of the view does not have them. */
  private askForVisible(view: LogsView): void {
    if (!this.isStopped) return;
    const table = this.table(view);
    const { from, to } = visible(table);
    const { width, height } = this.room;
    const count = askedFor(table.tall ? height : width, table.sizes.along);
    const isEnough = view.to - view.from + 1 >= Math.min(to - from, view.last - view.first + 1);
    const first = view.first + from;
    const last = Math.min(view.last, view.first + to - 1);
    const isHere = first >= view.from && last <= view.to;
    if (this.follows) {
      if (this.asked?.type !== 'newest' || !isEnough) this.ask({ type: 'newest', count });
    } else if (!isHere || this.asked?.type === 'newest') {
      this.ask({ type: 'from', index: Math.max(view.first, first - Math.floor(count / 3)), count });
    }
  }

  private ask(selection: LogsSelection): void {
    if (JSON.stringify(selection) === JSON.stringify(this.asked)) return;
    this.asked = selection;
    this.select(selection);
  }

  private jumped({ target }: Event): void {
    const index = Number((target as HTMLInputElement).value);
    const view = this.state.shown?.view;
    if (!view || !Number.isInteger(index)) return;
    this.show(view, { log: this.active?.log ?? 0, index });
  }

  /** Makes a cell the active one, and scrolls to its index. */
  private show(view: LogsView, { log, index }: Place): void {
    const within = Math.max(view.first, Math.min(view.last, index));
    const logs = logsIn(view).length;
    this.active = { log: Math.max(0, Math.min(logs - 1, log)), index: within };
    this.follows = within === view.last;
    if (this.follows) return this.scrollToEnd(view);
    this.scrollToIndex(view, within);
  }

  private scrollToIndex(view: LogsView, within: number): void {
    const { along, nodeHeader } = this.sizes(view);
    const at = (within - view.first) * along;
    const tall = this.isTall(view);
    const [start, room] = tall
      ? [this.position.top, this.room.height]
      : [this.position.left, this.room.width];
    if (at >= start && at + along <= start + room - nodeHeader) return;
    this.moveTo(view, Math.max(0, at - (room - nodeHeader) / 2));
  }

  private toNewest(): void {
    this.follows = true;
    const view = this.state.shown?.view;
    if (view) this.scrollToEnd(view);
  }

  private clicked({ target }: Event): void {
    const cell = (target as Element).closest<HTMLElement>('[data-index]');
    const view = this.state.shown?.view;
    if (!cell || !view) return;
    const log = logsIn(view).findIndex((one) => one.log.node === cell.dataset.node);
    this.active = { log, index: Number(cell.dataset.index) };
  }

  private keyPressed(event: KeyboardEvent): void {
    const view = this.state.shown?.view;
    if (!view || view.last < view.first) return;
    const moved = this.movedBy(event.key, view);
    if (!moved) return;
    event.preventDefault();
    this.show(view, moved);
  }

  private movedBy(key: string, view: LogsView): Place | undefined {
    const { log, index } = this.active ?? { log: 0, index: view.last };
    const page = Math.max(1, visible(this.table(view)).to - visible(this.table(view)).from - 5);
    const [back, on, up, down] = this.isTall(view)
      ? ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']
      : ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
    const places: Partial<Record<string, Place>> = {
      [back]: { log, index: index - 1 },
      [on]: { log, index: index + 1 },
      [up]: { log: log - 1, index },
      [down]: { log: log + 1, index },
      PageUp: { log, index: index - page },
      PageDown: { log, index: index + page },
      Home: { log, index: view.first },
      End: { log, index: view.last },
    };
    return places[key];
  }

  private footText(view: LogsView): string {
    return this.activeText(view) ?? inViewText(view, seen(this.table(view)));
  }

  /** What the footer says of the active cell. */
  private activeText(view: LogsView): string | undefined {
    const { active } = this;
    const one = active && logsIn(view)[active.log];
    if (!one || active.index < view.from || active.index > view.to) return undefined;
    const differs = one.group.conflicts.some(({ index }) => index === active.index);
    const entry = one.log.entries[active.index - view.from] ?? null;
    return cellText(one.log, active.index, entry, differs, one.group.docs);
  }
}

/** In ascending order: those of the window, and the nearest ones on each side of it. */
function differingIndexes({ groups }: LogsView): number[] {
  return [...new Set(groups.flatMap(indexesOf))].sort((one, other) => one - other);
}

function indexesOf({ conflicts, elsewhere: { previous, next } }: LogGroup): number[] {
  return [
    ...(previous === undefined ? [] : [previous]),
    ...conflicts.map(({ index }) => index),
    ...(next === undefined ? [] : [next]),
  ];
}

/** Where the last step changed a log; undefined if it did not. */
function changedIndex({ change }: NodeLog): number | undefined {
  const { appended, removed, committed, applied } = change;
  return (appended ?? removed ?? committed ?? applied)?.to;
}
