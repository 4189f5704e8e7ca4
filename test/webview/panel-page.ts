/** A panel in a plain Chromium page that plays the editor: messages, state, theme and CSP. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { inject } from 'vitest';
import type { PanelEvent, PanelMessage } from '../../src/view/contract.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { themeOf } from './themes.ts';
import type { ThemeName } from './themes.ts';
import type { Made } from './views.ts';

const root = path.resolve(import.meta.dirname, '../..');
const origin = 'http://panel.test';
const nonce = 'N0nce';

declare global {
  interface Window {
    posted: PanelMessage[];
    violations: string[];
  }
}

export interface PanelPage<Name extends PanelName = PanelName> {
  page: Page;
  /** What the panel has posted, except reports of its focus. */
  posted(): Promise<PanelMessage[]>;
  /** Whether the page had the focus, each time that it reported it. */
  reportedFocus(): Promise<boolean[]>;
  /** Sends the panel's part of each stop. */
  show(...stops: Made[]): Promise<void>;
  send(...events: PanelEvent<Name>[]): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** Errors and warnings on the page's console, breaches of the content security policy included. */
  complaints: string[];
}

/** Connects to the Chromium that all test files share; to close the result closes its own pages. */
export function launchChromium(): Promise<Browser> {
  return chromium.connect(inject('browser'));
}

interface Options {
  width?: number;
  height?: number;
  theme?: ThemeName;
  /** What the page is of: a session, or a history file. */
  of?: 'session' | 'file';
}

export async function openPanel<Name extends PanelName>(
  browser: Browser,
  panel: Name,
  { width = 650, height = 800, theme = 'dark', of = 'session' }: Options = {},
): Promise<PanelPage<Name>> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    return pathname.endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: scriptAt(pathname) })
      : route.fulfill({ contentType: 'text/html', body: pageText(panel, theme, of) });
  });
  await page.goto(`${origin}/`);
  const send = (...events: PanelEvent<Name>[]) =>
    page.evaluate((sent) => sent.forEach((event) => window.postMessage(event, '*')), events);
  const messages = () => page.evaluate(() => window.posted);
  return {
    page,
    complaints,
    posted: async () => (await messages()).filter((message) => message.type !== 'has focus'),
    reportedFocus: async () =>
      (await messages()).flatMap((message) =>
        message.type === 'has focus' ? [message.hasFocus] : [],
      ),
    send,
    show: (...stops) => send(...stops.map((stop) => stopOf(panel, stop))),
    setTheme: (name) =>
      page.evaluate((next) => {
        document.documentElement.setAttribute('style', next.style);
        document.body.className = next.bodyClass;
      }, themeOf(name)),
  };
}

function stopOf<Name extends PanelName>(panel: Name, { moment, views }: Made): PanelEvent<Name> {
  return { type: 'stopped', moment, view: views[panel] };
}

function scriptAt(pathname: string): string {
  return readFileSync(path.join(root, 'dist/webview', pathname), 'utf8');
}

/** With the policy of the extension's own page; Mermaid needs inline styles while it measures. */
function pageText(panel: string, theme: ThemeName, of: string): string {
  const { style, bodyClass } = themeOf(theme);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <style>html { ${style} }</style></head>
    <body class="${bodyClass}"><div id="app" data-of="${of}"></div>
    <script nonce="${nonce}">
      window.posted = [];
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => window.posted.push(message),
        getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
        setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
      });
    </script>
    <script type="module" nonce="${nonce}" src="${origin}/${panel}.js"></script></body></html>`;
}
