/** Draws the same as text of an SVG file, which needs no styles and no fonts of its own. */

import { headAngle, patternLines, patternSize } from './canvas-ink.ts';
import type { Font } from './canvas-ink.ts';
import { fitting, polygons } from './ink.ts';
import type {
  Area, ColourName, FillStyle, Ink, LineStyle, Palette, Pattern, Shape, ShapeStyle, TextStyle,
} from './ink.ts';

export class SvgInk implements Ink {
  private readonly parts: string[] = [];
  private readonly definitions = new Map<string, string>();
  private clips = 0;

  constructor(
    private readonly palette: Palette,
    private readonly font: Font,
    /** Text is measured as on the canvas. */
    readonly widthOf: Ink['widthOf'],
  ) {}

  svg(width: number, height: number, title: string): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const family = escaped(this.font.family);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${family}">`,
      `<title>${escaped(title)}</title>`,
      `<defs>${[...this.definitions.values()].join('')}</defs>`,
      `<rect width="${width}" height="${height}" fill="${this.palette.paper}"/>`,
      ...this.parts,
      '</svg>',
    ].join('\n');
  }

  lines(coordinates: readonly number[], { colour, width, alpha = 1, dash }: LineStyle): void {
    if (coordinates.length === 0) return;
    let path = '';
    for (let at = 0; at < coordinates.length; at += 4) {
      const [x1, y1, x2, y2] = coordinates.slice(at, at + 4);
      path += `M${short(x1!)} ${short(y1!)}L${short(x2!)} ${short(y2!)}`;
    }
    const dashes = dash ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    const stroke = `stroke="${this.palette[colour]}" stroke-width="${width}"`;
    this.parts.push(`<path d="${path}" fill="none" ${stroke}${opacity(alpha)}${dashes}/>`);
  }

  fill(x: number, y: number, width: number, height: number, style: FillStyle): void {
    if (width <= 0 || height <= 0) return;
    const { colour, alpha = 1, pattern } = style;
    const paint = pattern ? `url(#${this.patternOf(pattern, colour)})` : this.palette[colour];
    this.parts.push(`<rect ${boxOf({ x, y, width, height })} fill="${paint}"${opacity(alpha)}/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const { colour, size = this.font.size, bold, align = 'left', most, ground, alpha = 1 } = style;
    const shown = fitting(text, most, (part) => this.widthOf(part, style));
    if (shown === '') return;
    if (ground) {
      const width = this.widthOf(shown, style);
      const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
      this.fill(left - 2, y - size * 0.62, width + 4, size * 1.24, { colour: ground, alpha: 0.85 });
    }
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    const place = `x="${short(x)}" y="${short(y + size * 0.35)}" text-anchor="${anchor}"`;
    const look = `font-size="${size}"${bold ? ' font-weight="600"' : ''}`;
    const paint = `fill="${this.palette[colour]}"${opacity(alpha)}`;
    this.parts.push(`<text ${place} ${look} ${paint}>${escaped(shown)}</text>`);
  }

  shapes(shape: Shape, centres: readonly number[], style: ShapeStyle): void {
    const { size } = style;
    for (let at = 0; at < centres.length; at += 2) {
      const [x, y] = [centres[at]!, centres[at + 1]!];
      if (shape === 'dot' || shape === 'ring' || shape === 'target') {
        const circle = `cx="${short(x)}" cy="${short(y)}" r="${short(size)}"`;
        this.parts.push(`<circle ${circle} ${this.paint(style, shape)}/>`);
      } else {
        const path = polygons[shape].map((points) => pathOf(points, x, y, size)).join('');
        this.parts.push(`<path d="${path}" ${this.paint(style, shape)}/>`);
      }
    }
  }

  heads(tips: readonly number[], style: ShapeStyle): void {
    let path = '';
    for (let at = 0; at < tips.length; at += 3) {
      const [x, y, angle] = [tips[at]!, tips[at + 1]!, tips[at + 2]!];
      const ends = [headAngle, -headAngle].map((side) => {
        const endX = x - style.size * Math.cos(angle + side);
        return `L${short(endX)} ${short(y - style.size * Math.sin(angle + side))}`;
      });
      path += `M${short(x)} ${short(y)}${ends.join('')}Z`;
    }
    if (path !== '') this.parts.push(`<path d="${path}" ${this.paint(style, 'square')}/>`);
  }

  cells(
    { x, y, width, height }: Area,
    columns: number,
    rows: number,
    alphas: Uint8Array,
    colour: ColourName,
  ): void {
    const [cellWidth, cellHeight] = [width / columns, height / rows];
    for (let row = 0; row < rows; row++) {
      for (let from = 0; from < columns;) {
        const alpha = alphas[row * columns + from]!;
        let until = from + 1;
        while (until < columns && alphas[row * columns + until] === alpha) until++;
        const box = { x: x + from * cellWidth, width: (until - from) * cellWidth };
        const area = { ...box, y: y + row * cellHeight, height: cellHeight };
        const paint = `fill="${this.palette[colour]}"${opacity(alpha / 255)}`;
        if (alpha > 0) this.parts.push(`<rect ${boxOf(area)} ${paint}/>`);
        from = until;
      }
    }
  }

  clipped(area: Area, draw: () => void): void {
    const id = `clip${this.clips++}`;
    this.definitions.set(id, `<clipPath id="${id}"><rect ${boxOf(area)}/></clipPath>`);
    this.parts.push(`<g clip-path="url(#${id})">`);
    draw();
    this.parts.push('</g>');
  }

  private paint({ colour, hollow = false }: ShapeStyle, shape: Shape): string {
    const paint = this.palette[colour];
    if (shape === 'target') return `fill="none" stroke="${paint}" stroke-width="2"`;
    if (!hollow && shape !== 'ring') return `fill="${paint}"`;
    return `fill="${this.palette.paper}" stroke="${paint}" stroke-width="1.3"`;
  }

  private patternOf(pattern: Pattern, colour: ColourName): string {
    const id = `${pattern}-${colour}`;
    const paint = this.palette[colour];
    const stroke = `stroke="${paint}" stroke-width="1.2"`;
    const lines = patternLines(pattern).map(
      ([x1, y1, x2, y2]) => `<path d="M${x1} ${y1}L${x2} ${y2}" ${stroke}/>`,
    );
    const middle = patternSize / 2;
    const dot = `<rect x="${middle}" y="${middle}" width="1.5" height="1.5" fill="${paint}"/>`;
    const size = `width="${patternSize}" height="${patternSize}" patternUnits="userSpaceOnUse"`;
    const content = pattern === 'dots' ? dot : lines.join('');
    this.definitions.set(id, `<pattern id="${id}" ${size}>${content}</pattern>`);
    return id;
  }
}

function pathOf(points: readonly number[], x: number, y: number, size: number): string {
  let path = '';
  for (let at = 0; at < points.length; at += 2) {
    const place = `${short(x + points[at]! * size)} ${short(y + points[at + 1]! * size)}`;
    path += `${at === 0 ? 'M' : 'L'}${place}`;
  }
  return `${path}Z`;
}

function boxOf({ x, y, width, height }: Area): string {
  const [w, h] = [short(width), short(height)];
  return `x="${short(x)}" y="${short(y)}" width="${w}" height="${h}"`;
}

function opacity(alpha: number): string {
  return alpha === 1 ? '' : ` opacity="${Math.round(alpha * 1_000) / 1_000}"`;
}

function short(number: number): string {
  return String(Math.round(number * 100) / 100);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
