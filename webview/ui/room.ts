/** The size of the page in the pixels of its panel: presented panels are enlarged. */

import { presentedZoom } from './theme.ts';

export function isPresented(): boolean {
  return document.getElementById('app')?.dataset.of === 'presented';
}

export function pageRoom(): { width: number; height: number } {
  const zoom = isPresented() ? presentedZoom : 1;
  return { width: window.innerWidth / zoom, height: window.innerHeight / zoom };
}
