/** The header of the moment: its step, the last action, why the debugger stopped, where to go. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Ending, Moment } from '../../src/view/contract.ts';
import { ended, verdictLine } from '../../src/view/panel-words/ending.ts';
import {
  afterCommand,
  branchName,
  headCommand,
  labels,
  sliderPosition,
  stepCount,
  stopReason,
} from '../../src/view/panel-words/moment.ts';
import { post } from './host.ts';
import type { Phase } from './host.ts';

export const momentStyles = css`
  .moment {
    border-bottom: 1px solid var(--edge);
    padding: 6px calc(12px + var(--pin, 0px)) 6px 12px;
  }
  /* Each line is cut at the room it has, and its tooltip has all of it: the picture is below. */
  .moment p {
    display: -webkit-box;
    margin: 0 0 2px;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 1;
  }
  .moment .brief {
    -webkit-line-clamp: 2;
  }
  @media (max-height: 480px) {
    .moment {
      padding-bottom: 4px;
      padding-top: 4px;
    }
    .moment .brief {
      -webkit-line-clamp: 1;
    }
    .ended ul {
      max-height: 5.6em;
      overflow: auto;
    }
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
    width: 72px;
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
    display: block;
    margin: 0;
  }
  .ended li {
    padding-left: 1.4em;
    text-indent: -1.4em;
  }
  .ended .violated {
    font-weight: 600;
  }
`;

export function momentHeader(moment: Moment, phase: Phase): TemplateResult {
  const { title, scenario, step, steps } = moment;
  const place = [scenario, branchName(moment.branch)].filter((part) => part !== '');
  const command = headCommand(moment);
  const about = `${command}${afterCommand(moment)}`;
  const enabled = phase.type === 'stopped';
  const moved = (event: Event) => goTo((event.target as HTMLInputElement).value, moment);
  return html`<section class="moment" aria-label=${labels.moment}>
    <p title=${[title, ...place].join(' · ')}>
      <strong>${title}</strong>
      <span class="quiet"
        >${place.join(' · ')}</span
      >
    </p>
    <p class="brief" title=${about}>
      ${command ? html`<code>${command}</code>` : nothing}${afterCommand(moment)}
    </p>
    ${phaseLine(moment, phase)}
    <div class="where">
      <label>
        ${labels.step}
        <vscode-textfield
          type="number"
          .label=${labels.step}
          min="0"
          max=${steps}
          .value=${String(step)}
          ?disabled=${!enabled}
          @change=${moved}
        ></vscode-textfield>
      </label>
      <span>${stepCount(moment)}</span>
      <input
        type="range"
        aria-label=${labels.goToStep}
        aria-valuetext=${sliderPosition(moment)}
        min="0"
        max=${steps}
        .value=${String(step)}
        ?disabled=${!enabled}
        @change=${moved}
      />
    </div>
  </section>`;
}

/** Why the debugger stopped; or that the run goes on, or how it ended. */
function phaseLine({ stop }: Moment, phase: Phase): TemplateResult | typeof nothing {
  switch (phase.type) {
    case 'empty':
      return nothing;
    case 'stopped': {
      if (stop.type === 'end') return endingList(stop.ending);
      const reason = stopReason(stop);
      return reason === '' ? nothing : html`<p class="reason" title=${reason}>${reason}</p>`;
    }
    case 'running':
      return html`<p class="reason">${labels.running}</p>`;
    case 'ended':
      return endingList(phase.ending);
  }
}

function endingList(ending: Ending): TemplateResult {
  const { verdicts } = ending;
  return html`<div class="ended">
    <p>${ended(ending)}.</p>
    ${
      verdicts.length === 0
        ? nothing
        : html`<ul role="list">
            ${verdicts.map(
              (verdict) =>
                html`<li class=${classMap({ violated: verdict.type === 'violated' })}>
                  ${verdictLine(verdict)}
                </li>`,
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
