/** A node of the picture. Shape, border and symbol show what it is; colour only repeats it. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { NodeView } from '../../src/view/contract.ts';
import { isDrawnOff } from '../../src/view/node-status.ts';
import { epochText, nodeCaption, nodeTitle } from '../../src/view/panel-words/cluster.ts';
import { epochColour } from '../theme.ts';
import { centre } from './geometry.ts';
import type { Box } from './geometry.ts';
import { isClient } from './layout.ts';

type Part = SVGTemplateResult | typeof nothing;

export function drawNode(node: NodeView, box: Box): SVGTemplateResult {
  const { x, y, width } = box;
  const { id, tone, status, epoch, acted } = node;
  const middle = centre(box).x;
  const isUp = status === 'running' || status === 'paused';
  const sign = symbol(node, x + 9, y + 8);
  const signs = (sign === nothing ? 0 : 1) + (node.disk?.stalled ? 1 : 0);
  const name = fit(id, width - 12 - 22 * Math.min(2, signs), 8);
  return svg`<g class="node ${tone} ${status.replace(' ', '-')} ${acted ? 'acted' : ''}">
    <title>${nodeTitle(node)}</title>
    ${drawShape(node, box)}
    <text class="name" x=${middle} y=${y + 19}>${name}</text>
    ${sign}
    ${node.disk?.stalled && isUp ? diskSign(x + width - 21, y + 6) : nothing}
    ${drawCaption(nodeCaption(node), middle, y + 35, width - 8)}
    ${epoch && isUp ? drawEpoch(epoch, middle, y + 51, width) : nothing}
    ${drawTimer(node, box)}
  </g>`;
}

/**
 * Long text is set in smaller letters, and cut only if it still does not fit. The tooltip has it
 * all.
 */
function drawCaption(text: string, x: number, y: number, width: number): SVGTemplateResult {
  const isLong = text.length * letterWidth.usual > width;
  const words = isLong ? fit(text, width, letterWidth.small) : text;
  return svg`<text class=${isLong ? 'small' : ''} x=${x} y=${y}>${words}</text>`;
}

/** In CSS pixels, at the font sizes of the picture. */
const letterWidth = { usual: 6.4, small: 5.1 };

/**
 * A leader has a double border, a candidate a dashed one (by CSS); clients have square corners, and
 * a crashed node is crossed out.
 */
function drawShape(node: NodeView, { x, y, width, height }: Box): SVGTemplateResult {
  const round = isClient(node) || node.tone === 'none' ? 0 : 8;
  const inner = svg`<rect class="inner" x=${x + 3} y=${y + 3} width=${width - 6}
    height=${height - 6} rx=${Math.max(0, round - 3)} />`;
  const cross = `M ${x} ${y} l ${width} ${height} m 0 ${-height} l ${-width} ${height}`;
  return svg`<rect class="body" x=${x} y=${y} width=${width} height=${height} rx=${round} />
    ${node.tone === 'lead' ? inner : nothing}
    ${isDrawnOff(node) ? svg`<path class="crossed" d=${cross} />` : nothing}`;
}

function drawEpoch(
  epoch: NonNullable<NodeView['epoch']>,
  middle: number,
  y: number,
  width: number,
): SVGTemplateResult {
  const words = fit(epochText(epoch), width - 30, 6.8);
  const left = middle - (words.length * 6.4 + 14) / 2;
  return svg`<rect class="swatch" fill=${epochColour(epoch.value)} x=${left} y=${y - 9}
      width="10" height="10" rx="2" />
    <text class="epoch" x=${left + 14} y=${y}>${words}</text>`;
}

/** A star for the leader, a triangle for a candidate, two bars for a paused node. */
function symbol(node: NodeView, x: number, y: number): Part {
  const { tone, status } = node;
  if (isDrawnOff(node)) return nothing;
  if (status === 'paused')
    return svg`<path class="pause" d="M ${x} ${y} h 4 v 12 h -4 z m 7 0 h 4 v 12 h -4 z" />`;
  if (tone === 'lead') {
    const star = 'l 1.8 4.2 4.5 .4 -3.4 3 1 4.4 -3.9 -2.3 -3.9 2.3 1 -4.4 -3.4 -3 4.5 -.4 z';
    return svg`<path class="star" d="M ${x + 6} ${y - 1} ${star}" />`;
  }
  if (tone === 'bid') return svg`<path class="raised" d="M ${x + 6} ${y} l 6 11 h -12 z" />`;
  return nothing;
}

/** A cylinder that is crossed out: the disk stands still. */
function diskSign(x: number, y: number): SVGTemplateResult {
  const cylinder = `M ${x} ${y + 3} v 7 a 6 3 0 0 0 12 0 v -7 a 6 3 0 0 0 -12 0 a 6 3 0 0 0 12 0`;
  return svg`<path class="disk" d=${cylinder} />
    <path class="disk stalls" d="M ${x - 2} ${y + 14} l 16 -15" />`;
}

/** A bar for the node's next timer: the share of its span that is left. */
function drawTimer(node: NodeView, { x, y, width, height }: Box): Part {
  const { timers } = node;
  const [first] = [...timers].sort((one, other) => one.left - other.left);
  if (!first || isDrawnOff(node)) return nothing;
  const share = first.span > 0 ? Math.min(1, Math.max(0, first.left / first.span)) : 0;
  const [left, long] = [x + 9, width - 18];
  return svg`<rect class="span" x=${left} y=${y + height - 9} width=${long} height="4" rx="2" />
    <rect class="left" x=${left} y=${y + height - 9} width=${long * share} height="4" rx="2" />`;
}

function fit(text: string, width: number, letterWidth: number): string {
  const most = Math.max(2, Math.floor(width / letterWidth));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
