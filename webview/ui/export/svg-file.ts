/**
 * A picture of a panel as a file that is complete by itself: styles and theme colours are written
 * into each shape, so that it looks the same in a browser, in Inkscape and in a document.
 */

import { colourOf } from './colours.ts';
import { hasPaint, paintOf } from './svg-styles.ts';

export interface About {
  readonly title: string;
  /** The text alternative, a line each. */
  readonly description: readonly string[];
}

export interface SvgFile {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

const svgSpace = 'http://www.w3.org/2000/svg';
/** Attributes that mean something without the page. Ids are kept where something refers to them. */
const kept = new Set([
  ...['x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'dx', 'dy', 'width', 'height'],
  ...['d', 'points', 'viewBox', 'transform', 'preserveAspectRatio', 'offset', 'rotate'],
  ...['textLength', 'lengthAdjust', 'pathLength', 'href', 'startOffset', 'gradientUnits'],
  ...['gradientTransform', 'patternUnits', 'patternTransform', 'patternContentUnits'],
  ...['clipPathUnits', 'maskUnits', 'maskContentUnits', 'refX', 'refY', 'markerWidth'],
  ...['markerHeight', 'markerUnits', 'orient', 'fx', 'fy', 'spreadMethod'],
]);
const referred = 'marker, linearGradient, radialGradient, pattern, clipPath, mask, symbol, filter';
const left = new Set(['style', 'script', 'foreignObject', 'animate', 'animateTransform', 'set']);

/** The pictures stand below one another, as they do in their panel. All must be in the page. */
export function svgFile(pictures: readonly SVGSVGElement[], about: About): SvgFile {
  const sizes = pictures.map(sizeOf);
  const width = Math.ceil(Math.max(1, ...sizes.map((size) => size.width)));
  const height = Math.ceil(Math.max(1, sizes.reduce((sum, size) => sum + size.height, 0)));
  const root = document.createElementNS(svgSpace, 'svg');
  const attributes = {
    width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-labelledby': 'title description',
  };
  for (const [name, value] of Object.entries(attributes)) root.setAttribute(name, String(value));
  root.append(textElement('title', 'title', about.title));
  root.append(textElement('desc', 'description', about.description.join('\n')));
  const host = pictures[0];
  root.append(background(host ? colourOf('var(--paper, Canvas)', host) : '#ffffff'));
  let top = 0;
  for (const [index, picture] of pictures.entries()) {
    const size = sizes[index]!;
    root.append(new Writer(picture).written(size, top));
    top += size.height;
  }
  return { text: `${new XMLSerializer().serializeToString(root)}\n`, width, height };
}

interface Size {
  readonly box: readonly [number, number, number, number];
  readonly width: number;
  readonly height: number;
}

/** Pictures are drawn in CSS pixels; one that is scaled in its panel is written at its own size. */
function sizeOf(picture: SVGSVGElement): Size {
  const { x, y, width, height } = picture.viewBox.baseVal ?? new DOMRect();
  if (width > 0 && height > 0) return { box: [x, y, width, height], width, height };
  const shown = picture.getBoundingClientRect();
  return { box: [0, 0, shown.width, shown.height], width: shown.width, height: shown.height };
}

function textElement(name: string, id: string, text: string): SVGElement {
  const made = document.createElementNS(svgSpace, name);
  made.id = id;
  made.textContent = withoutControls(text);
  return made;
}

/** XML cannot write most control characters, nor half of a pair. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

function background(colour: string): SVGElement {
  const rect = document.createElementNS(svgSpace, 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: colour })) {
    rect.setAttribute(name, value);
  }
  return rect;
}

class Writer {
  /** Markers in the colour of the line that they end: not all programs know `context-stroke`. */
  private readonly markers = new Map<string, SVGElement>();

  constructor(private readonly picture: SVGSVGElement) {}

  written({ box, width, height }: Size, top: number): SVGElement {
    const made = this.copy(this.picture, undefined)!;
    for (const name of ['width', 'height', 'x', 'y', 'viewBox']) made.removeAttribute(name);
    const place = { x: 0, y: top, width, height, viewBox: box.join(' '), overflow: 'hidden' };
    for (const [name, value] of Object.entries(place)) made.setAttribute(name, String(value));
    if (this.markers.size > 0) {
      const defs = document.createElementNS(svgSpace, 'defs');
      defs.append(...this.markers.values());
      made.prepend(defs);
    }
    return made;
  }

  /** Undefined if nothing of it is visible. `parent` is what its parent looks like. */
  private copy(from: Element, parent: CSSStyleDeclaration | undefined): SVGElement | undefined {
    if (left.has(from.localName)) return undefined;
    const style = getComputedStyle(from);
    const isDefinition = from.closest(`defs, ${referred}`) !== null;
    if (!isDefinition && style.display === 'none') return undefined;
    if (!isDefinition && !hasPaint(from, style)) return undefined;
    const made = document.createElementNS(svgSpace, from.localName);
    for (const { name, value } of from.attributes) {
      if (kept.has(name)) made.setAttribute(name, value);
    }
    if (from.matches(referred) && from.id !== '') made.id = from.id;
    if (!['title', 'desc'].includes(from.localName)) {
      for (const [name, value] of paintOf(from, style, parent)) made.setAttribute(name, value);
      this.pointMarkers(made, style);
      this.move(from, made, style);
    }
    for (const child of from.childNodes) {
      if (child instanceof Text) made.append(withoutControls(child.data));
      else if (child instanceof Element) {
        const inner = this.copy(child, style);
        if (inner) made.append(inner);
      }
    }
    return made;
  }

  /** What CSS moves, attributes move in the file. */
  private move(from: Element, made: SVGElement, style: CSSStyleDeclaration): void {
    const { transform, translate, rotate, scale } = style;
    const isMoved = [transform, translate, rotate, scale, style.getPropertyValue('offset-path')]
      .some((value) => value !== '' && value !== 'none');
    if (!isMoved || from.hasAttribute('transform') || !(from instanceof SVGGraphicsElement)) return;
    const parent = from.parentElement;
    if (from === this.picture || !(parent instanceof SVGGraphicsElement)) return;
    const [here, there] = [from.getScreenCTM(), parent.getScreenCTM()];
    if (!here || !there) return;
    const { a, b, c, d, e, f } = there.inverse().multiply(here);
    made.setAttribute('transform', `matrix(${[a, b, c, d, e, f].map(rounded).join(' ')})`);
  }

  private pointMarkers(made: SVGElement, style: CSSStyleDeclaration): void {
    for (const name of ['marker-start', 'marker-mid', 'marker-end']) {
      const id = /^url\("?#([^")]+)"?\)$/.exec(style.getPropertyValue(name))?.[1];
      const marker = id === undefined ? null : this.picture.querySelector(`[id="${CSS.escape(id)}"]`);
      if (!marker) continue;
      made.setAttribute(name, `url(#${this.marker(marker, style)})`);
    }
  }

  private marker(marker: Element, line: CSSStyleDeclaration): string {
    const inner = [...marker.querySelectorAll('*')].map((one) => getComputedStyle(one));
    const isOfLine = inner.some(({ fill, stroke }) => /context-/.test(fill + stroke));
    if (!isOfLine) return marker.id;
    const colour = colourOf(line.stroke, this.picture);
    const id = `${marker.id}-${colour.replaceAll(/[^0-9a-f]/g, '')}`;
    if (this.markers.has(id)) return id;
    const made = this.copy(marker, undefined)!;
    made.id = id;
    for (const part of made.querySelectorAll('*')) {
      for (const name of ['fill', 'stroke']) {
        if (part.getAttribute(name)?.startsWith('context-')) part.setAttribute(name, colour);
      }
    }
    this.markers.set(id, made);
    return id;
  }
}

function rounded(number: number): number {
  return Math.round(number * 1e4) / 1e4;
}
