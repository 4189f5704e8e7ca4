/** What the picture shows, as lists: the messages in flight, and a card for each node. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type {
  MessageView, NodeView, RoleView, TimerView,
} from '../../src/view/cluster/cluster-view.ts';
import { explanationOf, valueName } from '../../src/view/cluster/value-name.ts';
import { statusOf } from '../../src/view/node-status.ts';
import {
  aboutNode,
  clockText,
  diskText,
  epochText,
  holdInWords,
  labels as words,
  nodeInWords,
  shownName,
  shownText,
  timerText,
  waitingText,
} from '../../src/view/panel-words/cluster.ts';
import {
  deliverLabel,
  labels,
  messageDetails,
  unseenText,
} from '../../src/view/panel-words/traffic.ts';
import { epochColour } from '../ui/theme.ts';

export const listStyles = css`
  .mail li {
    align-items: center;
    border-left: 3px solid transparent;
    column-gap: 8px;
    display: grid;
    grid-template-columns: 1fr auto;
    padding: 3px 0 3px 6px;
  }
  .mail li.next {
    border-left-color: var(--accent);
  }
  .mail li.pointed,
  .mail li:hover {
    background: var(--vscode-list-hoverBackground, transparent);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .mail p {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .word {
    border: 1px solid currentColor;
    border-radius: 3px;
    display: inline-block;
    font-size: 0.85em;
    line-height: 1.3;
    padding: 0 4px;
  }
  .cards {
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
  .card dd.changed {
    font-weight: 700;
    text-decoration: underline 2px var(--changed);
    text-underline-offset: 3px;
  }
`;

interface MailOptions {
  messages: MessageView[];
  /** How many more are in flight. */
  unseen: number;
  /** False while the run goes on, and once it has ended. */
  enabled: boolean;
  pointedAt: string;
  deliver(messageId: string): void;
  pointAt(messageId: string): void;
}

/** In order of arrival, each with a button to deliver it now. */
export function mailList(options: MailOptions): TemplateResult {
  const { messages, unseen } = options;
  if (messages.length === 0) return html`<p class="quiet">${labels.noMessages}</p>`;
  return html`<ul class="mail" role="list">
      ${repeat(
        messages,
        ({ id }) => id,
        (message) => mailItem(message, options),
      )}
    </ul>
    ${unseen > 0 ? html`<p class="quiet">${unseenText(unseen)}</p>` : nothing}`;
}

function mailItem(message: MessageView, options: MailOptions): TemplateResult {
  const { enabled, pointedAt, deliver, pointAt } = options;
  const { id, from, to, type, next, fresh, refusal } = message;
  return html`<li
    class=${classMap({ next, fresh, pointed: id === pointedAt })}
    @pointerenter=${() => pointAt(id)}
    @pointerleave=${() => pointAt('')}
    @focusin=${() => pointAt(id)}
    @focusout=${() => pointAt('')}
  >
    <p>
      <strong>${type}</strong> ${from} → ${to}
      ${next ? html`<span class="word">${labels.next}</span>` : nothing}
      ${fresh ? html`<span class="word">${labels.justSent}</span>` : nothing}
      ${refusal ? html`<span class="word">${labels.refusal}</span>` : nothing}
      <br /><span class="quiet">${messageDetails(message)}</span>
    </p>
    <vscode-button
      secondary
      ?disabled=${!enabled}
      aria-label=${deliverLabel(message)}
      @click=${() => deliver(id)}
      >${labels.deliverNow}</vscode-button
    >
  </li>`;
}

export function nodeCards(nodes: NodeView[], roles: RoleView[]): TemplateResult {
  const card = (node: NodeView) => {
    const { values = {} } = roles.find(({ name }) => name === node.role) ?? {};
    return nodeCard(node, values);
  };
  return html`<ul class="cards" role="list">${repeat(nodes, ({ id }) => id, card)}</ul>`;
}

interface Row {
  name: string;
  text: string;
  changed?: boolean;
  /** By which the protocol may explain it. */
  key?: string;
  doc?: string;
}

function docOf(values: RoleView['values'], key: string): string | undefined {
  return key === '' ? undefined : explanationOf(values, key);
}

function nodeCard(node: NodeView, values: RoleView['values']): TemplateResult {
  const { id, epoch, acted } = node;
  return html`<li class="card" aria-label=${nodeInWords(node)}>
    <h3>
      <strong>${id}</strong><span>${aboutNode(node).join(' · ')}</span>
      ${epoch ? html`<span>${swatch(epoch.value)} ${epochText(epoch)}</span>` : nothing}
      ${statusOf(node).map((word) => html`<span class="word">${word}</span>`)}
      ${acted ? html`<span class="word">${words.lastToAct}</span>` : nothing}
    </h3>
    <dl>
      ${rowsOf(node).map(
        ({ name, text, changed = false, key = '', doc = docOf(values, key) }) =>
          html`<dt title=${doc ?? nothing}>${name}${
              doc ? html`<span class="unseen">: ${doc}</span>` : nothing
            }</dt>
            <dd title=${doc ?? nothing} class=${classMap({ code: true, changed })}>
              ${text}${changed ? html`<span class="unseen"> (${words.changed})</span>` : nothing}
            </dd>`,
      )}
    </dl>
  </li>`;
}

function rowsOf(node: NodeView): Row[] {
  const { shown, holds, facts, clock, waiting, disk, timers } = node;
  const optional = (name: string, text: string): Row[] => (text === '' ? [] : [{ name, text }]);
  return [
    ...holds.map((hold) => ({ name: hold.of, text: holdInWords(hold) })),
    ...shown.map((view) => ({
      name: shownName(view),
      text: shownText(view),
      changed: view.changed,
      key: valueName(view),
    })),
    ...facts.map(({ name, value, changed }) => ({ name, text: value, changed, key: name })),
    ...optional(words.clock, clockText(clock)),
    ...optional(words.waiting, waiting > 0 ? waitingText(waiting) : ''),
    ...optional(words.disk, disk ? diskText(disk) : ''),
    ...timers.map((timer: TimerView) => ({ name: timer.name, text: timerText(timer) })),
  ];
}

function swatch(epoch: number | string): TemplateResult {
  return html`<svg width="10" height="10" aria-hidden="true">
    <rect width="10" height="10" rx="2" fill=${epochColour(epoch)} />
  </svg>`;
}
