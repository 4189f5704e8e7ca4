/** The legend: each mark as the picture draws it. */

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { labels, legendWords } from '../../src/view/panel-words/spacetime.ts';

type Sign = keyof typeof legendWords;

const signs: Readonly<Record<Sign, TemplateResult>> = {
  message: svg`<path d="M2 2L15 11" stroke="var(--outline)"/>
    <circle cx="16" cy="12" r="2.4" fill="var(--ink)"/>`,
  timer: svg`<circle cx="10" cy="7" r="3.4" fill="none" stroke="var(--ink)" stroke-width="1.3"/>`,
  operation: svg`<path d="M6 2L15 7L6 12Z" fill="var(--accent)"/>`,
  fault: svg`<rect x="6.5" y="3.5" width="7" height="7" fill="var(--wrong)"/>`,
  event: svg`<path d="M10 2L15 7L10 12L5 7Z" fill="var(--accent)"/>`,
  refused: svg`<path d="M1 3L15 10" stroke="var(--bid)" stroke-width="1.6"/>
    <path d="M13 5V14" stroke="var(--bid)" stroke-width="2"/>`,
  lost: svg`<path d="M1 2L11 8" stroke="var(--wrong)" stroke-dasharray="4 2"/>
    <path d="M10 5L16 11M16 5L10 11" stroke="var(--wrong)" stroke-width="1.6"/>`,
  flying: svg`<path d="M1 3L17 11" stroke="var(--quiet)" stroke-width="1.4"
    stroke-dasharray="1 3"/>`,
  lead: svg`<rect x="1" y="4" width="18" height="6" fill="var(--accent)" opacity="0.55"/>`,
  bid: svg`<path d="M1 11L7 3M7 11L13 3M13 11L19 3" stroke="var(--bid)" stroke-width="1.5"/>`,
  off: svg`<path d="M1 3L9 11M9 3L17 11M1 11L9 3M9 11L17 3" stroke="var(--outline)"/>`,
  cut: svg`<path d="M4 1V13M16 1V13" stroke="var(--changed)" stroke-width="1.6"
    stroke-dasharray="4 2"/>`,
  violated: svg`<path d="M10 1L17 13H3Z" fill="var(--wrong)"/>`,
  past: svg`<path d="M1 1L13 13M7 1L19 13" stroke="var(--accent)"/>`,
  future: svg`<path d="M1 13L13 1M7 13L19 1" stroke="var(--bid)"/>`,
  concurrent: svg`<path d="M3 4h2M9 4h2M15 4h2M6 10h2M12 10h2" stroke="var(--quiet)"
    stroke-width="2"/>`,
};

export function legend(isOpen: boolean): TemplateResult {
  return html`
    <details class="key" ?open=${isOpen}>
      <summary>${labels.legend}</summary>
      <ul class="marks" aria-label=${labels.legend}>
        ${(Object.keys(signs) as Sign[]).map(
          (sign) => html`
            <li>
              <svg width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
                ${signs[sign]}
              </svg>
              ${legendWords[sign]}
            </li>
          `,
        )}
      </ul>
    </details>
  `;
}
