/** The cluster panel: the header of the moment, the picture, and the same in words. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { ClusterView } from '../../src/view/contract.ts';
import { cutsInWords, islandsInWords } from '../../src/view/panel-words/cluster.ts';
import { emptyStyles } from '../ui/empty.ts';
import { post } from '../ui/host.ts';
import { PanelElement } from '../ui/panel.ts';
import type { Shown } from '../ui/panel.ts';
import { tokens } from '../ui/theme.ts';
import { cardStyles, nodeCards } from './cards.ts';
import { logStyles, logTable } from './logs.ts';
import { mailList, mailStyles } from './mail.ts';
import { momentHeader, momentStyles } from '../ui/header.ts';
import { linesNeeded } from './node-lines.ts';
import { cutLinks } from './partitions.ts';
import { drawCluster } from './picture.ts';
import { clusterStyles, pictureStyles } from './styles.ts';

export class ClusterPanel extends PanelElement<'cluster'> {
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

  readonly name = 'cluster';
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

  protected override content({ moment, view: cluster, phase }: Shown<'cluster'>): TemplateResult {
    const actions = {
      pointedAt: this.pointedAt,
      deliver: (id: string) => this.deliver(id),
      pointAt: (id: string) => (this.pointedAt = id),
    };
    return html`
      ${momentHeader(moment, phase)}
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
          ${mailList({ messages: cluster.messages, enabled: this.isStopped, ...actions })}
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
    if (this.isStopped) post({ type: 'take', action: `deliver ${messageId}` });
  }
}

/** The height left for the picture below a header of usual height, which is less in a low panel. */
function roomBelowHeader(): number {
  return window.innerHeight - (window.innerHeight <= 480 ? 108 : 140);
}

function partitionInWords({ islands, cuts }: ClusterView): TemplateResult | typeof nothing {
  if (islands.length > 0) return html`<p>${islandsInWords(islands)}</p>`;
  return cuts.length === 0 ? nothing : html`<p>${cutsInWords(cutLinks(cuts))}</p>`;
}
