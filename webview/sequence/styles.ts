/** The styles of the sequence panel: Mermaid's class names with the editor's colours. */

import { css } from 'lit';

export const sequenceStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: var(--page);
    min-height: 160px;
  }
  .notice {
    border-left: 3px solid var(--wrong);
    margin: 6px 12px;
    overflow-wrap: anywhere;
    padding: 2px 8px;
  }
  .scroll {
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    position: relative;
  }
  .names {
    background: var(--paper);
    border-bottom: 1px solid var(--edge);
    position: sticky;
    top: 0;
    z-index: 1;
  }
  /* A narrow panel scales the picture down a little before it scrolls sideways. */
  .names,
  .picture {
    min-width: calc(var(--picture-width) * 0.85);
  }
  svg {
    display: block;
    margin: 0 auto;
  }
  .names svg,
  .picture svg {
    height: auto;
    max-width: var(--picture-width);
    width: 100%;
  }
  .earlier {
    left: 0;
    margin: 0;
    padding: 4px 12px;
    position: sticky;
    width: fit-content;
  }
  .legend {
    border-top: 1px solid var(--edge);
    padding: 4px 12px;
  }
  .legend svg {
    margin: 0;
  }
`;

export const pictureStyles = css`
  text,
  tspan {
    fill: var(--ink);
    stroke: none;
  }
  .messageText {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-linejoin: round;
    stroke-width: 4px;
  }
  .messageText.current {
    stroke: color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 18%, var(--paper));
  }
  rect.actor {
    fill: var(--raised);
    stroke: var(--outline);
    stroke-width: 1px;
  }
  rect.actor.acted {
    stroke-width: 2.5px;
  }
  text.actor:not(:first-of-type) {
    font-weight: 400 !important;
  }
  .actor-line {
    stroke: var(--quiet);
    stroke-dasharray: none;
    stroke-width: 1px;
    opacity: 0.55;
  }
  .messageLine0,
  .messageLine1 {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5px;
  }
  .messageLine1.in-flight {
    stroke: var(--accent);
    stroke-dasharray: 2 4;
    stroke-linecap: round;
  }
  .lost,
  .reset,
  .refused {
    stroke: var(--wrong);
  }
  .messageLine1.refused {
    stroke-dasharray: 7 4;
  }
  text.lost,
  text.reset,
  text.refused {
    stroke: var(--paper);
  }
  marker path {
    fill: context-stroke;
    stroke: context-stroke;
  }
  marker[id$='-crosshead'] path {
    fill: none;
    stroke-width: 2px;
  }
  rect.note {
    fill: var(--vscode-editorHoverWidget-background, var(--raised));
    stroke: var(--outline);
  }
  .event rect.note {
    stroke: var(--vscode-contrastBorder, var(--changed));
    rx: 8px;
  }
  .operation rect.note {
    stroke-dasharray: 2 2;
  }
  .fault rect.note {
    stroke: var(--wrong);
    stroke-dasharray: 5 3;
    stroke-width: 1.5px;
  }
  .event text:first-of-type tspan,
  .event text:first-of-type {
    font-weight: 600;
  }
  .mark {
    visibility: hidden;
  }
  .mark.current {
    visibility: visible;
  }
  .mark rect {
    fill: color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 18%, transparent);
    stroke: var(--accent);
    stroke-width: 1px;
  }
  .mark path {
    fill: var(--accent);
  }
  .target {
    cursor: pointer;
    fill: transparent;
    outline: none;
    stroke: none;
  }
  .target:hover {
    stroke: var(--quiet);
    stroke-dasharray: 3 3;
  }
  .target:focus-visible {
    stroke: var(--focus);
    stroke-dasharray: none;
    stroke-width: 2px;
  }
`;
