/** The picture of the cluster: nodes, links, messages, walls. Lists say the same in words. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ClusterView, MessageView, NodeView } from '../../src/view/cluster/cluster-view.ts';
import { shortenedText } from '../../src/view/panel-words/cluster.ts';
import type { LinkState } from '../../src/view/panel-words/traffic.ts';
import type { Size } from './layout/areas.ts';
import { placeFlights, placeNames } from './layout/flights.ts';
import type { Flight } from './layout/flights.ts';
import { linePath } from './layout/geometry.ts';
import type { Point, Rect } from './layout/geometry.ts';
import { layOut } from './layout/layout.ts';
import type { Layout } from './layout/layout.ts';
import { crowdNames } from './layout/names.ts';
import type { CrowdNames } from './layout/names.ts';
import { linesRect } from './layout/slot.ts';
import type { Slot } from './layout/slot.ts';
import { detailedZoom, isInSight, magnified } from './layout/magnify.ts';
import { drawLink } from './drawing/link.ts';
import { drawnPairs, isIdle, linkName, Links } from './layout/links.ts';
import { formsOf } from './drawing/forms.ts';
import type { Forms } from './drawing/forms.ts';
import { drawNode } from './drawing/node.ts';
import { drawTimers } from './drawing/timers.ts';
import { drawArrived, drawFlight, drawLost, drawWay } from './drawing/traffic.ts';
import { wallsBetween } from './layout/wall.ts';
import type { Wall } from './layout/wall.ts';
import { mostZoom, transformOf, whole } from './layout/viewport.ts';
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

/** Where the nodes are as the picture is enlarged and moved, and which of them show everything. */
export interface Sight {
  layout: Layout;
  isDetailed(node: string): boolean;
}

/** At the foot of a crowd, for what its names leave out. */
const noteHeight = 15;

type Part = SVGTemplateResult | typeof nothing;

const nothingYet: Layout = {
  width: 0, height: 0, slots: new Map(), isCompact: false, isLow: false,
};

/** Keeps what depends on the nodes, the size and the zoom alone, from one stop to the next. */
export class Picture {
  private key = '';
  /** All of the picture. A crowd that is enlarged has a layout of its own. */
  private whole = nothingYet;
  private layout = nothingYet;
  private zoom = 1;
  private links = new Links(nothingYet);
  private names: CrowdNames | undefined;
  private walls: { key: string; walls: Wall[] } = { key: '', walls: [] };

  draw(options: PictureOptions): SVGTemplateResult {
    const { cluster, width, height, viewport, words } = options;
    const sight = this.sight(cluster, { width, height }, viewport);
    const { layout, isDetailed } = sight;
    const { links } = this;
    const { nodes, arrived, lost, islands } = cluster;
    const messages = layout.isCompact ? cluster.messages.map(withoutClock) : cluster.messages;
    const flights = placeFlights(messages, links);
    const detailed = nodes.filter(({ id }) => isDetailed(id));
    this.placeNames(flights, detailed, options);
    const forms = formsOf(cluster, layout.slots, isDetailed, this.namesOf(nodes));
    const isCrowded = layout.isCompact && flights.length > 12 && detailed.length === 0;
    const plane = natural({ width, height });
    // In an enlarged crowd, places are enlarged already.
    const shift = layout.isCompact ? { ...viewport, zoom: 1 } : viewport;
    const kinds = `${isCrowded ? 'crowd' : ''} ${layout.isLow ? 'low' : ''}`;
    return svg`<svg class="cluster ${kinds}" data-picture="Cluster"
      width=${width} height=${height}
      viewBox="0 0 ${plane.width.toFixed(1)} ${plane.height.toFixed(1)}" role="group"
      aria-label=${words}>
      ${definitions}
      <g class="world" transform=${transformOf(shift)}>
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
          (node) => this.drawNode(node, sight, options, forms),
        )}</g>
        ${repeat(
          detailed,
          ({ id }) => id,
          (node) => drawTimers(node, layout.slots.get(node.id)!, options.reached),
        )}
        <g>${repeat(
          flights,
          ({ message }) => message.id,
          (flight) => drawFlight(flight, options),
        )}</g>
      </g>
      ${drawNotes(this.namesOf(nodes), plane)}
    </svg>`;
  }

  /** Where a node is, in the coordinates of the picture before zoom. */
  placeOf(node: string): Slot | undefined {
    return this.whole.slots.get(node);
  }

  /** What the small discs of a crowd are called. */
  private namesOf(nodes: NodeView[]): CrowdNames {
    return (this.names ??= crowdNames(nodes, this.layout));
  }

  /** How far to enlarge the picture, at least, so that a node shows everything. */
  zoomFor(node: string, least: number): number {
    return this.whole.isCompact ? detailedZoom(this.whole, node, least, mostZoom) : least;
  }

  /** What is in sight of these nodes at this size. */
  sight({ nodes }: ClusterView, size: Size, viewport: Viewport = whole): Sight {
    const plane = natural(size);
    this.layOut(nodes, plane, viewport.zoom);
    const { layout } = this;
    const isDetailed = (node: string) => {
      const slot = layout.slots.get(node)!;
      return slot.isDetailed && (!layout.isCompact || isInSight(slot, viewport, plane));
    };
    return { layout, isDetailed };
  }

  private layOut(nodes: NodeView[], plane: Size, zoom: number): void {
    const { width, height } = plane;
    const key = `${width} ${height} ${nodes.map(({ id, area }) => `${area} ${id}`).join(' ')}`;
    const isNew = key !== this.key;
    if (!isNew && (zoom === this.zoom || !this.whole.isCompact)) return;
    if (isNew) this.whole = layOut(nodes, plane, noteHeight);
    const isEnlarged = this.whole.isCompact && zoom > 1;
    this.key = key;
    this.zoom = zoom;
    this.layout = isEnlarged ? magnified(this.whole, zoom) : this.whole;
    this.links = new Links(this.layout);
    this.names = undefined;
    this.walls = { key: '', walls: [] };
  }

  /** In a crowd, only messages that are next or new are named, and those in what is enlarged. */
  private placeNames(
    flights: Flight[],
    detailed: NodeView[],
    { viewport, width, height }: PictureOptions,
  ): void {
    const { layout } = this;
    const boxes = detailed.flatMap((node) => wordsBox(node, layout.slots.get(node.id)!));
    if (!layout.isCompact) return placeNames(flights, layout, boxes);
    if (detailed.length === 0 && flights.length > 12) return;
    const plane = natural({ width, height });
    const named = flights.filter(({ at, message }) => {
      if (detailed.length === 0) return message.next || message.fresh;
      const [x, y] = [at.x + viewport.x, at.y + viewport.y];
      return x > 0 && y > 0 && x < plane.width && y < plane.height;
    });
    placeNames(named, layout, boxes);
  }

  private drawNode(
    node: NodeView,
    { layout, isDetailed }: Sight,
    { reached, cluster }: PictureOptions,
    forms: Forms,
  ): SVGTemplateResult {
    const slot = layout.slots.get(node.id)!;
    const isReached = reached === `node ${node.id}`;
    const role = cluster.roles.find(({ name }) => name === node.role);
    const shortName = this.namesOf(cluster.nodes).nameOf(node.id);
    const isCompact = !isDetailed(node.id);
    return drawNode(node, { slot, isCompact, isReached, role, shortName, forms });
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
  return [linesRect(slot, most)];
}

function drawWall(wall: Wall): SVGTemplateResult {
  const path = linePath(wall);
  return svg`<g class="wall"><path class="stones" d=${path} />
    <path class="joints" d=${path} /></g>`;
}

/** What names leave out; each node's own words have its whole name. */
function drawNotes({ shortened }: CrowdNames, { height }: Size): Part {
  if (shortened.length === 0) return nothing;
  const text = shortened.map(shortenedText).join(' · ');
  return svg`<text class="short-names" x="6" y=${height - 4}>${text}</text>`;
}

export const definitions = svg`<defs>
  <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
    markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0.5 L 10 5 L 0 9.5 z" /></marker>
  <pattern id="off" width="6" height="6" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"><path class="hatch" d="M 0 0 V 6" /></pattern>
  <pattern id="paused" width="7" height="7" patternUnits="userSpaceOnUse">
    <path class="hatch" d="M 1.5 0 V 7" /></pattern>
</defs>`;
