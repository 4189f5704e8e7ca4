/** The picture of the cluster: nodes, links, messages in flight. Lists say the same in words. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { ClusterView } from '../../src/view/contract.ts';
import { labels, markerTitle } from '../../src/view/panel-words/cluster.ts';
import { curvePath, cut, overlap } from './geometry.ts';
import type { Box } from './geometry.ts';
import { layOut } from './layout.ts';
import type { Layout } from './layout.ts';
import { labelHeight, markerBox, markerRadius, placeLabels, placeMarkers } from './links.ts';
import type { PlacedMessage } from './links.ts';
import { drawNode } from './nodes.ts';
import { drawCuts, drawOutline, drawTag, outlineIslands, placeTag } from './partitions.ts';

export interface PictureOptions {
  cluster: ClusterView;
  /** In CSS pixels. The picture is scaled down only a little, so that its text stays legible. */
  width: number;
  /** The height in which the picture is visible as a whole; it may exceed it. */
  room: number;
  /** How many lines the boxes of servers have below their captions and epochs: see `linesOf`. */
  lines: number;
  /** The message under the pointer or focus, here or in the list; empty for none. */
  pointedAt: string;
  deliver(messageId: string): void;
  pointAt(messageId: string): void;
}

export function drawCluster(options: PictureOptions): SVGTemplateResult {
  const { cluster, width, room, lines } = options;
  const layout = layOut(cluster.nodes, { width, height: room, lines });
  const outlines = outlineIslands(cluster, layout);
  // Nodes are placed first, then markers; names and labels get the room that is left.
  const messages = placeMarkers(cluster.messages, layout);
  const markers = messages.map(markerBox);
  const tags = outlines.map((outline) => placeTag(outline, markers));
  const captions = cluster.nodes
    .filter(({ acted }) => acted)
    .map(({ id }) => placeCaption(layout, id, [...markers, ...tags]));
  placeLabels(messages, layout, [...tags, ...captions]);
  const height = Math.min(layout.height, Math.max(room, layout.height * smallest));
  return svg`<svg class="cluster" width=${width} height=${height} aria-hidden="true"
    viewBox="0 0 ${width} ${layout.height}">
    <defs>${['plain', 'next', 'cut'].map(arrowHead)}</defs>
    ${outlines.map(drawOutline)}
    ${drawCuts(cluster, layout)}
    ${messages.map((entry) => drawCurve(entry, options))}
    ${cluster.nodes.map((node) => drawNode(node, layout.boxes.get(node.id)!, lines))}
    ${tags.map((tag, index) => drawTag(tag, outlines[index]!.island))}
    ${captions.map(drawCaption)}
    ${messages.map((entry) => drawMarker(entry, options))}
  </svg>`;
}

function arrowHead(name: string): SVGTemplateResult {
  return svg`<marker id="arrow-${name}" class="head ${name}" viewBox="0 0 10 10" refX="9" refY="5"
    markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
    <path d="M 0 0.5 L 10 5 L 0 9.5 z" />
  </marker>`;
}

/** The smallest scale at which the picture is drawn to be visible as a whole. */
const smallest = 0.8;

const captionSize = { width: 76, height: 16 };

/** A place beside the node that acted where the caption covers no marker and no other node. */
function placeCaption({ boxes, width }: Layout, id: string, occupied: Box[]): Box {
  const box = boxes.get(id)!;
  const others = [...boxes.values()].filter((other) => other !== box);
  const spare = box.width - captionSize.width;
  const [left, right] = [-captionSize.width - 4, box.width + 4];
  const offsets = [
    ...[-17, box.height + 2].flatMap((y) => [spare / 2, spare + 10, -10].map((x) => ({ x, y }))),
    ...[4, 24, 44].flatMap((y) => [left, right].map((x) => ({ x, y }))),
  ];
  const places = offsets.map(({ x, y }) => ({ x: box.x + x, y: box.y + y, ...captionSize }));
  const free = (place: Box) => ![...occupied, ...others].some((other) => overlap(place, other));
  const inside = (place: Box) => place.x >= 0 && place.x + place.width <= width;
  return places.find((place) => inside(place) && free(place)) ?? places[0]!;
}

function drawCaption({ x, y, width, height }: Box): SVGTemplateResult {
  const [middle, baseline] = [x + width / 2, y + height - 4];
  return svg`<text class="caption" x=${middle} y=${baseline}>${labels.lastToAct}</text>`;
}

/** Solid up to where the message is now, dotted from there on. */
function drawCurve(
  { message, curve, share }: PlacedMessage,
  { pointedAt }: PictureOptions,
): SVGTemplateResult {
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
  const { id, fresh } = message;
  const { x, y } = marker;
  const halo = svg`<circle class="halo" cx=${x} cy=${y} r=${markerRadius + 3} />`;
  const words = svg`<text class="label" x=${label?.x ?? 0} y=${(label?.y ?? 0) + labelHeight - 4}
    >${label?.text}</text>`;
  return svg`<g class="${messageClass(message, pointedAt)} marker" @click=${() => deliver(id)}
    @pointerenter=${() => pointAt(id)} @pointerleave=${() => pointAt('')}>
    <title>${markerTitle(message)}</title>
    ${fresh ? halo : nothing}
    <circle cx=${x} cy=${y} r=${markerRadius} />
    <text class="number" x=${x} y=${y + 4}>${number}</text>
    ${label ? words : nothing}
  </g>`;
}

function messageClass(
  { id, next, fresh }: { id: string; next: boolean; fresh: boolean },
  pointedAt: string,
): string {
  return ['message', next && 'next', fresh && 'fresh', id === pointedAt && 'pointed']
    .filter(Boolean)
    .join(' ');
}
