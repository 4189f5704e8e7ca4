// Downloads and starts, once and before any test, what the tests drive: a browser and a VS Code server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runMain } from './cache.mjs';
import { provideRedis } from './fetch-redis.mjs';
import { findTestDesktop } from './desktop.mjs';
import { launchBrowser, provideShell } from './fetch-browser.mjs';
import { startServer } from './server.mjs';

await runMain(async () => {
  await startBrowserOnce();
  provideRedis();
  if (findTestDesktop() === undefined) await startServerOnce();
});

/** The first start of a Chromium reads some hundred megabytes from disk: no test should wait for it. */
async function startBrowserOnce() {
  provideShell();
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto('data:text/html,<title>ready</title>');
  console.log(`provision: Chromium ${browser.version()} starts`);
  await browser.close();
}

async function startServerOnce() {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-provision-'));
  try {
    const server = await startServer({ dataFolder });
    console.log('provision: the VS Code server starts');
    await server.stop();
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
