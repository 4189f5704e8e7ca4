// The text of a panel's page. A nonce allows its script and the parts that this imports, no others.

export interface PageParts {
  readonly title: string;
  readonly script: string;
  readonly nonce: string;
  /** Where the page may load styles, fonts and pictures from. */
  readonly source: string;
  /** What the script draws, where it can do both. */
  readonly of: 'session' | 'file';
}

export function pageText({ title, script, nonce, source, of }: PageParts): string {
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
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
