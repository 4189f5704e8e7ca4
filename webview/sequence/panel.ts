/** The sequence panel: draws the newest view, one drawing at a time, and marks the current step. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import {
  crowdText, drawingFailed, earlierActions, filterButton, labels, spokenSequence,
} from '../../src/view/panel-words/sequence.ts';
import { columnsOf, sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';
import { rowsOf } from '../../src/view/sequence/rows.ts';
import type { SequenceView } from '../../src/view/sequence/sequence-view.ts';
import { emptyStyles } from '../ui/empty.ts';
import { ask } from '../ui/host.ts';
import { PanelElement } from '../ui/panel.ts';
import type { Shown } from '../ui/panel.ts';
import { positionLine } from '../ui/head/position.ts';
import { isPresented, pageRoom } from '../ui/room.ts';
import { frameStyles, tokens } from '../ui/theme.ts';
import { copyText } from '../ui/export/clipboard.ts';
import { layoutOf } from './columns.ts';
import type { Layout } from './columns.ts';
import { composed } from './export.ts';
import { filters, filterStyles } from './filters.ts';
import { legend } from './legend.ts';
import { Model } from './model.ts';
import { Names } from './names.ts';
import { gutterWidth, Picture } from './picture.ts';
import type { PlacedRow } from './picture.ts';
import { partsInOrder, revealRows, revealSideways } from './reveal.ts';
import { drawLines } from './renderer.ts';
import type { Font } from '../ui/mermaid.ts';
import { letterWidth, textWidth } from './ruler.ts';
import { pictureStyles, sequenceStyles } from './styles.ts';

/** Of stops that follow each other within this time, only the last is drawn. */
const burstMs = 8;
/** In CSS pixels. Below this height letters are smaller and rows closer, so that a story fits. */
const compactBelow = 560;
/** The usual height of a row whose labels have several lines, in CSS pixels. */
const roomyRow = 34;
/** How far from the top earlier rows are fetched. */
const nearTop = 120;

export class SequencePanel extends PanelElement<'sequence'> {
  static override styles = [
    tokens, emptyStyles, frameStyles, sequenceStyles, pictureStyles, filterStyles,
  ];

  readonly name = 'sequence';
  /** Why the newest view could not be drawn; empty if it was. */
  @state() private failure = '';
  /** What became of the last copy; shown for a few seconds. */
  @state() private copied = '';
  @state() private areFiltersOpen = false;
  /** Undefined: the legend is there if the panel has the room. */
  @state() private wantsLegend: boolean | undefined;
  @state() private isTall = isTall();
  /** How many actions precede the rows. */
  @state() private omitted = 0;
  @query('.scroll') private scroller!: HTMLElement | null;
  @query('.names') private namesPlace!: HTMLElement;
  @query('.gutter') private gutterPlace!: HTMLElement;
  @query('.picture') private canvas!: HTMLElement;

  private drawing = false;
  /** The last drawing that was requested. */
  private lastDrawing: Promise<void> = Promise.resolve();
  private isAsking = false;
  private drawnView: SequenceView | undefined;
  private readonly model = new Model();
  private readonly picture = new Picture();
  private readonly names = new Names();
  private layout: Layout | undefined;
  /** The size of the panel for which was drawn. */
  private drawnSize = '';
  /** What is in view: it stays there when the panel gets another size. */
  private revealed: PlacedRow[] = [];
  private readonly sizes = new ResizeObserver(() => {
    this.isTall = isTall();
    void this.requestDrawing();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.requestDrawing();
    // A theme may change the font; colours are CSS variables and need no new drawing.
    new MutationObserver(() => void this.requestDrawing()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['style', 'class'],
    });
  }

  protected content({ moment, view, phase }: Shown<'sequence'>): TemplateResult {
    const { areFiltersOpen } = this;
    const isLegendOpen = this.wantsLegend ?? this.isTall;
    return html`
      <header>
        ${positionLine(moment, phase.type, [this.copied])}
        <div class="buttons">
          <button
            class="plain"
            aria-expanded=${areFiltersOpen}
            aria-controls="filters"
            title=${filterButton(view.selection)}
            @click=${() => (this.areFiltersOpen = !areFiltersOpen)}
          >${this.headed(filterButton(view.selection), '▽')}</button>
          <button
            class="plain"
            aria-expanded=${isLegendOpen}
            aria-controls="legend"
            title=${labels.legend}
            @click=${() => (this.wantsLegend = !isLegendOpen)}
          >${this.headed(labels.legend, '≡')}</button>
          <button class="plain copy" @click=${this.copy}>${labels.copyAsMermaid}</button>
        </div>
      </header>
      ${view.isCrowd ? html`<p class="crowd quiet">${this.crowdWords(view)}</p>` : nothing}
      ${areFiltersOpen ? filters(view, moment.step, (chosen) => this.select(chosen)) : nothing}
      ${
        this.failure
          ? html`<p class="notice" role="alert">${drawingFailed(this.failure)}</p>`
          : nothing
      }
      <div
        class="scroll"
        @click=${this.clicked}
        @keydown=${this.keyPressed}
        @scroll=${this.scrolled}
      >
        <div class="sheet">
          <div class="corner" aria-hidden="true"></div>
          <div class="names" aria-hidden="true"></div>
          ${
            this.omitted > 0
              ? html`<p class="earlier quiet">${earlierActions(this.omitted)}</p>`
              : nothing
          }
          <div class="gutter" aria-hidden="true"></div>
          <div class="picture" role="group" aria-label=${labels.diagram}></div>
        </div>
      </div>
      ${isLegendOpen ? legend() : nothing}
    `;
  }

  /** In a narrow panel, the sign alone: the step and its time need the room. */
  private headed(word: string, sign: string): TemplateResult {
    return html`<span class="word">${word}</span><span class="sign" aria-hidden="true"
      >${sign}</span>`;
  }

  private crowdWords({ participants, choices }: SequenceView): string {
    return crowdText(participants.length, choices.nodes.length);
  }

  protected override spoken({ view }: Shown<'sequence'>): string {
    return this.copied || spokenSequence(view);
  }

  /** Resolves once the newest view is on the page. */
  override get drawn(): Promise<unknown> {
    return this.updateComplete.then(() => this.lastDrawing);
  }

  override updated(changed: PropertyValues<this>): void {
    if (this.scroller) {
      this.sizes.observe(this.scroller);
      if (this.canvas.childElementCount === 0) {
        this.canvas.append(this.picture.body);
        this.gutterPlace.append(this.picture.gutter);
        this.namesPlace.append(this.names.svg);
      }
    }
    if (changed.has('state')) this.lastDrawing = this.requestDrawing();
  }

  /** Draws a row that is not shown, so that Mermaid has done its set-up. */
  async warmUp(): Promise<void> {
    await this.updateComplete;
    const columns = { keys: ['p0', 'p1'], centres: [50, 150], box: 50 };
    const lines = ['p0->>p1: a', 'Note over p0: b'];
    if (this.drawing) return;
    await drawLines(lines, columns, this.font(), () => undefined).catch(() => undefined);
  }

  /** The whole picture as one element, for export. */
  toSvg(): SVGSVGElement {
    return composed(this.names.svg, this.picture);
  }

  /** Earlier rows that the user has fetched are a part of it. */
  toMermaid(): string | undefined {
    return this.view && sequenceToMermaid(this.view.participants, this.model.items);
  }

  /** Drawings never overlap: views that arrive during one are skipped, except for the newest. */
  private async requestDrawing(): Promise<void> {
    if (this.drawing || !this.view) return;
    this.drawing = true;
    try {
      do {
        await new Promise((resolve) => setTimeout(resolve, burstMs));
        await this.draw(this.view);
      } while (this.isConnected && this.drawnView !== this.view);
    } finally {
      this.drawing = false;
    }
  }

  private async draw(view: SequenceView): Promise<void> {
    const { scroller } = this;
    // Without a page around it, it has no font.
    if (!scroller || !this.isConnected) return;
    const isNew = view !== this.drawnView;
    this.drawnView = view;
    const font = this.font();
    const size = `${scroller.clientWidth} ${window.innerHeight} ${font.size} ${font.family}`;
    if (!isNew && size === this.drawnSize) return;
    performance.mark('lockstep-draw');
    if (isNew) this.model.show(view);
    const hadFocus = this.isRowFocused();
    try {
      await this.redraw(view, font);
      this.drawnSize = size;
      this.failure = '';
      this.revealed = this.rowsToReveal();
      const stop = this.setTabStop();
      if (hadFocus && isNew) stop?.focus({ preventScroll: true });
      this.reveal();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    performance.measure('lockstep-sequence', 'lockstep-draw');
  }

  /** All rows that the page knows: Mermaid draws only those that it has not drawn yet. */
  private async redraw(view: SequenceView, font: Font): Promise<void> {
    const { items } = this.model;
    const { participants, actor } = view;
    const rows = rowsOf(items);
    const nodes = columnsOf(participants, items);
    const isCompact = this.isCompactFor(rows.length);
    const letter = letterWidth(font);
    const width = Math.max(160, this.scroller!.clientWidth - gutterWidth);
    const isLow = pageRoom().height < compactBelow;
    const room = { width, letter, isCompact, isLow };
    const isSameRoom = this.drawnRoom === JSON.stringify(room);
    const before = isSameRoom ? this.layout : undefined;
    const layout = layoutOf(nodes, participants, rows, room, before);
    const ruler = { letter, measure: (text: string) => textWidth(font, text) };
    const place = await this.picture.draw(rows, participants, layout, font, ruler);
    this.layout = layout;
    this.drawnRoom = JSON.stringify(room);
    place();
    this.names.show(participants, layout, { size: font.size, letter, isCompact, actor });
    this.omitted = Math.max(0, this.model.firstStep - 1);
  }

  private drawnRoom = '';

  /** If the rows have no room with labels of several lines. It stays so until there are few. */
  private isCompactFor(rows: number): boolean {
    const room = this.scroller!.clientHeight / roomyRow;
    return (this.wasCompact = rows > (this.wasCompact ? room * 0.6 : room));
  }

  private wasCompact = false;

  private isRowFocused(): boolean {
    const focused = this.shadowRoot?.activeElement;
    return this.picture.rows.some(({ target }) => target === focused);
  }

  private get view(): SequenceView {
    return this.state.shown?.view as SequenceView;
  }

  private font(): Font {
    const style = getComputedStyle(this);
    const size = Math.round(parseFloat(style.fontSize));
    const smaller = pageRoom().height < compactBelow ? 2 : 1;
    return { family: style.fontFamily, size: Math.max(11, size - smaller) };
  }

  /** What the session stopped at, or the current step, or else the last thing that happened. */
  private rowsToReveal(): PlacedRow[] {
    const { rows } = this.picture;
    const current = rows.filter(({ items }) => items.some((item) => item.current));
    if (current.length > 0) return current;
    const { step } = this.state.shown!.moment;
    const sent = rows.filter(({ items }) => items[0]!.step === step && !items[0]!.future);
    if (sent.length > 0) return sent;
    const last = rows.findLast(({ items: [item] }) => {
      return !item!.future && !(item!.type === 'message' && item!.outcome === 'in-flight');
    });
    return [last ?? rows[0]].filter((row) => row !== undefined);
  }

  /** The rows have one stop for the Tab key; arrow keys move among them. */
  private setTabStop(): SVGRectElement | undefined {
    const isStop = ({ items }: PlacedRow) => items.some((item) => item.stop);
    const { target: stop } = this.revealed.find(isStop) ?? this.revealed[0] ?? {};
    for (const { target } of this.picture.rows) {
      target.setAttribute('tabindex', target === stop ? '0' : '-1');
    }
    return stop;
  }

  /** Scrolls to the rows, and sideways to the names of their nodes and to what is drawn there. */
  private reveal(): void {
    const { scroller, namesPlace: names, revealed } = this;
    if (!scroller || !this.layout) return;
    revealRows({ scroller, names }, revealed.map(({ target }) => target));
    const { nodes } = this.layout;
    const { boxes } = this.names;
    const boxOf = (node: string) => boxes[nodes.indexOf(node)];
    const shown = revealed.map(({ items: [item], parts }) => ({ item: item!, drawn: parts }));
    revealSideways({ scroller, names }, partsInOrder(shown, boxOf, this.view.actor), gutterWidth);
  }

  /** Fetches earlier rows when the user nears the top; what is in view stays where it is. */
  private async scrolled(): Promise<void> {
    const { scroller, model } = this;
    if (!scroller || scroller.scrollTop > nearTop || this.isAsking || this.drawing) return;
    if (!model.canAsk) return;
    this.isAsking = true;
    const { drawnView } = this;
    try {
      const answer = await ask('sequence', { type: 'earlier', before: model.firstStep });
      if (drawnView !== this.drawnView || this.drawing) return;
      this.drawing = true;
      model.add(answer);
      const [anchor] = this.picture.rows;
      const top = () => anchor?.group.getBoundingClientRect().top ?? 0;
      const before = top();
      await this.redraw(this.view, this.font());
      await this.updateComplete;
      scroller.scrollTop += top() - before;
    } catch {
      // The debugger has gone on: the next view has its own rows.
    } finally {
      this.drawing = false;
      this.isAsking = false;
    }
    if (this.drawnView !== this.view) void this.requestDrawing();
  }

  private clicked({ target }: Event): void {
    const row = this.rowOf(target as Element);
    if (row) this.goToRow(row);
  }

  private rowOf(element: Element): PlacedRow | undefined {
    const group = element.closest('.row');
    return this.picture.rows.find((row) => row.group === group);
  }

  private keyPressed(event: KeyboardEvent): void {
    const { rows } = this.picture;
    const index = rows.findIndex(({ target }) => target === event.target);
    if (index < 0) return;
    const places: Record<string, number> = {
      ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1,
    };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { cone } = this.view.selection;
    if (event.key === 'Enter' || event.key === ' ') this.goToRow(rows[index]!);
    else if (event.key.toLowerCase() === 'c') this.showCone(rows[index]!);
    else if (event.key === 'Escape' && cone !== null) this.showCone();
    else if (event.key in places) rows[places[event.key]!]?.target.focus();
    else return;
    event.preventDefault();
  }

  /** Only what a row depends on, and what it influences; without a row, everything. */
  private showCone(row?: PlacedRow): void {
    const [item] = row?.items ?? [];
    const cone = item ? ({ type: 'step', step: item.step } as const) : null;
    this.select({ ...this.view.selection, cone });
  }

  private goToRow({ items: [item] }: PlacedRow): void {
    this.goTo(item!.step);
  }

  private async copy(): Promise<void> {
    this.copied = (await copyText(this.toMermaid() ?? '')) ? labels.copied : labels.notCopied;
    setTimeout(() => (this.copied = ''), 3000);
  }
}

function isTall(): boolean {
  return pageRoom().height > 640 && !isPresented();
}
