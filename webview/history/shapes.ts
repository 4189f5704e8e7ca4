/** Draws the shapes of a picture; its operations are buttons if they have titles. */

import { html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { Drawing, Group, Shape } from '../../src/view/history/drawing.ts';

interface Options {
  /** What the picture shows, in words. */
  name: string;
  /** What an operation is, by its place: each is a button then. */
  titleOf?: (place: number) => string;
  /** The place of the operation that the tab key reaches. */
  focused?: number;
}

export function drawn({ width, height, groups }: Drawing, options: Options): TemplateResult {
  return html`<svg
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    role=${options.titleOf ? 'group' : 'img'}
    aria-label=${options.name}
  >
    ${groups.map((group) => groupShape(group, options))}
  </svg>`;
}

function groupShape(group: Group, { titleOf, focused }: Options): SVGTemplateResult {
  const { operation, style, shapes } = group;
  const all = shapes.map(shapeOf);
  if (operation === undefined || !titleOf) return svg`<g class=${style}>${all}</g>`;
  const title = titleOf(operation);
  return svg`<g
    class=${style}
    role="button"
    tabindex=${operation === focused ? 0 : -1}
    aria-label=${title}
    aria-current=${style.includes('current') ? 'step' : nothing}
    data-place=${operation}
  ><title>${title}</title>${all}</g>`;
}

export function shapeOf(shape: Shape): SVGTemplateResult {
  switch (shape.type) {
    case 'rect': {
      const { x, y, width, height, style } = shape;
      return svg`<rect class=${style} x=${x} y=${y} width=${width} height=${height} rx="2" />`;
    }
    case 'path':
      return svg`<path class=${shape.style} d=${shape.d} />`;
    case 'text': {
      const { x, y, anchor, style, text } = shape;
      return svg`<text class=${style} x=${x} y=${y} text-anchor=${anchor}>${text}</text>`;
    }
  }
}
