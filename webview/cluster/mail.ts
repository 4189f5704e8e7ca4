/** The messages in flight as a list in order of arrival, each with a button to deliver it now. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { MessageView } from '../../src/view/contract.ts';
import { deliverLabel, labels, messageDetails } from '../../src/view/panel-words/cluster.ts';

export const mailStyles = css`
  /* About five messages: what is below them stays in sight however many are in flight. */
  .mail ul {
    max-height: 16em;
    overflow-y: auto;
  }
  .mail li {
    align-items: center;
    border-left: 3px solid transparent;
    column-gap: 8px;
    display: grid;
    grid-template-columns: auto 1fr auto;
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
  .mail .number {
    border: 1px solid var(--ink);
    border-radius: 50%;
    font-size: 0.85em;
    height: 20px;
    line-height: 18px;
    min-width: 20px;
    text-align: center;
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
`;

interface MailOptions {
  messages: MessageView[];
  /** False while the run goes on, and once it has ended. */
  enabled: boolean;
  pointedAt: string;
  deliver(messageId: string): void;
  pointAt(messageId: string): void;
}

export function mailList(options: MailOptions): TemplateResult {
  const { messages } = options;
  return html`<section class="mail" aria-label=${labels.messagesInFlight}>
    <h2>
      ${labels.inFlight}
      ${messages.length > 0 ? html`<span class="quiet">(${messages.length})</span>` : nothing}
    </h2>
    ${
      messages.length === 0
        ? html`<p class="quiet">${labels.noMessages}</p>`
        : html`<ul role="list">
            ${messages.map((message, index) => mailItem(message, index + 1, options))}
          </ul>`
    }
  </section>`;
}

function mailItem(
  message: MessageView,
  number: number,
  { enabled, pointedAt, deliver, pointAt }: MailOptions,
): TemplateResult {
  const { id, from, to, type, next, fresh } = message;
  return html`<li
    class=${classMap({ next, fresh, pointed: id === pointedAt })}
    @pointerenter=${() => pointAt(id)}
    @pointerleave=${() => pointAt('')}
    @focusin=${() => pointAt(id)}
    @focusout=${() => pointAt('')}
  >
    <span class="number" aria-hidden="true">${number}</span>
    <p>
      <strong>${type}</strong> ${from} → ${to}
      ${next ? html`<span class="word">${labels.next}</span>` : nothing}
      ${fresh ? html`<span class="word">${labels.justSent}</span>` : nothing}
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
