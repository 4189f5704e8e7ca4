/** The moment's header: where the run stands, what happened, why it stopped, where else to go. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Moment } from '../../src/view/contract.ts';
import { endingOf } from '../../src/view/ended.ts';
import { post } from '../host.ts';
import type { PanelState } from '../host.ts';

export const momentStyles = css`
  .moment {
    border-bottom: 1px solid var(--edge);
    padding: 8px 12px;
  }
  .moment p {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  .where {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
  }
  .where input {
    accent-color: var(--accent);
    flex: 1 1 120px;
    margin: 0;
    min-width: 0;
  }
  .where vscode-textfield {
    width: 84px;
  }
  .where label {
    align-items: center;
    display: flex;
    gap: 6px;
  }
  .reason {
    border-left: 3px solid var(--accent);
    padding-left: 8px;
  }
  .ended {
    border-left: 3px double var(--ink);
    margin: 0 0 4px;
    overflow-wrap: anywhere;
    padding-left: 8px;
  }
  .ended p {
    margin: 0;
  }
  .ended li {
    padding-left: 1.4em;
    text-indent: -1.4em;
  }
  .ended .broken {
    font-weight: 600;
  }
`;

export function momentHeader(moment: Moment, { phase, verdict }: PanelState): TemplateResult {
  const { title, scenario, branch, step, steps, timeText, action, summary, reason } = moment;
  return html`<section class="moment" aria-label="Moment">
    <p>
      <strong>${title}</strong>
      <span class="quiet">${scenario}${branch ? ` · ${branch}` : ''}</span>
    </p>
    <p>${action ? html`<code>${action}</code>` : nothing}${beyond(action, summary)}</p>
    ${phase === 'running' ? html`<p class="reason">Running …</p>` : nothing}
    ${
      phase === 'stopped' && reason && reason !== action
        ? html`<p class="reason">${reason.replace(/^the /, 'The ')}</p>`
        : nothing
    }
    ${phase === 'ended' ? ending(verdict) : nothing}
    <div class="where">
      <label>
        Step
        <vscode-textfield
          type="number"
          .label=${'Step'}
          min="0"
          max=${steps}
          .value=${String(step)}
          ?disabled=${phase !== 'stopped'}
          @change=${(event: Event) => goTo((event.target as HTMLInputElement).value, moment)}
        ></vscode-textfield>
      </label>
      <span>of ${steps} · ${timeText}</span>
      <input
        type="range"
        aria-label="Go to a step"
        aria-valuetext=${`step ${step} of ${steps}, ${timeText}`}
        min="0"
        max=${steps}
        .value=${String(step)}
        ?disabled=${phase !== 'stopped'}
        @change=${(event: Event) => goTo((event.target as HTMLInputElement).value, moment)}
      />
    </div>
  </section>`;
}

/** What the sentence says that the command before it does not: nothing, where they are the same. */
function beyond(action: string, summary: string): string {
  if (action === '') return summary;
  // `A lock x`, and `A is asked to lock x`.
  const plain = summary.replace(' is asked to ', ' ');
  return plain.startsWith(action) ? plain.slice(action.length) : ` · ${summary}`;
}

function ending(verdict: string): TemplateResult {
  const { words, lines } = endingOf(verdict);
  return html`<div class="ended">
    <p>Ended: ${words}.</p>
    ${
      lines.length === 0
        ? nothing
        : html`<ul role="list">
            ${lines.map(
              (line) => html`<li class=${line.startsWith('✗') ? 'broken' : ''}>${line}</li>`,
            )}
          </ul>`
    }
  </div>`;
}

function goTo(value: string, { step, steps }: Moment): void {
  const wanted = Math.round(Number(value));
  if (!Number.isFinite(wanted) || value.trim() === '') return;
  const bounded = Math.min(steps, Math.max(0, wanted));
  if (bounded !== step) post({ type: 'goto', step: bounded });
}
