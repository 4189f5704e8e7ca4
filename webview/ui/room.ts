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

export function isLow(): boolean {
  return pageRoom().height < lowBelow;
}

/** Keeps a mark on the page while it is low, for the styles of all elements in it. */
export function markRoom(): void {
  const mark = () => {
    const room = isLow() ? 'low' : 'usual';
    if (document.body.dataset.room !== room) document.body.dataset.room = room;
  };
  mark();
  window.addEventListener('resize', mark);
}
