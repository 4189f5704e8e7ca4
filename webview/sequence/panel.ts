/** The sequence panel: draws the newest view, one drawing at a time, and marks the current step. */

import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { SequenceItem, SequenceView } from '../../src/view/contract.ts';
import {
  drawingFailed,
  earlierActions,
  itemInWords,
  labels,
  sequencePosition,
  stepName,
} from '../../src/view/panel-words/sequence.ts';
import { emptyPanel, emptyStyles } from '../empty.ts';
import { post } from '../host.ts';
import type { Panel, PanelState } from '../host.ts';
import { tokens } from '../theme.ts';
import { copyText } from './clipboard.ts';
import { legend } from './legend.ts';
import { addTargets, dissect, markCurrent } from './picture.ts';
import type { Picture } from './picture.ts';
import { renderMermaid } from './renderer.ts';
import type { Font } from './renderer.ts';
import { pictureStyles, sequenceStyles } from './styles.ts';

/** Of stops that follow each other within this time, only the last is drawn. */
const burstMs = 8;

export class SequencePanel extends LitElement implements Panel<'sequence'> {
  static override styles = [tokens, emptyStyles, sequenceStyles, pictureStyles];

  @property({ attribute: false }) state: PanelState<'sequence'> = { phase: { type: 'empty' } };
  /** Why the newest view could not be drawn; empty if it was. */
  @state() private failure = '';
  /** What became of the last copy; shown for a few seconds. */
  @state() private copied = '';
  @query('.scroll') private scroller!: HTMLElement | null;
  @query('.names') private names!: HTMLElement;
  @query('.picture') private canvas!: HTMLElement;

  private drawing = false;
  /** The Mermaid text of the picture, and the font in which it was drawn. */
  private drawnText = '';
  private picture?: Picture;
  private targets: SVGRectElement[] = [];
  private items: SequenceItem[] = [];

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
      ${legend()}
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('state')) this.requestDrawing();
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
    try {
      if (text !== this.drawnText) {
        const svg = await renderMermaid(mermaid, font);
        if (view !== this.view) return;
        this.show(svg, items);
        this.drawnText = text;
      }
      this.items = items;
      this.failure = '';
      this.reveal(markCurrent(this.picture!, this.targets, items));
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    performance.measure('lockstep-sequence', 'lockstep-draw');
  }

  private show(svg: SVGSVGElement, items: SequenceItem[]): void {
    const picture = dissect(svg, items);
    this.names.replaceChildren(picture.names);
    this.canvas.replaceChildren(picture.body);
    this.style.setProperty('--picture-width', `${picture.body.getAttribute('width')}px`);
    this.targets = addTargets(picture, items);
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

  /** Scrolls just far enough to show the current item, or the newest if none is current. */
  private reveal(current: SVGRectElement | undefined): void {
    const scroller = this.scroller;
    const target = current ?? this.targets.at(-1);
    if (!scroller || !target) return;
    const [row, frame] = [target.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const top = frame.top + this.names.offsetHeight + 4;
    // The messages in flight are drawn below the current item: some should be visible, too.
    const bottom = frame.top + scroller.clientHeight - Math.min(120, scroller.clientHeight / 4);
    if (row.top < top) scroller.scrollTop -= top - row.top;
    else if (row.bottom > bottom) scroller.scrollTop += row.bottom - bottom;
    this.revealSideways(target);
  }

  private revealSideways(target: SVGRectElement): void {
    const scroller = this.scroller!;
    const parts = this.picture?.rows[Number(target.dataset.index)] ?? [];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    if (boxes.length === 0 || scroller.scrollWidth <= scroller.clientWidth) return;
    const frame = scroller.getBoundingClientRect();
    const left = Math.min(...boxes.map((box) => box.left)) - frame.left - 8;
    const right = Math.max(...boxes.map((box) => box.right)) - frame.left + 8;
    if (left < 0) scroller.scrollLeft += left;
    else if (right > scroller.clientWidth) {
      scroller.scrollLeft += Math.min(left, right - scroller.clientWidth);
    }
    this.uncutName(frame.left, Math.max(0, scroller.clientWidth - (right - left)));
  }

  /** Scrolls back by up to `spare` if the edge at `left` cuts the name of a participant. */
  private uncutName(left: number, spare: number): void {
    const boxes = [...this.names.querySelectorAll('rect.actor')].map((box) =>
      box.getBoundingClientRect(),
    );
    const hidden = boxes.find((box) => box.left < left && box.right > left);
    const missing = hidden ? left - hidden.left + 4 : 0;
    if (missing <= spare) this.scroller!.scrollLeft -= missing;
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
