/** A card per node: its role and standing, the values that its role shows, its timers. */

import { css, html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { NodeView, TimerView } from '../../src/view/contract.ts';
import { statusOf } from '../../src/view/node-status.ts';
import {
  aboutNode,
  clockText,
  diskText,
  epochText,
  labels,
  nodeInWords,
  nodeTitle,
  shownName,
  shownText,
  timerText,
  waitingText,
} from '../../src/view/panel-words/cluster.ts';
import { epochColour } from '../ui/theme.ts';

export const cardStyles = css`
  .cards ul {
    align-items: start;
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(210px, 100%), 1fr));
  }
  .card {
    border: 1px solid var(--edge);
    border-left: 4px solid var(--outline);
    border-radius: 4px;
    min-width: 0;
    padding: 6px 8px;
  }
  .card.lead {
    border-left: 6px double var(--accent);
  }
  .card.bid {
    border-left: 4px dashed var(--bid);
  }
  .card.crashed {
    border-style: dotted;
    color: var(--quiet);
  }
  .card h3 {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    font-size: inherit;
    font-weight: normal;
    gap: 2px 8px;
    margin: 0 0 2px;
    overflow-wrap: anywhere;
  }
  .card .epoch {
    align-items: center;
    display: inline-flex;
    gap: 4px;
  }
  .card dl {
    display: grid;
    gap: 1px 8px;
    grid-template-columns: auto 1fr;
    margin: 0;
  }
  .card dt,
  .card dd {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .card dt {
    color: var(--quiet);
  }
  dd.changed {
    font-weight: 700;
    text-decoration: underline 2px var(--changed);
    text-underline-offset: 3px;
  }
  .timer svg {
    display: block;
    margin: 1px 0 3px;
  }
  .timer .span {
    fill: color-mix(in srgb, var(--ink) 22%, transparent);
  }
  .timer .left {
    fill: var(--ink);
  }
`;

export function nodeCards(nodes: NodeView[]): TemplateResult {
  return html`<section class="cards" aria-label=${labels.nodes}>
    <h2>${labels.nodes}</h2>
    <ul role="list">
      ${nodes.map(nodeCard)}
    </ul>
  </section>`;
}

function nodeCard(node: NodeView): TemplateResult {
  const { id, status, tone, epoch, acted, timers, waiting, disk } = node;
  const lines = [
    ...node.shown.map((view) => {
      return { name: shownName(view), text: shownText(view), changed: view.changed };
    }),
    ...node.facts.map(({ name, value, changed }) => ({ name, text: value, changed })),
  ];
  const clock = clockText(node.clock);
  return html`<li
    class=${classMap({ card: true, [tone]: true, [status.replace(' ', '-')]: true })}
    aria-label=${nodeInWords(node)}
    title=${nodeTitle(node)}
  >
    <h3>
      <strong>${id}</strong><span>${aboutNode(node).join(' · ')}</span>
      ${
        epoch
          ? html`<span class="epoch">${swatch(epoch.value)} ${epochText(epoch)}</span>`
          : nothing
      }
      ${statusOf(node).map((word) => html`<span class="word">${word}</span>`)}
      ${acted ? html`<span class="word">${labels.lastToAct}</span>` : nothing}
    </h3>
    <dl>
      ${lines.map(
        ({ name, text, changed }) =>
          html`<dt>${name}</dt>
            <dd class=${classMap({ code: true, changed })}>
              ${text}${changed ? html`<span class="unseen"> (${labels.changed})</span>` : nothing}
            </dd>`,
      )}
      ${
        clock
          ? html`<dt>${labels.clock}</dt>
              <dd>${clock}</dd>`
          : nothing
      }
      ${
        waiting > 0
          ? html`<dt>${labels.waiting}</dt>
              <dd>${waitingText(waiting)}</dd>`
          : nothing
      }
      ${
        disk
          ? html`<dt>${labels.disk}</dt>
              <dd>${diskText(disk)}</dd>`
          : nothing
      }
      ${timers.map(timerRow)}
    </dl>
  </li>`;
}

export function swatch(epoch: number | string): TemplateResult {
  return html`<svg width="10" height="10" aria-hidden="true">
    <rect width="10" height="10" rx="2" fill=${epochColour(epoch)} />
  </svg>`;
}

function timerRow(timer: TimerView): TemplateResult {
  const { name, left, span } = timer;
  const share = span > 0 ? Math.min(1, Math.max(0, left / span)) : 0;
  const bar = svg`<rect class="span" width="100%" height="4" rx="2" />
    <rect class="left" width="${(share * 100).toFixed(1)}%" height="4" rx="2" />`;
  return html`<dt>${name}</dt>
    <dd class="timer">
      ${timerText(timer)}
      <svg width="100%" height="4" aria-hidden="true">${bar}</svg>
    </dd>`;
}
