/** The lines of the header, and what unfolds below them. */

import { css } from 'lit';

export const headerStyles = css`
  :host {
    border-bottom: 1px solid var(--edge);
    display: block;
    padding: 4px calc(12px + var(--pin, 0px)) 5px 12px;
    position: relative;
    z-index: 3;
  }
  .line {
    align-items: center;
    display: flex;
    gap: 8px;
    height: 22px;
    white-space: nowrap;
  }
  /* A page that has controls of its own hides this line. */
  .where {
    display: var(--where, flex);
  }
  .text {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* The sentence comes first; the chips have the rest, and room for the name of an event. */
  .what .text {
    flex: 0 1 auto;
    font-weight: 600;
  }
  .unfold {
    margin-left: auto;
  }
  /* A chip that has no room is on a second line, which is not visible: only the first is cut. */
  .chips {
    align-content: start;
    display: flex;
    flex: 1 0 min(116px, 35%);
    flex-wrap: wrap;
    gap: 8px 4px;
    height: 18px;
    min-width: 0;
    overflow: hidden;
  }
  .chip {
    border: 1px solid var(--outline);
    border-radius: 9px;
    flex: none;
    font-size: 0.88em;
    line-height: 16px;
    max-width: 100%;
    overflow: hidden;
    padding: 0 7px;
    text-overflow: ellipsis;
  }
  .chip.wrong {
    border-color: var(--wrong);
    border-style: double;
    border-width: 3px;
    line-height: 12px;
  }
  .mark {
    border: 4px solid transparent;
    border-left: 7px solid var(--accent);
    border-right-width: 0;
    flex: none;
    height: 0;
    width: 0;
  }
  .violated .mark {
    border-left-color: var(--wrong);
  }
  button {
    background: none;
    border: 1px solid transparent;
    border-radius: 3px;
    color: inherit;
    flex: none;
    font: inherit;
    font-size: 0.92em;
    line-height: 18px;
    padding: 0 6px;
  }
  button:hover {
    background: var(--hover);
    border-color: var(--edge);
  }
  .where input[type='number'] {
    appearance: textfield;
    background: var(--vscode-input-background, var(--paper));
    border: 1px solid var(--vscode-input-border, var(--outline));
    border-radius: 2px;
    color: var(--vscode-input-foreground, var(--ink));
    font: inherit;
    height: 20px;
    padding: 0 4px;
    width: 64px;
  }
  /* They take room beside the number even while they do not show, and cut it. */
  .where input[type='number']::-webkit-inner-spin-button {
    appearance: none;
    margin: 0;
  }
  .where .quiet {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* Without room for it, the slider is on a second line, which is not visible. */
  .slider {
    align-content: start;
    clip-path: inset(-4px);
    display: flex;
    flex: 1 1000 60px;
    flex-wrap: wrap;
    height: 14px;
    min-width: 0;
    row-gap: 8px;
  }
  .slider::before {
    content: '';
    height: 14px;
  }
  .where input[type='range'] {
    appearance: none;
    background: linear-gradient(var(--outline), var(--outline)) center / 100% 1px no-repeat;
    flex: 1 0 40px;
    height: 14px;
    margin: 0;
    min-width: 0;
  }
  .where input[type='range']::-webkit-slider-thumb {
    appearance: none;
    background: var(--accent);
    border: 2px solid var(--paper);
    border-radius: 50%;
    height: 14px;
    width: 14px;
  }
  /* In a low panel the second line has both: where the run is, and why it stopped. */
  :host-context([data-room='low']) {
    padding-bottom: 2px;
    padding-top: 2px;
  }
  :host-context([data-room='low']) .moment {
    display: grid;
    gap: 0 10px;
    grid-template-columns: minmax(0, auto) minmax(0, 1fr);
  }
  :host-context([data-room='low']) .what {
    grid-column: 1 / -1;
  }
  :host-context([data-room='low']) .where {
    grid-column: 1;
    grid-row: 2;
  }
  :host-context([data-room='low']) .why {
    grid-column: 2;
    grid-row: 2;
  }
  :host-context([data-room='low']) input[type='number'] {
    width: 56px;
  }
  :host-context([data-room='low']) .slider {
    display: none;
  }
  .all {
    background: var(--raised);
    border: 1px solid var(--outline);
    box-shadow: 0 4px 12px #0004;
    left: 8px;
    max-height: calc(var(--page) - 100% - 8px);
    overflow: auto;
    overflow-wrap: anywhere;
    padding: 8px 12px;
    position: absolute;
    right: 8px;
    top: calc(100% - 4px);
    white-space: normal;
  }
  .all p,
  .all ul {
    margin: 0 0 6px;
  }
  .all li {
    padding-left: 1.4em;
    text-indent: -1.4em;
  }
  li.violated {
    font-weight: 600;
  }
`;
