// The text of a panel's page. A nonce allows its script and the parts that this imports, no others.

import type { Translations } from '../../view/translate.ts';

export interface PageParts {
  readonly title: string;
  readonly script: string;
  readonly nonce: string;
  /** Where the page may load styles, fonts and pictures from. */
  readonly source: string;
  /** What the script draws, and how. */
  readonly of: 'session' | 'presented' | 'file';
  /** Of the words of the panels. They may be constants, so the page has these before its script. */
  readonly translations?: Translations | undefined;
}

export function pageText(parts: PageParts): string {
  const { title, script, nonce, source, of, translations = {} } = parts;
  // In a script, the text `</script>` would end it.
  const table = JSON.stringify(translations).replaceAll('<', '\\u003c');
  // Lit and Mermaid insert style elements. Other scripts and the network are blocked.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'unsafe-inline'`,
    `font-src ${source} data:`,
    `img-src ${source} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Lockstep ${title}</title>
  </head>
  <body>
    <main id="app" data-of="${of}"><h1 class="page-title">${title}</h1></main>
    <script nonce="${nonce}">globalThis.lockstepTranslations = ${table};</script>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
