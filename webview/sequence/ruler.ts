/** The widths of texts, which decide how labels are broken and what shares a line. */

import type { Font } from '../ui/mermaid.ts';

/** Beyond this, the widths are measured again. */
const knownMost = 2_000;
const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;
const sample = 'AppendEntries term 12, match 7, order42';

/** The average width of a letter, in CSS pixels. */
export function letterWidth(font: Font): number {
  return textWidth(font, sample) / sample.length;
}

export function textWidth({ family, size }: Font, text: string): number {
  const font = `${size}px ${family}`;
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  context ??= document.createElement('canvas').getContext('2d');
  if (context && context.font !== font) {
    context.font = font;
    // As in the picture.
    context.textRendering = 'geometricPrecision';
  }
  const width = context?.measureText(text).width ?? size * 0.55 * text.length;
  if (widths.size > knownMost) widths.clear();
  widths.set(key, width);
  return width;
}
