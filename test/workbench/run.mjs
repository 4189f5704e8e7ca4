// Runs the journey through the real workbench, the extension installed as a release would be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Mocha from 'mocha';
import { chromium } from 'playwright-core';
import { root, SetUpError } from '../host/cache.mjs';
import { automationArguments, fetchBrowser } from '../host/fetch-browser.mjs';
import { installExtension } from '../host/install.mjs';
import { runMocha } from '../host/mocha-report.mjs';
import { startServer, workbenchAddress } from '../host/server.mjs';
import { describeJourney } from './journey.mjs';
import { Workbench } from './workbench.mjs';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-workbench-'));
try {
  process.exitCode = await runJourney();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(dataFolder, { recursive: true, force: true });
}

async function runJourney() {
  const executablePath = fetchBrowser();
  installExtension(path.join(dataFolder, 'extensions'));
  const server = await startServer({ dataFolder });
  const browser = await chromium.launch({ executablePath, args: automationArguments });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(20_000);
    await page.goto(workbenchAddress({ port: server.port, folder: path.join(root, 'samples', 'raft') }));
    await page.locator('.monaco-workbench .explorer-viewlet .monaco-list-row').first().waitFor();
    const { failed } = await runMocha(prepare(page), path.join(root, 'test/artifacts/workbench.json'));
    return failed > 0 ? 1 : 0;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function prepare(page) {
  // Each test needs what the one before it reached.
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, bail: true, color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const workbench = new Workbench(page);
  mocha.suite.afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
  });
  describeJourney(() => workbench);
  return mocha;
}
