/** The styles of a panel's toolbar: a button over the panel, or a bar above it. */

import { css } from 'lit';

export const toolbarStyles = css`
  :host {
    position: fixed;
    right: 0;
    top: 0;
    z-index: 10;
  }
  :host([bar]) {
    align-items: center;
    background: var(--raised);
    border-bottom: 1px solid var(--edge);
    display: flex;
    gap: 8px;
    height: var(--bar);
    left: 0;
    padding: 0 6px 0 12px;
  }
  :host([presented]) {
    font-size: 1.3em;
  }
  p {
    flex: 1 1 0;
    margin: 0;
    min-width: 0;
    overflow: hidden;
    /* In a narrow panel it has two lines, which the bar has room for. */
    font-size: 0.92em;
    line-height: 1.05;
    overflow-wrap: anywhere;
  }
  @media (max-width: 520px) {
    :host(:not([presented])) .pin span {
      display: none;
    }
  }
  /* Four labels at this size need as much. */
  @media (max-width: 600px) {
    :host([presented]) button span {
      display: none;
    }
  }
  .spring {
    flex: 1 1 0;
  }
  .failure {
    border-left: 3px double var(--wrong);
    padding-left: 8px;
  }
  button {
    align-items: center;
    background: none;
    border: 1px solid transparent;
    border-radius: 4px;
    color: inherit;
    cursor: pointer;
    display: flex;
    flex: none;
    font: inherit;
    gap: 5px;
    justify-content: center;
    min-height: 24px;
    min-width: 24px;
    padding: 0 3px;
  }
  button:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
    border-color: var(--vscode-contrastActiveBorder, transparent);
  }
  button[aria-pressed='true'] {
    border-color: var(--outline);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  svg {
    fill: currentcolor;
    height: 16px;
    width: 16px;
  }
  :host([presented]) svg {
    height: 20px;
    width: 20px;
  }
`;
