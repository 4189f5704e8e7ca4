/** The sequence panel: draws the newest view, one drawing at a time, and marks the moment. */

import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { SequenceItem, View } from '../../src/view/contract.ts';
import { emptyPanel, emptyStyles } from '../empty.ts';
import { post } from '../host.ts';
import type { PanelState } from '../host.ts';
import { tokens } from '../theme.ts';
import { copyText } from './clipboard.ts';
import { legend } from './legend.ts';
import { addTargets, dissect, inWords, markCurrent } from './picture.ts';
import type { Picture } from './picture.ts';
import { renderMermaid } from './renderer.ts';
import type { Font } from './renderer.ts';
import { pictureStyles, sequenceStyles } from './styles.ts';

/** Stops that follow each other faster than this are not drawn one by one. */
const burstMs = 8;

@customElement('lockstep-sequence')
export class SequencePanel extends LitElement {
  static override styles = [tokens, emptyStyles, sequenceStyles, pictureStyles];

  @property({ attribute: false }) state: PanelState = { phase: 'empty', verdict: '' };
  @state() private trouble = '';
  @state() private copied = '';
  @query('.scroll') private scroller!: HTMLElement | null;
  @query('.names') private names!: HTMLElement;
  @query('.picture') private canvas!: HTMLElement;

  private drawing = false;
  private drawnText = '';
  private picture?: Picture;
  private targets: SVGRectElement[] = [];
  private items: SequenceItem[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    // A theme may bring another font; colours follow by themselves.
    new MutationObserver(() => this.requestDrawing()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['style', 'class'],
    });
  }

  override render(): TemplateResult {
    const { view } = this.state;
    if (!view) {
      return emptyPanel(
        'This panel will show who sent what to whom: the last messages of the run as a sequence ' +
          'diagram, with events and faults as notes and the current message marked.',
      );
    }
    return html`
      <header>
        <p>${this.standing(view)}</p>
        <vscode-button secondary @click=${this.copy}>Copy as Mermaid</vscode-button>
      </header>
      <div class="unseen" role="status">${this.copied || this.spoken(view)}</div>
      ${
        this.trouble
          ? html`<p class="notice" role="alert">
              The diagram could not be drawn: ${this.trouble} What stands below is the last one.
            </p>`
          : nothing
      }
      <div class="scroll" @click=${this.clicked} @keydown=${this.keyPressed}>
        <div class="names" aria-hidden="true"></div>
        ${
          view.sequence.before > 0
            ? html`<p class="earlier quiet">
                ${count(view.sequence.before, 'earlier action')} not drawn
              </p>`
            : nothing
        }
        <div class="picture" role="group" aria-label="Messages, oldest first"></div>
      </div>
      ${legend()}
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('state')) this.requestDrawing();
  }

  private standing({ moment }: View): TemplateResult {
    const phase = { empty: '', stopped: '', running: ' · running …', ended: ' · ended' }[
      this.state.phase
    ];
    const { step, steps, timeText } = moment;
    return html`<strong>Step ${step}</strong> of ${steps} · ${timeText}${phase}
      ${this.copied ? html`· <em>${this.copied}</em>` : nothing}`;
  }

  private spoken({ sequence }: View): string {
    return sequence.items
      .filter(({ current }) => current)
      .map(inWords)
      .join('; ');
  }

  async warmUp(): Promise<void> {
    await this.updateComplete;
    const text = 'sequenceDiagram\n  participant p0 as a\n  p0->>p0: b\n  Note over p0: c\n';
    if (!this.drawing) await renderMermaid(text, this.font()).catch(() => undefined);
  }

  /** Drawings never overlap: while one is made, only the newest view waits. */
  private async requestDrawing(): Promise<void> {
    if (this.drawing || !this.state.view) return;
    this.drawing = true;
    try {
      for (let drawn: View | undefined; drawn !== this.state.view;) {
        await new Promise((resolve) => setTimeout(resolve, burstMs));
        drawn = this.state.view;
        await this.draw(drawn!);
      }
    } finally {
      this.drawing = false;
    }
  }

  private async draw(view: View): Promise<void> {
    const { mermaid, items } = view.sequence;
    const font = this.font();
    const text = `${font.size} ${font.family}\n${mermaid}`;
    performance.mark('lockstep-draw');
    try {
      if (text !== this.drawnText) {
        const svg = await renderMermaid(mermaid, font);
        if (view !== this.state.view) return;
        this.show(svg, items);
        this.drawnText = text;
      }
      this.items = items;
      this.trouble = '';
      this.reveal(markCurrent(this.picture!, this.targets, items));
    } catch (error) {
      this.trouble = error instanceof Error ? firstLine(error.message) : String(error);
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

  private font(): Font {
    const style = getComputedStyle(this);
    return { family: style.fontFamily, size: Math.round(parseFloat(style.fontSize)) };
  }

  /** Scrolls no further than it takes to see the current item, or the newest where none is. */
  private reveal(current: SVGRectElement | undefined): void {
    const scroller = this.scroller;
    const target = current ?? this.targets.at(-1);
    if (!scroller || !target) return;
    const [row, frame] = [target.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const top = frame.top + this.names.offsetHeight + 4;
    // Below the current one stand the messages in flight: some of them should be seen, too.
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
    const text = this.state.view?.sequence.mermaid ?? '';
    this.copied = (await copyText(text)) ? 'copied' : 'the clipboard refused the text';
    setTimeout(() => (this.copied = ''), 3000);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function firstLine(message: string): string {
  const line = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
