/** The legend of the sequence diagram: each kind of arrow, drawn as the diagram draws it. */

import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { Outcome } from '../../src/view/contract.ts';
import { labels, outcomeWord } from '../../src/view/panel-words/sequence.ts';

const heads = {
  arrow: svg`<path class="head" d="M 23 1 L 30 5 L 23 9 z" />`,
  open: svg`<path class="open" d="M 24 1 L 30 5 L 24 9" />`,
  cross: svg`<path class="open" d="M 25 1.5 l 7 7 m 0 -7 l -7 7" />`,
};

const arrows: { outcome: Outcome; line: string; head: SVGTemplateResult }[] = [
  { outcome: 'delivered', line: 'messageLine0', head: heads.arrow },
  { outcome: 'in-flight', line: 'messageLine1 in-flight', head: heads.open },
  { outcome: 'lost', line: 'messageLine0 lost', head: heads.cross },
  { outcome: 'refused', line: 'messageLine1 refused', head: heads.cross },
];

export function legend(): TemplateResult {
  return html`<ul class="legend quiet" aria-label=${labels.legend}>
    ${arrows.map(
      ({ outcome, line, head }) =>
        html`<li>
          <svg width="34" height="10" aria-hidden="true" class=${line}>
            <path class=${line} d="M 1 5 H 28" />
            ${head}
          </svg>
          ${outcomeWord(outcome)}
        </li>`,
    )}
  </ul>`;
}
