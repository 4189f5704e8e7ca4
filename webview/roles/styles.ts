/** The styles of the State Machine panel: Mermaid's class names with the editor's colours. */

import { css } from 'lit';
import { plainButton } from '../ui/theme.ts';

export const rolesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: var(--page);
    min-height: 160px;
  }
  .line,
  header {
    flex: none;
  }
  .line {
    margin: 0;
    overflow-wrap: anywhere;
    padding: 3px 12px 0;
  }
  .changes {
    font-weight: 600;
  }
  .notice {
    border-left: 3px solid var(--wrong);
    margin: 6px 12px;
    padding: 2px 8px;
  }
  header label {
    align-items: center;
    display: flex;
    gap: 6px;
  }
  select {
    background: var(--vscode-dropdown-background, var(--raised));
    border: 1px solid var(--vscode-dropdown-border, var(--outline));
    color: var(--vscode-dropdown-foreground, var(--ink));
    font: inherit;
    max-width: 16em;
    padding: 2px 4px;
    text-overflow: ellipsis;
  }
  .zooms {
    display: flex;
    gap: 2px;
  }
  button.zoom {
    ${plainButton}
    padding: 1px 6px;
    white-space: nowrap;
  }
  .picture:focus-visible {
    outline-offset: -2px;
  }
  .stage {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-height: 0;
    position: relative;
  }
  .hidden-states {
    background: var(--paper);
    border-top: 1px solid var(--edge);
    bottom: 0;
    color: var(--quiet);
    font-size: 0.9em;
    left: 0;
    margin: 0;
    overflow: hidden;
    padding: 1px 12px;
    position: absolute;
    right: 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .picture {
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    padding: 4px 8px;
  }
  /* In the usual place of a view, the picture needs the room of a second line of controls. */
  @media (max-width: 560px) {
    header .name {
      display: none;
    }
    header label {
      min-width: 0;
    }
    .legend-fold:not([open]) {
      padding-bottom: 1px;
      padding-top: 1px;
    }
  }
  @media (max-width: 560px) and (max-height: 479px) {
    header {
      flex-wrap: nowrap;
      gap: 4px 8px;
    }
    header p {
      flex: 1 0 5em;
    }
    header label {
      flex: 0 1 11em;
    }
    select {
      width: 100%;
    }
    .zooms {
      flex: none;
    }
  }
  /* A side bar has this room, and needs it. A presented panel has less than its page. */
  @media (max-width: 560px) and (min-height: 480px) {
    :host-context([data-of='session']) header {
      padding-right: 12px;
    }
    :host-context([data-of='session']) header p {
      flex-basis: 100%;
      line-height: 26px;
      margin-right: var(--pin, 0px);
    }
  }
  @media (max-width: 480px) and (max-height: 479px), (max-width: 400px) {
    .zoom.by {
      display: none;
    }
  }
  @media (max-width: 400px) and (max-height: 479px) {
    .zoom.latest {
      display: none;
    }
  }
  /* What the lines say is in their tooltips, and where the nodes are is in the picture. */
  @media (max-height: 360px), (max-width: 400px) and (max-height: 479px) {
    .line {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .line.where {
      display: none;
    }
    .picture {
      padding: 1px 8px;
    }
  }
  /* The menu of exporting has it, too. */
  :host-context(:is([data-room='low'], [data-side='narrow'])) .copy {
    display: none;
  }
  /* In a low panel, the picture shows where the nodes are, and screen readers are told. */
  :host-context([data-room='low']) header {
    flex-wrap: nowrap;
  }
  :host-context([data-room='low']) header p {
    min-width: 4.5em;
  }
  :host-context([data-room='low']) header label {
    flex: 0 1 11em;
    min-width: 0;
  }
  :host-context([data-room='low']) select {
    width: 100%;
  }
  :host-context([data-room='low']) header .name,
  :host-context([data-room='low']) .line.quiet {
    display: none;
  }
  :host-context([data-room='low']) .line {
    overflow: hidden;
    padding-right: 84px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  :host-context([data-room='low']) .legend-fold:not([open]) {
    border: 0;
    padding: 3px 12px 0;
    position: absolute;
    right: 0;
    top: 38px;
  }
  :host-context([data-room='low']) .picture {
    padding: 2px 12px;
  }
  @media (max-width: 400px) {
    :host-context([data-room='low']) header {
      gap: 4px 6px;
    }
  }
  .picture svg {
    display: block;
    height: auto;
    margin: 0 auto;
    max-height: 100%;
    max-width: 100%;
    overflow: visible;
  }
`;

export const pictureStyles = css`
  text,
  tspan {
    fill: var(--ink);
    stroke: none;
  }
  .node rect,
  .node .label-container path {
    fill: var(--raised);
    stroke: var(--outline);
    stroke-width: 1px;
  }
  .node.here rect,
  .node.here .label-container path {
    stroke: var(--ink);
    stroke-width: 2.5px;
  }
  .node.undeclared rect,
  .node.undeclared .label-container path {
    stroke: var(--wrong);
    stroke-dasharray: 5 3;
  }
  .node .label rect {
    fill: none;
    stroke: none;
  }
  .node .row:first-of-type tspan {
    font-weight: 600;
  }
  .state-start {
    fill: var(--ink);
    stroke: none;
  }
  .transition {
    fill: none !important;
    stroke: var(--ink);
    stroke-width: 1.5px;
  }
  .transition.never {
    opacity: 0.7;
    stroke: var(--quiet);
    stroke-dasharray: 2 4;
  }
  .transition.now {
    stroke: var(--accent);
    stroke-width: 4px;
  }
  .transition.undeclared {
    stroke: var(--wrong);
    stroke-dasharray: 7 4;
  }
  marker path {
    fill: context-stroke;
    stroke: context-stroke;
  }
  marker {
    stroke-width: 1px;
  }
  .edgeLabel rect.background {
    fill: var(--paper);
    opacity: 0.9;
  }
  .edgeLabel.never text,
  .edgeLabel.never tspan {
    fill: var(--quiet);
  }
  .edgeLabel.now text,
  .edgeLabel.now tspan {
    font-weight: 700 !important;
  }
  .edgeLabel.now rect.background {
    fill: color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 18%, var(--paper));
    opacity: 1;
    stroke: var(--accent);
    stroke-width: 1px;
  }
  .edgeLabel {
    outline: none;
  }
  .edgeLabel.taken,
  .edgeLabel.now {
    cursor: pointer;
  }
  .edgeLabel.taken:hover rect.background,
  .edgeLabel.now:hover rect.background {
    stroke: var(--quiet);
    stroke-dasharray: 3 3;
  }
  .edgeLabel:focus-visible rect.background {
    stroke: var(--focus);
    stroke-dasharray: none;
    stroke-width: 2px;
  }
`;
