/** What a panel shows while it has no stop: what will appear in it, and how to begin. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { howToBegin, loading, viewFailed, willShow } from '../../src/view/panel-words/begin.ts';
import { ended, verdictLine } from '../../src/view/panel-words/ending.ts';
import { labels } from '../../src/view/panel-words/moment.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { Phase } from './host.ts';

export const emptyStyles = css`
  .empty {
    margin: 0 auto;
    max-width: 36em;
    padding: 16px;
  }
  .empty p {
    margin: 0 0 10px;
  }
  .failed {
    border-left: 3px double var(--wrong);
    margin: 12px;
    overflow-wrap: anywhere;
    padding: 0 12px;
    white-space: pre-line;
  }
  kbd {
    background: var(--vscode-keybindingLabel-background, transparent);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-keybindingLabel-border, #8888));
    border-radius: 3px;
    color: var(--vscode-keybindingLabel-foreground, inherit);
    font-family: inherit;
    padding: 0 4px;
  }
`;

/** The reason may name a handler or a field of the user's own protocol, so it is shown in full. */
function failedPanel(why: string): TemplateResult {
  return html`<div class="empty failed" role="alert">
    <p><strong>${viewFailed.what}</strong></p>
    <p class="code">${why}</p>
    <p>${viewFailed.then}</p>
  </div>`;
}

export function emptyPanel(
  name: PanelName,
  phase: Phase = { type: 'empty' },
): TemplateResult {
  const { open, pattern, press, key, then } = howToBegin;
  if (phase.type === 'opening') return html``;
  if (phase.type === 'loading') {
    return html`<div class="empty" role="status"><p>${loading}</p></div>`;
  }
  if (phase.type === 'running') return html`<div class="empty"><p>${labels.running}</p></div>`;
  if (phase.type === 'failed') return failedPanel(phase.why);
  return html`
    <div class="empty">
      ${
        phase.type === 'ended'
          ? [`${ended(phase.ending)}.`, ...phase.ending.verdicts.map(verdictLine)].map(
              (line) => html`<p>${line}</p>`,
            )
          : nothing
      }
      <p>${willShow[name]}</p>
      <p>${open} (<code>${pattern}</code>) ${press} <kbd>${key}</kbd>. ${then}</p>
    </div>
  `;
}
