/** The signs on the buttons of an exported run's page, drawn because some fonts lack them. */

import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';

const paths = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  last: 'M11 3h2v10h-2zM3 3v10l7-5z',
  previousMoment: 'M8 3v10L2 8zM14 3v10L8 8z',
  nextMoment: 'M2 3v10l6-5zM8 3v10l6-5z',
  wide: 'M1 8l4-4v3h6V4l4 4-4 4V9H5v3z',
} as const;

export type Sign = keyof typeof paths;

export function drawnSign(sign: Sign): SVGTemplateResult {
  return svg`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
    <path d=${paths[sign]} />
  </svg>`;
}

export function signButton(
  sign: Sign,
  label: string,
  act: () => void,
  isEnabled: boolean,
): TemplateResult {
  return html`<button class="sign" title=${label} aria-label=${label} ?disabled=${!isEnabled}
    @click=${act}>${drawnSign(sign)}</button>`;
}
