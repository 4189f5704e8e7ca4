/** What the shapes of the panel Locks and Leases mean. */

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { legend as names } from '../../src/view/panel-words/locks.ts';

type Name = keyof typeof names;

const shapes: Record<Name, TemplateResult> = {
  held: svg`<g class="held"><rect x="1" y="2" width="22" height="10"></rect></g>`,
  believed: svg`<g class="believed"><rect x="1" y="2" width="22" height="10" rx="5"></rect></g>`,
  conflict: svg`<g class="conflict"><rect x="1" y="1" width="22" height="12"></rect>
    <circle cx="8" cy="5" r="1.2" class="dots"></circle>
    <circle cx="15" cy="9" r="1.2" class="dots"></circle></g>`,
  paused: svg`<path d="M3 13l8 -12M9 13l8 -12M15 13l8 -12" class="hatch"></path>`,
  end: svg`<g class="held"><g class="end"><line x1="8" x2="8" y1="0" y2="14"></line>
    <path d="M8 1h8l-3 3.5l3 3.5h-8z"></path></g></g>`,
  renewal: svg`<g class="believed"><rect x="1" y="2" width="22" height="10" rx="5"></rect>
    <line x1="12" x2="12" y1="6" y2="12" class="renewal"></line></g>`,
  accepted: svg`<g class="write"><path d="M7 7l3.5 4l6.5 -8"></path></g>`,
  refused: svg`<g class="write refused"><path d="M8 3l8 8M16 3l-8 8"></path></g>`,
};

export function legend(): TemplateResult {
  return html`<ul class="legend" role="list">
    ${Object.entries(shapes).map(([name, shape]) => html`<li>
      <svg width="24" height="14" aria-hidden="true">${shape}</svg>${names[name as Name]}
    </li>`)}
  </ul>`;
}
