/** The parts of the picture in one element: the page shows them apart, because two stay in view. */

import { gutterWidth } from './picture.ts';
import type { Picture } from './picture.ts';
import { svgElement } from './svg.ts';

export function composed(names: SVGSVGElement, { body, gutter }: Picture): SVGSVGElement {
  const size = (svg: SVGSVGElement, name: string) => Number(svg.getAttribute(name) ?? 0);
  const above = size(names, 'height');
  const width = gutterWidth + Math.max(size(names, 'width'), size(body, 'width'));
  const height = above + size(body, 'height');
  const whole = svgElement('svg', {
    'data-picture': 'Sequence', width, height, viewBox: `0 0 ${width} ${height}`,
  });
  const part = (svg: SVGSVGElement, x: number, y: number) => {
    const copy = svg.cloneNode(true) as SVGSVGElement;
    copy.setAttribute('x', String(x));
    copy.setAttribute('y', String(y));
    copy.removeAttribute('data-picture');
    whole.append(copy);
  };
  part(names, gutterWidth, 0);
  part(gutter, 0, above);
  part(body, gutterWidth, above);
  for (const target of whole.querySelectorAll('.target')) target.remove();
  return whole;
}
