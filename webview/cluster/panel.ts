/** The cluster panel: the moment's header, the picture, and the same in words. */

import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ClusterView, Moment } from '../../src/view/contract.ts';
import { endingOf } from '../../src/view/ended.ts';
import { emptyPanel, emptyStyles } from '../empty.ts';
import { post } from '../host.ts';
import type { PanelState } from '../host.ts';
import { tokens } from '../theme.ts';
import { cardStyles, nodeCards } from './cards.ts';
import { logStyles, logTable } from './logs.ts';
import { mailList, mailStyles } from './mail.ts';
import { momentHeader, momentStyles } from './moment.ts';
import { cutLinks, islandName } from './partitions.ts';
import { drawCluster } from './picture.ts';
import { clusterStyles, pictureStyles } from './styles.ts';

@customElement('lockstep-cluster')
export class ClusterPanel extends LitElement {
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

  @property({ attribute: false }) state: PanelState = { phase: 'empty', verdict: '' };
  @state() private pictureWidth = 0;
  @state() private room = roomBelowHeader();
  @state() private pointedAt = '';
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
    const { view, phase } = this.state;
    if (!view) {
      return emptyPanel(
        'This panel will show the cluster: every node with its role, term and log, the messages ' +
          'in flight, partitions, crashed and paused nodes, and the timers that run.',
      );
    }
    const { cluster, moment } = view;
    const actions = {
      pointedAt: this.pointedAt,
      deliver: (id: string) => this.deliver(id),
      pointAt: (id: string) => (this.pointedAt = id),
    };
    return html`
      ${momentHeader(moment, this.state)}
      <div class="unseen" role="status">${spoken(moment, this.state)}</div>
      <div class="parts ${phase === 'running' ? 'running' : ''}">
        <div class="side">
          <div class="picture">
            ${
              this.pictureWidth > 0
                ? drawCluster({
                    cluster,
                    width: this.pictureWidth,
                    room: this.room,
                    ...actions,
                  })
                : nothing
            }
            ${partitionInWords(cluster)}
          </div>
          ${mailList({ messages: cluster.messages, enabled: phase === 'stopped', ...actions })}
        </div>
        <div class="side">${logTable(cluster.nodes)} ${nodeCards(cluster.nodes)}</div>
      </div>
    `;
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
    if (this.state.phase === 'stopped') post({ type: 'take', action: `deliver ${messageId}` });
  }
}

/** The height that is left for the picture below a header of usual height. */
function roomBelowHeader(): number {
  return window.innerHeight - 140;
}

function spoken({ step, steps, summary, reason }: Moment, { phase, verdict }: PanelState): string {
  if (phase === 'running') return '';
  if (phase === 'ended') {
    const { words, lines } = endingOf(verdict);
    return [`Ended: ${words}`, ...lines].join('. ');
  }
  return `Step ${step} of ${steps}. ${summary} ${reason}`;
}

function partitionInWords({ islands, cuts }: ClusterView): TemplateResult | typeof nothing {
  if (islands.length > 0) {
    const groups = islands.map((ids, index) => `${islandName(index)}: ${ids.join(', ')}`);
    return html`<p>The network is divided. ${groups.join(' – ')}.</p>`;
  }
  if (cuts.length === 0) return nothing;
  const links = cutLinks(cuts).map(
    ({ from, to, bothWays }) => `${from} ${bothWays ? '↔' : '→'} ${to}`,
  );
  return html`<p>Cut: ${links.join(', ')}.</p>`;
}
