/** Turns Mermaid text into an inert SVG tree, one drawing at a time, in the editor's font. */

import mermaid from 'mermaid';

export interface Font {
  family: string;
  /** In CSS pixels. */
  size: number;
}

let drawings = 0;
let configuredFor = '';

/** Throws what Mermaid throws; the words of its error are for the reader. */
export async function renderMermaid(text: string, font: Font): Promise<SVGSVGElement> {
  configure(font);
  const room = drawingRoom();
  const { svg } = await mermaid.render(`sequence-${drawings++}`, withoutWrap(text), room);
  room.replaceChildren();
  const parsed = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  if (!parsed) throw new Error('Mermaid returned no picture');
  return liftStyles(document.importNode(parsed, true));
}

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
    'position:absolute; left:-9999px; top:0; width:2000px; visibility:hidden; contain:layout style';
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
      diagramMarginX: 16,
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

/**
 * Mermaid paints with a style sheet of fixed colours. The panel paints with the editor's own
 * variables instead, so that a change of theme needs no new drawing. Inline styles are set again
 * through the object model, which a strict content security policy allows.
 */
function liftStyles(svg: SVGSVGElement): SVGSVGElement {
  svg.querySelectorAll('style').forEach((sheet) => sheet.remove());
  for (const element of [svg, ...svg.querySelectorAll<SVGElement>('[style]')]) {
    const style = element.getAttribute('style');
    if (style === null) continue;
    element.removeAttribute('style');
    element.style.cssText = style;
  }
  for (const element of svg.querySelectorAll('[fill], [stroke]')) {
    if (element.closest('marker')) continue;
    element.removeAttribute('fill');
    element.removeAttribute('stroke');
  }
  return svg;
}
