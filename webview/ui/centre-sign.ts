/** The sign of the button that centres a picture on what happened last. */

import { html } from 'lit';

export const centreSign = html`<svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
  <path d="M -6 0 H -2 M 2 0 H 6 M 0 -6 V -2 M 0 2 V 6" stroke="currentColor" stroke-width="1.5" />
  <circle r="4" fill="none" stroke="currentColor" />
</svg>`;
