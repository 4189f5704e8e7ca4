/** The pages in which tests open panels: one that a test leaves as it was serves the next test. */

import type { Browser, Page } from 'playwright-core';
import type { PanelMessage } from '../../src/view/contract.ts';

export const origin = 'http://panel.test';
const blank = '/blank';

/** What a panel needs of its page. */
export interface Use {
  readonly width: number;
  readonly height: number;
  /** The page's own text. */
  text(): string;
  /** The text of a script that the page loads. */
  script(pathname: string): string;
  receive?(message: PanelMessage): unknown;
  /** Errors and warnings on the page's console are added here. */
  readonly complaints: string[];
}

/** What changes a page for longer than its document lives. */
const lasting = [
  'context', 'exposeFunction', 'exposeBinding', 'addInitScript', 'route', 'emulateMedia', 'on', 'once',
] as const satisfies readonly (keyof Page)[];

/**
 * A page of a context of its own. To start another, with its process and the scripts of the panels,
 * takes twice as long as most tests of a panel.
 */
class Sheet {
  private use: Use | undefined;
  private isExposed = false;
  private isChanged = false;

  private constructor(readonly page: Page) {}

  static async open(browser: Browser, { width, height }: Use): Promise<Sheet> {
    const context = await browser.newContext({ viewport: { width, height } });
    const sheet = new Sheet(await context.newPage());
    await sheet.prepare();
    return sheet;
  }

  private async prepare(): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.use?.complaints.push(error.message));
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' || message.type() === 'warning';
      if (isComplaint) this.use?.complaints.push(message.text());
    });
    await page.route(`${origin}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const { use } = this;
      return pathname.endsWith('.js') && use
        ? route.fulfill({ contentType: 'text/javascript', body: use.script(pathname) })
        : route.fulfill({ contentType: 'text/html', body: pathname === blank ? '' : use?.text() });
    });
    for (const name of lasting) {
      const act = page[name].bind(page) as (...given: unknown[]) => never;
      const noted = (...given: unknown[]) => {
        this.isChanged = true;
        return act(...given);
      };
      Object.assign(page, { [name]: noted });
    }
  }

  async begin(use: Use): Promise<void> {
    const { page } = this;
    this.use = use;
    const { width, height } = use;
    const size = page.viewportSize();
    if (size?.width !== width || size.height !== height) await page.setViewportSize({ width, height });
    if (use.receive) await this.expose();
    await page.goto(`${origin}/`);
  }

  private async expose(): Promise<void> {
    if (this.isExposed) return;
    this.isExposed = true;
    const wasChanged = this.isChanged;
    const receive = (message: PanelMessage) => this.use?.receive?.(message);
    await this.page.exposeFunction('receivedByHost', receive);
    this.isChanged = wasChanged;
  }

  isUsedBy(use: Use): boolean {
    return this.use === use && !this.page.isClosed();
  }

  /** Returns whether the page is as a new one would be. */
  async end(): Promise<boolean> {
    const { page } = this;
    this.use = undefined;
    if (page.isClosed()) return false;
    if (this.isChanged) {
      await page.context().close();
      return false;
    }
    // What the panel does from time to time ends here.
    await page.goto(`${origin}${blank}`);
    await page.evaluate(() => sessionStorage.clear());
    return true;
  }
}

/** The pages of a browser that no test uses now, and how to hear that a test has ended. */
interface Shared {
  readonly idle: Sheet[];
  atEnd(act: () => Promise<void>): void;
}

const shared = new WeakMap<Browser, Shared>();

/** Lets tests that follow one another open their panels of this browser in the same pages. */
export function sharePages(browser: Browser, atEnd: Shared['atEnd']): void {
  shared.set(browser, { idle: [], atEnd });
}

/** Opens a page with this content. `isOpen` is false once its test has ended. */
export async function openPage(browser: Browser, use: Use): Promise<{ page: Page; isOpen(): boolean }> {
  const pages = shared.get(browser);
  const sheet = pages?.idle.pop() ?? (await Sheet.open(browser, use));
  pages?.atEnd(async () => {
    if (await sheet.end()) pages.idle.push(sheet);
  });
  await sheet.begin(use);
  return { page: sheet.page, isOpen: () => sheet.isUsedBy(use) };
}
