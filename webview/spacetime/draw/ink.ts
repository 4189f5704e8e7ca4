/** What the picture is drawn with, so that a canvas and an SVG file show the same. */

/** The theme's colours by their names in `theme.ts`. */
export const colourNames = [
  'paper', 'ink', 'quiet', 'edge', 'outline', 'raised', 'focus',
  'accent', 'bid', 'wrong', 'changed', 'grid',
] as const;
export type ColourName = (typeof colourNames)[number];
export type Palette = Readonly<Record<ColourName, string>>;

export interface LineStyle {
  readonly colour: ColourName;
  readonly width: number;
  readonly alpha?: number;
  readonly dash?: readonly number[];
}

export type Pattern = 'rising' | 'falling' | 'dots' | 'crossed';

export interface FillStyle {
  readonly colour: ColourName;
  readonly alpha?: number;
  /** Lines or dots of the colour, instead of an even fill. */
  readonly pattern?: Pattern;
}

export interface TextStyle {
  readonly colour: ColourName;
  readonly size?: number;
  readonly bold?: boolean;
  readonly alpha?: number;
  readonly align?: 'left' | 'center' | 'right';
  /** The text is cut to this width. */
  readonly most?: number;
  /** A ground of this colour behind it. */
  readonly ground?: ColourName;
}

export type Shape =
  | 'dot' | 'ring' | 'diamond' | 'square' | 'triangle' | 'cross' | 'bar' | 'target' | 'warning';

export interface ShapeStyle {
  readonly colour: ColourName;
  readonly size: number;
  readonly hollow?: boolean;
}

export interface Ink {
  /** Four numbers for each line: from x, y to x, y. */
  lines(coordinates: readonly number[], style: LineStyle): void;
  fill(x: number, y: number, width: number, height: number, style: FillStyle): void;
  /** `y` is the middle of the text. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  widthOf(text: string, style?: Pick<TextStyle, 'size' | 'bold'>): number;
  /** Two numbers for each: the centre. */
  shapes(shape: Shape, centres: readonly number[], style: ShapeStyle): void;
  /** Arrow heads: three numbers for each: the tip and the direction as an angle. */
  heads(tips: readonly number[], style: ShapeStyle): void;
  /** A grid of cells of one colour, each with an alpha of 0 to 255, row by row. */
  cells(area: Area, columns: number, rows: number, alphas: Uint8Array, colour: ColourName): void;
  clipped(area: Area, draw: () => void): void;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The outline of a shape of size 1 around 0, as polygons; a dot and a ring are circles. */
export const polygons: Readonly<Record<Exclude<Shape, 'dot' | 'ring' | 'target'>, number[][]>> = {
  diamond: [[0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0]],
  square: [[-1, -1, 1, -1, 1, 1, -1, 1]],
  triangle: [[-1, -1.1, 1.2, 0, -1, 1.1]],
  bar: [[-0.25, -1.6, 0.25, -1.6, 0.25, 1.6, -0.25, 1.6]],
  cross: [
    [-1.1, -0.8, -0.8, -1.1, 1.1, 0.8, 0.8, 1.1],
    [0.8, -1.1, 1.1, -0.8, -0.8, 1.1, -1.1, 0.8],
  ],
  warning: [[0, -1.4, 1.5, 1.2, -1.5, 1.2]],
};

/** Text that fits into a width, with an ellipsis if it does not. */
export function fitting(
  text: string,
  most: number | undefined,
  widthOf: (text: string) => number,
): string {
  if (most === undefined || widthOf(text) <= most) return text;
  let length = Math.max(0, Math.floor((text.length * most) / Math.max(1, widthOf(text))));
  while (length > 0 && widthOf(`${text.slice(0, length)}…`) > most) length--;
  return length === 0 ? '' : `${text.slice(0, length)}…`;
}
