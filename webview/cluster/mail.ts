/** Messages in flight as a list, in the order of arrival: each can be delivered now. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { MessageView } from '../../src/view/contract.ts';

export const mailStyles = css`
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
  /** False while the run goes on or has ended: nothing can be taken then. */
  enabled: boolean;
  pointedAt: string;
  deliver(messageId: string): void;
  pointAt(messageId: string): void;
}

export function mailList(options: MailOptions): TemplateResult {
  const { messages } = options;
  return html`<section class="mail" aria-label="Messages in flight">
    <h2>
      In flight
      ${messages.length > 0 ? html`<span class="quiet">(${messages.length})</span>` : nothing}
    </h2>
    ${
      messages.length === 0
        ? html`<p class="quiet">No message is in flight.</p>`
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
  const { id, from, to, type, summary, next, fresh, leftText } = message;
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
      ${next ? html`<span class="word">next</span>` : nothing}
      ${fresh ? html`<span class="word">just sent</span>` : nothing} <br /><span class="quiet"
        >${[summary, leftText && `due in ${leftText}`].filter(Boolean).join(' · ')}</span
      >
    </p>
    <vscode-button
      secondary
      ?disabled=${!enabled}
      aria-label=${`Deliver now: ${type} from ${from} to ${to}`}
      @click=${() => deliver(id)}
      >Deliver now</vscode-button
    >
  </li>`;
}
