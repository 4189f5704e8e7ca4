/** The parts of the cluster panel: the picture, the bar below it, and what unfolds over it. */

import { css } from 'lit';

export const clusterStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    /* A lower picture could not be read: the panel scrolls instead. */
    grid-template-rows: auto minmax(150px, 1fr) auto auto;
    height: var(--page);
    overflow: hidden auto;
    position: relative;
  }
  /* The header, the picture and the bar fill a low panel; the controls of playing are below. */
  :host-context([data-room='low']) {
    grid-template-rows: auto max(110px, calc(var(--page) - 49px - 27px)) auto auto;
  }
  :host-context([data-room='low']) .run {
    order: 1;
  }
  .stage {
    min-height: 0;
    min-width: 0;
    overflow: hidden;
    touch-action: none;
  }
  .unseen {
    margin: 0;
    top: 0;
  }
  .stage:focus-visible {
    outline-offset: -2px;
  }
  .dimmed {
    opacity: 0.65;
  }
  .bar {
    align-items: center;
    border-top: 1px solid var(--edge);
    display: flex;
    gap: 2px;
    height: 26px;
    overflow: hidden;
    padding: 0 8px;
    white-space: nowrap;
  }
  /* Its words have a line of some length, or are on a second line, which is not visible. */
  .bar .meaning {
    color: var(--quiet);
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    font-size: 0.92em;
    height: 18px;
    line-height: 18px;
    min-width: 0;
    overflow: hidden;
  }
  .bar .meaning::before {
    content: '';
    height: 18px;
  }
  .bar .meaning > span {
    flex: 1 0 200px;
    min-width: 0;
    overflow: hidden;
    padding: 0 8px;
    text-overflow: ellipsis;
    width: 0;
  }
  .bar button {
    flex: none;
  }
  @media (max-width: 420px) {
    .bar {
      gap: 0;
      padding: 0 2px;
    }
    .bar button {
      padding: 0 3px;
    }
  }
  /* The least zoom shows all, too. */
  @media (max-width: 330px) {
    .bar button:nth-last-child(3) {
      display: none;
    }
  }
  .legend .role p,
  .legend .role dl,
  .legend .role dd {
    margin: 0;
  }
  .legend .role {
    margin-top: 8px;
  }
  .legend .role dl {
    display: grid;
    gap: 1px 10px;
    grid-template-columns: minmax(6em, auto) 1fr;
  }
  .legend .role dt {
    font-weight: 600;
  }
  .legend q {
    color: var(--quiet);
    quotes: none;
  }
  .bar button,
  .drawer h2 button {
    background: none;
    border: 1px solid transparent;
    border-radius: 3px;
    color: inherit;
    font: inherit;
    font-size: 0.92em;
    line-height: 18px;
    padding: 0 6px;
  }
  .bar button:hover,
  .drawer h2 button:hover {
    background: var(--hover);
    border-color: var(--edge);
  }
  .bar .fold[aria-expanded='true'] {
    border-color: var(--outline);
    font-weight: 600;
  }
  .drawer {
    background: var(--raised);
    border: 1px solid var(--outline);
    bottom: 30px;
    box-shadow: 0 -4px 12px #0004;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    left: 8px;
    max-height: min(60%, 420px);
    padding: 6px 10px 8px;
    position: absolute;
    right: 8px;
    z-index: 2;
  }
  .drawer.legend {
    right: auto;
    max-width: calc(100% - 16px);
  }
  .drawer h2 {
    display: flex;
    justify-content: space-between;
    margin: 0 0 4px;
  }
  .drawer .scroll {
    overflow: auto;
  }
  .legend.drawing {
    columns: 2 260px;
  }
  .legend.drawing li {
    align-items: center;
    break-inside: avoid;
    display: flex;
    gap: 8px;
    min-height: 26px;
  }
  .legend.drawing svg {
    flex: none;
  }
`;
