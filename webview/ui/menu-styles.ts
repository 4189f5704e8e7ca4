/** The styles of menus and of their fields. */

import { css } from 'lit';

export const menuStyles = css`
  .menu {
    background: var(--vscode-menu-background, var(--raised));
    border: 1px solid var(--vscode-menu-border, var(--edge));
    border-radius: 5px;
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    color: var(--vscode-menu-foreground, var(--ink));
    margin: 0;
    max-height: calc(100vh - 8px);
    max-width: calc(100vw - 8px);
    min-width: 220px;
    overflow: auto;
    padding: 4px;
    position: fixed;
    z-index: 10;
  }
  .title {
    font-weight: 600;
    padding: 2px 10px 4px;
  }
  .line {
    border-top: 1px solid var(--vscode-menu-separatorBackground, var(--edge));
    margin: 4px 0;
  }
  .entry {
    border-radius: 3px;
    column-gap: 24px;
    cursor: default;
    display: grid;
    grid-template-columns: 1fr auto;
    padding: 3px 10px;
  }
  .entry code {
    opacity: 0.85;
  }
  .entry.off {
    color: var(--vscode-disabledForeground, var(--quiet));
  }
  .entry .why {
    font-size: 0.9em;
    grid-column: 1 / -1;
  }
  .entry.off:not(:focus) .why {
    display: none;
  }
  .entry:focus {
    background: var(--vscode-menu-selectionBackground, transparent);
    color: var(--vscode-menu-selectionForeground, var(--ink));
    outline: 1px solid var(--vscode-menu-selectionBorder, var(--focus));
    outline-offset: -1px;
  }
  form.menu {
    padding: 8px 12px;
    width: 300px;
  }
  form p {
    margin: 4px 0 0;
  }
  form label {
    align-items: center;
    display: flex;
    gap: 8px;
  }
  form input {
    background: var(--vscode-input-background, var(--paper));
    border: 1px solid var(--vscode-input-border, var(--outline));
    color: var(--vscode-input-foreground, var(--ink));
    flex: 1;
    font: inherit;
    min-width: 0;
    padding: 2px 4px;
  }
  .fault {
    font-weight: 600;
  }
  .fault:not(:empty) {
    border-left: 3px solid var(--wrong);
    padding-left: 6px;
  }
  .buttons {
    display: flex;
    gap: 8px;
    margin-top: 8px;
  }
  .buttons button {
    background: var(--vscode-button-secondaryBackground, var(--raised));
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-border, var(--edge)));
    border-radius: 3px;
    color: var(--vscode-button-secondaryForeground, var(--ink));
    font: inherit;
    padding: 2px 10px;
  }
  .buttons button[type='submit'] {
    background: var(--vscode-button-background, var(--raised));
    color: var(--vscode-button-foreground, var(--ink));
  }
`;
