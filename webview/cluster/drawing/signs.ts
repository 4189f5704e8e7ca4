/** The small signs before the words of a node; the legend explains the same drawings. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { LogView } from '../../../src/view/cluster/cluster-view.ts';
import { epochColour } from '../../ui/theme.ts';
import { arcPath } from '../layout/geometry.ts';

export type Sign =
  | { type: 'votes'; granted: number; needed: number }
  | { type: 'lease'; share: number }
  | { type: 'timer'; share: number; ring: number }
  | { type: 'log'; entries: LogView['entries'] }
  | { type: 'holds' | 'believes' | 'granted' | 'clock' | 'disk' };

/** In CSS pixels, with the gap to the words. */
export function signWidth(sign: Sign): number {
  switch (sign.type) {
    case 'votes':
      return Math.min(7, sign.needed) * 8 + 3;
    case 'lease':
      return 33;
    case 'log':
      return sign.entries.length * 9 + 4;
    case 'timer':
    case 'clock':
    case 'disk':
      return 14;
    case 'holds':
    case 'believes':
    case 'granted':
      return 20;
  }
}

/** Drawn to the right of (0, 0), around the middle of a line of small letters. */
export function drawSign(sign: Sign): SVGTemplateResult | typeof nothing {
  switch (sign.type) {
    case 'votes':
      return votes(sign.granted, sign.needed);
    case 'lease':
      return lease(sign.share);
    case 'timer':
      return svg`<g class="arc ring-${sign.ring}" transform="translate(5 0)">
        <circle class="track" r="4.5" /><path class="left" d=${arcPath(4.5, sign.share)} /></g>`;
    case 'log':
      return svg`${sign.entries.map(cell)}`;
    case 'holds':
    case 'believes':
    case 'granted':
      return keySign(sign.type);
    case 'clock':
      return svg`<g class="sign"><circle cx="5" cy="0" r="4.5" />
        <path d="M 5 -3 V 0 L 7.5 1.5" /></g>`;
    case 'disk':
      return svg`<path class="sign" d=${cylinder} />`;
  }
}

const cylinder = 'M 0.5 -3 v 6 a 4.5 2 0 0 0 9 0 v -6 a 4.5 2 0 0 0 -9 0 a 4.5 2 0 0 0 9 0';

/** A full circle for each vote, an empty one for each that is missing. */
function votes(granted: number, needed: number): SVGTemplateResult {
  const count = Math.min(7, needed);
  return svg`${Array.from({ length: count }, (_, index) => {
    const isGranted = index < Math.round((granted / needed) * count);
    const classes = isGranted ? 'vote granted' : 'vote';
    return svg`<circle class=${classes} cx=${index * 8 + 3.5} cy="0" r="3" />`;
  })}`;
}

/** A bar that shrinks towards the disc; an empty frame once the lease has ended. */
function lease(share: number): SVGTemplateResult {
  return svg`<g class="lease ${share === 0 ? 'ended' : ''}">
    <rect class="track" x="0.5" y="-3.5" width="28" height="7" rx="2" />
    <rect class="left" x="2" y="-2" width=${(25 * share).toFixed(1)} height="4" rx="1" /></g>`;
}

function cell(
  { epoch, committed }: LogView['entries'][number],
  index: number,
): SVGTemplateResult {
  const colour = epoch === undefined ? 'var(--ink)' : epochColour(epoch);
  return svg`<rect class="cell ${committed ? 'committed' : ''}" x=${index * 9 + 0.75} y="-3.75"
    width="7" height="7.5" rx="1" style="--epoch: ${colour}" />`;
}

/**
 * A filled key for the holder, an empty one if it does not know it yet, and a broken one with a
 * stroke across for a node that only believes to be the holder.
 */
function keySign(type: 'holds' | 'believes' | 'granted'): SVGTemplateResult {
  return svg`<g class="key ${type}"><circle cx="4.5" cy="0" r="3.5" />
    <path d="M 8 0 H 15 M 12 0 V 3 M 15 0 V 3" />
    ${type === 'believes' ? svg`<path class="struck" d="M 2 5 L 13 -5" />` : nothing}</g>`;
}
