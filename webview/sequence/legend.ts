/** What the arrows of the sequence diagram mean, drawn the way the diagram draws them. */

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';

const heads = {
  arrow: svg`<path class="head" d="M 23 1 L 30 5 L 23 9 z" />`,
  open: svg`<path class="open" d="M 24 1 L 30 5 L 24 9" />`,
  cross: svg`<path class="open" d="M 25 1.5 l 7 7 m 0 -7 l -7 7" />`,
};

const meanings = [
  { word: 'delivered', line: 'messageLine0', head: heads.arrow },
  { word: 'in flight', line: 'messageLine1 in-flight', head: heads.open },
  { word: 'lost', line: 'messageLine0 lost', head: heads.cross },
  { word: 'refused', line: 'messageLine1 refused', head: heads.cross },
];

export function legend(): TemplateResult {
  return html`<ul class="legend quiet" aria-label="Legend">
    ${meanings.map(
      ({ word, line, head }) =>
        html`<li>
          <svg width="34" height="10" aria-hidden="true" class=${line}>
            <path class=${line} d="M 1 5 H 28" />
            ${head}
          </svg>
          ${word}
        </li>`,
    )}
  </ul>`;
}
