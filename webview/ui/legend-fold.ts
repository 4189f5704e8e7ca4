/** The legend below a picture: folded at first in a low panel, whose height the picture needs. */

import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { bar } from '../../src/view/panel-words/legend.ts';
import { isPresented, pageRoom } from './room.ts';

/** In CSS pixels of the page. */
const tallFrom = 420;

export const legendFoldStyles = css`
  .legend-fold {
    border-top: 1px solid var(--edge);
    flex: none;
    padding: 2px 12px;
  }
  .legend-fold summary {
    cursor: pointer;
    width: fit-content;
  }
`;

export function legendFold(legend: TemplateResult): TemplateResult {
  const isOpen = pageRoom().height >= tallFrom && !isPresented();
  return html`<details class="legend-fold quiet" ?open=${isOpen}>
    <summary>${bar.legend}</summary>
    ${legend}
  </details>`;
}
