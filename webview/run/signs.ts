/** The signs on the buttons of an exported run's page, drawn because some fonts lack them. */

import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

const paths = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  back: 'M12 3v10L5 8zM3 7h2v2H3z',
  play: 'M4 2v12l10-6z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M4 3v10l7-5zM11 7h2v2h-2z',
  nextMoment: 'M2 3v10l5-5zM7 3v10l5-5zM12 3h2v10h-2z',
  light:
    'M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6zM7.4 1h1.2v3H7.4zM7.4 12h1.2v3H7.4z' +
    'M1 7.4h3v1.2H1zM12 7.4h3v1.2h-3z',
  dark: 'M10 2a6 6 0 1 0 4 9a5 5 0 0 1-4-9z',
} as const;

export type Sign = keyof typeof paths;

export function drawnSign(sign: Sign): SVGTemplateResult {
  return svg`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
    <path d=${paths[sign]} />
  </svg>`;
}
