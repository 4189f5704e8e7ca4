/** What a panel says before there is anything to draw: what it will show, and how to begin. */

import { css, html } from 'lit';
import type { TemplateResult } from 'lit';

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

export function emptyPanel(willShow: string): TemplateResult {
  return html`
    <div class="empty">
      <p>${willShow}</p>
      <p>
        Open a scenario (<code>*.scenario.yaml</code>) in the editor and press <kbd>F5</kbd>. At
        each stop of the debugger the picture is drawn here.
      </p>
    </div>
  `;
}
