/** Draws rows of the diagram with Mermaid, in columns that the panel has placed. */

import { drawMermaid } from '../ui/mermaid.ts';
import type { Font } from '../ui/mermaid.ts';

/** Where the columns are: their keys in the text, and the middle of each, in CSS pixels. */
export interface Columns {
  keys: readonly string[];
  centres: readonly number[];
  /** The width of a participant's box. */
  box: number;
}

/** What Mermaid drew for some lines, in their order, and the arrow heads that the arrows use. */
export interface Drawing {
  rows: SVGGraphicsElement[][];
  heads: SVGDefsElement[];
}

/** Arrow heads have the same names in each drawing, so that rows of several can share them. */
const drawingId = 'sequence';

/**
 * Draws lines of a diagram, each an arrow or a note. Throws Mermaid's own error, whose message says
 * what is wrong with the text.
 *
 * Only the participants of these lines are drawn, at places that the panel has chosen. So the cost
 * depends on the lines alone, and rows that were drawn apart fit together. `use` is called while
 * the drawing is in the page and can be measured.
 */
export function drawLines<Result>(
  lines: readonly string[],
  columns: Columns,
  font: Font,
  use: (drawing: Drawing) => Result,
): Promise<Result> {
  const heads = lines.map((line) => line.split(': ', 1)[0]!);
  const touched = new Set(heads.flatMap((head) => head.match(/\bp\d+\b/g) ?? []));
  const participants = columns.keys.filter((key) => touched.has(key));
  const text = [
    'sequenceDiagram',
    ...participants.map((key) => `  participant ${key} as ${key}`),
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
  const place = (diagram: unknown) => placeColumns(diagram as Placeable, columns);
  const taken = (svg: SVGSVGElement) =>
    use({ rows: rowsIn(svg, lines.length), heads: [...svg.querySelectorAll('defs')] });
  return drawMermaid(text, drawingId, font, taken, place);
}

interface Placeable {
  db: { getActors(): Map<string, object> };
}

/** Mermaid would place the columns by the labels of these lines; its values are fixed instead. */
function placeColumns({ db }: Placeable, { keys, centres, box }: Columns): void {
  const fixed = (value: number) => ({ get: () => value, set: () => undefined });
  for (const [key, actor] of db.getActors()) {
    const centre = centres[keys.indexOf(key)];
    if (centre === undefined) continue;
    const place = { x: fixed(centre - box / 2), width: fixed(box), margin: fixed(0) };
    Object.defineProperties(actor, place);
  }
}

/** Mermaid numbers what it draws in the order of its text: `i3` is the line with index 3. */
function rowsIn(svg: SVGSVGElement, count: number): SVGGraphicsElement[][] {
  const rows: SVGGraphicsElement[][] = Array.from({ length: count }, () => []);
  let words: SVGGraphicsElement[] = [];
  for (const child of [...svg.children] as SVGGraphicsElement[]) {
    const kind = child.getAttribute('data-et');
    const index = Number(child.getAttribute('data-id')?.slice(1));
    if (child.classList.contains('messageText')) words.push(child);
    if (kind !== 'message' && kind !== 'note') continue;
    rows[index]?.push(...(kind === 'message' ? words : []), child);
    stackLines(words);
    words = [];
  }
  return rows;
}

/** Without padding, Mermaid leaves room for all lines of a message and draws them in one place. */
function stackLines(lines: readonly SVGElement[]): void {
  for (const [index, line] of lines.entries()) line.setAttribute('dy', `${1 + index * 1.16}em`);
}
