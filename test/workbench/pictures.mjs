// Photographs panels in the workbench, and looks for what no picture may have: cut text, empty pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';

/** Name, the value of the setting, and VS Code's name for the kind. */
export const themes = [
  ['light', 'Light Modern', 'vscode-light'],
  ['high-contrast-light', 'Default High Contrast Light', 'vscode-high-contrast-light'],
  ['high-contrast', 'Default High Contrast', 'vscode-high-contrast'],
  ['dark', 'Dark Modern', 'vscode-dark'],
];

const sizes = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }];
/** Of the Cluster panel: three lines and the space around them. */
const headerHeight = 76;
const folder = path.join(root, 'test', 'artifacts', 'panels');

/** Takes a picture of the window in each size, after its panels have passed an inspection. */
export async function photograph(workbench, { layout, panels, theme }) {
  const { page } = workbench;
  mkdirSync(folder, { recursive: true });
  const kind = themes.find(([name]) => name === theme)[2];
  for (const size of sizes) {
    await page.setViewportSize(size);
    const problems = [];
    for (const name of panels) {
      const found = await inspected(await workbench.panel(name), name, kind);
      problems.push(...found.problems);
      // Whatever happened, and in every theme.
      if (name === 'cluster' && found.height !== headerHeight) problems.push(`a header of ${found.height} px`);
    }
    await page.screenshot({ path: path.join(folder, `${layout}-${theme}-${size.width}.png`) });
    assert.deepEqual(problems, [], `${layout}, ${theme}, ${size.width}`);
  }
  await page.setViewportSize(sizes[0]);
}

/** What is wrong with the picture of a panel. */
export async function problemsOf(workbench, name, theme) {
  const kind = themes.find((one) => one[0] === theme)[2];
  return (await inspected(await workbench.panel(name), name, kind)).problems;
}

/** What is wrong with a panel once its layout rests: two inspections must agree. */
async function inspected(element, name, kind) {
  let last;
  return eventually(async () => {
    const found = await element.evaluate(inspect, { name, kind }, { timeout: 5_000 }).catch(() => undefined);
    if (found === undefined) return undefined;
    const text = JSON.stringify(found);
    const isSteady = text === last;
    last = text;
    return isSteady ? found : undefined;
  }, `the picture of ${name}`);
}

/** Runs in a frame. Undefined until the page has the theme. */
async function inspect(element, { name, kind }) {
  if (document.body.dataset.vscodeThemeKind !== kind) return undefined;
  await element.drawn;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const root = element.shadowRoot;
  const problems = [];
  const say = (what) => problems.push(`${name}: ${what}`);
  const { clientWidth, clientHeight, scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > clientWidth) say(`the page is ${scrollWidth - clientWidth} px too wide`);
  // History is a page that scrolls, with its picture at the top.
  if (scrollHeight > clientHeight && name !== 'history') say(`the page is ${scrollHeight - clientHeight} px too high`);
  // The picture, and the room that it has.
  const picture = root.querySelector('canvas, .sheet, .stage > svg, .picture svg, .scroll svg');
  const room = picture?.closest('.stage, .scroll, .picture')?.getBoundingClientRect();
  const box = picture?.getBoundingClientRect();
  if (!(box?.width > 40 && box.height > 20)) say('there is no picture');
  // The rows of History have their own height, and need no more.
  else if (room.height < clientHeight * 0.3 && (name !== 'history' || box.height > room.height)) {
    say(`the picture has ${Math.round(room.height)} of ${clientHeight} px`);
  }
  const header = root.querySelector('header, .bar, lockstep-moment');
  const height = Math.round(header.getBoundingClientRect().height);
  // What stands in a line of its own, and is cut by the edge of the panel.
  for (const part of root.querySelectorAll('header *, .bar *, .legend li, .line, summary')) {
    const { left, right, bottom, width } = part.getBoundingClientRect();
    if (width === 0 || part.closest('.unseen') || !part.checkVisibility()) continue;
    const text = part.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 40);
    const isScrolled = name === 'history' || part.closest('details[open], .scroll, .drawer') !== null;
    // A bar that scrolls sideways shows all of its parts, also to the keyboard.
    let bar = part;
    while (bar !== null && getComputedStyle(bar).overflowX !== 'auto') bar = bar.parentElement;
    if (bar !== null) continue;
    if (right > clientWidth + 1 || left < -1) say(`cut at the side: ${part.localName} ${text}`);
    else if (bottom > clientHeight + 1 && !isScrolled) say(`cut below: ${part.localName} ${text}`);
  }
  return { problems, height, box: JSON.stringify(box) };
}
