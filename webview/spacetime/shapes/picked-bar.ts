/** The line below the picture while events are picked: what they are for. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { labels, pickedText } from '../../../src/view/panel-words/spacetime.ts';
import { eventsMost } from './shape.ts';
import type { ShapeSearch } from './shape-search.ts';

export interface Picking {
  readonly shapes: ShapeSearch;
  readonly changed: () => void;
}

export function pickedBar({ shapes, changed }: Picking): TemplateResult | typeof nothing {
  const { picked, anyNodes } = shapes;
  if (picked.length === 0) return nothing;
  const act = (run: () => void) => () => {
    run();
    changed();
  };
  const chosen = ({ target }: Event) => {
    shapes.anyNodes = (target as HTMLSelectElement).value === 'any';
    if (shapes.wanted === 'picked') shapes.search('picked');
    changed();
  };
  return html`<div class="picked" role="group" aria-label=${labels.pickedEvents}>
    <span role="status">${pickedText(picked.length, eventsMost)}</span>
    <select aria-label=${labels.nodesOfShape} @change=${chosen}>
      <option value="same" .selected=${!anyNodes}>${labels.sameRoles}</option>
      <option value="any" .selected=${anyNodes}>${labels.anyNodes}</option>
    </select>
    <button ?disabled=${picked.length < 2} @click=${act(() => shapes.search('picked'))}>
      ${labels.findShape}
    </button>
    <button @click=${act(() => shapes.clear())}>${labels.clearPicked}</button>
  </div>`;
}
