/** Draws Mermaid text as SVG, in the editor's font and without colours. */

import mermaid from 'mermaid';

export interface Font {
  family: string;
  /** In CSS pixels. */
  size: number;
  /** Of a state diagram: how near its states are to each other. */
  spacing?: Spacing;
}

export type Spacing = keyof typeof spacings;

/** In CSS pixels. */
const spacings = {
  roomy: { nodeSpacing: 80, rankSpacing: 64 },
  tight: { nodeSpacing: 36, rankSpacing: 36 },
  close: { nodeSpacing: 20, rankSpacing: 10 },
};

let drawings = 0;
let configuredFor = '';

/**
 * Throws Mermaid's own error, whose message says what is wrong with the text. `finish` is called
 * with the picture while it is in the page and can be measured.
 */
export function renderMermaid(
  text: string,
  font: Font,
  finish: (svg: SVGSVGElement) => void,
): Promise<SVGSVGElement> {
  return drawMermaid(text, `mermaid-${drawings++}`, font, (svg) => {
    finish(svg);
    return svg;
  });
}

let last: Promise<unknown> = Promise.resolve();

/**
 * `use` is called with the picture while it is in the page and can be measured; afterwards it is
 * taken out. `prepare` is called with what was parsed, before it is drawn. Drawings wait for each
 * other, since all are made in the same place.
 */
export function drawMermaid<Result>(
  text: string,
  id: string,
  font: Font,
  use: (svg: SVGSVGElement) => Result,
  prepare: (diagram: unknown) => void = () => undefined,
): Promise<Result> {
  const made = last.then(async () => {
    const svg = await draw(text, id, font, prepare);
    try {
      return use(svg);
    } finally {
      svg.remove();
    }
  });
  last = made.catch(() => undefined);
  return made;
}

/**
 * Parses and draws, as `mermaid.render` does in its middle. The rest of `render` (it adds a style
 * sheet, then writes, cleans and parses the picture as text) costs as much again and is not needed:
 * the panel has its own styles, and labels become text nodes, which cannot turn into markup.
 */
async function draw(
  text: string,
  id: string,
  font: Font,
  prepare: (diagram: unknown) => void,
): Promise<SVGSVGElement> {
  configure(font);
  const veiled = new VeiledText(withoutWrap(text));
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(veiled.text);
  prepare(diagram);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.id = id;
  // A state diagram is laid out into a group that `mermaid.render` would have made.
  if (text.startsWith('stateDiagram')) svg.append(document.createElementNS(svg.namespaceURI!, 'g'));
  const room = drawingRoom(font);
  room.replaceChildren(svg);
  try {
    await diagram.renderer.draw(veiled.text, svg.id, '', diagram);
  } catch (error) {
    svg.remove();
    throw error;
  }
  veiled.lift(svg);
  dropColours(svg);
  return svg;
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
 * Its text must look like that of the panel, or boxes would not fit their labels.
 */
function drawingRoom({ family, size }: Font): Element {
  const kept = document.getElementById('drawing-room');
  const room = kept ?? document.createElement('div');
  const font = `${size}px / 1.4 ${family}`;
  if (!kept) {
    room.id = 'drawing-room';
    room.ariaHidden = 'true';
    room.style.cssText =
      'position:absolute; left:-9999px; top:0; width:2000px; height:2000px; visibility:hidden; ' +
      'contain:strict';
    document.body.append(room);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(heaviest);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  if (room.dataset.font !== font) {
    room.dataset.font = font;
    room.style.font = font;
  }
  return room;
}

/** The weights that state diagrams use: a name is bold, and the label of a step just taken. */
const heaviest = `
  #drawing-room .node .row:first-of-type tspan { font-weight: 600; }
  #drawing-room .edgeLabels tspan { font-weight: 700; }
`;

const drawn = new Set(['sequence', 'state', 'flowchart', 'themeVariables']);

/**
 * Mermaid copies its whole configuration for every message it draws: half the time of a drawing.
 * Emptying the settings of the diagrams that are not in the bundle makes the copies cheap.
 */
function dropOtherDiagrams(): void {
  const { defaultConfig } = mermaid.mermaidAPI;
  for (const [name, settings] of Object.entries<unknown>({ ...defaultConfig })) {
    if (drawn.has(name) || typeof settings !== 'object' || settings === null) continue;
    if (Array.isArray(settings)) continue;
    for (const key of Object.keys(settings)) delete (settings as Record<string, unknown>)[key];
  }
}

function configure({ family, size, spacing = 'roomy' }: Font): void {
  const key = `${size} ${family} ${spacing}`;
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
    markdownAutoWrap: false,
    state: { useMaxWidth: false, ...spacings[spacing], padding: spacing === 'close' ? 5 : 8 },
    flowchart: { htmlLabels: false, useMaxWidth: false },
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
