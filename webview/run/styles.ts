/** The layout of the page of an exported run, on a screen and on paper. */

import { css } from 'lit';

export const runStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
  }
  header {
    border-bottom: 1px solid var(--edge);
    padding: 6px 12px;
  }
  .titles {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 0 14px;
  }
  h1 {
    font-size: 1.15em;
    margin: 0;
  }
  header p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .theme {
    margin-left: auto;
  }
  .notice {
    border-left: 3px solid var(--accent);
    margin: 4px 0 0;
    padding-left: 8px;
  }
  .controls {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    margin-top: 4px;
  }
  button,
  select,
  input.number {
    background: var(--vscode-input-background, var(--raised));
    border: 1px solid var(--outline);
    border-radius: 3px;
    color: var(--ink);
    font: inherit;
    min-height: 24px;
    padding: 0 7px;
  }
  button.sign {
    background: var(--vscode-button-secondaryBackground, var(--raised));
    border-color: var(--vscode-contrastBorder, var(--vscode-button-border, transparent));
    color: var(--vscode-button-secondaryForeground, var(--ink));
    padding: 0;
    width: 28px;
  }
  button:hover:not(:disabled) {
    background: var(--hover);
  }
  button svg {
    display: block;
    margin: auto;
  }
  button:not(:disabled) {
    cursor: pointer;
  }
  button:disabled {
    opacity: 0.5;
  }
  input.number {
    width: 5em;
  }
  .position {
    font-variant-numeric: tabular-nums;
  }
  /* The slider, and above it where a debugger would stop. */
  .track {
    flex: 1 1 200px;
    min-width: 0;
    position: relative;
  }
  .track input {
    accent-color: var(--accent);
    display: block;
    margin: 8px 0 0;
    width: 100%;
  }
  .marks {
    height: 8px;
    inset: 0 0 auto;
    pointer-events: none;
    position: absolute;
  }
  .marks i {
    background: var(--accent);
    height: 8px;
    margin-left: -1.5px;
    position: absolute;
    width: 3px;
  }
  .marks .began {
    background: var(--outline);
    bottom: 0;
    height: 4px;
    margin-left: -0.5px;
    width: 1px;
  }
  .marks .wrong {
    background: var(--wrong);
    margin-left: -4px;
    clip-path: polygon(0 0, 100% 0, 50% 100%);
    width: 8px;
  }
  .marks .end {
    background: var(--ink);
  }
  /* The cluster with its story at the left, one of the other panels at the right. */
  main {
    display: grid;
    grid-template-columns: minmax(0, 11fr) minmax(0, 13fr);
    min-height: 0;
  }
  main.wide {
    grid-template-columns: minmax(0, 1fr);
  }
  main.wide .left {
    display: none;
  }
  .left,
  .right {
    display: grid;
    min-height: 0;
    min-width: 0;
  }
  .left {
    grid-template-rows: minmax(0, 1fr) auto;
  }
  .right {
    border-left: 1px solid var(--edge);
    grid-template-rows: auto minmax(0, 1fr);
  }
  .place {
    min-height: 0;
    min-width: 0;
    overflow: hidden;
    position: relative;
  }
  .place > * {
    --pin: 24px;
    --where: none;
    height: 100%;
    min-height: 0;
    overflow: auto;
    position: relative;
  }
  .story {
    border-top: 1px solid var(--edge);
    height: 10.5em;
  }
  .story li button {
    min-height: 0;
  }
  .bar {
    align-items: end;
    border-bottom: 1px solid var(--edge);
    display: flex;
    gap: 4px;
    padding: 0 4px 0 6px;
  }
  .tabs {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
  }
  .tabs button {
    background: none;
    border: none;
    border-bottom: 3px solid transparent;
    border-radius: 0;
    font-size: 0.95em;
    padding: 3px 6px 1px;
  }
  .tabs button:hover {
    border-bottom-color: var(--outline);
  }
  .tabs button[aria-selected='true'] {
    border-bottom-color: var(--accent);
    font-weight: 600;
  }
  .widen {
    align-self: center;
  }
  .texts {
    overflow: auto;
    padding: 10px 14px;
  }
  .words li,
  .verdicts li {
    margin-bottom: 3px;
    overflow-wrap: anywhere;
  }
  .words {
    margin-bottom: 14px;
  }
  .verdicts .violated {
    border-left: 3px solid var(--wrong);
    padding-left: 6px;
  }
  .scenario {
    list-style: none;
    margin: 0 0 14px;
    padding: 0;
  }
  .scenario li {
    min-height: 1.4em;
    overflow-wrap: anywhere;
    padding: 0 8px;
    white-space: pre-wrap;
  }
  .scenario .current {
    background: color-mix(in srgb, var(--accent) 18%, var(--paper));
    box-shadow: inset 3px 0 0 var(--accent);
  }
  summary {
    cursor: pointer;
  }
  pre {
    margin: 4px 0 10px;
    overflow: auto;
    tab-size: 2;
  }
  @media (max-width: 860px) {
    :host {
      height: auto;
    }
    header {
      background: var(--paper);
      position: sticky;
      top: 0;
      z-index: 6;
    }
    main {
      grid-template-columns: minmax(0, 1fr);
    }
    .left > .place {
      height: 60vh;
    }
    .right {
      border-left: none;
      border-top: 1px solid var(--edge);
      height: 90vh;
    }
  }
  @media print {
    .controls,
    .theme,
    .widen {
      display: none;
    }
  }
`;
