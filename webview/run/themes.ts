/** The four themes of the page: that of the system, until the user chooses another. */

import type { themeNames } from '../../src/view/panel-words/run-page.ts';

export type ThemeChoice = keyof typeof themeNames;
type Theme = Exclude<ThemeChoice, 'system'>;

/** As the editor names them; panels look at these. */
const bodyClasses: Readonly<Record<Theme, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
  'hc-dark': 'vscode-high-contrast',
};

const queries = [
  '(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)',
].map((query) => matchMedia(query));

let choice: ThemeChoice = 'system';

export function chosenTheme(): ThemeChoice {
  return choice;
}

export function chooseTheme(chosen: ThemeChoice): void {
  choice = chosen;
  apply();
}

/** Follows the system while the user has chosen nothing else. */
export function followSystem(): void {
  for (const query of queries) query.addEventListener('change', apply);
  apply();
}

function apply(): void {
  const theme = choice === 'system' ? ofSystem() : choice;
  document.documentElement.dataset.theme = theme;
  document.body.className = bodyClasses[theme];
}

function ofSystem(): Theme {
  const [isDark, ...contrast] = queries.map(({ matches }) => matches);
  const isHigh = contrast.includes(true);
  if (isHigh) return isDark ? 'hc-dark' : 'hc-light';
  return isDark ? 'dark' : 'light';
}
