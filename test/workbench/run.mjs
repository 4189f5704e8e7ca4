// Runs the journey in a real workbench, with the extension installed from its package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Mocha from 'mocha';
import { root, runMain } from '../host/cache.mjs';
import { launchBrowser } from '../host/fetch-browser.mjs';
import { runMocha } from '../host/mocha-report.mjs';
import { patienceMs, startMs, testMs } from '../host/patience.mjs';
import { installOnServer, startServer, workbenchAddress } from '../host/server.mjs';
import { packageFile } from '../package/make.mjs';
import { describeJourney } from './journey.mjs';
import { Workbench } from './workbench.mjs';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-workbench-'));
try {
  await runMain(runJourney);
} finally {
  rmSync(dataFolder, { recursive: true, force: true });
}

async function runJourney() {
  installOnServer({ dataFolder, file: packageFile });
  const server = await startServer({ dataFolder });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(patienceMs);
    page.setDefaultNavigationTimeout(startMs);
    await page.goto(workbenchAddress({ port: server.port, folder: path.join(root, 'samples', 'raft') }));
    await page.locator('.monaco-workbench .explorer-viewlet .monaco-list-row').first().waitFor();
    const { failed } = await runMocha(prepare(page), path.join(root, 'test/artifacts/workbench.json'));
    if (failed > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function prepare(page) {
  // Each test continues where the one before it ended, so the first failure ends the journey.
  const mocha = new Mocha({ ui: 'bdd', timeout: testMs, bail: true, color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const workbench = new Workbench(page);
  mocha.suite.afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
  });
  describeJourney(() => workbench);
  return mocha;
}
