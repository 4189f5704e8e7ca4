/** What a panel exports: its picture in the page, or one that the panel makes for this. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { tablesOf } from '../../../src/view/export/tables.ts';
import { momentInWords } from '../../../src/view/panel-words/moment-in-words.ts';
import type { PanelName } from '../../../src/view/panels.ts';
import type { PanelState } from '../host.ts';
import type { Exported } from './exporting.ts';
import './menu.ts';

type Made = SVGSVGElement | string | readonly SVGSVGElement[];

export interface ExportingPanel extends HTMLElement {
  readonly name: PanelName;
  readonly state: PanelState<PanelName>;
  readonly renderRoot: DocumentFragment | HTMLElement;
  /** Of a panel whose picture is not SVG, or has other parts: the whole picture, or several. */
  toSvg?(): Made | Promise<Made>;
  /** The picture in Mermaid's language; without it, the view's own field `mermaid`. */
  toMermaid?(): string | undefined;
}

/** Smaller ones are signs and legends. */
const pictureWidth = 160;

export function exportMenu(panel: ExportingPanel): TemplateResult {
  return html`<lockstep-export
    .exported=${() => exportedOf(panel)}
    .panel=${panel.name}
    ?hasMermaid=${hasMermaid(panel)}
  ></lockstep-export>`;
}

async function exportedOf(panel: ExportingPanel): Promise<Exported | undefined> {
  const { name, state: { shown } } = panel;
  if (!shown) return undefined;
  const { moment, view } = shown;
  const views = { [name]: view };
  return {
    panel: name,
    moment,
    lines: momentInWords(moment, views),
    tables: tablesOf(views),
    mermaid: mermaidOf(panel),
    isOfMermaid: 'mermaid' in view,
    withPictures: (use) => withPictures(panel, use),
  };
}

/** Cheaper than the text, which may be long. */
function hasMermaid(panel: ExportingPanel): boolean {
  if (panel.state.shown === undefined) return false;
  return panel.toMermaid !== undefined || mermaidOf(panel) !== undefined;
}

function mermaidOf(panel: ExportingPanel): string | undefined {
  if (panel.toMermaid) return panel.toMermaid();
  const { mermaid } = (panel.state.shown?.view ?? {}) as { mermaid?: unknown };
  return typeof mermaid === 'string' && mermaid !== '' ? mermaid : undefined;
}

async function withPictures<Result>(
  panel: ExportingPanel,
  use: (pictures: readonly SVGSVGElement[]) => Result,
): Promise<Result> {
  const made = await panel.toSvg?.();
  if (made === undefined) return use(picturesIn(panel.renderRoot));
  const list = made instanceof Array ? made : [made];
  const pictures = list.map((one) => (typeof one === 'string' ? parsed(one) : one));
  // Only what is in the page has styles. It is beside the panel's own pictures, out of sight.
  const place = document.createElement('div');
  place.className = 'scroll picture';
  place.style.cssText = 'position:absolute; left:-99999px; top:0; pointer-events:none';
  place.append(...pictures.filter(({ isConnected }) => !isConnected));
  panel.renderRoot.append(place);
  try {
    return use(pictures);
  } finally {
    place.remove();
  }
}

function picturesIn(root: DocumentFragment | HTMLElement): SVGSVGElement[] {
  const named = [...root.querySelectorAll<SVGSVGElement>('svg[data-picture]')];
  if (named.length > 0) return named;
  return [...root.querySelectorAll('svg')].filter((picture) => {
    return picture.getBoundingClientRect().width >= pictureWidth;
  });
}

function parsed(text: string): SVGSVGElement {
  const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml');
  return document.importNode(documentElement, true) as unknown as SVGSVGElement;
}
