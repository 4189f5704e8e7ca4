/** The moment's header: where the run stands, what happened, why it stopped, where else to go. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Moment } from '../../src/view/contract.ts';
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
    padding-left: 8px;
  }
`;

export function momentHeader(moment: Moment, { phase, verdict }: PanelState): TemplateResult {
  const { title, scenario, branch, step, steps, timeText, action, summary, reason } = moment;
  return html`<section class="moment" aria-label="Moment">
    <p>
      <strong>${title}</strong>
      <span class="quiet">${scenario}${branch ? ` · branch ${branch}` : ''}</span>
    </p>
    <p>${action ? html`<code>${action}</code> · ` : nothing}${summary}</p>
    ${phase === 'running' ? html`<p class="reason">Running …</p>` : nothing}
    ${phase === 'stopped' && reason ? html`<p class="reason">${reason}</p>` : nothing}
    ${phase === 'ended' ? html`<p class="ended">Ended. ${verdict}</p>` : nothing}
    <div class="where">
      <label>
        Step
        <vscode-textfield
          type="number"
          label="Step"
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

function goTo(value: string, { step, steps }: Moment): void {
  const wanted = Math.round(Number(value));
  if (!Number.isFinite(wanted) || value.trim() === '') return;
  const bounded = Math.min(steps, Math.max(0, wanted));
  if (bounded !== step) post({ type: 'goto', step: bounded });
}
