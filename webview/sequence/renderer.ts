/** Draws Mermaid text as SVG, in the editor's font and without colours. */

import mermaid from 'mermaid';

export interface Font {
  family: string;
  /** In CSS pixels. */
  size: number;
}

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
let configuredFor = '';

/**
 * Draws lines of a diagram, each an arrow or a note. Throws Mermaid's own error, whose message says
 * what is wrong with the text.
 *
 * Parses and draws, as `mermaid.render` does in its middle. The rest of `render` (it adds a style
 * sheet, then writes, cleans and parses the picture as text) costs as much again and is not needed:
 * the panel has its own styles, and labels become text nodes, which cannot turn into markup.
 *
 * Only the participants of these lines are drawn, at places that the panel has chosen. So the cost
 * depends on the lines alone, and rows that were drawn apart fit together.
 */
export async function drawLines(
  lines: readonly string[],
  columns: Columns,
  font: Font,
): Promise<Drawing> {
  configure(font);
  const heads = lines.map((line) => line.split(': ', 1)[0]!);
  const touched = new Set(heads.flatMap((head) => head.match(/\bp\d+\b/g) ?? []));
  const participants = columns.keys.filter((key) => touched.has(key));
  const text = [
    'sequenceDiagram',
    ...participants.map((key) => `  participant ${key} as ${key}`),
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
  const veiled = new VeiledText(withoutWrap(text));
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(veiled.text);
  placeColumns(diagram as unknown as Placeable, columns);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.id = drawingId;
  const room = drawingRoom();
  room.replaceChildren(svg);
  try {
    await diagram.renderer.draw(veiled.text, svg.id, '', diagram);
  } catch (error) {
    svg.remove();
    throw error;
  }
  veiled.lift(svg);
  dropColours(svg);
  return { rows: rowsIn(svg, lines.length), heads: [...svg.querySelectorAll('defs')] };
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
    words = [];
  }
  return rows;
}

/** An invisible character that no label contains: labels are stripped of its category (Cf). */
const veil = '\u2061';

/**
 * Mermaid measures an escaped character (`#59;`) with all its letters, which makes columns far
 * too wide. So each is replaced by the veil and one letter while Mermaid measures and draws.
 */
class VeiledText {
  readonly text: string;
  private readonly codes: string[] = [];

  constructor(mermaidText: string) {
    this.text = mermaidText.replace(/#(\d+);/g, (_whole, code: string) => {
      if (!this.codes.includes(code)) this.codes.push(code);
      return veil + String.fromCodePoint(firstLetter + this.codes.indexOf(code));
    });
  }

  /** Puts the characters into the drawn picture, in text nodes only: they cannot become markup. */
  lift(svg: SVGSVGElement): void {
    const walker = document.createTreeWalker(svg, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const drawn = node.nodeValue ?? '';
      if (!drawn.includes(veil)) continue;
      const parts = drawn.split(veil);
      node.nodeValue =
        parts[0] +
        parts
          .slice(1)
          .map((part) => this.character(part))
          .join('');
    }
  }

  private character(part: string): string {
    const code = this.codes[part.codePointAt(0)! - firstLetter];
    return code === undefined ? part : String.fromCodePoint(Number(code)) + part.slice(1);
  }
}

/** Enough letters follow this one for all the characters that labels escape. */
const firstLetter = 'À'.codePointAt(0)!;

/**
 * Labels are already broken into lines. With `nowrap:` before each, Mermaid does not look up its
 * configuration, which it copies each time.
 */
function withoutWrap(text: string): string {
  return text.replace(
    /^( *(?:participant \w+ as |Note over [\w,]+: |p\d+[-x>)]+p\d+: ))/gm,
    '$1nowrap:',
  );
}

/**
 * Mermaid measures text in the page, so it needs an element that is rendered but not visible. The
 * element is kept: adding and removing it would invalidate the page's layout at every drawing.
 */
function drawingRoom(): Element {
  const kept = document.getElementById('drawing-room');
  if (kept) return kept;
  const room = document.createElement('div');
  room.id = 'drawing-room';
  room.ariaHidden = 'true';
  room.style.cssText =
    'position:absolute; left:-9999px; top:0; width:2000px; height:2000px; visibility:hidden; ' +
    'contain:strict';
  document.body.append(room);
  return room;
}

/**
 * Mermaid copies its whole configuration for every message it draws: half the time of a drawing.
 * Emptying the settings of the diagrams that are not in the bundle makes the copies cheap.
 */
function dropOtherDiagrams(): void {
  const { defaultConfig } = mermaid.mermaidAPI;
  for (const [name, settings] of Object.entries<unknown>({ ...defaultConfig })) {
    if (name === 'sequence' || typeof settings !== 'object' || settings === null) continue;
    if (Array.isArray(settings)) continue;
    for (const key of Object.keys(settings)) delete (settings as Record<string, unknown>)[key];
  }
}

function configure({ family, size }: Font): void {
  const key = `${size} ${family}`;
  if (key === configuredFor) return;
  if (configuredFor === '') dropOtherDiagrams();
  configuredFor = key;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    deterministicIds: true,
    theme: 'base',
    fontFamily: family,
    fontSize: size,
    htmlLabels: false,
    sequence: {
      useMaxWidth: false,
      mirrorActors: false,
      wrap: false,
      // The panel stacks the rows itself, so that only margins within a row matter.
      boxMargin: 0,
      noteMargin: size < 12 ? 1 : 3,
      width: 10,
      wrapPadding: 0,
      actorFontSize: size,
      messageFontSize: size,
      noteFontSize: size,
      actorFontFamily: family,
      messageFontFamily: family,
      noteFontFamily: family,
      actorFontWeight: 600,
    },
  });
}

/** CSS with the editor's variables sets the colours, so a new theme needs no new drawing. */
function dropColours(svg: SVGSVGElement): void {
  for (const element of svg.querySelectorAll('[fill], [stroke]')) {
    if (element.closest('marker')) continue;
    element.removeAttribute('fill');
    element.removeAttribute('stroke');
  }
}
