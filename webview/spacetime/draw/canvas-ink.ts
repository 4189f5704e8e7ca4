/** Draws on a canvas; lines and shapes of one style are one path each. */

import { fitting, polygons } from './ink.ts';
import type {
  Area, ColourName, FillStyle, Ink, LineStyle, Palette, Pattern, Shape, ShapeStyle, TextStyle,
} from './ink.ts';

export interface Font {
  readonly family: string;
  readonly size: number;
}

export class CanvasInk implements Ink {
  private readonly patterns = new Map<string, CanvasPattern | null>();
  private readonly widths = new Map<string, number>();
  private grid: HTMLCanvasElement | undefined;

  constructor(
    readonly context: CanvasRenderingContext2D,
    private readonly palette: Palette,
    private readonly font: Font,
  ) {}

  lines(coordinates: readonly number[], { colour, width, alpha = 1, dash }: LineStyle): void {
    if (coordinates.length === 0) return;
    const { context } = this;
    context.strokeStyle = this.palette[colour];
    context.lineWidth = width;
    context.globalAlpha = alpha;
    context.setLineDash(dash ? [...dash] : []);
    context.beginPath();
    for (let at = 0; at < coordinates.length; at += 4) {
      context.moveTo(coordinates[at]!, coordinates[at + 1]!);
      context.lineTo(coordinates[at + 2]!, coordinates[at + 3]!);
    }
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  fill(x: number, y: number, width: number, height: number, style: FillStyle): void {
    if (width <= 0 || height <= 0) return;
    const { context, palette } = this;
    const { colour, alpha = 1, pattern } = style;
    const drawn = pattern ? this.patternOf(pattern, colour) : palette[colour];
    if (drawn === null) return;
    context.globalAlpha = alpha;
    context.fillStyle = drawn;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const { context, palette } = this;
    const { align = 'left', most, ground } = style;
    const shown = fitting(text, most, (part) => this.widthOf(part, style));
    if (shown === '') return;
    if (ground) {
      const width = this.widthOf(shown, style);
      const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
      const size = style.size ?? this.font.size;
      this.fill(left - 2, y - size * 0.62, width + 4, size * 1.24, { colour: ground, alpha: 0.85 });
    }
    context.font = this.fontOf(style);
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillStyle = palette[style.colour];
    context.globalAlpha = style.alpha ?? 1;
    context.fillText(shown, x, y + 0.5);
    context.globalAlpha = 1;
  }

  widthOf(text: string, style: Pick<TextStyle, 'size' | 'bold'> = {}): number {
    const font = this.fontOf(style);
    const key = `${font}\n${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 4_000) this.widths.clear();
      this.context.font = font;
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  shapes(shape: Shape, centres: readonly number[], style: ShapeStyle): void {
    if (centres.length === 0) return;
    const { context } = this;
    context.beginPath();
    for (let at = 0; at < centres.length; at += 2) {
      this.trace(shape, centres[at]!, centres[at + 1]!, style.size);
    }
    this.paint(shape, style);
  }

  heads(tips: readonly number[], style: ShapeStyle): void {
    if (tips.length === 0) return;
    const { context } = this;
    const { size } = style;
    context.beginPath();
    for (let at = 0; at < tips.length; at += 3) {
      const [x, y, angle] = [tips[at]!, tips[at + 1]!, tips[at + 2]!];
      context.moveTo(x, y);
      for (const side of [headAngle, -headAngle]) {
        context.lineTo(x - size * Math.cos(angle + side), y - size * Math.sin(angle + side));
      }
      context.closePath();
    }
    this.paint('square', style);
  }

  cells(
    { x, y, width, height }: Area,
    columns: number,
    rows: number,
    alphas: Uint8Array,
    colour: ColourName,
  ): void {
    if (columns <= 0 || rows <= 0) return;
    const grid = (this.grid ??= document.createElement('canvas'));
    grid.width = columns;
    grid.height = rows;
    const inner = grid.getContext('2d');
    if (!inner) return;
    const image = inner.createImageData(columns, rows);
    const [red, green, blue] = channelsOf(this.palette[colour]);
    for (let at = 0; at < alphas.length; at++) {
      image.data[at * 4] = red;
      image.data[at * 4 + 1] = green;
      image.data[at * 4 + 2] = blue;
      image.data[at * 4 + 3] = alphas[at]!;
    }
    inner.putImageData(image, 0, 0);
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(grid, x, y, width, height);
  }

  clipped({ x, y, width, height }: Area, draw: () => void): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }

  private trace(shape: Shape, x: number, y: number, size: number): void {
    const { context } = this;
    if (shape === 'dot' || shape === 'ring' || shape === 'target') {
      context.moveTo(x + size, y);
      context.arc(x, y, size, 0, Math.PI * 2);
      return;
    }
    for (const polygon of polygons[shape]) {
      for (let at = 0; at < polygon.length; at += 2) {
        const [px, py] = [x + polygon[at]! * size, y + polygon[at + 1]! * size];
        if (at === 0) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
      context.closePath();
    }
  }

  private paint(shape: Shape, { colour, hollow = false }: ShapeStyle): void {
    const { context, palette } = this;
    const isOutline = hollow || shape === 'ring' || shape === 'target';
    if (hollow || shape === 'ring') {
      context.fillStyle = palette.paper;
      context.fill();
    }
    if (isOutline) {
      context.strokeStyle = palette[colour];
      context.lineWidth = shape === 'target' ? 2 : 1.3;
      context.stroke();
    } else {
      context.fillStyle = palette[colour];
      context.fill();
    }
  }

  private fontOf({ size = this.font.size, bold = false }: Pick<TextStyle, 'size' | 'bold'>) {
    return `${bold ? '600 ' : ''}${size}px ${this.font.family}`;
  }

  private patternOf(pattern: Pattern, colour: ColourName): CanvasPattern | null {
    const key = `${pattern} ${colour}`;
    const known = this.patterns.get(key);
    if (known !== undefined) return known;
    const tile = document.createElement('canvas');
    tile.width = tile.height = patternSize;
    const inner = tile.getContext('2d');
    if (!inner) return null;
    inner.strokeStyle = inner.fillStyle = this.palette[colour];
    inner.lineWidth = 1.2;
    for (const [x1, y1, x2, y2] of patternLines(pattern)) {
      inner.beginPath();
      inner.moveTo(x1!, y1!);
      inner.lineTo(x2!, y2!);
      inner.stroke();
    }
    if (pattern === 'dots') inner.fillRect(patternSize / 2, patternSize / 2, 1.5, 1.5);
    const made = this.context.createPattern(tile, 'repeat');
    this.patterns.set(key, made);
    return made;
  }
}

export const headAngle = 0.42;
export const patternSize = 8;

/** The lines of a tile; each leaves it where the next tile goes on. */
export function patternLines(pattern: Pattern): number[][] {
  const size = patternSize;
  const rising = [[-1, 1, 1, -1], [0, size, size, 0], [size - 1, size + 1, size + 1, size - 1]];
  const falling = rising.map(([x1, y1, x2, y2]) => [size - x1!, y1!, size - x2!, y2!]);
  if (pattern === 'rising') return rising;
  if (pattern === 'falling') return falling;
  return pattern === 'crossed' ? [...rising, ...falling] : [];
}

/** Of a colour in the form `#rrggbb`. */
export function channelsOf(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
