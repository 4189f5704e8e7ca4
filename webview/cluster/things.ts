/** The things of the picture in the order in which arrow keys reach them. */

import type { ClusterView } from '../../src/view/cluster/cluster-view.ts';
import { isDrawnOff } from '../../src/view/node-status.ts';
import { drawnPairs, linkName } from './layout/links.ts';
import { mostArcs } from './drawing/node-words.ts';
import { timerName } from './drawing/timers.ts';
import type { Sight } from './picture.ts';

/** `node n1`, `timer n1 election`, `message n1->n2#4` or `link n1 n2`. */
export type Thing = string;

const kinds = ['node', 'timer', 'message', 'link'] as const;
type Kind = (typeof kinds)[number];

export function thingsOf(
  view: ClusterView,
  { layout, isDetailed }: Sight,
): Record<Kind, Thing[]> {
  const timers = view.nodes.filter((node) => isDetailed(node.id) && !isDrawnOff(node));
  return {
    node: view.nodes.map(({ id }) => `node ${id}`),
    timer: timers.flatMap((node) =>
      node.timers.slice(0, mostArcs).map((timer) => `timer ${timerName(node.id, timer)}`),
    ),
    message: view.messages.map(({ id }) => `message ${id}`),
    link: drawnPairs(view, layout).map((pair) => `link ${linkName(...pair)}`),
  };
}

/** Left and right go to the neighbour of the same kind, up and down to another kind. */
export function nextThing(
  things: Record<Kind, Thing[]>,
  thing: Thing,
  key: string,
): Thing | undefined {
  const kind = kinds.find((one) => thing.startsWith(`${one} `)) ?? 'node';
  const own = things[kind];
  const place = Math.max(0, own.indexOf(thing));
  switch (key) {
    case 'ArrowRight':
      return own[(place + 1) % own.length];
    case 'ArrowLeft':
      return own[(place + own.length - 1) % own.length];
    case 'Home':
      return own[0];
    case 'End':
      return own.at(-1);
    case 'ArrowDown':
    case 'ArrowUp': {
      const full = kinds.filter((one) => things[one].length > 0);
      const by = key === 'ArrowDown' ? 1 : full.length - 1;
      return things[full[(full.indexOf(kind) + by) % full.length]!][0];
    }
    default:
      return undefined;
  }
}

/** Which thing an element of the picture is; undefined if it is none. */
export function thingAt(element: Element | null): Thing | undefined {
  const found = element?.closest<SVGElement>(kinds.map((kind) => `[data-${kind}]`).join(', '));
  const kind = kinds.find((one) => found?.dataset[one] !== undefined);
  return found && kind ? `${kind} ${found.dataset[kind]}` : undefined;
}
