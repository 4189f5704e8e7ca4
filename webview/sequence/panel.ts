/** The sequence panel: draws the newest view, one drawing at a time, and marks the current step. */

import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { SequenceItem, SequenceView } from '../../src/view/contract.ts';
import { columnsOf } from '../../src/view/mermaid.ts';
import {
  drawingFailed,
  earlierActions,
  itemInWords,
  labels,
  sequencePosition,
  stepName,
} from '../../src/view/panel-words/sequence.ts';
import { emptyPanel, emptyStyles } from '../ui/empty.ts';
import { exportMenu } from '../ui/export/of-panel.ts';
import { post } from '../ui/host.ts';
import type { Panel, PanelState } from '../ui/host.ts';
import { frameStyles, tokens } from '../ui/theme.ts';
import { copyText } from './clipboard.ts';
import { legend } from './legend.ts';
import { addTargets, dissect, markCurrent } from './picture.ts';
import type { Picture } from './picture.ts';
import { partsInOrder, revealRows, revealSideways } from './reveal.ts';
import { renderMermaid } from '../ui/mermaid.ts';
import type { Font } from '../ui/mermaid.ts';
import { pictureStyles, sequenceStyles } from './styles.ts';

/** Of stops that follow each other within this time, only the last is drawn. */
const burstMs = 8;

export class SequencePanel extends LitElement implements Panel<'sequence'> {
  static override styles = [tokens, emptyStyles, frameStyles, sequenceStyles, pictureStyles];

  readonly name = 'sequence';
  @property({ attribute: false }) state: PanelState<'sequence'> = { phase: { type: 'empty' } };
  /** Why the newest view could not be drawn; empty if it was. */
  @state() private failure = '';
  /** What became of the last copy; shown for a few seconds. */
  @state() private copied = '';
  @query('.scroll') private scroller!: HTMLElement | null;
  @query('.names') private names!: HTMLElement;
  @query('.picture') private canvas!: HTMLElement;

  private drawing = false;
  /** The last drawing that was requested. */
  private lastDrawing: Promise<void> = Promise.resolve();
  /** The Mermaid text of the picture, and the font in which it was drawn. */
  private drawnText = '';
  private picture?: Picture;
  private targets: SVGRectElement[] = [];
  private items: SequenceItem[] = [];
  /** Those of the current step, which stay visible when the panel gets another size. */
  private rows: SVGRectElement[] = [];
  private readonly sizes = new ResizeObserver(() => {
    if (this.rows.length > 0 && this.picture) this.reveal(this.rows);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    // A theme may change the font; colours are CSS variables and need no new drawing.
    new MutationObserver(() => this.requestDrawing()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['style', 'class'],
    });
  }

  override render(): TemplateResult {
    const { shown } = this.state;
    if (!shown) return emptyPanel('sequence');
    const { moment, view } = shown;
    return html`
      <header>
        <p>
          <strong>${stepName(moment)}</strong> ${sequencePosition(moment, this.phase)}
          ${this.copied ? html`· <em>${this.copied}</em>` : nothing}
        </p>
        <vscode-button secondary @click=${this.copy}>${labels.copyAsMermaid}</vscode-button>
      </header>
      <div class="unseen" role="status">${this.copied || spoken(view)}</div>
      ${
        this.failure
          ? html`<p class="notice" role="alert">${drawingFailed(this.failure)}</p>`
          : nothing
      }
      <div class="scroll" @click=${this.clicked} @keydown=${this.keyPressed}>
        <div class="names" aria-hidden="true"></div>
        ${
          view.before > 0
            ? html`<p class="earlier quiet">${earlierActions(view.before)}</p>`
            : nothing
        }
        <div class="picture" role="group" aria-label=${labels.diagram}></div>
      </div>
      ${legend()} ${exportMenu(this)}
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (this.scroller) this.sizes.observe(this.scroller);
    if (changed.has('state')) this.lastDrawing = this.requestDrawing();
  }

  /** Resolves once the newest view is on the page. */
  get drawn(): Promise<unknown> {
    return this.updateComplete.then(() => this.lastDrawing);
  }

  /** Draws a small diagram that is not shown, so that Mermaid has done its set-up. */
  async warmUp(): Promise<void> {
    await this.updateComplete;
    const text = 'sequenceDiagram\n  participant p0 as a\n  p0->>p0: b\n  Note over p0: c\n';
    if (!this.drawing) await renderMermaid(text, this.font()).catch(() => undefined);
  }

  /** Drawings never overlap: views that arrive during one are skipped, except for the newest. */
  private async requestDrawing(): Promise<void> {
    if (this.drawing || !this.view) return;
    this.drawing = true;
    try {
      for (let drawn: SequenceView | undefined; drawn !== this.view;) {
        await new Promise((resolve) => setTimeout(resolve, burstMs));
        drawn = this.view;
        await this.draw(drawn!);
      }
    } finally {
      this.drawing = false;
    }
  }

  private async draw(view: SequenceView): Promise<void> {
    const { mermaid, items } = view;
    const font = this.font();
    const text = `${font.size} ${font.family}\n${mermaid}`;
    performance.mark('lockstep-draw');
    let hadFocus = this.isRowFocused();
    try {
      if (text !== this.drawnText) {
        const svg = await renderMermaid(mermaid, font);
        if (view !== this.view) return;
        hadFocus = this.isRowFocused();
        this.show(svg, items);
        this.drawnText = text;
      }
      this.items = items;
      this.failure = '';
      const rows = markCurrent(this.picture!, this.targets, items);
      if (hadFocus) rows[0]?.focus({ preventScroll: true });
      this.rows = this.rowsOfStep(rows);
      this.reveal(this.rows);
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    performance.measure('lockstep-sequence', 'lockstep-draw');
  }

  /** A new picture replaces the focused row, which would move the focus to the page. */
  private isRowFocused(): boolean {
    return this.targets.includes(this.shadowRoot?.activeElement as SVGRectElement);
  }

  private show(svg: SVGSVGElement, items: SequenceItem[]): void {
    const picture = dissect(svg, items);
    this.names.replaceChildren(picture.names);
    this.canvas.replaceChildren(picture.body);
    this.targets = addTargets(picture, items);
    this.style.setProperty('--picture-width', `${picture.body.getAttribute('width')}px`);
    this.picture = picture;
  }

  private get view(): SequenceView | undefined {
    return this.state.shown?.view;
  }

  private get phase(): 'stopped' | 'running' | 'ended' {
    const { type } = this.state.phase;
    return type === 'empty' ? 'stopped' : type;
  }

  private font(): Font {
    const style = getComputedStyle(this);
    return { family: style.fontFamily, size: Math.round(parseFloat(style.fontSize)) };
  }

  /** Scrolls to the rows, and sideways to the names of their nodes and to what is drawn there. */
  private reveal(rows: SVGRectElement[]): void {
    const { scroller, names } = this;
    if (!scroller) return;
    revealRows({ scroller, names }, rows);
    const { participants, actor } = this.view!;
    const columns = columnsOf(participants, this.items);
    const { boxes, rows: drawn } = this.picture!;
    const boxOf = (node: string) => boxes[columns.indexOf(node)]!;
    boxes.forEach((box, index) => box.classList.toggle('acted', columns[index] === actor));
    const indexes = rows.map((row) => Number(row.dataset.index));
    const shown = indexes.map((index) => ({ item: this.items[index]!, drawn: drawn[index]! }));
    const parts = partsInOrder(shown, boxOf, actor);
    revealSideways({ scroller, names }, parts);
  }

  /** A step without a row of its own may have sent what is in flight: a timer has. */
  private rowsOfStep(rows: SVGRectElement[]): SVGRectElement[] {
    const step = this.state.shown!.moment.step;
    if (this.items.some(({ current }) => current)) return rows;
    const sent = this.targets.filter((_, index) => this.items[index]!.step === step);
    return sent.length > 0 ? sent : rows;
  }

  private clicked({ target }: Event): void {
    const index = (target as Element).closest<SVGElement>('.target')?.dataset.index;
    if (index !== undefined) this.goTo(Number(index));
  }

  private keyPressed(event: KeyboardEvent): void {
    const index = Number((event.target as SVGElement).dataset.index);
    if (Number.isNaN(index)) return;
    if (event.key === 'Enter' || event.key === ' ') this.goTo(index);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.targets[index + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  }

  private goTo(index: number): void {
    const item = this.items[index];
    if (item) post({ type: 'goto', step: item.step });
  }

  private async copy(): Promise<void> {
    this.copied = (await copyText(this.view?.mermaid ?? '')) ? labels.copied : labels.notCopied;
    setTimeout(() => (this.copied = ''), 3000);
  }
}

function spoken({ items }: SequenceView): string {
  return items
    .filter(({ current }) => current)
    .map(itemInWords)
    .join('; ');
}
