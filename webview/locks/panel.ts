/** The panel Locks and Leases: who held what, who believed it, and what storage let through. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { locksToMermaid } from '../../src/view/export/mermaid/locks.ts';
import { tableRows } from '../../src/view/locks/table.ts';
import {
  changesAt, columns, labels, leftText, rowsBelowText, sinceText, timeLabel,
} from '../../src/view/panel-words/locks.ts';
import { emptyStyles } from '../ui/empty.ts';
import { lowFoldStyles } from '../ui/legend-fold.ts';
import { PanelElement, type Shown } from '../ui/panel.ts';
import { positionLine } from '../ui/head/position.ts';
import { isLow, isPresented } from '../ui/room.ts';
import { frameStyles, headButtons, tokens } from '../ui/theme.ts';
import { axisOf, timesOf } from './axis.ts';
import { legend } from './legend.ts';
import { picture } from './picture.ts';
import { margin, type Measures, measuresOf, rowsBelow, rowsOf } from './rows.ts';
import { locksStyles } from './styles.ts';

/** A shorter axis is scrolled. */
const leastAxis = 140;
const zoomStep = 1.6;
const zoomMost = 64;

export class LocksPanel extends PanelElement<'locks'> {
  static override styles = [
    tokens, emptyStyles, frameStyles, headButtons, locksStyles, lowFoldStyles,
  ];
  readonly name = 'locks';
  /** The size of what is in view of the picture. */
  @state() private room = { width: 600, height: 300 };
  @state() private isTall = false;
  @state() private zoom = 1;
  @state() private scrolled = { left: 0, top: 0 };
  @state() private about = '';
  @query('.scroll') private readonly scroller!: HTMLElement | null;
  private readonly sizes = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  private measure(): void {
    this.isTall = this.clientHeight > 520 && !isPresented();
    const { clientWidth: width, clientHeight: height } = this.scroller ?? this;
    if (width !== this.room.width || height !== this.room.height) this.room = { width, height };
  }

  private measures(view: Shown<'locks'>['view']): Measures {
    return measuresOf(view, this.room.width, isLow());
  }

  protected content(shown: Shown<'locks'>): TemplateResult {
    const { moment, phase, view } = shown;
    const isEmpty = view.locks.length === 0 && view.stores.length === 0;
    return html`
      <header>
        ${positionLine(moment, phase.type)}
        ${isEmpty ? nothing : this.tools(view)}
      </header>
      ${isEmpty ? html`<p class="empty-note">${labels.none}</p>` : this.chart(shown)}
    `;
  }

  private chart({ view }: Shown<'locks'>): TemplateResult {
    const measures = this.measures(view);
    const room = Math.max(leastAxis, this.room.width - measures.labelWidth - margin);
    const axis = axisOf(timesOf(view), room * this.zoom);
    const rows = rowsOf(view, axis, measures);
    const { left, top } = this.scrolled;
    const below = rowsBelow(rows, top + this.room.height, measures);
    const about = this.about === '' ? labels.keys : this.about;
    return html`
      <div
        class="scroll"
        @scroll=${this.onScroll}
        @keydown=${this.onKey}
        @click=${this.onClick}
        @wheel=${this.onWheel}
        @focusin=${this.onPoint}
        @pointerover=${this.onPoint}
      >${picture({ view, axis, rows, measures, scrolled: left })}</div>
      <div class="end">
        <div class="line">
          <p class="about quiet" title=${about}>${about}</p>
          ${below === 0 ? nothing
            : html`<button @click=${this.showBelow}>${rowsBelowText(below)}</button>`}
        </div>
        <details ?open=${this.isTall}>
          <summary>${labels.legend}</summary>
          ${legend()}
        </details>
        <details>
          <summary>${labels.table}</summary>
          ${this.table(view)}
        </details>
      </div>
    `;
  }

  private tools(view: Shown<'locks'>['view']): TemplateResult {
    return html`
      ${view.since === 0 ? nothing : html`<span class="quiet">${sinceText(view.since)}</span>`}
      ${view.left === 0 ? nothing : html`<span class="quiet">${leftText(view.left)}</span>
        <button @click=${() => this.showEarlier(view)}>${labels.earlier}</button>`}
      <button title=${labels.zoomOut} aria-label=${labels.zoomOut}
        @click=${() => this.zoomBy(1 / zoomStep)}>−</button>
      <button title=${labels.zoomIn} aria-label=${labels.zoomIn}
        @click=${() => this.zoomBy(zoomStep)}>+</button>
      <button title=${labels.all} aria-label=${labels.all} @click=${() => this.showAll()}
        ><span class="word">${labels.all}</span><span class="sign">↔</span></button>
    `;
  }

  private table(view: Shown<'locks'>['view']): TemplateResult {
    return html`<table>
      <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${tableRows(view).map(({ lock, from, to, step, text }) => html`<tr>
        <td>${lock}</td><td>${timeLabel(from)}</td><td>${timeLabel(to)}</td>
        <td><button @click=${() => this.goTo(step)}>${text}</button></td>
      </tr>`)}</tbody>
    </table>`;
  }

  toMermaid(): string | undefined {
    const { shown } = this.state;
    return shown && locksToMermaid(shown.view);
  }

  protected override spoken(shown: Shown<'locks'>): string {
    const changes = changesAt(shown.view, shown.moment.step);
    if (shown.phase.type !== 'stopped' || changes.length === 0) return super.spoken(shown);
    return `${changes.join('. ')}.`;
  }

  override updated(changed: PropertyValues): void {
    this.makeFirstReachable();
    if (this.scroller) this.sizes.observe(this.scroller);
    if (changed.has('state') && this.zoom > 1) this.showNow();
  }

  // Parts of the run, zoom and scroll

  private showAll(): void {
    this.select(null);
    this.zoomTo(1);
  }

  /** What lies before the first of the intervals that are drawn in the fullest row. */
  private showEarlier({ locks, stores }: Shown<'locks'>['view']): void {
    const rows = [
      ...locks.flatMap(({ authority, believers }) => [
        ...(authority === undefined ? [] : [authority.spans]),
        ...believers.map(({ spans }) => spans),
      ]).map((spans) => spans.map(({ from }) => from)),
      ...stores.map(({ writes }) => writes.map(({ at }) => at)),
    ];
    const [fullest] = rows.sort((a, b) => b.length - a.length);
    this.select({ from: 0, to: Math.min(...(fullest ?? [0])) });
  }

  private zoomBy(factor: number): void {
    this.zoomTo(this.zoom * factor);
  }

  private zoomTo(zoom: number): void {
    this.zoom = Math.min(zoomMost, Math.max(1, zoom));
    void this.updateComplete.then(() => this.showNow());
  }

  private showNow(): void {
    const { scroller: scroll } = this;
    const line = scroll?.querySelector('.now line');
    if (!scroll || !line) return;
    const x = Number(line.getAttribute('x1'));
    const { labelWidth } = this.measures(this.state.shown!.view);
    const [begin, end] = [scroll.scrollLeft + labelWidth, scroll.scrollLeft + scroll.clientWidth];
    if (x < begin || x > end) scroll.scrollLeft = x - scroll.clientWidth / 2;
  }

  private onScroll(): void {
    const { scrollLeft: left = 0, scrollTop: top = 0 } = this.scroller ?? {};
    this.scrolled = { left, top };
  }

  private showBelow(): void {
    this.scroller?.scrollTo({ top: this.scroller.scrollHeight });
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoomBy(event.deltaY < 0 ? zoomStep : 1 / zoomStep);
  }

  // Intervals and marks

  private get items(): SVGGElement[] {
    return [...(this.scroller?.querySelectorAll<SVGGElement>('.item') ?? [])];
  }

  /** One stop of the Tab key; the arrow keys reach the others. */
  private makeFirstReachable(): void {
    const { items } = this;
    if (items.some((one) => one.getAttribute('tabindex') === '0')) return;
    items[0]?.setAttribute('tabindex', '0');
  }

  private onPoint(event: Event): void {
    this.about = itemOf(event)?.dataset.about ?? '';
  }

  private onClick(event: Event): void {
    const step = itemOf(event)?.dataset.step;
    if (step !== undefined) this.goTo(Number(step));
  }

  private onKey(event: KeyboardEvent): void {
    const item = itemOf(event);
    if (item === undefined) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.goTo(Number(item.dataset.step));
      return;
    }
    const next = neighbour(this.items, item, event.key);
    if (next === undefined) return;
    event.preventDefault();
    item.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }
}

function itemOf(event: Event): SVGGElement | undefined {
  return (event.target as Element).closest<SVGGElement>('.item') ?? undefined;
}

/** The next item of the row, or the nearest one of the row above or below. */
function neighbour(
  items: readonly SVGGElement[], item: SVGGElement, key: string,
): SVGGElement | undefined {
  const { row } = item.dataset;
  const own = items.filter((one) => one.dataset.row === row);
  const place = own.indexOf(item);
  if (key === 'ArrowRight') return own[place + 1];
  if (key === 'ArrowLeft') return own[place - 1];
  if (key === 'Home') return own[0];
  if (key === 'End') return own.at(-1);
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const rows = [...new Set(items.map((one) => one.dataset.row))];
  const other = rows[rows.indexOf(row) + (key === 'ArrowDown' ? 1 : -1)];
  const near = (one: SVGGElement) => Math.abs(Number(one.dataset.x) - Number(item.dataset.x));
  return items.filter((one) => one.dataset.row === other).sort((a, b) => near(a) - near(b))[0];
}
