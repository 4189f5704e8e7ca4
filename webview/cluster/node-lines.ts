/** What stands in the box of a server below its caption: its epoch, and its first values. */

import type { NodeView } from '../../src/view/contract.ts';
import { isDrawnOff } from '../../src/view/node-status.ts';
import { epochText, shownName, shownText } from '../../src/view/panel-words/cluster.ts';
import { boxWidth } from './box-width.ts';
import { isClient } from './layout.ts';

/** In CSS pixels, at the font sizes of the picture. */
export const letterWidth = { name: 8, usual: 6.4, small: 5.4 };

/** The square with the colour of the epoch, and the gap after it. */
export const swatchWidth = 14;

const inset = 8;

/** A line in usual or in smaller letters. Only what has no room even there is cut. */
export interface Line {
  text: string;
  small: boolean;
}

/** How many lines of values are drawn at most: the more servers, the less room each of them has. */
function mostValues(servers: number, width: number, room: number): number {
  if (width < 480 || room < 420) return 0;
  return servers <= 8 ? 3 : 0;
}

/** One line, or two if the name of the epoch and its value do not fit into one. */
export function epochLines(
  epoch: NonNullable<NodeView['epoch']>,
  width: number,
): Line[] {
  const room = width - inset - swatchWidth;
  const whole = epochText(epoch);
  if (whole.length * letterWidth.small <= room) return [line(whole, room)];
  return [line(epoch.name, room), line(String(epoch.value), room)];
}

/** Its interval and its first values, `zxid 0x100000002`; a long one goes on in the next line. */
export function valueLines(node: NodeView, width: number, most: number): Line[] {
  const room = width - inset;
  const lines: Line[] = [];
  const texts = (views: NodeView['shown']) =>
    views.map((view) => `${shownName(view)} ${shownText(view)}`);
  const values = [
    ...texts(node.shown.filter(({ type }) => type === 'interval')),
    ...node.facts.map(({ name, value }) => `${name} ${value}`),
    ...texts(node.shown.filter(({ type }) => type !== 'interval')),
  ];
  for (const value of values) {
    if (lines.length >= most) break;
    lines.push(...wrapped(value, room, most - lines.length));
  }
  return lines;
}

/** The last line has all that is left, as far as it fits. */
function wrapped(text: string, room: number, most: number): Line[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    const isFull = longer.length * letterWidth.small > room;
    if (lines.length === 0 || (isFull && lines.length < most)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((one) => small(one, room));
}

/** How many lines the servers of a picture need beside the first one, which all boxes have. */
export function linesNeeded(nodes: NodeView[], width: number, room: number): number {
  const servers = nodes.filter((node) => !isClient(node));
  const most = mostValues(servers.length, width, room);
  const box = boxWidth(servers.length, width);
  const needed = servers.map((node) => {
    const epochs = node.epoch === undefined ? 0 : epochLines(node.epoch, box).length;
    return isDrawnOff(node) ? 0 : epochs + valueLines(node, box, most).length - 1;
  });
  return Math.max(0, ...needed);
}

export function line(text: string, room: number): Line {
  if (text.length * letterWidth.usual <= room) return { text, small: false };
  return small(text, room);
}

function small(text: string, room: number): Line {
  return { text: fit(text, room, letterWidth.small), small: true };
}

export function fit(text: string, room: number, letter: number): string {
  const most = Math.max(2, Math.floor(room / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
