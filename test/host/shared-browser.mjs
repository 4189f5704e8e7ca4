// Starts one Chromium for all tests of the panels: test files connect to it instead of starting theirs.
import { chromium } from 'playwright-core';
import { browserOptions } from './fetch-browser.mjs';

/** A global set-up of vitest; test files read the address with `inject('browser')`. */
export default async function setup({ provide }) {
  const server = await chromium.launchServer(browserOptions());
  provide('browser', server.wsEndpoint());
  return () => server.close();
}
