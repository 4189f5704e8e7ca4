/** What a panel shows before the first stop: what will appear in it, and how to begin. */

import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { howToBegin, willShow } from '../../src/view/panel-words/begin.ts';
import type { PanelName } from '../../src/view/panels.ts';

export const emptyStyles = css`
  .empty {
    margin: 0 auto;
    max-width: 36em;
    padding: 16px;
  }
  .empty p {
    margin: 0 0 10px;
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

export function emptyPanel(name: PanelName): TemplateResult {
  const { open, pattern, press, key, then } = howToBegin;
  return html`
    <div class="empty">
      <p>${willShow[name]}</p>
      <p>${open} (<code>${pattern}</code>) ${press} <kbd>${key}</kbd>. ${then}</p>
    </div>
  `;
}
