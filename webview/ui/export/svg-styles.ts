/** What a shape looks like, as attributes that differ from its parent or the default. */

import { colourOf } from './colours.ts';

const colours = ['fill', 'stroke', 'stop-color'] as const;

/** Properties that children inherit, with their initial values. */
const inherited: Readonly<Record<string, string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  'fill-rule': 'nonzero',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-dashoffset': '0px',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'stroke-miterlimit': '4',
  'stroke-opacity': '1',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  'text-rendering': 'auto',
  visibility: 'visible',
  'font-family': '',
  'font-size': '',
  'font-style': 'normal',
  'font-weight': '400',
  'letter-spacing': 'normal',
  'text-anchor': 'start',
};

/** Properties that each shape has for itself, with their initial values. */
const own: Readonly<Record<string, string>> = {
  opacity: '1',
  'dominant-baseline': 'auto',
  'text-decoration-line': 'none',
  'clip-path': 'none',
  mask: 'none',
  'stop-color': 'rgb(0, 0, 0)',
  'stop-opacity': '1',
  'vector-effect': 'none',
};

/** Sizes that a style sheet may set in place of an attribute. */
const sizes: Readonly<Record<string, readonly string[]>> = {
  rect: ['x', 'y', 'width', 'height', 'rx', 'ry'],
  circle: ['cx', 'cy', 'r'],
  ellipse: ['cx', 'cy', 'rx', 'ry'],
};

const shapes = 'rect, circle, ellipse, path, line, polyline, polygon';

/** Whether anything of a shape can be seen; other elements may contain shapes. */
export function hasPaint(element: Element, style: CSSStyleDeclaration): boolean {
  if (!element.matches(shapes)) return true;
  if (style.visibility === 'hidden' || style.opacity === '0') return false;
  const isSeen = (paint: string) => paint !== 'none' && !isTransparent(paint, element);
  const hasMarker = style.getPropertyValue('marker-end') !== 'none';
  return isSeen(style.fill) || isSeen(style.stroke) || hasMarker;
}

function isTransparent(paint: string, element: Element): boolean {
  return isColour(paint) && alphaOf(paint, element) === 0;
}

function alphaOf(paint: string, element: Element): number {
  const found = colourOf(paint, element);
  return found.length === 9 ? parseInt(found.slice(7), 16) / 255 : 1;
}

function isColour(paint: string): boolean {
  return !/^(none$|url\(|context-)/.test(paint);
}

export function paintOf(
  element: Element,
  style: CSSStyleDeclaration,
  parent: CSSStyleDeclaration | undefined,
): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const [name, initial] of Object.entries(inherited)) {
    const value = style.getPropertyValue(name);
    const above = parent === undefined ? initial : parent.getPropertyValue(name);
    if (value !== above) found.push(...written(name, value, element));
  }
  for (const [name, initial] of Object.entries(own)) {
    const value = style.getPropertyValue(name);
    const isOfStop = name.startsWith('stop-');
    if (value === '' || value === initial || isOfStop !== (element.localName === 'stop')) continue;
    found.push(...written(name, value, element));
  }
  for (const name of sizes[element.localName] ?? []) {
    const value = style.getPropertyValue(name);
    const isSet = value !== '' && value !== 'auto' && value !== '0px';
    if (isSet && !element.hasAttribute(name)) found.push([name, withoutUnit(value)]);
  }
  if (style.whiteSpace.startsWith('pre') && element.localName === 'text') {
    found.push(['xml:space', 'preserve']);
  }
  return found;
}

/** A transparent colour is a colour and an opacity: not all programs know the fourth part. */
function written(name: string, value: string, element: Element): [string, string][] {
  if ((colours as readonly string[]).includes(name)) {
    if (!isColour(value)) return [[name, value.replaceAll('"', '')]];
    const alpha = alphaOf(value, element);
    const opacity = name === 'stop-color' ? 'stop-opacity' : `${name}-opacity`;
    const plain: [string, string] = [name, colourOf(value, element).slice(0, 7)];
    if (alpha === 1) return [plain];
    const whole = Number(getComputedStyle(element).getPropertyValue(opacity) || 1) * alpha;
    return [plain, [opacity, String(Math.round(whole * 1000) / 1000)]];
  }
  if (name === 'font-family') return [[name, withFallback(value)]];
  if (name === 'text-decoration-line') return [['text-decoration', value]];
  if (name === 'stroke-dasharray') return [[name, value.replaceAll('px', '')]];
  return [[name, name === 'font-size' ? value : withoutUnit(value)]];
}

/** A browser or Inkscape may have none of the editor's fonts. */
function withFallback(families: string): string {
  const plain = families.replaceAll('"', "'");
  if (/(^|,\s*)(sans-serif|serif|monospace)\s*$/.test(plain)) return plain;
  return `${plain}, ${/mono|consol|courier|menlo/i.test(plain) ? 'monospace' : 'sans-serif'}`;
}

function withoutUnit(value: string): string {
  return value.replace(/^(-?[\d.]+)px$/, '$1');
}
