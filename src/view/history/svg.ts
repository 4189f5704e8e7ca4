/** A drawing as an SVG file that is complete by itself, with a text alternative and no scripts. */
import type { Drawing, Group, Shape } from './drawing.ts';

/** Of the file: it follows the theme of the page or program that shows it. */
const styles = `
svg {
  color-scheme: light dark;
  background: #fff;
  --ink: #24292f;
  --mark: #b3261e;
  --arrow: #0550ae;
}
@media (prefers-color-scheme: dark) {
  svg { background: #1f1f1f; --ink: #d4d4d4; --mark: #ff7b72; --arrow: #79c0ff; }
}
text { fill: var(--ink); font: 12px ui-monospace, Menlo, Consolas, monospace; white-space: pre; }
path, rect { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.blocked .bar { stroke: var(--mark); stroke-width: 2.5; }
.blocked .label { fill: var(--mark); }
.failed .bar { stroke-dasharray: 2 3; }
.rest { stroke-dasharray: 4 3; }
.guide { stroke-width: 0.5; stroke-dasharray: 1 4; }
.line { stroke: var(--arrow); }
.real-time, .program-order { stroke-dasharray: 5 3; }
.head { fill: var(--arrow); stroke: none; }
.edge { fill: var(--arrow); }`;

export function svgText(
  { width, height, groups }: Drawing,
  title: string,
  description: readonly string[],
): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const labelled = 'role="img" aria-labelledby="title description"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${labelled}>`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description.join('\n'))}</desc>`,
    `<style>${styles}\n</style>`,
    ...groups.map(groupText),
    '</svg>',
    '',
  ].join('\n');
}

function groupText({ style, shapes }: Group): string {
  return `<g class="${style}">${shapes.map(shapeText).join('')}</g>`;
}

function shapeText(shape: Shape): string {
  const style = `class="${shape.style}"`;
  switch (shape.type) {
    case 'rect': {
      const { x, y, width, height } = shape;
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" ${style}/>`;
    }
    case 'path':
      return `<path d="${shape.d}" ${style}/>`;
    case 'text': {
      const place = `x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}"`;
      return `<text ${place} ${style}>${escaped(shape.text)}</text>`;
    }
  }
}

/** XML 1.0 cannot write most control characters, nor half of a pair, not even as references. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
