/** A node of the picture. Shape, border and symbol show what it is; colour only repeats it. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { NodeView } from '../../src/view/contract.ts';
import { isDrawnOff } from '../../src/view/node-status.ts';
import { nodeCaption, nodeTitle } from '../../src/view/panel-words/cluster.ts';
import { epochColour } from '../ui/theme.ts';
import { centre } from './geometry.ts';
import type { Box } from './geometry.ts';
import { isClient, lineHeight } from './layout.ts';
import {
  epochLines,
  fit,
  letterWidth,
  line,
  swatchWidth,
  valueLines,
} from './node-lines.ts';
import type { Line } from './node-lines.ts';

type Part = SVGTemplateResult | typeof nothing;

/** `lines` is how many the box has room for beside the first one: see `linesNeeded`. */
export function drawNode(node: NodeView, box: Box, lines: number): SVGTemplateResult {
  const { x, y, width } = box;
  const { id, tone, status, acted } = node;
  const middle = centre(box).x;
  const sign = symbol(node, x + 9, y + 8);
  const signs = (sign === nothing ? 0 : 1) + (node.disk?.stalled ? 1 : 0);
  const name = fit(id, width - 12 - 22 * Math.min(2, signs), letterWidth.name);
  return svg`<g class="node ${tone} ${status.replace(' ', '-')} ${acted ? 'acted' : ''}">
    <title>${nodeTitle(node)}</title>
    ${drawShape(node, box)}
    <text class="name" x=${middle} y=${y + 19}>${name}</text>
    ${sign}
    ${node.disk?.stalled && !isDrawnOff(node) ? diskSign(x + width - 21, y + 6) : nothing}
    ${drawLine(line(nodeCaption(node), width - 8), middle, y + 35)}
    ${isDrawnOff(node) ? nothing : drawLines(node, box, lines)}
    ${drawTimer(node, box)}
  </g>`;
}

function drawLine({ text, small }: Line, x: number, y: number): SVGTemplateResult {
  return svg`<text class=${small ? 'small' : ''} x=${x} y=${y}>${text}</text>`;
}

/** The epoch, and below it the first values of a server. */
function drawLines(node: NodeView, box: Box, lines: number): SVGTemplateResult[] {
  const { epoch } = node;
  const middle = centre(box).x;
  const first = box.y + 51;
  const epochs = epoch === undefined ? [] : epochLines(epoch, box.width);
  const room = isClient(node) ? 0 : lines + 1 - epochs.length;
  return [
    ...epochs.map((one, index) =>
      drawEpoch(one, index === 0 ? epoch : undefined, middle, first + index * lineHeight),
    ),
    ...valueLines(node, box.width, room).map((one, index) =>
      drawLine(one, middle, first + (epochs.length + index) * lineHeight),
    ),
  ];
}

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

/** The square with its colour stands before the first line. */
function drawEpoch(
  { text, small }: Line,
  epoch: NodeView['epoch'],
  middle: number,
  y: number,
): SVGTemplateResult {
  const long = text.length * (small ? letterWidth.small : letterWidth.usual);
  const left = middle - (long + swatchWidth) / 2;
  const swatch = epoch && svg`<rect class="swatch" fill=${epochColour(epoch.value)} x=${left}
    y=${y - 9} width="10" height="10" rx="2" />`;
  return svg`${swatch ?? nothing}
    <text class="epoch ${small ? 'small' : ''}" x=${left + swatchWidth} y=${y}>${text}</text>`;
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
