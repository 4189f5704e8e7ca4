/** The layout of the page of an exported run, on a screen and on paper. */

import { css } from 'lit';

export const runStyles = css`
  :host {
    display: block;
  }
  header {
    background: var(--paper);
    border-bottom: 1px solid var(--edge);
    padding: 8px 16px;
    position: sticky;
    top: 0;
    z-index: 2;
  }
  h1 {
    font-size: 1.15em;
    margin: 0;
  }
  header p {
    margin: 0;
  }
  .notice {
    border-left: 3px solid var(--accent);
    margin: 4px 0;
    padding-left: 8px;
  }
  main > .notice {
    margin: 8px 16px;
  }
  .controls {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    margin-top: 6px;
  }
  .controls > input[type='range'] {
    accent-color: var(--accent);
    flex: 1 1 160px;
    margin: 0;
    min-width: 0;
  }
  button,
  select,
  input.number {
    background: var(--vscode-input-background, var(--raised));
    border: 1px solid var(--outline);
    border-radius: 3px;
    color: var(--ink);
    font: inherit;
    min-height: 26px;
    min-width: 30px;
    padding: 1px 7px;
  }
  input.number {
    width: 5em;
  }
  button svg {
    display: block;
  }
  button:not(:disabled) {
    cursor: pointer;
  }
  button:disabled {
    opacity: 0.5;
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    box-shadow: inset 0 -3px 0 var(--accent);
  }
  .position {
    font-variant-numeric: tabular-nums;
    min-width: 5em;
  }
  .choices {
    display: inline-flex;
    gap: 4px;
  }
  .panels {
    display: grid;
    gap: 1px;
    grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr));
  }
  .panels > section {
    border-bottom: 1px solid var(--edge);
    height: calc(100vh - 130px);
    min-height: 420px;
    min-width: 0;
    overflow: auto;
    position: relative;
  }
  .panels > section + section {
    border-left: 1px solid var(--edge);
  }
  .panels > section > * {
    --pin: 24px;
    height: 100%;
    position: relative;
  }
  .texts {
    display: grid;
    gap: 8px 24px;
    grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
    padding: 12px 16px 32px;
  }
  .texts section {
    min-width: 0;
  }
  .texts li {
    overflow-wrap: anywhere;
  }
  .words li,
  .verdicts li {
    margin-bottom: 3px;
  }
  .scenario {
    border: 1px solid var(--edge);
    list-style: none;
    margin: 0;
    max-height: 60vh;
    overflow: auto;
    padding: 6px 0;
  }
  .scenario li {
    min-height: 1.4em;
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
    border: 1px solid var(--edge);
    max-height: 60vh;
    overflow: auto;
    padding: 8px;
    tab-size: 2;
  }
  @media print {
    header {
      position: static;
    }
    .controls,
    .sources {
      display: none;
    }
    .panels > section {
      break-inside: avoid;
      height: auto;
      min-height: 0;
      overflow: visible;
    }
    .scenario {
      max-height: none;
    }
  }
`;
