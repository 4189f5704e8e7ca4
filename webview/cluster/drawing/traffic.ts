/** What is on the links: messages in flight, the one that arrived, and those that were lost. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { LostView, MessageView } from '../../../src/view/cluster/cluster-view.ts';
import {
  arrivedTitle,
  lostTitle,
  markerTitle,
  messageInWords,
} from '../../../src/view/panel-words/traffic.ts';
import { markRadius } from '../layout/flights.ts';
import type { Flight } from '../layout/flights.ts';
import { curvePath, cut, headingAt, placedAt, pointAt } from '../layout/geometry.ts';
import type { Links } from '../layout/links.ts';

export interface FlightOptions {
  pointedAt: string;
  /** The thing that the keyboard reaches with the next Tab. */
  reached: string;
}

/** The way of a message: solid up to where it is now, dotted from there on. */
export function drawWay({ message, lane, share }: Flight, pointedAt: string): SVGTemplateResult {
  return svg`<g class=${messageClass(message, pointedAt)}>
    <path class="gone" d=${curvePath(cut(lane, 0, share))} />
    <path class="ahead" id=${wayId(message)} d=${curvePath(lane)} />
  </g>`;
}

/** Names the path along which a message travels, so that it can be moved. */
export function wayId({ id }: Pick<MessageView, 'id'>): string {
  return `way ${id}`.replaceAll(/\s/g, '-');
}

/** A dart in a circle; a refusal is a diamond with a cross. */
export function drawFlight(
  flight: Flight,
  { pointedAt, reached }: FlightOptions,
): SVGTemplateResult {
  const { message, at, heading, share, name } = flight;
  const { id, fresh, refusal } = message;
  const turn = ((heading * 180) / Math.PI).toFixed(0);
  return svg`<g class="${messageClass(message, pointedAt)} mark" data-message=${id}
    data-progress=${message.progress.toFixed(4)} data-share=${share.toFixed(4)}
    data-way=${wayId(message)} role="button"
    tabindex=${reached === `message ${id}` ? 0 : -1} aria-label=${messageInWords(message)}>
    <title>${markerTitle(message)}</title>
    <g class="place" transform=${placedAt(at)}>
      <circle class="reach" r="12" />
      ${fresh ? svg`<circle class="halo" r=${markRadius + 3.5} />` : nothing}
      ${refusal ? drawRefusal() : drawDart(turn)}
    </g>
    ${name ? svg`<text class="label" x=${name.x} y=${name.y}>${name.text}</text>` : nothing}
  </g>`;
}

export function drawDart(turn: string): SVGTemplateResult {
  return svg`<circle class="shape" r=${markRadius} />
    <path class="dart" transform="rotate(${turn})" d="M 4 0 L -2.5 -3.6 L -1 0 L -2.5 3.6 Z" />`;
}

export function drawRefusal(): SVGTemplateResult {
  return svg`<path class="shape refused" d="M 0 -9.5 L 9.5 0 L 0 9.5 L -9.5 0 Z" />
    <path class="cross" d="M -3 -3 L 3 3 M 3 -3 L -3 3" />`;
}

/** The way of the message that the last action delivered, with an arrow at its end. */
export function drawArrived(message: MessageView, links: Links): SVGTemplateResult {
  const lane = links.lane(message.from, message.to);
  if (!lane) return svg``;
  return svg`<g class="arrived ${message.refusal ? 'refusal' : ''}" data-arrived=${message.id}>
    <title>${arrivedTitle(message)}</title>
    <path class="trail" id=${wayId(message)} d=${curvePath(lane)} marker-end="url(#arrow)" />
    ${message.refusal ? drawRefusalAt(lane) : nothing}
  </g>`;
}

function drawRefusalAt(lane: Parameters<typeof pointAt>[0]): SVGTemplateResult {
  const place = placedAt(pointAt(lane, 0.82));
  return svg`<g class="message refusal" transform=${place}>${drawRefusal()}</g>`;
}

/** It falls off its link where it was lost. */
export function drawLost(message: LostView, links: Links): SVGTemplateResult {
  const lane = links.lane(message.from, message.to);
  if (!lane) return svg``;
  const share = Math.min(0.85, Math.max(0.15, message.progress));
  const { x, y } = pointAt(lane, share);
  const turn = ((headingAt(lane, share) * 180) / Math.PI + 50).toFixed(0);
  const deep = 24;
  // It falls where no node is.
  const [left, right] = [-16, 16].map((by) => links.roomAt({ x: x + by, y: y + deep }));
  const side = left! > right! ? -16 : 16;
  return svg`<g class="lost" data-lost=${message.id}>
    <title>${lostTitle(message)}</title>
    <path class="gone" d=${curvePath(cut(lane, 0, share))} />
    <path class="fall" d="M ${x} ${y} q ${side} 2 ${side} ${deep}" />
    <g transform=${placedAt({ x: x + side, y: y + deep + 6 })}>
      <g class="fallen">${drawDart(turn)}</g><path class="cross" d="M -8 -8 L 8 8 M 8 -8 L -8 8" />
    </g>
  </g>`;
}

function messageClass({ id, next, fresh, refusal }: MessageView, pointedAt: string): string {
  const words = [
    'message',
    next && 'next',
    fresh && 'fresh',
    refusal && 'refusal',
    id === pointedAt && 'pointed',
  ];
  return words.filter(Boolean).join(' ');
}
