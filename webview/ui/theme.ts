/** The editor's colours and fonts under the panels' own names, and styles that panels share. */

import { css } from 'lit';

/**
 * `--ink` on `--paper` is always readable. Other colours paint borders, bars and swatches; none is
 * the only sign of a meaning, and those that have one contrast with the paper by at least 3:1.
 * `--edge` merely separates and may be faint, `--outline` draws shapes. In high contrast both are
 * the theme's contrast border.
 */
export const tokens = css`
  :host {
    /* The default themes make this orange two thirds transparent, which is too faint. */
    --full-orange: rgb(from var(--vscode-charts-orange, #c45500) r g b / 1);
    --orange: color-mix(in srgb, var(--full-orange) 85%, var(--ink));
    --paper: var(--vscode-editor-background, #1f1f1f);
    --ink: var(--vscode-foreground, #cccccc);
    --quiet: var(--vscode-descriptionForeground, var(--ink));
    --edge: var(
      --vscode-contrastBorder,
      var(--vscode-editorWidget-border, var(--vscode-panel-border, #8888))
    );
    --raised: var(--vscode-editorWidget-background, var(--paper));
    --focus: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder, #0078d4));
    /* Not the active border: in the dark high-contrast theme that is an orange like --bid. */
    --accent: var(--vscode-charts-blue, #3794ff);
    --outline: var(--vscode-contrastBorder, color-mix(in srgb, var(--ink) 60%, var(--paper)));
    /* Behind all else, in high contrast, too. */
    --grid: color-mix(in srgb, var(--ink) 22%, var(--paper));
    --bid: var(--orange);
    --wrong: var(--vscode-errorForeground, var(--vscode-charts-red, #f14c4c));
    --changed: var(--vscode-charts-yellow, #cca700);
    /* The height of the page below its bar, in the lengths of a panel that may be magnified. */
    --page: calc((100vh - var(--bar, 0px)) / var(--magnified, 1));
    /* High contrast has no color for this, and the one that buttons fall back on is a dark gray. */
    --hover: var(
      --vscode-button-secondaryHoverBackground,
      var(--vscode-list-hoverBackground, transparent)
    );
    --button: var(--vscode-button-secondaryBackground, transparent);
    --button-ink: var(--vscode-button-secondaryForeground, var(--ink));
    color: var(--ink);
    font-family: var(--vscode-font-family, sans-serif);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.4;
  }
  * {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  vscode-button {
    --vscode-button-secondaryBackground: var(--button);
    --vscode-button-secondaryForeground: var(--button-ink);
    --vscode-button-secondaryHoverBackground: var(--hover);
  }
  button:hover,
  vscode-button:hover {
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  h2 {
    font-size: inherit;
    font-weight: 600;
    margin: 0 0 6px;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  code,
  .code {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.95em;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--quiet);
  }
  .unseen {
    left: 0;
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }
`;

/**
 * Text beside the controls above a picture. It is cut in one line, and its basis does not know the
 * text: so a step with one digit more, or a run that goes on, moves no control to another line.
 */
export const headText = css`
  flex: 1 1 6em;
  margin: 0;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
`;

/** The bar above a picture, and the list below it that explains its marks. */
export const frameStyles = css`
  header {
    align-items: center;
    border-bottom: 1px solid var(--edge);
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    /* Of a line with controls: some of them come and go with the moment. */
    min-height: 38px;
    padding: 4px calc(12px + var(--pin, 0px)) 4px 12px;
  }
  header p {
    ${headText}
  }
  .folded {
    border-top: 1px solid var(--edge);
    flex: none;
    padding: 2px 12px;
  }
  .folded summary {
    cursor: pointer;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    font-size: 0.9em;
    gap: 2px 14px;
  }
  .legend li {
    align-items: center;
    display: flex;
    gap: 6px;
  }
`;

/** What is in the rule of a plain button: all panels have the same. */
export const plainButton = css`
  background: transparent;
  border: 1px solid var(--outline);
  border-radius: 3px;
  color: var(--ink);
  cursor: pointer;
  font: inherit;
  min-width: 26px;
  padding: 1px 7px;
  &:disabled {
    border-color: var(--edge);
    color: var(--quiet);
    cursor: default;
    opacity: 0.7;
  }
  &:hover:enabled {
    border-color: var(--ink);
    text-decoration: underline;
  }
`;

/** Buttons beside the text at the head of a panel. In a narrow one, a sign replaces their words. */
export const headButtons = css`
  header button {
    ${plainButton}
  }
  header .sign {
    display: none;
  }
  @media (max-width: 480px) {
    header {
      column-gap: 4px;
    }
    header button {
      padding: 1px 4px;
    }
    header .word {
      clip-path: inset(50%);
      position: absolute;
    }
    header .sign {
      display: inline;
    }
  }
`;

/** Removes the page's margin, and paints it like an editor. A presented page is magnified. */
export function dressPage(isPresented = false): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    body { margin: 0; padding: 0; background: var(--vscode-editor-background); }
    .page-title { clip-path: inset(50%); height: 1px; margin: 0; position: absolute; width: 1px; }
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) transparent; }
    html { --magnified: ${isPresented ? presentedZoom : 1}; }
    #app { padding-top: var(--bar, 0px); }
    #app > :not(lockstep-toolbar) { zoom: var(--magnified); }
    #app > :not(lockstep-toolbar, .page-title) { position: relative; }
  `);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** The text of a presented panel is read from afar. */
export const presentedZoom = 1.5;

/** The theme's chart colours, ordered so that neighbouring epochs are easy to tell apart. */
const epochColours = ['blue', 'orange', 'purple', 'green', 'red', 'yellow'];

/** The colour of an epoch, the same on every node and at every stop. */
export function epochColour(epoch: number | string): string {
  const number = typeof epoch === 'number' ? epoch : sumOf(epoch);
  const place = ((number % epochColours.length) + epochColours.length) % epochColours.length;
  const name = epochColours[place] ?? epochColours[0]!;
  return name === 'orange' ? 'var(--orange)' : `var(--vscode-charts-${name}, currentColor)`;
}

/** Successive epochs differ in their last characters, so their sums differ, too. */
function sumOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0);
}
