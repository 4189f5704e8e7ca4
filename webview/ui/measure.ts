/** How wide a text is in the panel's own font, so that only what has no room is cut. */

const widths = new Map<string, number>();
let family = '';
let brush: CanvasRenderingContext2D | null = null;

/** In CSS pixels at a font size. The widths of letters are added up, so none is measured twice. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return (width * size) / measured;
}

/** The font size at which letters are measured. */
const measured = 20;

function letterWidth(letter: string): number {
  const known = widths.get(letter);
  if (known !== undefined) return known;
  brush ??= document.createElement('canvas').getContext('2d');
  if (!brush) return measured * 0.6;
  family ||= getComputedStyle(document.documentElement).getPropertyValue('--vscode-font-family');
  brush.font = `${measured}px ${family || 'sans-serif'}`;
  const { width } = brush.measureText(letter);
  widths.set(letter, width);
  return width;
}

/** Cuts a text at the room that it has, in CSS pixels. */
export function fit(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  const letters = [...text];
  let width = textWidth('…', size);
  let kept = 0;
  while (kept < letters.length && width + textWidth(letters[kept]!, size) <= room) {
    width += textWidth(letters[kept++]!, size);
  }
  return `${letters.slice(0, Math.max(1, kept)).join('')}…`;
}
