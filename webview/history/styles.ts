/** The styles of the History panel: intervals, arrows and marks in the editor's colours. */

import { css } from 'lit';
import { plainButton } from '../ui/theme.ts';
import { rowHeight } from '../../src/view/history/draw-intervals.ts';

export const historyStyles = css`
  :host {
    display: block;
    min-height: var(--page);
  }
  /* The buttons at the corner of the page stay where they are: nothing may pass below them. */
  header {
    background: var(--paper);
    position: sticky;
    top: var(--bar, 0px);
    z-index: 2;
  }
  button,
  select,
  [tabindex] {
    scroll-margin-top: 48px;
  }
  header label {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 6px;
  }
  select {
    background: var(--vscode-dropdown-background, var(--raised));
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-dropdown-border, var(--outline)));
    border-radius: 2px;
    color: var(--vscode-dropdown-foreground, var(--ink));
    font: inherit;
    max-width: 100%;
    padding: 2px 6px;
  }
  button {
    ${plainButton}
    max-width: 100%;
  }
  .note {
    margin: 6px 12px;
  }
  .verdict {
    border-left: 3px solid var(--outline);
    margin: 8px 12px;
    padding-left: 8px;
  }
  .verdict.violated {
    border-left-color: var(--wrong);
  }
  .verdict p {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  .problem {
    border-left: 3px solid var(--wrong);
    margin: 8px 12px;
    overflow-wrap: anywhere;
    padding: 2px 8px;
  }
  .lines {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.95em;
    max-height: 22em;
    overflow: auto;
  }
  .lines li {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .history,
  .witness {
    padding: 4px 12px;
  }
  .pages {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    margin-bottom: 4px;
  }
  .chart {
    border: 1px solid var(--edge);
    display: flex;
    max-height: 60vh;
    overflow: hidden auto;
  }
  .processes {
    background: var(--raised);
    border-right: 1px solid var(--edge);
    display: grid;
    flex: 0 0 auto;
    grid-template-rows: repeat(var(--rows), ${rowHeight}px);
    max-width: 9em;
    padding: 0 6px;
  }
  .processes span {
    line-height: ${rowHeight}px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .scroll {
    flex: 1 1 auto;
    height: max-content;
    min-width: 0;
    overflow-x: auto;
  }
  .picture {
    overflow-x: auto;
  }
  svg {
    display: block;
  }
  text {
    fill: var(--ink);
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 12px;
    white-space: pre;
  }
  path,
  rect {
    fill: none;
    stroke: var(--outline);
    stroke-width: 1.5;
  }
  .scroll .operation {
    cursor: pointer;
  }
  .scroll .bar:not(.rest) {
    fill: var(--paper);
  }
  .scroll .operation:hover .bar {
    stroke: var(--focus);
  }
  .failed .bar {
    stroke-dasharray: 2 3;
  }
  .failed .label {
    fill: var(--quiet);
    text-decoration: line-through;
  }
  .bar.rest,
  .tail {
    fill: none;
    stroke-dasharray: 4 3;
  }
  .tail {
    stroke-width: 1;
  }
  .conflict .bar {
    stroke: var(--wrong);
    stroke-width: 2.5;
  }
  .scroll .conflict .label {
    font-weight: 600;
  }
  .witness .operation:not(.blocked) .bar {
    stroke: var(--outline);
    stroke-width: 1.5;
  }
  .current .bar:not(.rest) {
    fill: color-mix(in srgb, var(--accent) 25%, var(--paper));
  }
  .valid {
    fill: color-mix(in srgb, var(--vscode-charts-green, #388a34) 14%, var(--paper));
    stroke: none;
  }
  .valid-end {
    stroke: var(--vscode-charts-green, #388a34);
    stroke-dasharray: 6 3;
    stroke-width: 2;
  }
  .legend .valid {
    stroke: var(--outline);
    stroke-width: 1;
  }
  .guide {
    stroke: var(--quiet);
    stroke-dasharray: 1 4;
    stroke-width: 0.75;
  }
  .line {
    stroke: var(--accent);
  }
  .line.real-time,
  .line.program-order {
    stroke-dasharray: 5 3;
  }
  .head {
    fill: var(--accent);
    stroke: none;
  }
  text.edge {
    fill: var(--ink);
  }
  .legend {
    padding: 6px 0;
  }
`;
