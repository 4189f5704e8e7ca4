// Runs the journey in a real workbench, with the extension installed from its package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Mocha from 'mocha';
import { root, runMain } from '../host/cache.mjs';
import { launchBrowser } from '../host/fetch-browser.mjs';
import { runMocha } from '../host/mocha-report.mjs';
import { patienceMs, startMs, testMs } from '../host/patience.mjs';
import { installOnServer, remoteFile, startServer, workbenchAddress } from '../host/server.mjs';
import { packageFile } from '../package/make.mjs';
import { describeHistories } from './histories.mjs';
import { describeJourney } from './journey.mjs';
import { describePanels, makePanelsFolder } from './panels.mjs';
import { packProbe } from './probe.mjs';
import { describeSurfaces, makeSurfacesFolder } from './surfaces.mjs';
import { describeTour, firstFile } from './tour.mjs';
import { Workbench } from './workbench.mjs';
import { describeWorkplace, makeWorkplace } from './workplace.mjs';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-workbench-'));
const workplace = makeWorkplace();
const surfacesFolder = makeSurfacesFolder();
const panelsFolder = makePanelsFolder();
try {
  await runMain(runJourney);
} finally {
  for (const folder of [dataFolder, workplace, surfacesFolder, panelsFolder]) {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runJourney() {
  installOnServer({ dataFolder, files: [packageFile, packProbe(path.join(dataFolder, 'probe.vsix'))] });
  const server = await startServer({ dataFolder });
  const browser = await launchBrowser();
  try {
    const sample = path.join(root, 'samples', 'raft');
    const small = { width: 1280, height: 800 };
    const opening = (folder, viewport = small, payload = []) => {
      return () => openPage(browser, server, folder, viewport, payload);
    };
    const pages = {
      journey: opening(sample, { width: 1600, height: 1000 }),
      workplace: opening(workplace),
      histories: opening(path.join(root, 'samples', 'histories')),
      // As `npm start` opens it.
      tour: opening(sample, small, [['openFile', remoteFile(server.port, firstFile)]]),
      surfaces: opening(surfacesFolder),
      panels: opening(panelsFolder),
    };
    const { failed } = await runMocha(
      prepare(pages),
      path.join(root, 'test/artifacts/workbench.json'),
    );
    if (failed > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function openPage(browser, { port }, folder, viewport, payload = []) {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(patienceMs);
  page.setDefaultNavigationTimeout(startMs);
  await page.goto(workbenchAddress({ port, folder, payload }));
  await page.locator('.monaco-workbench .explorer-viewlet .monaco-list-row').first().waitFor();
  return page;
}

/** Each page is opened by the first of its tests, and closed after the last. */
function prepare(pages) {
  // Each test continues where the one before it ended, so the first failure ends the journey.
  const grep = process.env.LOCKSTEP_TEST_GREP ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: testMs, bail: true, color: false, grep });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  describeJourney(shownOnFailure(pages.journey));
  describeWorkplace(shownOnFailure(pages.workplace), workplace);
  describeHistories(shownOnFailure(pages.histories));
  describeTour(shownOnFailure(pages.tour));
  describeSurfaces(shownOnFailure(pages.surfaces));
  describePanels(shownOnFailure(pages.panels), panelsFolder);
  return mocha;

  /** Takes a picture if a test of this workbench fails. */
  function shownOnFailure(open) {
    return async () => {
      const workbench = new Workbench(await open());
      mocha.suite.afterEach(async function () {
        if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
      });
      return workbench;
    };
  }
}
