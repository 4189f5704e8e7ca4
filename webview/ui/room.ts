/** The size of the page in the pixels of its panel: presented panels are enlarged. */

import { presentedZoom } from './theme.ts';

export function isPresented(): boolean {
  return document.getElementById('app')?.dataset.of === 'presented';
}

export function pageRoom(): { width: number; height: number } {
  const zoom = isPresented() ? presentedZoom : 1;
  return { width: window.innerWidth / zoom, height: window.innerHeight / zoom };
}

/** In a lower panel, what is around the picture takes less room, and what can wait is below it. */
const lowBelow = 284;
/** In a narrower panel, a bar has no room for all of its controls beside the number of the step. */
const narrowBelow = 1_000;

export function isLow(): boolean {
  return pageRoom().height < lowBelow;
}

/** Keeps marks on the page while it is low or narrow, for the styles of all elements in it. */
export function markRoom(): void {
  const mark = () => {
    const { dataset } = document.body;
    const room = isLow() ? 'low' : 'usual';
    const side = pageRoom().width < narrowBelow ? 'narrow' : 'wide';
    if (dataset.room !== room) dataset.room = room;
    if (dataset.side !== side) dataset.side = side;
  };
  mark();
  window.addEventListener('resize', mark);
}
