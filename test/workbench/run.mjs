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
import { describeSurfaces, makeSurfacesFolder } from './surfaces.mjs';
import { describeTour, firstFile } from './tour.mjs';
import { Workbench } from './workbench.mjs';
import { describeWorkplace, makeWorkplace } from './workplace.mjs';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-workbench-'));
const workplace = makeWorkplace();
const surfacesFolder = makeSurfacesFolder();
try {
  await runMain(runJourney);
} finally {
  for (const folder of [dataFolder, workplace, surfacesFolder]) rmSync(folder, { recursive: true, force: true });
}

async function runJourney() {
  installOnServer({ dataFolder, file: packageFile });
  const server = await startServer({ dataFolder });
  const browser = await launchBrowser();
  try {
    const sample = path.join(root, 'samples', 'raft');
    const journey = await openPage(browser, server, sample, { width: 1600, height: 1000 });
    const around = await openPage(browser, server, workplace, { width: 1280, height: 800 });
    // As `npm start` opens it.
    const openTour = () => {
      const payload = [['openFile', remoteFile(server.port, firstFile)]];
      return openPage(browser, server, sample, { width: 1280, height: 800 }, payload);
    };
    const histories = path.join(root, 'samples', 'histories');
    const openHistories = () => openPage(browser, server, histories, { width: 1280, height: 800 });
    const openSurfaces = () => {
      return openPage(browser, server, surfacesFolder, { width: 1280, height: 800 });
    };
    const { failed } = await runMocha(
      prepare(journey, around, { openTour, openHistories, openSurfaces }),
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

function prepare(journey, around, { openTour, openHistories, openSurfaces }) {
  // Each test continues where the one before it ended, so the first failure ends the journey.
  const grep = process.env.LOCKSTEP_TEST_GREP ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: testMs, bail: true, color: false, grep });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  describeJourney(() => shownOnFailure(new Workbench(journey)));
  describeWorkplace(() => shownOnFailure(new Workbench(around)), workplace);
  describeHistories(async () => shownOnFailure(new Workbench(await openHistories())));
  describeTour(async () => shownOnFailure(new Workbench(await openTour())));
  describeSurfaces(async () => shownOnFailure(new Workbench(await openSurfaces())));
  return mocha;

  /** Takes a picture if a test of this workbench fails. */
  function shownOnFailure(workbench) {
    mocha.suite.afterEach(async function () {
      if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
    });
    return workbench;
  }
}
