/** The colours and lines of nodes, and of the words and arcs around them. */

import { css } from 'lit';

export const nodeStyles = css`
  svg.cluster {
    /* Letters are as wide at each scale: otherwise the browser fits them to whole pixels. */
    text-rendering: geometricPrecision;
    display: block;
    font-size: 11.5px;
  }
  .drawing text {
    fill: var(--ink);
    font-size: 11.5px;
    text-anchor: middle;
  }
  .drawing .short-names {
    fill: var(--quiet);
    font-size: 11px;
    text-anchor: start;
  }
  .node .body {
    fill: color-mix(in srgb, var(--epoch, var(--raised)) 20%, var(--paper));
    stroke: var(--outline);
    stroke-width: 1.5px;
  }
  .node.out.lead .body {
    stroke: var(--ink);
    stroke-width: 2.5px;
  }
  .node .second {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .node.bid .body {
    stroke: var(--bid);
    stroke-dasharray: 7 4;
    stroke-width: 2.5px;
  }
  .node.crashed .body,
  .node.down .body {
    fill: var(--paper);
    stroke: var(--quiet);
    stroke-dasharray: 2 3;
  }
  .node.paused .body {
    stroke-dasharray: 9 3;
  }
  .hatch {
    stroke: color-mix(in srgb, var(--ink) 26%, transparent);
    stroke-width: 1.75px;
  }
  .node .crossed {
    fill: none;
    stroke: var(--wrong);
    stroke-linecap: round;
    stroke-width: 2px;
  }
  .node .bars {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2px;
  }
  .node .actor,
  .node .actor-edge {
    fill: none;
    pointer-events: none;
    stroke: var(--accent);
    stroke-width: 4px;
  }
  .node .actor-edge {
    stroke: var(--paper);
    stroke-width: 6.5px;
  }
  .node.doubtful .second {
    stroke: var(--wrong);
    stroke-dasharray: 4 3;
    stroke-width: 2px;
  }
  .drawing .node text {
    paint-order: stroke;
    pointer-events: none;
    stroke: color-mix(in srgb, var(--epoch, var(--raised)) 20%, var(--paper));
    stroke-linejoin: round;
    stroke-width: 3px;
  }
  /* What is abbreviated, or explained, says the whole to a pointer. */
  .drawing .node .titled text {
    pointer-events: all;
  }
  .drawing .node.crashed text,
  .drawing .node.down text,
  .drawing .node .words text {
    stroke: var(--paper);
  }
  /* Outlines of many texts take long to paint, and these stand on plain discs. */
  .drawing .node.compact:not(.paused, .crashed, .down) text {
    stroke: none;
  }
  .node .backing {
    fill: var(--paper);
    stroke: none;
  }
  .drawing .node .name {
    font-size: 14px;
    font-weight: 700;
  }
  .drawing .node .under {
    font-size: 10.5px;
  }
  .drawing .node .status {
    font-weight: 700;
  }
  .drawing .words.right text {
    text-anchor: start;
  }
  .drawing .words.left text {
    text-anchor: end;
  }
  .drawing .words.below text {
    text-anchor: start;
  }
  .drawing .line .of {
    fill: var(--quiet);
  }
  .drawing .line.strong {
    font-weight: 700;
  }
  .drawing .line.changed {
    font-weight: 700;
    text-decoration: underline 2px var(--changed);
    text-underline-offset: 3px;
  }
  .node,
  .arc,
  .link,
  .mark {
    outline: none;
  }
  .node:focus-visible .body,
  .mark:focus-visible .shape,
  .arc:focus-visible .left,
  .arc:focus-visible .track {
    stroke: var(--focus);
    stroke-width: 4px;
  }
  .link:focus-visible .line {
    stroke: var(--focus);
    stroke-width: 4px;
  }
  .node:hover .body,
  .mark:hover .shape {
    stroke: var(--focus);
  }
  .reach {
    fill: none;
    pointer-events: stroke;
    stroke: transparent;
    stroke-width: 12px;
  }
  .arc .reach {
    stroke-width: 4px;
  }
  .arc .track {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 14%, transparent);
    stroke-width: 2.5px;
  }
  .arc .left {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2.5px;
  }
  .arc.ring-1 .left {
    stroke-dasharray: 5 2;
  }
  .arc.ring-2 .left {
    stroke-dasharray: 1.5 2;
  }
  .vote {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .vote.granted {
    fill: var(--ink);
  }
  .lease .track {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1px;
  }
  .lease .left {
    fill: var(--ink);
  }
  .lease.ended .track {
    stroke: var(--wrong);
    stroke-dasharray: 2 2;
  }
  .cell {
    fill: var(--paper);
    stroke: var(--epoch);
    stroke-width: 1.5px;
  }
  .cell.committed {
    fill: var(--epoch);
  }
  .sign {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .sign circle {
    fill: none;
  }
  .key circle,
  .key path {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2px;
  }
  .key.holds circle {
    fill: var(--ink);
  }
  .key.believes circle,
  .key.believes path {
    stroke: var(--wrong);
    stroke-dasharray: 2 1.5;
  }
  .drawing .key .struck {
    stroke-dasharray: none;
    stroke-width: 1.5px;
  }
`;
