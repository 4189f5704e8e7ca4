/** The legend of the intervals: each kind, drawn as the picture draws it. */

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { bar } from '../../src/view/history/drawing.ts';
import { labels, legend as entries } from '../../src/view/panel-words/history.ts';
import { shapeOf } from './shapes.ts';

/** The marks of a conflict are explained only where there is one. */
export function legend(hasConflict: boolean): TemplateResult {
  const shown = Object.entries(entries).filter(([style]) => {
    return hasConflict || !/conflict|valid/.test(style);
  });
  return html`<ul class="legend quiet" aria-label=${labels.legend}>
    ${shown.map(
      ([style, text]) =>
        html`<li>
          <svg width="30" height="14" aria-hidden="true">${sample(style)}</svg>
          ${text}
        </li>`,
    )}
  </ul>`;
}

function sample(style: string) {
  if (style === 'valid') return svg`<rect class="valid" width="30" height="14" />`;
  const shapes = bar(
    { from: 2, to: 28, open: style === 'unknown' },
    { y: 2, height: 10, style: 'bar' },
  );
  return svg`<g class="operation ${style}">${shapes.map(shapeOf)}</g>`;
}
