/** A node of the picture. Shape, border and signs show what it is; colour only repeats it. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { isDrawnOff, statusOf } from '../../../src/view/node-status.ts';
import { epochText, nodeInWords, nodeTitle } from '../../../src/view/panel-words/cluster.ts';
import { fit, textWidth } from '../../ui/measure.ts';
import { epochColour } from '../../ui/theme.ts';
import { placedAt } from '../layout/geometry.ts';
import { arcRoom, lineHeight, wordsAbove } from '../layout/layout.ts';
import type { Slot } from '../layout/layout.ts';
import { wordLines } from './node-words.ts';
import type { InDisc, WordLine } from './node-words.ts';
import { drawSign, signWidth } from './signs.ts';

type Part = SVGTemplateResult | typeof nothing;

export interface NodeOptions {
  slot: Slot;
  /** Whether it shows no more than its name and epoch. */
  isCompact: boolean;
  /** Whether the keyboard reaches it with the next Tab. */
  isReached: boolean;
}

export function drawNode(node: NodeView, options: NodeOptions): SVGTemplateResult {
  const { slot, isCompact, isReached } = options;
  const { id, status, host, tone, stands, acted, epoch } = node;
  const classes = [
    'node',
    status,
    host === 'on' ? '' : 'lost-host',
    tone,
    stands === 'out' ? 'out' : '',
    acted ? 'acted' : '',
    isCompact ? 'compact' : '',
  ];
  const radius = isCompact && (acted || stands === 'out') ? slot.radius * 1.2 : slot.radius;
  const colour = epoch ? epochColour(epoch.value) : 'var(--raised)';
  return svg`<g class=${classes.filter(Boolean).join(' ')} data-node=${id} role="button"
    tabindex=${isReached ? 0 : -1} aria-label=${nodeInWords(node)}
    transform=${placedAt(slot)} style="--epoch: ${colour}">
    <title>${nodeTitle(isCompact ? withoutClock(node) : node)}</title>
    ${drawDisc(node, radius, isCompact)}
    ${isCompact ? drawSmallText(node, radius) : drawText(node, slot)}
    ${acted ? drawActor(radius + (isCompact ? 3 : arcRoom), slot.words.side) : nothing}
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

/** Points at the node that took the last action; from the left if words may be above it. */
function drawActor(out: number, side: Slot['words']['side']): SVGTemplateResult {
  const turn = side === 'below' ? -90 : 0;
  return svg`<path class="actor" transform="rotate(${turn})" d="M 0 ${-out} l -6 -9 h 12 z" />`;
}

const large = 28;
const underSize = 10.5;
/** Words below the name become smaller before they are cut. */
const leastUnder = 8;
const lineSize = 11.5;

function underFont(text: string, radius: number): number {
  const wanted = (underSize * radius * 2) / textWidth(text, underSize);
  return Math.max(leastUnder, Math.min(underSize, Math.floor(wanted * 10) / 10));
}

/** What the disc has room for. */
function inDisc(node: NodeView, { radius, words }: Slot): InDisc {
  const { standing, epoch, stands, tone } = node;
  const isLarge = radius >= large;
  // Letters in bold are about a tenth wider. Without words beside the disc, it has no other place.
  const widest = Math.max(...statusOf(node).map((word) => textWidth(word, underSize) * 1.1), 0);
  const star = stands === 'out' && tone === 'lead' ? '★ ' : '';
  return {
    status: words.side === 'none' || widest <= radius * 1.9,
    standing: isLarge && textWidth(star + standing, underSize) <= radius * 1.8,
    epoch:
      epoch !== undefined && isLarge && textWidth(epochText(epoch), underSize) <= radius * 1.5,
  };
}

function drawText(node: NodeView, slot: Slot): SVGTemplateResult {
  const { radius } = slot;
  const { id, epoch } = node;
  const disc = inDisc(node, slot);
  const rows = [
    ...underName(node, disc),
    ...(disc.epoch && !isDrawnOff(node) ? [{ text: epochText(epoch!), type: '' }] : []),
  ];
  const first = 4.5 - rows.length * 6.5;
  return svg`<text class="name" y=${first} style="font-size: ${nameSize(id, radius)}px">${id}</text>
    ${rows.map(
      ({ text, type }, row) =>
        svg`<text class="under ${type}" y=${first + 13 * (row + 1)}
          style="font-size: ${underFont(text, radius)}px">${text}</text>`,
    )}
    ${drawWords(wordLines(node, disc), slot)}`;
}

/** Its status if it has one, or else its standing. */
function underName(node: NodeView, disc: InDisc): { text: string; type: string }[] {
  const status = statusOf(node);
  if (status.length > 0) {
    return disc.status ? status.map((text) => ({ text, type: 'status' })) : [];
  }
  const star = node.stands === 'out' && node.tone === 'lead' ? '★ ' : '';
  return disc.standing && node.standing !== '' ? [{ text: star + node.standing, type: '' }] : [];
}

function nameSize(id: string, radius: number): number {
  return Math.max(8, Math.min(14, (radius * 1.76 * 14) / (textWidth(id, 14) * 1.08)));
}

/** Name and epoch; a crossed-out or hatched disc says the rest, and so does the tooltip. */
function drawSmallText(node: NodeView, radius: number): SVGTemplateResult {
  const { id, epoch } = node;
  const size = Math.min(12, Math.max(5, (radius * 1.7 * 12) / (textWidth(id, 12) * 1.08)));
  const hasEpoch = epoch !== undefined && radius >= 9 && !isDrawnOff(node);
  const value = hasEpoch ? fit(String(epoch.value), radius * 1.7, size * 0.82) : '';
  const font = (share: number) => `font-size: ${(size * share).toFixed(1)}px`;
  const second = svg`<text class="under" y=${size * 0.9} style=${font(0.82)}>${value}</text>`;
  return svg`<text class="name" y=${hasEpoch ? 0 : size * 0.36} style=${font(1)}>${id}</text>
    ${hasEpoch ? second : nothing}`;
}

// The words beside the disc

function drawWords(lines: WordLine[], { radius, words }: Slot): Part {
  if (words.side === 'none') return nothing;
  const shown = lines.slice(0, words.lines);
  const out = radius + arcRoom;
  const y = words.side === 'below' ? out + 8 : lineHeight * 0.85 - wordsAbove(radius);
  const x = words.side === 'below' ? 0 : words.side === 'left' ? -out : out;
  return svg`<g class="words ${words.side}" transform="translate(${x} ${y})">
    ${repeat(
      shown,
      ({ key }) => key,
      (line, index) => drawLine(line, index * lineHeight, words),
    )}
  </g>`;
}

function drawLine(line: WordLine, y: number, { side, width }: Slot['words']): SVGTemplateResult {
  const { sign, changed, isStrong } = line;
  const long = sign ? signWidth(sign) : 0;
  const { name, value, wide } = fitLine(line, width - long);
  const signAt = side === 'left' ? -long + 3 : side === 'below' ? -(wide + long) / 2 : 0;
  const textAt = side === 'left' ? -long : side === 'below' ? signAt + long : long;
  return svg`<g transform="translate(0 ${y})">
    ${sign ? svg`<g transform="translate(${signAt} -4)">${drawSign(sign)}</g>` : nothing}
    <text class="line ${changed ? 'changed' : ''} ${isStrong ? 'strong' : ''}" x=${textAt}
      >${name === '' ? nothing : svg`<tspan class="of">${name} </tspan>`}<tspan
      >${value}</tspan></text>
  </g>`;
}

/**
 * The value matters more than its name, which gives way first: all of it if a sign says what the
 * line is about.
 */
function fitLine({ name: whole, value, changed, isStrong, sign }: WordLine, room: number) {
  const size = lineSize * (changed || isStrong ? 1.1 : 1);
  const gap = textWidth(' ', size);
  const left = room - textWidth(value, size) - gap;
  const hasNoRoom = left < Math.min(textWidth(whole, size), textWidth('mmmm', size));
  const name = sign && hasNoRoom ? '' : whole;
  const space = name === '' ? 0 : gap;
  const least = Math.min(textWidth(name, size), room * 0.4);
  const shown = fit(value, room - least - space, size);
  const own = textWidth(shown, size);
  const named = name === '' ? '' : fit(name, room - own - space, size);
  return { name: named, value: shown, wide: own + space + textWidth(named, size) };
}
