/** The mark of the node that took the last action. */

import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { moved } from '../layout/geometry.ts';

const degree = Math.PI / 180;

/**
 * Four brackets around a disc, outside of its timers. An arrow beside it would lie on a link to a
 * neighbour, where it looks like a message.
 */
export function actorBrackets(radius: number): SVGTemplateResult {
  const centre = { x: 0, y: 0 };
  const path = [45, 135, 225, 315].map((middle) => {
    const from = moved(centre, (middle - 17) * degree, radius);
    const to = moved(centre, (middle + 17) * degree, radius);
    const r = radius.toFixed(1);
    return `M ${from.x.toFixed(1)} ${from.y.toFixed(1)}
      A ${r} ${r} 0 0 1 ${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
  }).join(' ');
  return svg`<path class="actor-edge" d=${path} /><path class="actor" d=${path} />`;
}
