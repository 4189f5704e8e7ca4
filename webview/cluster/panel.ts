/** The cluster panel: the header of the moment, the picture, and the same in words. */

import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ClusterView, Moment } from '../../src/view/contract.ts';
import { cutsInWords, islandsInWords } from '../../src/view/panel-words/cluster.ts';
import { spokenEnding } from '../../src/view/panel-words/ending.ts';
import { spokenMoment } from '../../src/view/panel-words/moment.ts';
import { emptyPanel, emptyStyles } from '../empty.ts';
import { post } from '../host.ts';
import type { Panel, PanelState, Phase } from '../host.ts';
import { tokens } from '../theme.ts';
import { cardStyles, nodeCards } from './cards.ts';
import { logStyles, logTable } from './logs.ts';
import { mailList, mailStyles } from './mail.ts';
import { momentHeader, momentStyles } from './moment.ts';
import { linesNeeded } from './node-lines.ts';
import { cutLinks } from './partitions.ts';
import { drawCluster } from './picture.ts';
import { clusterStyles, pictureStyles } from './styles.ts';

export class ClusterPanel extends LitElement implements Panel<'cluster'> {
  static override styles = [
    tokens,
    emptyStyles,
    momentStyles,
    mailStyles,
    cardStyles,
    logStyles,
    clusterStyles,
    pictureStyles,
  ];

  @property({ attribute: false }) state: PanelState<'cluster'> = { phase: { type: 'empty' } };
  @state() private pictureWidth = 0;
  @state() private room = roomBelowHeader();
  @state() private pointedAt = '';
  /** Lines in the boxes of servers. They only grow, so that boxes keep their places. */
  private lines = 0;
  private linesAreFor = '';
  @query('.picture') private canvas!: HTMLElement | null;

  private readonly sizes = new ResizeObserver(([entry]) => {
    if (entry) this.pictureWidth = Math.floor(entry.contentRect.width);
  });
  private readonly resized = () => (this.room = roomBelowHeader());

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('resize', this.resized);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('resize', this.resized);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { shown, phase } = this.state;
    if (!shown) return emptyPanel('cluster');
    const { moment, view: cluster } = shown;
    const actions = {
      pointedAt: this.pointedAt,
      deliver: (id: string) => this.deliver(id),
      pointAt: (id: string) => (this.pointedAt = id),
    };
    return html`
      ${momentHeader(moment, phase)}
      <div class="unseen" role="status">${spoken(moment, phase)}</div>
      <div class="parts ${phase.type === 'running' ? 'dimmed' : ''}">
        <div class="side">
          <div class="picture">
            ${
              this.pictureWidth > 0
                ? drawCluster({
                    cluster,
                    width: this.pictureWidth,
                    room: this.room,
                    lines: this.lines,
                    ...actions,
                  })
                : nothing
            }
            ${partitionInWords(cluster)}
          </div>
          ${mailList({ messages: cluster.messages, enabled: phase.type === 'stopped', ...actions })}
        </div>
        <div class="side">${logTable(cluster.nodes)} ${nodeCards(cluster.nodes)}</div>
      </div>
    `;
  }

  override willUpdate(): void {
    const { shown } = this.state;
    if (!shown) return;
    const { pictureWidth, room } = this;
    const { moment: { scenario, title }, view } = shown;
    const now = JSON.stringify([scenario, title, pictureWidth, room]);
    if (now !== this.linesAreFor) this.lines = 0;
    this.linesAreFor = now;
    this.lines = Math.max(this.lines, linesNeeded(view.nodes, pictureWidth, room));
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('state') || !this.canvas) return;
    this.sizes.observe(this.canvas);
    // The newest entries are at the right.
    const logs = this.renderRoot.querySelector('.logs .scroll');
    if (logs) logs.scrollLeft = logs.scrollWidth;
    this.pictureWidth ||= Math.floor(this.canvas.clientWidth);
  }

  private deliver(messageId: string): void {
    if (this.state.phase.type === 'stopped') post({ type: 'take', action: `deliver ${messageId}` });
  }
}

/** The height left for the picture below a header of usual height, which is less in a low panel. */
function roomBelowHeader(): number {
  return window.innerHeight - (window.innerHeight <= 480 ? 108 : 140);
}

function spoken(moment: Moment, phase: Phase): string {
  switch (phase.type) {
    case 'empty':
    case 'running':
      return '';
    case 'stopped':
      return spokenMoment(moment);
    case 'ended':
      return spokenEnding(phase.ending);
  }
}

function partitionInWords({ islands, cuts }: ClusterView): TemplateResult | typeof nothing {
  if (islands.length > 0) return html`<p>${islandsInWords(islands)}</p>`;
  return cuts.length === 0 ? nothing : html`<p>${cutsInWords(cutLinks(cuts))}</p>`;
}
