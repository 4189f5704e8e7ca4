/** The picture of the cluster: nodes, links, messages, walls. Lists say the same in words. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ClusterView, MessageView, NodeView } from '../../src/view/cluster/cluster-view.ts';
import type { LinkState } from '../../src/view/panel-words/traffic.ts';
import type { Size } from './layout/areas.ts';
import { placeFlights, placeNames } from './layout/flights.ts';
import { linePath } from './layout/geometry.ts';
import type { Point, Rect } from './layout/geometry.ts';
import { layOut, wordsRect } from './layout/layout.ts';
import type { Layout, Slot } from './layout/layout.ts';
import { drawLink } from './drawing/link.ts';
import { drawnPairs, isIdle, linkName, Links } from './layout/links.ts';
import { drawNode } from './drawing/node.ts';
import { drawTimers } from './drawing/timers.ts';
import { drawArrived, drawFlight, drawLost, drawWay } from './drawing/traffic.ts';
import { wallsBetween } from './layout/wall.ts';
import type { Wall } from './layout/wall.ts';
import { transformOf } from './layout/viewport.ts';
import type { Viewport } from './layout/viewport.ts';

export interface PictureOptions {
  cluster: ClusterView;
  width: number;
  height: number;
  viewport: Viewport;
  /** The text alternative of the whole picture. */
  words: string;
  /** The message under the pointer or focus, here or in the list; empty for none. */
  pointedAt: string;
  /** The thing that the keyboard reaches with the next Tab: `node n1`. */
  reached: string;
}

/** A large panel, as on a projector, shows everything larger. */
export function scaleOf({ width, height }: Size): number {
  return Math.min(1.6, Math.max(1, Math.min(width / 700, height / 400)));
}

/** The size in the picture's own units. */
export function natural({ width, height }: Size): Size {
  const scale = scaleOf({ width, height });
  return { width: width / scale, height: height / scale };
}

/** Keeps what depends on the nodes and the size alone, from one stop to the next. */
export class Picture {
  private key = '';
  private layout: Layout = { width: 0, height: 0, slots: new Map(), isCompact: false };
  private links = new Links(this.layout);
  private walls: { key: string; walls: Wall[] } = { key: '', walls: [] };

  draw(options: PictureOptions): SVGTemplateResult {
    const { cluster, width, height, viewport, words } = options;
    const layout = this.laidOut(cluster, { width, height });
    const { links } = this;
    const { nodes, arrived, lost, islands } = cluster;
    const messages = layout.isCompact ? cluster.messages.map(withoutClock) : cluster.messages;
    const flights = placeFlights(messages, links);
    if (!layout.isCompact || flights.length <= 12) {
      const named = layout.isCompact
        ? flights.filter(({ message }) => message.next || message.fresh)
        : flights;
      placeNames(
        named,
        layout,
        nodes.flatMap((node) => wordsBox(node, layout.slots.get(node.id)!)),
      );
    }
    const crowd = layout.isCompact && flights.length > 12 ? 'crowd' : '';
    return svg`<svg class="cluster ${crowd}" data-picture="Cluster" width=${width} height=${height}
      viewBox="0 0 ${layout.width.toFixed(1)} ${layout.height.toFixed(1)}" role="group"
      aria-label=${words}>
      ${definitions}
      <g class="world" transform=${transformOf(viewport)}>
        ${this.wallsOf(islands, nodes).map(drawWall)}
        <g class="links">${this.drawLinks(options)}</g>
        ${arrived ? drawArrived(arrived, links) : nothing}
        ${lost.map((one) => drawLost(one, links))}
        <g>${repeat(
          flights,
          ({ message }) => message.id,
          (flight) => drawWay(flight, options.pointedAt),
        )}</g>
        <g>${repeat(
          nodes,
          ({ id }) => id,
          (node) => this.drawNode(node, options),
        )}</g>
        ${
          layout.isCompact
            ? nothing
            : repeat(
                nodes,
                ({ id }) => id,
                (node) => drawTimers(node, layout.slots.get(node.id)!, options.reached),
              )
        }
        <g>${repeat(
          flights,
          ({ message }) => message.id,
          (flight) => drawFlight(flight, options),
        )}</g>
      </g>
    </svg>`;
  }

  /** Where a node is, in the coordinates of the picture before zoom. */
  placeOf(node: string): Slot | undefined {
    return this.layout.slots.get(node);
  }

  /** The layout of these nodes at this size. */
  laidOut({ nodes }: ClusterView, { width, height }: Size): Layout {
    const key = `${width} ${height} ${nodes.map(({ id, area }) => `${area} ${id}`).join(' ')}`;
    if (key !== this.key) {
      this.key = key;
      this.layout = layOut(nodes, natural({ width, height }));
      this.links = new Links(this.layout);
      this.walls = { key: '', walls: [] };
    }
    return this.layout;
  }

  private drawNode(node: NodeView, { reached }: PictureOptions): SVGTemplateResult {
    const slot = this.layout.slots.get(node.id)!;
    const isReached = reached === `node ${node.id}`;
    return drawNode(node, { slot, isCompact: this.layout.isCompact, isReached });
  }

  private drawLinks({ cluster, reached }: PictureOptions): SVGTemplateResult {
    const states = drawnPairs(cluster, this.layout).map((nodes) => linkState(cluster, nodes));
    return svg`${repeat(
      states,
      ({ nodes }) => linkName(...nodes),
      (link) => {
        const curve = this.links.between(...link.nodes, isIdle(cluster, link.nodes));
        const isReached = reached === `link ${linkName(...link.nodes)}`;
        return curve ? drawLink(link, { curve, isReached }) : nothing;
      },
    )}`;
  }

  private wallsOf(islands: string[][], nodes: NodeView[]): Wall[] {
    if (islands.length === 0) return [];
    // A lost host is in no island, and takes no room from them.
    const key = JSON.stringify(islands);
    if (key !== this.walls.key) {
      const places = new Map(nodes.map(({ id }) => [id, siteOf(this.layout.slots.get(id)!)]));
      this.walls = { key, walls: wallsBetween(islands, places, this.layout) };
    }
    return this.walls.walls;
  }
}

/** The vector clock of many nodes is too long to read, and to write for each message. */
function withoutClock(message: MessageView): MessageView {
  const { logicalClock: _, ...others } = message;
  return others;
}

function linkState(
  { cuts, connections, islands }: ClusterView,
  nodes: [string, string],
): LinkState {
  const [one, other] = nodes;
  const joins = (from: string, to: string) =>
    (from === one && to === other) || (from === other && to === one);
  const islandOf = (id: string) => islands.findIndex((ids) => ids.includes(id));
  const isWalled = islands.length > 0 && islandOf(one) !== islandOf(other);
  const connection = connections.find((entry) => joins(...entry.nodes));
  return {
    nodes,
    cuts: isWalled ? [] : cuts.filter(({ from, to }) => joins(from, to)),
    isWalled,
    ...(connection ? { connection } : {}),
  };
}

/** A wall keeps away from the words below a disc, too. */
function siteOf({ x, y, radius, words }: Slot): Point {
  return { x, y: words.side === 'below' ? y + radius * 0.4 : y };
}

/** The room that the words beside a disc take. */
function wordsBox(node: NodeView, slot: Slot): Rect[] {
  const { words } = slot;
  if (words.side === 'none') return [];
  const { shown, holds, timers, facts, log } = node;
  const most = 2 + holds.length + shown.length + timers.length + facts.length + (log ? 1 : 0);
  return [wordsRect({ ...slot, words: { ...words, lines: Math.min(words.lines, most) } })];
}

function drawWall(wall: Wall): SVGTemplateResult {
  const path = linePath(wall);
  return svg`<g class="wall"><path class="stones" d=${path} />
    <path class="joints" d=${path} /></g>`;
}

export const definitions = svg`<defs>
  <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
    markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0.5 L 10 5 L 0 9.5 z" /></marker>
  <pattern id="off" width="6" height="6" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"><path class="hatch" d="M 0 0 V 6" /></pattern>
  <pattern id="paused" width="7" height="7" patternUnits="userSpaceOnUse">
    <path class="hatch" d="M 1.5 0 V 7" /></pattern>
</defs>`;
