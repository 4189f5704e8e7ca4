/** The styles of *Export…*: its button at the end of a header, its dialog and its result. */

import { css } from 'lit';

export const exportStyles = css`
  :host {
    display: block;
    position: absolute;
    /* The last of the 24 pixels that the header leaves; the pin of the page follows it. */
    right: calc(var(--pin, 24px) - 24px);
    top: 0;
    z-index: 5;
  }
  .corner {
    display: grid;
    gap: 4px;
    justify-items: end;
  }
  button {
    background: var(--vscode-button-secondaryBackground, var(--raised));
    border: 1px solid var(--outline);
    border-radius: 3px;
    color: var(--vscode-button-secondaryForeground, var(--ink));
    cursor: pointer;
    font: inherit;
    min-height: 24px;
    padding: 1px 8px;
  }
  button:hover:not(:disabled) {
    outline: 1px solid var(--focus);
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  .open {
    background: none;
    border-color: transparent;
    border-radius: 4px;
    color: var(--ink);
    display: grid;
    height: 24px;
    padding: 0;
    place-items: center;
    width: 24px;
  }
  .open:hover,
  .open[aria-expanded='true'] {
    background: var(--vscode-toolbar-hoverBackground, transparent);
  }
  .open svg {
    fill: none;
    height: 16px;
    stroke: currentcolor;
    stroke-width: 1.2;
    width: 16px;
  }
  .dialog,
  .result {
    background: var(--raised);
    border: 1px solid var(--outline);
    border-radius: 4px;
    box-shadow: 0 2px 8px #0004;
    margin: 0 4px 0 0;
    max-width: min(24em, calc(100vw - 32px));
    padding: 8px 10px;
    width: max-content;
  }
  .row {
    align-items: center;
    display: grid;
    gap: 4px 8px;
    grid-template-columns: 6em auto auto;
    margin-bottom: 4px;
  }
  .dialog p {
    margin: 0;
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
