/** Turns Mermaid text into an SVG tree, in the editor's font and without any colour. */

import mermaid from 'mermaid';

export interface Font {
  family: string;
  /** In CSS pixels. */
  size: number;
}

let drawings = 0;
let configuredFor = '';

/**
 * Throws what Mermaid throws; the words of its error are for the reader.
 *
 * Of `mermaid.render` only the two steps in its middle are taken: parse, and draw. What follows
 * there (a style sheet, the picture as text, cleaned and parsed again) costs as much as both, and
 * is of no use here: the panel paints with the editor's own colours, and letters reach the page
 * only as text nodes, which cannot become markup.
 */
export async function renderMermaid(text: string, font: Font): Promise<SVGSVGElement> {
  configure(font);
  const veiled = new Veiled(withoutWrap(text));
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(veiled.text);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.id = `sequence-${drawings++}`;
  const room = drawingRoom();
  room.replaceChildren(svg);
  try {
    await diagram.renderer.draw(veiled.text, svg.id, '', diagram);
  } finally {
    svg.remove();
  }
  veiled.lift(svg);
  dropColours(svg);
  return svg;
}

/** Invisible, and in no label: labels come without any character of its category. */
const veil = '\u2061';

/**
 * Mermaid measures a coded character (`#59;`) as six letters, and columns grow far too wide. While
 * it measures, each stands as a veiled letter, about as wide as what it hides.
 */
class Veiled {
  readonly text: string;
  private readonly codes: string[] = [];

  constructor(mermaidText: string) {
    this.text = mermaidText.replace(/#(\d+);/g, (_whole, code: string) => {
      if (!this.codes.includes(code)) this.codes.push(code);
      return veil + String.fromCodePoint(firstLetter + this.codes.indexOf(code));
    });
  }

  /** Lifts the veils in a drawn picture; text nodes cannot become markup. */
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

/** Latin letters from here on are many more than the characters that are ever coded. */
const firstLetter = 'À'.codePointAt(0)!;

/**
 * Lines are broken in the text already. Told so at each label, Mermaid need not look up, and copy,
 * its configuration for each.
 */
function withoutWrap(text: string): string {
  return text.replace(
    /^( *(?:participant \w+ as |Note over [\w,]+: |p\d+[-x>)]+p\d+: ))/gm,
    '$1nowrap:',
  );
}

/**
 * Mermaid measures text in the page: out of sight, but in the render tree. The room stays, so that
 * the page's layout is not thrown away with every drawing.
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
 * Mermaid copies its whole configuration for every message it draws, which is half of the time of a
 * drawing: the settings of the diagrams that are not in the bundle are emptied.
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
  const [small, gap] = [Math.max(11, size - 1), Math.round(size * 0.5)];
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    deterministicIds: true,
    theme: 'base',
    fontFamily: family,
    fontSize: small,
    htmlLabels: false,
    sequence: {
      useMaxWidth: false,
      mirrorActors: false,
      wrap: false,
      diagramMarginX: 22,
      diagramMarginY: 4,
      actorMargin: 20,
      width: Math.round(size * 6.5),
      height: Math.round(size * 4),
      boxMargin: gap,
      boxTextMargin: 3,
      noteMargin: gap,
      messageMargin: Math.round(size * 1.6),
      wrapPadding: 8,
      actorFontSize: small,
      messageFontSize: small,
      noteFontSize: small,
      actorFontFamily: family,
      messageFontFamily: family,
      noteFontFamily: family,
      actorFontWeight: 600,
    },
  });
}

/** Fixed colours give way to the editor's variables: a change of theme needs no new drawing. */
function dropColours(svg: SVGSVGElement): void {
  for (const element of svg.querySelectorAll('[fill], [stroke]')) {
    if (element.closest('marker')) continue;
    element.removeAttribute('fill');
    element.removeAttribute('stroke');
  }
}
