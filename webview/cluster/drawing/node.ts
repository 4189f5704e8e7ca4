/** A node of the picture. Shape, border and signs show what it is; colour only repeats it. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeView, RoleView } from '../../../src/view/cluster/cluster-view.ts';
import { isDrawnOff, statusOf } from '../../../src/view/node-status.ts';
import { onlyBelieves } from '../../../src/view/cluster/belief.ts';
import {
  epochText,
  holdInWords,
  nodeInWords,
  nodeTitle,
} from '../../../src/view/panel-words/cluster.ts';
import { textWidth } from '../../ui/measure.ts';
import { epochColour } from '../../ui/theme.ts';
import { placedAt } from '../layout/geometry.ts';
import { nameRoom, nameSizes, sizeOfName } from '../layout/names.ts';
import { arcRoom, lineHeight, linesRect } from '../layout/slot.ts';
import type { Slot, WordRoom } from '../layout/slot.ts';
import { actorBrackets } from './actor.ts';
import { inDisc, standingRows, underSize } from './disc-words.ts';
import type { Forms } from './forms.ts';
import { outermost } from './timers.ts';
import { wordLines } from './node-words.ts';
import type { InDisc } from './node-words.ts';
import { drawSign } from './signs.ts';
import type { Sign } from './signs.ts';
import { rowsOf } from './word-rows.ts';
import type { WordRow } from './word-rows.ts';

type Part = SVGTemplateResult | typeof nothing;

export interface NodeOptions {
  slot: Slot;
  /** Whether it shows no more than its name and epoch. */
  isCompact: boolean;
  /** What it is called if it is small. */
  shortName: string;
  /** Whether the keyboard reaches it with the next Tab. */
  isReached: boolean;
  /** How it says its epoch. */
  forms: Forms;
  /** What explains it. */
  role: RoleView | undefined;
}

export function drawNode(node: NodeView, options: NodeOptions): SVGTemplateResult {
  const { slot, isCompact, isReached, role } = options;
  const { id, status, host, tone, stands, acted, epoch } = node;
  const classes = [
    'node',
    status,
    host === 'on' ? '' : 'lost-host',
    tone,
    stands === 'out' ? 'out' : '',
    onlyBelieves(node) ? 'doubtful' : '',
    acted ? 'acted' : '',
    isCompact ? 'compact' : '',
  ];
  const { radius } = slot;
  const colour = epoch ? epochColour(epoch.value) : 'var(--raised)';
  return svg`<g class=${classes.filter(Boolean).join(' ')} data-node=${id} role="button"
    tabindex=${isReached ? 0 : -1} aria-label=${nodeInWords(node)}
    transform=${placedAt(slot)} style="--epoch: ${colour}">
    <title>${nodeTitle(isCompact ? withoutClock(node) : node, role)}</title>
    ${drawDisc(node, radius, isCompact)}
    ${isCompact ? drawSmallText(node, options) : drawText(node, options)}
    ${acted ? actorBrackets(radius + (isCompact ? 5 : outermost(node) + 4.5)) : nothing}
  </g>`;
}

/** The vector clock of many nodes is too long to read, and to write for each of them. */
function withoutClock(node: NodeView): NodeView {
  const { logicalClock: _, ...others } = node;
  return others;
}

/** A leader that stands out has a second border, a candidate a broken one (by CSS). */
function drawDisc(node: NodeView, radius: number, isSmall: boolean): SVGTemplateResult {
  const { stands, tone } = node;
  const isOff = isDrawnOff(node);
  const isMarked = stands === 'out' && tone === 'lead';
  const cross = radius * 0.707;
  const long = 2 * cross;
  const crossPath = `M ${-cross} ${-cross} l ${long} ${long} m 0 ${-long} l ${-long} ${long}`;
  const covered = node.status === 'paused' ? 'paused' : isOff ? 'off' : '';
  // A small disc has no room for the word, and few lines of its pattern.
  const bars = `M ${radius * 0.55} ${-radius - 1} v 6 m 4 0 v -6`;
  return svg`<circle class="body" r=${radius} />
    ${covered === '' ? nothing : svg`<circle class="cover" r=${radius} fill="url(#${covered})" />`}
    ${isMarked ? svg`<circle class="second" r=${radius + 3.5} />` : nothing}
    ${isOff ? svg`<path class="crossed" d=${crossPath} />` : nothing}
    ${isSmall && covered === 'paused' ? svg`<path class="bars" d=${bars} />` : nothing}`;
}

/** Words below the name become smaller before they are cut. */
const leastUnder = 8;

function underFont(text: string, radius: number): number {
  const wanted = (underSize * radius * 2) / textWidth(text, underSize);
  return Math.max(leastUnder, Math.min(underSize, Math.floor(wanted * 10) / 10));
}

function drawText(node: NodeView, { slot, role, forms }: NodeOptions): SVGTemplateResult {
  const { radius } = slot;
  const { id, epoch } = node;
  const disc = inDisc(node, slot);
  const rows = [
    ...underName(node, disc),
    ...(disc.epoch && !isDrawnOff(node) ? [{ text: epochText(epoch!), type: '' }] : []),
  ];
  const first = 4.5 - rows.length * 6.5;
  const wordRows = slot.words.side === 'none'
    ? []
    : rowsOf(wordLines(node, disc, role?.values, forms.isTerse), slot.words);
  return svg`<text class="name" y=${first} style="font-size: ${nameSize(id, radius)}px">${id}</text>
    ${rows.map(
      ({ text, type }, row) =>
        svg`<text class="under ${type}" y=${first + 13 * (row + 1)}
          style="font-size: ${underFont(text, radius)}px">${text}</text>`,
    )}
    ${drawWords(wordRows, slot)}
    ${drawUnsaidHolds(node, slot, wordRows)}`;
}

/** Who holds a lock, and who only believes so, is told at any size: by its sign at least. */
function drawUnsaidHolds(
  node: NodeView,
  { radius }: Slot,
  rows: readonly WordRow[] = [],
): Part {
  const unsaid = node.holds.find(({ of }) => !rows.some(({ key }) => key === `holds ${of}`));
  if (!unsaid || isDrawnOff(node)) return nothing;
  const sign: Sign = { type: unsaid.belief };
  const [x, y] = [radius * 0.75 - 4, -radius - 3];
  return svg`<g class="unsaid" transform=${placedAt({ x, y })}>
    <title>${holdInWords(unsaid)}</title>
    <rect class="backing" x="-2" y="-6.5" width="20" height="13" rx="3" />${drawSign(sign)}</g>`;
}

/** Its status if it has one, or else its standing. */
function underName(node: NodeView, disc: InDisc): { text: string; type: string }[] {
  const status = statusOf(node);
  if (status.length > 0) {
    return disc.status ? status.map((text) => ({ text, type: 'status' })) : [];
  }
  if (!disc.standing || node.standing === '') return [];
  return standingRows(node).map((text) => ({ text, type: '' }));
}

function nameSize(id: string, radius: number): number {
  return Math.max(8, Math.min(14, (radius * 1.76 * 14) / (textWidth(id, 14) * 1.08)));
}

/** Name and epoch; a crossed-out or hatched disc says the rest, and so does the tooltip. */
function drawSmallText(
  node: NodeView, { shortName, slot, forms }: NodeOptions,
): SVGTemplateResult {
  const { epoch } = node;
  const { radius } = slot;
  const size = Math.max(nameSizes.least, sizeOfName(shortName, radius));
  const room = radius * nameRoom;
  const hasEpoch = epoch !== undefined && radius >= leastForTwo && !isDrawnOff(node);
  const { text = '', size: under = 0 } = hasEpoch ? forms.smallEpoch(node, slot) : {};
  const font = (pixels: number) => `font-size: ${pixels.toFixed(1)}px`;
  const second = svg`<text class="under" y=${size * 0.9} style=${font(under)}>${text}</text>`;
  return svg`<text class="name" y=${hasEpoch ? 0 : size * 0.36} style=${font(size)}
    >${endOf(shortName, room, size)}</text>
    ${hasEpoch ? second : nothing}
    ${drawUnsaidHolds(node, slot)}`;
}

/** The least radius with room for two lines of letters that can be read. */
const leastForTwo = 11.5;

/** The end of a long name: it tells `member-17` from `member-18`. */
function endOf(id: string, room: number, size: number): string {
  const letters = [...id];
  // Sums of the widths of letters differ in their last digits.
  const wide = (text: string) => textWidth(text, size) * 1.08 - 0.1;
  if (wide(id) <= room) return id;
  while (letters.length > 1 && wide(`…${letters.join('')}`) > room) letters.shift();
  return `…${letters.join('')}`;
}

// The words beside the disc

function drawWords(rows: readonly WordRow[], slot: Slot): Part {
  const { radius, words } = slot;
  if (words.side === 'none') return nothing;
  const out = radius + arcRoom;
  const y = words.side === 'below'
    ? out + 8
    : linesRect(slot, rows.length).y - slot.y + lineHeight * 0.85;
  const x = words.side === 'below' ? 0 : words.side === 'left' ? -out : out;
  return svg`<g class="words ${words.side}" transform="translate(${x} ${y})">
    ${rows.length === 0 ? nothing : drawBacking(rows, words.side)}
    ${repeat(
      rows,
      ({ key }) => key,
      (row, index) => drawRow(row, index * lineHeight, words.side),
    )}
  </g>`;
}

/** Links pass behind words, and not through them. */
function drawBacking(rows: readonly WordRow[], side: WordRoom['side']): SVGTemplateResult {
  const widest = Math.max(...rows.map(({ wide, indent }) => wide + indent));
  const x = side === 'left' ? -widest : side === 'below' ? -widest / 2 : 0;
  return svg`<rect class="backing" x=${x - 2} y=${-lineHeight * 0.78}
    width=${widest + 4} height=${rows.length * lineHeight} rx="3" />`;
}

function drawRow(row: WordRow, y: number, side: WordRoom['side']): SVGTemplateResult {
  const { sign, indent, name, value, wide, changed, isStrong, title } = row;
  const signAt = side === 'left' ? -indent + 3 : side === 'below' ? -(wide + indent) / 2 : 0;
  const textAt = side === 'left' ? -indent : side === 'below' ? signAt + indent : indent;
  return svg`<g class=${title === undefined ? '' : 'titled'} transform="translate(0 ${y})">
    ${title === undefined ? nothing : svg`<title>${title}</title>`}
    ${sign ? svg`<g transform="translate(${signAt} -4)">${drawSign(sign)}</g>` : nothing}
    <text class="line ${changed ? 'changed' : ''} ${isStrong ? 'strong' : ''}" x=${textAt}
      >${name === '' ? nothing : svg`<tspan class="of">${name} </tspan>`}<tspan
      >${value}</tspan></text>
  </g>`;
}
