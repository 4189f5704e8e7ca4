/** The styles of the Logs panel. */

import { css } from 'lit';

export const logsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: var(--page);
    position: relative;
  }
  .line,
  .end,
  header {
    flex: none;
  }
  .line {
    margin: 0;
    overflow-wrap: anywhere;
    padding: 3px 12px 0;
  }
  /* As high at each stop, and what is said of conflicts is below: no row ever moves. */
  .changes {
    display: -webkit-box;
    font-weight: 600;
    height: calc(1.4em + 3px);
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 1;
  }
  .conflicts {
    border-left: 3px double var(--wrong);
    margin: 3px 12px 0;
    padding: 0 8px;
  }
  @media (max-width: 520px) {
    .changes {
      height: calc(2.8em + 3px);
      -webkit-line-clamp: 2;
    }
  }
  /* One line for each, and the last conflict alone; hovers have the whole. */
  :host-context([data-room='low']) .changes {
    height: calc(1.4em + 3px);
    -webkit-line-clamp: 1;
  }
  :host-context([data-room='low']) .conflicts {
    margin-top: 1px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  :host-context([data-room='low']) .conflicts + .elsewhere,
  :host-context([data-room='low']) .conflicts:has(+ .conflicts:not(.elsewhere)) {
    display: none;
  }
  :host-context([data-room='low']) .end {
    align-items: center;
    display: flex;
    height: 24px;
  }
  :host-context([data-room='low']) .foot {
    flex: 1 1 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  :host-context([data-room='low']) .legend-fold:not([open]) {
    border-top: 0;
  }
  .jump {
    align-items: center;
    display: flex;
    gap: 6px;
  }
  .jump vscode-textfield {
    width: 84px;
  }
  @media (max-width: 480px) {
    .jump vscode-textfield {
      width: 60px;
    }
  }
  /* The legend takes no more of the room than the logs. */
  .legend-fold[open] {
    max-height: 40vh;
    overflow: auto;
  }
  .scroll {
    flex: 1 1 0;
    margin-top: 4px;
    min-height: 70px;
    overflow: auto;
    position: relative;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  .sheet {
    /* Headers at a place that no longer exists, as after a turn of the table, would keep it. */
    overflow: clip;
    position: relative;
  }
  .sheet > .corner,
  .index,
  .node,
  .entry,
  .marks {
    overflow: hidden;
    position: absolute;
  }
  .corner {
    background: var(--paper);
    border-bottom: 1px solid var(--edge);
    color: var(--quiet);
    padding: 2px 8px;
    z-index: 4;
  }
  .index {
    background: var(--paper);
    border-bottom: 1px solid var(--edge);
    color: var(--quiet);
    padding: 2px 4px;
    text-align: center;
    z-index: 2;
  }
  .node {
    background: var(--paper);
    border-right: 1px solid var(--edge);
    display: flex;
    flex-direction: column;
    line-height: 1.2;
    padding: 2px 8px;
    z-index: 3;
  }
  .node span {
    font-size: 0.85em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .node.column {
    padding: 2px 3px;
    text-align: center;
  }
  .node.column span {
    font-size: 0.8em;
  }
  .entry {
    background-clip: padding-box;
    display: flex;
    flex-direction: column;
    justify-content: flex-start;
    line-height: 1.25;
    padding: 3px;
    text-align: center;
  }
  .entry::before {
    border: 1px dashed var(--quiet);
    border-radius: 3px;
    content: '';
    height: 40px;
    inset: 2px 2px auto;
    pointer-events: none;
    position: absolute;
  }
  .entry.committed::before {
    border: 2px solid var(--ink);
  }
  .entry.last-committed::before {
    border-right: 5px solid var(--accent);
  }
  .entry.none::before,
  .entry.loading::before {
    border-color: transparent;
  }
  .entry.gone::before {
    border: 1px dotted var(--wrong);
  }
  .entry.conflict::before {
    background: repeating-linear-gradient(
      -45deg,
      transparent 0 5px,
      color-mix(in srgb, var(--wrong) 38%, transparent) 5px 7px
    );
  }
  .entry.active::before {
    outline: 2px solid var(--focus);
    outline-offset: 0;
  }
  .entry .label {
    overflow: hidden;
    overflow-wrap: normal;
    padding: 2px 3px 0;
    position: relative;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .entry.changed .label {
    font-weight: 700;
    text-decoration: underline 2px var(--changed);
    text-underline-offset: 3px;
  }
  .entry s {
    color: var(--quiet);
    text-decoration: line-through 2px var(--wrong);
  }
  .entry .old {
    margin-right: 4px;
  }
  .entry .epoch {
    font-size: 0.88em;
    position: relative;
    white-space: nowrap;
  }
  .swatch {
    border: 1px solid var(--ink);
    border-radius: 2px;
    display: inline-block;
    height: 9px;
    margin-right: 4px;
    width: 9px;
  }
  .new {
    font-weight: 700;
    margin-left: 3px;
  }
  .tick {
    margin-left: 3px;
  }
  .marks {
    align-items: center;
    display: flex;
    flex-direction: column;
    font-size: 0.78em;
    justify-content: flex-end;
    white-space: nowrap;
    line-height: 1.05;
    pointer-events: none;
  }
  .mark {
    white-space: nowrap;
  }
  .mark.match {
    color: var(--ink);
  }
  .mark.next {
    color: var(--quiet);
  }
  .foot {
    font-size: 0.95em;
    margin: 0;
    overflow-wrap: anywhere;
    padding: 3px 12px;
  }
  .legend .swatch {
    background: var(--accent);
    margin: 0;
  }
  .key {
    border: 1px dashed var(--quiet);
    border-radius: 3px;
    display: inline-block;
    height: 14px;
    width: 20px;
  }
  .key.committed {
    border: 2px solid var(--ink);
  }
  .key.last-committed {
    border-right: 5px solid var(--accent);
  }
  .key.conflict {
    background: repeating-linear-gradient(
      -45deg,
      transparent 0 4px,
      color-mix(in srgb, var(--wrong) 45%, transparent) 4px 6px
    );
  }
`;
