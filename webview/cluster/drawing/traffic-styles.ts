/** The colours and lines of links, walls and messages. */

import { css } from 'lit';

export const trafficStyles = css`
  .link .line {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 11%, transparent);
    stroke-width: 1px;
  }
  .link:hover .line {
    stroke: var(--focus);
    stroke-width: 2px;
  }
  .link.cut .line {
    stroke: var(--wrong);
    stroke-dasharray: 2 4;
  }
  .link .reach {
    stroke-width: 14px;
  }
  .link .wire {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 20%, var(--paper));
    stroke-width: 1.25px;
    pointer-events: none;
  }
  .link.half-open .wire,
  .link.closing .wire,
  .link.opening .wire {
    stroke: var(--bid);
    stroke-width: 2px;
  }
  .link.closing .wire,
  .link.opening .wire {
    stroke-dasharray: 6 4;
  }
  .drawing .wire-mark {
    font-size: 10.5px;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
  }
  /* The hover of the link says it, too. */
  .low .wire-mark {
    display: none;
  }
  .board {
    fill: none;
    stroke: var(--wrong);
    stroke-width: 3px;
  }
  .stopped {
    fill: none;
    stroke: var(--wrong);
    stroke-width: 1.5px;
  }
  .wall path {
    fill: none;
  }
  .wall .stones {
    stroke: var(--outline);
    stroke-linecap: square;
    stroke-width: 9px;
  }
  .wall .joints {
    stroke: var(--paper);
    stroke-dasharray: 1.5 11;
    stroke-width: 9px;
  }
  .message .gone {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 55%, var(--paper));
    stroke-width: 1.5px;
  }
  .message .ahead {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 35%, var(--paper));
    stroke-dasharray: 1.5 4;
    stroke-width: 1.25px;
  }
  .message.next .gone {
    stroke: var(--accent);
    stroke-width: 2.25px;
  }
  .message.next .ahead {
    stroke: var(--accent);
  }
  .message.pointed .gone,
  .message.pointed .ahead {
    stroke-width: 3px;
  }
  .mark {
    cursor: pointer;
  }
  .mark .reach {
    fill: transparent;
    pointer-events: all;
    stroke: none;
  }
  .shape {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.5px;
  }
  .dart {
    fill: var(--ink);
  }
  .next .shape {
    fill: var(--accent);
    stroke: var(--accent);
  }
  .next .dart {
    fill: var(--paper);
  }
  .refusal .shape {
    fill: var(--paper);
    stroke: var(--wrong);
    stroke-width: 2px;
  }
  .refusal.next .shape {
    stroke-width: 3px;
  }
  .cross {
    fill: none;
    stroke: var(--wrong);
    stroke-linecap: round;
    stroke-width: 2px;
  }
  .halo {
    fill: none;
    stroke: var(--ink);
    stroke-dasharray: 2 2;
    stroke-width: 1.25px;
  }
  .pointed .shape {
    stroke: var(--focus);
    stroke-width: 3px;
  }
  .drawing .label {
    font-size: 11px;
    paint-order: stroke;
    pointer-events: none;
    stroke: var(--paper);
    stroke-linejoin: round;
    stroke-width: 4px;
    text-anchor: start;
  }
  .drawing .next .label,
  .drawing .pointed .label {
    font-weight: 700;
  }
  .crowd .mark .place > * {
    transform: scale(0.6);
  }
  /* Over the names of a block. */
  .crowd.low .mark .place > * {
    transform: scale(0.4);
  }
  .crowd .message:not(.next, .pointed) .gone,
  .crowd .message:not(.next, .pointed) .ahead {
    opacity: 0.4;
    stroke-width: 1px;
  }
  .arrived .trail {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 75%, var(--paper));
    stroke-width: 2.25px;
  }
  #arrow path {
    fill: var(--ink);
  }
  .lost .gone,
  .lost .fall {
    fill: none;
    stroke: var(--quiet);
    stroke-dasharray: 2 3;
    stroke-width: 1.25px;
  }
  .lost .fallen {
    opacity: 0.55;
  }
`;
