/** The styles of the panel Locks and Leases. */

import { css } from 'lit';
import { plainButton } from '../ui/theme.ts';

export const locksStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: var(--page);
    overflow: hidden;
  }
  .scroll {
    flex: 1 1 0;
    min-height: 70px;
    overflow: auto;
  }
  .end {
    flex: none;
  }
  .line {
    align-items: start;
    border-top: 1px solid var(--edge);
    display: flex;
    gap: 8px;
    padding: 4px 12px;
  }
  /* As high with each text: the picture keeps its height. Hovers have the whole. */
  .about {
    display: -webkit-box;
    flex: 1 1 0;
    height: 1.4em;
    margin: 0;
    min-width: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 1;
  }
  @media (max-width: 700px) {
    .about {
      height: 2.8em;
      -webkit-line-clamp: 2;
    }
  }
  .line button {
    ${plainButton}
    flex: none;
    font-size: 0.92em;
    line-height: 1.3;
    padding: 0 6px;
  }
  /* One line at the foot, in which the folds come first. */
  :host-context([data-room='low']) .end {
    align-items: center;
    border-top: 1px solid var(--edge);
    display: flex;
    height: 24px;
  }
  :host-context([data-room='low']) .line {
    border-top: 0;
    flex: 1 1 0;
    min-width: 0;
    order: 1;
    padding: 0 8px 0 0;
  }
  :host-context([data-room='low']) .about {
    height: 1.4em;
    -webkit-line-clamp: 1;
  }
  :host-context([data-room='low']) details {
    border-top: 0;
    padding: 0 8px;
  }
  details {
    border-top: 1px solid var(--edge);
    flex: none;
    max-height: 40vh;
    overflow: auto;
    padding: 2px 12px;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    padding: 2px 8px 2px 0;
    text-align: left;
    vertical-align: top;
  }
  td button {
    background: none;
    border: 0;
    color: inherit;
    cursor: pointer;
    font: inherit;
    padding: 0;
    text-align: left;
    text-decoration: underline;
  }
  .empty-note {
    padding: 12px;
  }
  svg text {
    fill: var(--ink);
    font-size: 11px;
  }
  .axis line,
  .axis path {
    fill: none;
    stroke: var(--outline);
  }
  .axis text {
    fill: var(--quiet);
  }
  .axis .cut,
  .cover {
    fill: var(--paper);
    stroke: none;
  }
  .axis .fold {
    opacity: 0.6;
    stroke-dasharray: 1 4;
  }
  .divider {
    stroke: var(--edge);
  }
  .names .lock {
    font-size: 12px;
    font-weight: 600;
  }
  .note path {
    fill: none;
    stroke: var(--wrong);
    stroke-width: 1.8;
  }
  .note text {
    font-weight: 600;
  }
  .item {
    cursor: pointer;
  }
  .item:focus-visible {
    outline: none;
  }
  .held rect {
    fill: color-mix(in srgb, var(--accent) 40%, var(--paper));
    stroke: var(--accent);
    stroke-width: 1.5;
  }
  .held text {
    fill: var(--ink);
    font-weight: 600;
  }
  .believed rect {
    fill: transparent;
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .believed text,
  .write text {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 3px;
  }
  .write.stale text,
  .write.refused text {
    font-weight: 600;
  }
  .write.stale .target {
    stroke: var(--wrong);
    stroke-dasharray: 2 2;
    stroke-width: 2;
  }
  .item:hover rect,
  .item:focus-visible rect {
    stroke-width: 3;
  }
  .item:focus-visible rect,
  .item:focus-visible .target {
    stroke: var(--focus);
  }
  .conflict rect {
    fill: color-mix(in srgb, var(--wrong) 12%, transparent);
    stroke: var(--wrong);
    stroke-dasharray: 4 3;
  }
  .conflict.lost rect {
    fill: color-mix(in srgb, var(--changed) 12%, transparent);
    stroke: none;
  }
  .conflict .texture,
  .conflict:hover .texture {
    fill: url(#dots);
    pointer-events: none;
    stroke: none;
  }
  .dots {
    fill: var(--wrong);
  }
  .hatch {
    stroke: var(--quiet);
    stroke-width: 2;
  }
  .outage text {
    fill: var(--ink);
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
  }
  .renewal {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .believed .renewal {
    stroke: var(--ink);
  }
  .end line {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .end path {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.2;
  }
  .held .end path {
    fill: var(--ink);
  }
  .write path {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2.2;
  }
  .write.refused path {
    stroke: var(--wrong);
    stroke-width: 2.8;
  }
  .write .target {
    fill: var(--paper);
    stroke: none;
  }
  .write:hover .target,
  .write:focus-visible .target {
    stroke: var(--focus);
    stroke-width: 2;
  }
  .write .sent {
    stroke: var(--quiet);
    stroke-dasharray: 2 3;
  }
  .future {
    fill: color-mix(in srgb, var(--paper) 62%, transparent);
    pointer-events: none;
  }
  .now line {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .now path {
    fill: var(--ink);
  }
  .now,
  .names {
    pointer-events: none;
  }
  summary {
    cursor: pointer;
  }
`;
