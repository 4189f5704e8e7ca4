/** The layout of the cluster panel's parts, and the colours and lines of its picture. */

import { css } from 'lit';

export const clusterStyles = css`
  :host {
    container-type: inline-size;
    display: block;
  }
  .parts {
    display: grid;
    gap: 16px 24px;
    grid-template-columns: minmax(0, 1fr);
    padding: 8px 12px 16px;
  }
  @container (min-width: 900px) {
    .parts {
      grid-template-columns: minmax(0, 11fr) minmax(0, 9fr);
    }
  }
  .side {
    align-content: start;
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  .picture {
    min-width: 0;
    overflow: hidden;
  }
  .picture p {
    margin: 4px 0 0;
    overflow-wrap: anywhere;
  }
  .dimmed {
    opacity: 0.65;
  }
`;

export const pictureStyles = css`
  svg.cluster {
    display: block;
    font-size: 12px;
  }
  .cluster text {
    fill: var(--ink);
    text-anchor: middle;
  }
  .node .body {
    fill: var(--raised);
    stroke: var(--outline);
    stroke-width: 1.25px;
  }
  .node.lead .body,
  .node.lead .inner {
    fill: none;
    stroke: var(--accent);
    stroke-width: 1.5px;
  }
  .node.lead .body {
    fill: var(--raised);
  }
  .node.bid .body {
    stroke: var(--bid);
    stroke-dasharray: 6 3;
    stroke-width: 2px;
  }
  .node.acted .body {
    stroke-width: 3px;
  }
  .node.crashed .body {
    fill: var(--paper);
    stroke: var(--quiet);
    stroke-dasharray: 2 3;
  }
  .node.crashed text {
    fill: var(--quiet);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-linejoin: round;
    stroke-width: 5px;
  }
  .node .crossed {
    fill: none;
    stroke: var(--wrong);
    stroke-width: 1.25px;
  }
  .node .name {
    font-size: 13px;
    font-weight: 700;
  }
  .node text.small {
    font-size: 10px;
  }
  .node text.epoch {
    text-anchor: start;
  }
  .cluster .caption {
    font-size: 11px;
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
  }
  .node .star {
    fill: var(--accent);
  }
  .node .raised {
    fill: none;
    stroke: var(--bid);
    stroke-width: 2px;
  }
  .node .disk {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .node .disk.stalls {
    stroke: var(--wrong);
    stroke-width: 2px;
  }
  .node .pause {
    fill: var(--ink);
  }
  .node .span {
    fill: color-mix(in srgb, var(--ink) 22%, transparent);
  }
  .node .left {
    fill: var(--ink);
  }
  .message path {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .message .ahead {
    stroke-dasharray: 3 4;
  }
  .message.next path {
    stroke: var(--accent);
    stroke-width: 2.25px;
  }
  .message.pointed path {
    stroke-width: 3px;
  }
  .head path {
    fill: var(--ink);
    stroke: none;
  }
  .head.next path {
    fill: var(--accent);
  }
  .head.cut path {
    fill: var(--wrong);
  }
  .marker {
    cursor: pointer;
  }
  .marker circle {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.25px;
  }
  .marker.next circle {
    stroke: var(--accent);
    stroke-width: 2.5px;
  }
  .marker .halo {
    fill: none;
    stroke-dasharray: 2 2;
    stroke-width: 1.25px;
  }
  .marker:hover circle,
  .marker.pointed circle {
    stroke: var(--focus);
    stroke-width: 3px;
  }
  .marker .number {
    font-size: 11px;
    font-weight: 600;
  }
  .marker .label {
    font-size: 11px;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-linejoin: round;
    stroke-width: 4px;
    text-anchor: start;
  }
  .marker.next .label,
  .marker.pointed .label {
    font-weight: 700;
  }
  .cut path {
    fill: none;
    stroke: var(--wrong);
    stroke-dasharray: 1 5;
    stroke-width: 1px;
  }
  .cut .cross {
    stroke-dasharray: none;
    stroke-width: 2px;
  }
  .island {
    fill: color-mix(in srgb, var(--ink) 5%, transparent);
    stroke: var(--vscode-contrastBorder, var(--quiet));
    stroke-dasharray: 10 4;
    stroke-linejoin: round;
    stroke-width: 1.5px;
  }
  .island.odd {
    stroke-dasharray: 3 3;
  }
  .tag rect {
    fill: var(--ink);
  }
  .cluster .tag text {
    fill: var(--paper);
    font-size: 11px;
    font-weight: 700;
  }
`;
