/** Styles of the Space-Time panel: the bar, the stage, and the words below it. */

import { css } from 'lit';
import { headText, plainButton } from '../ui/theme.ts';

export const spacetimeStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: var(--page);
    overflow: hidden;
  }
  .bar {
    align-items: center;
    border-bottom: 1px solid var(--edge);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 4px 12px;
    padding: 4px calc(10px + var(--pin, 0px)) 4px 10px;
    position: relative;
  }
  .bar p {
    ${headText}
    min-width: 14em;
  }
  .unfold {
    display: none;
    flex: none;
  }
  .controls {
    display: contents;
  }
  .hits {
    align-items: center;
    display: flex;
    flex: 0 1 auto;
    gap: 4px;
    min-width: 0;
  }
  .hits span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bar label {
    align-items: center;
    display: inline-flex;
    gap: 4px;
    white-space: nowrap;
  }
  .search {
    align-items: center;
    display: flex;
    flex: 1 1 220px;
    gap: 4px;
    min-width: min(280px, 100%);
  }
  input[type='search'],
  select {
    background: var(--raised);
    border: 1px solid var(--outline);
    border-radius: 2px;
    color: var(--ink);
    font: inherit;
    min-width: 0;
    padding: 2px 5px;
  }
  input[type='search'] {
    appearance: none;
    flex: 1 1 auto;
    font-family: var(--vscode-editor-font-family, monospace);
  }
  input[type='search']::placeholder {
    font-family: var(--vscode-font-family, sans-serif);
    font-size: 0.88em;
  }
  input[type='search'][aria-invalid='true'] {
    border-color: var(--wrong);
    border-style: dashed;
  }
  input[type='checkbox'] {
    accent-color: var(--accent);
    margin: 0;
  }
  select {
    max-width: 20em;
  }
  button {
    ${plainButton}
    line-height: 1.2;
  }
  .note {
    border-bottom: 1px solid var(--edge);
    flex: none;
    margin: 0;
    overflow-wrap: anywhere;
    padding: 3px 10px;
  }
  .note.wrong {
    border-left: 3px solid var(--wrong);
  }
  .note .marked {
    text-decoration: underline wavy var(--wrong);
  }
  .stage {
    cursor: crosshair;
    flex: 1 1 auto;
    min-height: 80px;
    overflow: hidden;
    position: relative;
    touch-action: none;
    user-select: none;
  }
  .stage:focus-visible {
    outline-offset: -2px;
  }
  .stage canvas {
    display: block;
    height: 100%;
    left: 0;
    position: absolute;
    top: 0;
    width: 100%;
  }
  .stage.dragged {
    cursor: grabbing;
  }
  select.shape {
    max-width: 15em;
  }
  .picked {
    align-items: center;
    border-top: 1px solid var(--edge);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 4px 10px;
    padding: 3px 10px;
  }
  .tip {
    background: var(--raised);
    border: 1px solid var(--outline);
    max-width: 340px;
    padding: 2px 8px;
    pointer-events: none;
    position: absolute;
    z-index: 1;
  }
  details {
    border-top: 1px solid var(--edge);
    flex: none;
    max-height: 30%;
    overflow: auto;
    padding: 2px 10px;
  }
  summary {
    cursor: pointer;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .told {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    padding: 2px 0 6px;
  }
  .facts {
    flex: 1 1 260px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .facts p {
    margin: 0 0 2px;
  }
  dl {
    margin: 0;
  }
  dl div {
    display: grid;
    gap: 0 8px;
    grid-template-columns: max-content 1fr;
  }
  dt {
    font-weight: 600;
    grid-row: 1 / span 12;
  }
  dd {
    grid-column: 2;
    margin: 0;
  }
  table {
    border-collapse: collapse;
    flex: 1 1 300px;
  }
  th,
  td {
    padding: 1px 8px 1px 0;
    text-align: left;
    vertical-align: top;
  }
  td button {
    border-color: transparent;
    padding: 0 4px;
    text-decoration: underline;
  }
  tr[aria-current] td {
    font-weight: 600;
  }
  .folds {
    display: contents;
  }
  :host-context([data-room='low']) .folds {
    border-top: 1px solid var(--edge);
    display: flex;
  }
  :host-context([data-room='low']) .folds > :first-child {
    border-top: 0;
    flex: 1 1 0;
    max-height: none;
    min-width: 0;
  }
  :host-context([data-room='low']) .folds > details.key {
    border-top: 0;
    flex: none;
    max-height: none;
  }
  /* One line for the bar: the rows need the room, and a reader the step. */
  :host-context(:is([data-room='low'], [data-side='narrow'])) .bar {
    flex-wrap: nowrap;
    min-height: 34px;
  }
  :host-context(:is([data-room='low'], [data-side='narrow'])) .bar p {
    min-width: min(4.5em, 18%);
  }
  :host-context(:is([data-room='low'], [data-side='narrow'])) .unfold {
    display: block;
  }
  :host-context(:is([data-room='low'], [data-side='narrow'])) .controls {
    display: none;
  }
  :host-context(:is([data-room='low'], [data-side='narrow'])) .controls.unfolded {
    align-items: center;
    background: var(--raised);
    border: 1px solid var(--outline);
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    left: 0;
    max-height: calc(var(--page) - 34px);
    overflow: auto;
    padding: 6px 10px;
    position: absolute;
    right: 0;
    top: 100%;
    z-index: 6;
  }
  :host-context(:is([data-room='low'], [data-side='narrow'])) .search {
    flex-basis: 100%;
  }
  .marks {
    border-top: 1px solid var(--edge);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    font-size: 0.9em;
    gap: 2px 14px;
    padding: 3px 10px;
  }
  .marks li {
    align-items: center;
    display: flex;
    gap: 5px;
  }
  .marks svg {
    flex: none;
  }
`;
