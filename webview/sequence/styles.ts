/** The styles of the sequence panel: Mermaid's class names with the editor's colours. */

import { css } from 'lit';

export const sequenceStyles = css`
  svg {
    /* Letters are as wide in a file as here: otherwise the browser fits them to whole pixels. */
    text-rendering: geometricPrecision;
  }
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
  header {
    flex-wrap: nowrap;
    min-height: 28px;
    padding: 2px calc(8px + var(--pin, 0px)) 2px 12px;
  }
  .buttons {
    display: flex;
    flex: none;
    gap: 4px;
  }
  header button.plain {
    margin: 0;
  }
  header .sign {
    display: none;
  }
  @media (width < 320px) {
    header button.plain {
      padding: 1px 4px;
    }
    header .word {
      clip-path: inset(50%);
      position: absolute;
    }
    header .sign {
      display: inline;
    }
  }
  /* The menu for exports copies it, too. */
  @media (width < 500px) {
    .copy {
      display: none;
    }
  }
  /* Presented, a panel is magnified: it is narrow in a wider page. */
  @media (width < 750px) {
    :host-context([data-of='presented']) .copy {
      display: none;
    }
  }
  .scroll {
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    /* Rows that are added above must not move those in view: the panel sees to that. */
    overflow-anchor: none;
    position: relative;
  }
  .sheet {
    display: grid;
    grid-template-columns: auto 1fr;
    min-width: 100%;
    width: max-content;
  }
  .corner,
  .names,
  .gutter {
    background: var(--paper);
    position: sticky;
    z-index: 1;
  }
  .corner {
    left: 0;
    top: 0;
    z-index: 2;
  }
  .names,
  .corner {
    border-bottom: 1px solid var(--edge);
    top: 0;
  }
  .gutter {
    box-shadow: 1px 0 0 var(--edge);
    left: 0;
  }
  svg {
    display: block;
    overflow: visible;
  }
  .earlier {
    grid-column: 1 / -1;
    left: 0;
    margin: 0;
    padding: 2px 12px;
    position: sticky;
    width: fit-content;
  }
  .crowd {
    border-bottom: 1px solid var(--edge);
    flex: none;
    margin: 0;
    overflow: hidden;
    padding: 2px 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .legend {
    border-top: 1px solid var(--edge);
    padding: 4px 12px;
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
  .current .messageText {
    stroke: color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 18%, var(--paper));
  }
  .participants text {
    font-size: 0.92em;
    text-anchor: middle;
  }
  .participants .id {
    font-weight: 600;
  }
  .times text {
    font-size: 0.85em;
    text-anchor: end;
  }
  .times .time,
  .times .gap,
  .gaps text {
    fill: var(--quiet);
  }
  .times .current,
  .times .now {
    fill: var(--ink);
    font-weight: 600;
  }
  .sign {
    fill: var(--accent);
    font-size: 11px;
    text-anchor: end;
  }
  .sign.stop {
    fill: var(--wrong);
    font-size: 14px;
  }
  .gaps text {
    font-size: 0.85em;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-linejoin: round;
    stroke-width: 7px;
  }
  .gaps line {
    stroke: var(--quiet);
    stroke-dasharray: 1 5;
  }
  .gaps .now line {
    stroke: var(--accent);
    stroke-dasharray: none;
    stroke-width: 1.5px;
  }
  .band {
    fill: color-mix(in srgb, var(--ink) 5%, transparent);
    stroke: color-mix(in srgb, var(--edge) 60%, transparent);
    stroke-width: 0.5px;
  }
  .band.current {
    fill: color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 18%, transparent);
    stroke: var(--accent);
    stroke-width: 1px;
  }
  .band.future {
    fill: none;
    stroke-dasharray: 2 4;
  }
  .activation {
    fill: var(--paper);
    stroke: var(--outline);
    stroke-width: 1px;
  }
  .row.future .item {
    opacity: 0.55;
  }
  rect.actor {
    fill: var(--raised);
    stroke: var(--outline);
    stroke-width: 1px;
  }
  rect.actor.acted {
    stroke-width: 2.5px;
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
  .answer rect.note {
    stroke-dasharray: 2 2;
  }
  .mark {
    fill: none;
    stroke: none;
  }
  .row.stop .mark {
    stroke: var(--wrong);
    stroke-width: 2px;
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
