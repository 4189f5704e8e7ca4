/** A panel in a plain Chromium page that plays the editor: messages, state, theme and CSP. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { PageEvent, PanelEvent, PanelMessage } from '../../src/view/contract.ts';
import { pageText } from '../../src/extension/panels/page-text.ts';
import { type PanelName, panels } from '../../src/view/panels.ts';
import type { Translations } from '../../src/view/translate.ts';
import { themeOf } from './themes.ts';
import { openPage, origin, sharePages } from './sheets.ts';
import type { ThemeName } from './themes.ts';
import type { Made } from './views.ts';

const root = process.cwd();
const nonce = 'N0nce';

declare global {
  interface Window {
    posted: PanelMessage[];
    violations: string[];
  }
}

/** What the extension sends to a page about the page itself. */
type PageCommand = Extract<PageEvent, { type: 'pin or follow' | 'play or pause' | 'speed' }>;

export interface PanelPage<Name extends PanelName = PanelName> {
  page: Page;
  /** Whether the page is still the panel's: after its test, another may have it. */
  isOpen(): boolean;
  /** What the panel has posted, except reports of its focus. */
  posted(): Promise<PanelMessage[]>;
  /** Whether the page had the focus, each time that it reported it. */
  reportedFocus(): Promise<boolean[]>;
  /** Sends the panel's part of each stop. */
  show(...stops: Made[]): Promise<void>;
  send(...events: (PanelEvent<Name> | PageCommand)[]): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** Errors and warnings on the page's console, breaches of the content security policy included. */
  complaints: string[];
}

/** Connects to the Chromium that all test files share; to close the result closes its own pages. */
export async function launchChromium(): Promise<Browser> {
  // The benches open panels, too, without the runner of tests.
  const { inject, onTestFinished } = await import('vitest');
  const browser = await chromium.connect(inject('browser'));
  sharePages(browser, (act) => onTestFinished(act));
  return browser;
}

export interface PanelOptions {
  width?: number;
  height?: number;
  theme?: ThemeName;
  /** What the page is of: a session, a session that is presented, or a history file. */
  of?: 'session' | 'presented' | 'file';
  translations?: Translations;
  /** Is called with what the page posts. */
  receive?: (message: PanelMessage) => unknown;
}

export async function openPanel<Name extends PanelName>(
  browser: Browser,
  panel: Name,
  options: PanelOptions = {},
): Promise<PanelPage<Name>> {
  const { width = 650, height = 800, receive } = options;
  const complaints: string[] = [];
  const { page, isOpen } = await openPage(browser, {
    width,
    height,
    text: () => pageOf(panel, options),
    script: scriptAt,
    receive,
    complaints,
  });
  const send = (...events: (PanelEvent<Name> | PageCommand)[]) =>
    page.evaluate((sent) => sent.forEach((event) => window.postMessage(event, '*')), events);
  const messages = () => page.evaluate(() => window.posted);
  return {
    page,
    isOpen,
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

/** The extension's own page, in a theme of the editor and with an editor that tests look into. */
function pageOf(name: PanelName, options: PanelOptions): string {
  const { theme = 'dark', of = 'session', translations } = options;
  const { style, bodyClass } = themeOf(theme);
  const { title } = panels.find((panel) => panel.name === name)!;
  const editor = `<script nonce="${nonce}">
    window.posted = [];
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => {
        window.posted.push(message);
        window.receivedByHost?.(message);
      },
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
  </script>`;
  return pageText({ title, script: `${origin}/${name}.js`, nonce, source: origin, of, translations })
    .replace('</head>', `<style>html { ${style} }</style>${editor}</head>`)
    .replace('<body>', `<body class="${bodyClass}">`);
}
