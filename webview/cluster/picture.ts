/** The picture of the cluster: nodes, links, messages in flight; its words are in the lists below. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { ClusterView, NodeView } from '../../src/view/contract.ts';
import { epochColour } from '../theme.ts';
import { centre, curvePath, cut } from './geometry.ts';
import type { Box } from './geometry.ts';
import { isClient, layOut } from './layout.ts';
import type { Layout } from './layout.ts';
import { labelHeight, markerRadius, placeMessages } from './links.ts';
import type { PlacedMessage } from './links.ts';
import { drawCuts, drawOutline, drawTag, outlineIslands } from './partitions.ts';

export interface PictureOptions {
  cluster: ClusterView;
  /** In CSS pixels: the picture is never scaled, so that its letters keep their size. */
  width: number;
  /** The message that the pointer or the focus is on, here or in the list. */
  pointedAt: string;
  deliver(messageId: string): void;
  pointAt(messageId: string): void;
}

export function drawCluster(options: PictureOptions): SVGTemplateResult {
  const { cluster, width } = options;
  const layout = layOut(cluster.nodes, width);
  const captions = cluster.nodes.filter(({ acted }) => acted).map(({ id }) => caption(layout, id));
  const outlines = outlineIslands(cluster, layout);
  const messages = placeMessages(cluster.messages, layout, [
    ...captions,
    ...outlines.map(({ tag }) => tag),
  ]);
  return svg`<svg class="cluster" width=${width} height=${layout.height} aria-hidden="true">
    <defs>${['plain', 'next', 'cut'].map(arrowHead)}</defs>
    ${outlines.map(drawOutline)}
    ${drawCuts(cluster, layout)}
    ${messages.map((entry) => drawWay(entry, options))}
    ${cluster.nodes.map((node) => drawNode(node, layout.boxes.get(node.id)!))}
    ${outlines.map(drawTag)}
    ${messages.map((entry) => drawMarker(entry, options))}
  </svg>`;
}

function arrowHead(name: string): SVGTemplateResult {
  return svg`<marker id="arrow-${name}" class="head ${name}" viewBox="0 0 10 10" refX="9" refY="5"
    markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
    <path d="M 0 0.5 L 10 5 L 0 9.5 z" />
  </marker>`;
}

/** Where the words "last to act" stand: no label may cover them. */
function caption({ boxes }: Layout, id: string): Box {
  const { x, y, width } = boxes.get(id)!;
  return { x, y: y - 17, width, height: 17 };
}

/** Solid as far as the message has come, dotted where it has still to go. */
function drawWay({ message, curve, share }: PlacedMessage, { pointedAt }: PictureOptions): SVGTemplateResult {
  const head = message.next ? 'url(#arrow-next)' : 'url(#arrow-plain)';
  return svg`<g class=${messageClass(message, pointedAt)}>
    <path class="gone" d=${curvePath(cut(curve, 0, share))} />
    <path class="ahead" d=${curvePath(cut(curve, share, 1))} marker-end=${head} />
  </g>`;
}

function drawMarker(
  { message, marker, number, label }: PlacedMessage,
  { deliver, pointAt, pointedAt }: PictureOptions,
): SVGTemplateResult {
  const { id, from, to, type, summary } = message;
  return svg`<g class="${messageClass(message, pointedAt)} marker"
    @click=${() => deliver(id)} @pointerenter=${() => pointAt(id)} @pointerleave=${() => pointAt('')}>
    <title>${`${type}, ${from} → ${to}\n${summary}\nClick to deliver now.`}</title>
    ${message.fresh ? svg`<circle class="halo" cx=${marker.x} cy=${marker.y} r=${markerRadius + 3} />` : nothing}
    <circle cx=${marker.x} cy=${marker.y} r=${markerRadius} />
    <text class="number" x=${marker.x} y=${marker.y + 4}>${number}</text>
    ${label ? svg`<text class="label" x=${label.x} y=${label.y + labelHeight - 4}>${label.text}</text>` : nothing}
  </g>`;
}

function messageClass({ id, next, fresh }: { id: string; next: boolean; fresh: boolean }, pointedAt: string): string {
  return ['message', next && 'next', fresh && 'fresh', id === pointedAt && 'pointed']
    .filter(Boolean)
    .join(' ');
}

function drawNode(node: NodeView, box: Box): SVGTemplateResult {
  const { x, y, width, height } = box;
  const round = isClient(node) || node.tone === 'none' ? 0 : 8;
  const middle = centre(box).x;
  return svg`<g class="node ${node.tone} ${node.status} ${node.acted ? 'acted' : ''}">
    <title>${nodeInWords(node)}</title>
    <rect class="body" x=${x} y=${y} width=${width} height=${height} rx=${round} />
    ${node.tone === 'lead'
      ? svg`<rect class="inner" x=${x + 3} y=${y + 3} width=${width - 6} height=${height - 6} rx=${round - 3} />`
      : nothing}
    ${node.status === 'crashed'
      ? svg`<path class="crossed" d="M ${x} ${y} l ${width} ${height} m 0 ${-height} l ${-width} ${height}" />`
      : nothing}
    <text class="name" x=${middle} y=${y + 19}>${fit(node.id, width - 34, 8)}</text>
    ${symbol(node, x + 9, y + 8)}
    <text x=${middle} y=${y + 35}>${fit(standingWord(node), width - 10, 6.8)}</text>
    ${node.epoch && node.status !== 'crashed' ? drawEpoch(node.epoch, middle, y + 51, width) : nothing}
    ${drawTimer(node, box)}
    ${node.acted ? svg`<text class="acted" x=${middle} y=${y - 6}>▼ last to act</text>` : nothing}
  </g>`;
}

function drawEpoch(
  { name, value }: { name: string; value: number },
  middle: number,
  y: number,
  width: number,
): SVGTemplateResult {
  const words = fit(`${name} ${value}`, width - 30, 6.8);
  const left = middle - (words.length * 6.4 + 14) / 2;
  return svg`<rect class="swatch" fill=${epochColour(value)} x=${left} y=${y - 9} width="10" height="10" rx="2" />
    <text class="epoch" x=${left + 14} y=${y}>${words}</text>`;
}

/** What the tone says to the eye without colour: a star, a raised mark, or the bars of a pause. */
function symbol({ tone, status }: NodeView, x: number, y: number): SVGTemplateResult | typeof nothing {
  if (status === 'crashed') return nothing;
  if (status === 'paused') return svg`<path class="pause" d="M ${x} ${y} h 4 v 12 h -4 z m 7 0 h 4 v 12 h -4 z" />`;
  if (tone === 'lead') {
    const star = 'l 1.8 4.2 4.5 .4 -3.4 3 1 4.4 -3.9 -2.3 -3.9 2.3 1 -4.4 -3.4 -3 4.5 -.4 z';
    return svg`<path class="star" d="M ${x + 6} ${y - 1} ${star}" />`;
  }
  if (tone === 'bid') return svg`<path class="raised" d="M ${x + 6} ${y} l 6 11 h -12 z" />`;
  return nothing;
}

/** The timer that will fire next, as the share of its span that is left. */
function drawTimer({ timers, status }: NodeView, { x, y, width, height }: Box): SVGTemplateResult | typeof nothing {
  const [first] = [...timers].sort((one, other) => one.left - other.left);
  if (!first || status === 'crashed') return nothing;
  const share = first.span > 0 ? Math.min(1, Math.max(0, first.left / first.span)) : 0;
  const [left, long] = [x + 9, width - 18];
  return svg`<rect class="span" x=${left} y=${y + height - 9} width=${long} height="4" rx="2" />
    <rect class="left" x=${left} y=${y + height - 9} width=${long * share} height="4" rx="2" />`;
}

export function standingWord({ status, standing, role, waiting }: NodeView): string {
  if (status === 'crashed') return 'crashed';
  if (status === 'paused') return waiting > 0 ? `paused · ${waiting}` : 'paused';
  return standing || role;
}

export function nodeInWords({ id, role, status, standing, epoch, acted }: NodeView): string {
  const epochWords = epoch ? `${epoch.name} ${epoch.value}` : '';
  const words = [role, standing, epochWords, status === 'up' ? '' : status, acted ? 'last to act' : ''];
  return `${id}: ${words.filter((word) => word !== '').join(', ')}`;
}

function fit(text: string, width: number, letterWidth: number): string {
  const most = Math.max(2, Math.floor(width / letterWidth));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
