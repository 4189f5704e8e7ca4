/** The legend below a picture: folded at first in a low panel, whose height the picture needs. */

import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { bar } from '../../src/view/panel-words/legend.ts';
import { isPresented, pageRoom } from './room.ts';

/** In CSS pixels of the page. */
const tallFrom = 420;

/** In a low panel, what is unfolded below a picture lies over it: else it would be cut. */
export const lowFoldStyles = css`
  :host-context([data-room='low']) details[open] {
    background: var(--raised);
    border: 1px solid var(--outline);
    bottom: 0;
    left: 0;
    max-height: calc(var(--page) - 34px);
    overflow: auto;
    position: absolute;
    right: 0;
    z-index: 6;
  }
  :host-context([data-room='low']) details[open] > summary {
    background: var(--raised);
    position: sticky;
    top: 0;
    width: auto;
    z-index: 1;
  }
`;

export const legendFoldStyles = css`
  ${lowFoldStyles}
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

/** `from`: the height of a page in which the picture leaves room for it. */
export function legendFold(legend: TemplateResult, from = tallFrom): TemplateResult {
  const isOpen = pageRoom().height >= Math.max(from, tallFrom) && !isPresented();
  return html`<details class="legend-fold quiet" ?open=${isOpen}>
    <summary>${bar.legend}</summary>
    ${legend}
  </details>`;
}
