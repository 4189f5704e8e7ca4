/** The theme's colours and font, as a canvas needs them: resolved, and as red, green and blue. */

import type { Font } from './draw/canvas-ink.ts';
import { colourNames } from './draw/ink.ts';
import type { Palette } from './draw/ink.ts';

/** Reads the tokens of `theme.ts` at an element. */
export function paletteAt(element: HTMLElement): Palette {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const probe = document.createElement('span');
  // Outside of the shadow tree it would have no styles.
  (element.shadowRoot ?? element).append(probe);
  const colourOf = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const paper = colourOf('paper');
  const entries = colourNames.map((name) => {
    return [name, context ? hexOf(context, paper, colourOf(name)) : '#888888'];
  });
  probe.remove();
  return Object.fromEntries(entries) as Palette;
}

export function fontAt(element: HTMLElement): Font {
  const style = getComputedStyle(element);
  return { family: style.fontFamily, size: Math.round(parseFloat(style.fontSize)) || 13 };
}

/** The channels of a colour on the paper, in whatever notation the theme wrote it. */
function hexOf(context: CanvasRenderingContext2D, paper: string, colour: string): string {
  for (const layer of [paper, colour]) {
    context.fillStyle = layer;
    context.fillRect(0, 0, 1, 1);
  }
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => (part ?? 0).toString(16).padStart(2, '0')).join('')}`;
}
