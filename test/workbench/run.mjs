// Runs the journeys in real workbenches, with the extension installed from its package.
//
//   node test/workbench/run.mjs          all of them, each part in a process of its own
//   node test/workbench/run.mjs session  only that part
//
// A journey that fails is repeated once, from its start, in a new server and browser, and the report
// names it: a workbench that other programs slow down may lose a key.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { root, runMain } from '../host/cache.mjs';
import { launchBrowser } from '../host/fetch-browser.mjs';
import { noCounts, runMocha, unreported, writeReport } from '../host/mocha-report.mjs';
import { patienceMs, startMs, testMs } from '../host/patience.mjs';
import { installOnServer, remoteFile, startServer, workbenchAddress } from '../host/server.mjs';
import { packageFile } from '../package/make.mjs';
import { describeFinding, makeFindingFolder } from './finding.mjs';
import { describeHistories } from './histories.mjs';
import { describeJourney } from './journey.mjs';
import { describeKeyboard } from './keyboard.mjs';
import { describePanels, makePanelsFolder } from './panels.mjs';
import { packProbe } from './probe.mjs';
import { describeRuns, makeRunsFolder } from './runs.mjs';
import { describeSurfaces, makeSurfacesFolder } from './surfaces.mjs';
import { describeTour, firstFile } from './tour.mjs';
import { Workbench } from './workbench.mjs';
import { describeWorkplace, makeWorkplace } from './workplace.mjs';

const artifacts = path.join(root, 'test', 'artifacts');

/**
 * The parts run at the same time: a workbench mostly waits. Each has a server and a browser of its
 * own, so that they share no settings, such as the theme, and no focus. They take about as long.
 */
const parts = {
  session: [openJourney, openHistories, openTour],
  around: [openWorkplace, openSurfaces, openFinding, openRuns, openKeyboard],
  panels: [openPanels],
};

const [chosen] = process.argv.slice(2);
if (chosen === undefined) await runAll();
else if (chosen in parts) await runMain(() => runPart(chosen));
else {
  console.error(`workbench: no part is named ${chosen}. The parts are ${Object.keys(parts).join(', ')}.`);
  process.exitCode = 2;
}

async function runAll() {
  const names = Object.keys(parts);
  const ended = await Promise.all(names.map(runInProcess));
  if (ended.some((isGood) => !isGood)) process.exitCode = 1;
  const counts = noCounts();
  for (const name of names) {
    const isReported = existsSync(reportOf(name));
    addCounts(counts, isReported ? JSON.parse(readFileSync(reportOf(name), 'utf8')) : unreported(`workbench ${name}`));
  }
  writeReport(path.join(artifacts, 'workbench.json'), counts);
}

function addCounts(counts, more) {
  for (const key of ['passed', 'failed', 'skipped']) counts[key] += more[key];
  for (const key of ['failures', 'repeated']) counts[key].push(...more[key]);
}

function reportOf(part) {
  return path.join(artifacts, `workbench-${part}.json`);
}

/** Shows what it wrote when it ends: the lines of two parts would be mixed. */
function runInProcess(part) {
  rmSync(reportOf(part), { force: true });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), part], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve) => {
    const end = (isGood, more = '') => {
      console.log(`\n-- ${part}\n${output}${more}`);
      resolve(isGood);
    };
    child.on('error', (error) => end(false, error.message));
    child.on('close', (status) => end(status === 0));
  });
}

async function runPart(part) {
  const counts = noCounts();
  const failed = [];
  await inHost(part, async (host) => {
    for (const journey of parts[part]) {
      const ended = await runJourney(part, journey, host);
      if (ended.failed > 0) failed.push({ journey, ended });
      else addCounts(counts, ended);
    }
  });
  for (const { journey, ended } of failed) {
    console.log(`\nOnce more, from its start:`);
    await inHost(part, async (host) => {
      const again = await runJourney(part, journey, host);
      addCounts(counts, again);
      if (again.failed === 0) counts.repeated.push(...ended.failures);
    });
  }
  writeReport(reportOf(part), counts);
  if (counts.failed > 0) process.exitCode = 1;
}

/** Calls `act` with a server, a browser, and a list of folders that are removed in the end. */
async function inHost(part, act) {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-workbench-'));
  const folders = [dataFolder];
  try {
    installOnServer({ dataFolder, files: extensionsOf(part, dataFolder) });
    const server = await startServer({ dataFolder });
    const browser = await launchBrowser();
    try {
      await act({ browser, server, folders });
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** Each test continues where the one before it ended, so the first failure ends the journey. */
async function runJourney(part, describeJourney, host) {
  const grep = process.env.LOCKSTEP_TEST_GREP ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: testMs, bail: true, color: false, grep });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  /** Opens a window when its first test begins, and takes a picture if a test of it fails. */
  const open = async (folder, viewport, payload) => {
    const workbench = new Workbench(await openPage(host, folder, viewport, payload));
    mocha.suite.afterEach(async function () {
      const isOpen = !workbench.page.isClosed();
      if (isOpen && this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${part}`);
    });
    return workbench;
  };
  describeJourney(open, host);
  const counts = await runMocha(mocha);
  // What ended in the middle keeps its window: the next journey must not wait for it.
  for (const context of host.browser.contexts()) await context.close();
  return counts;
}

function openJourney(open) {
  // So high that the whole call stack is in view: rows out of view are not in the page.
  describeJourney(() => open(sample('raft'), { width: 1600, height: 1200 }));
}

function openWorkplace(open, { folders }) {
  const folder = makeWorkplace();
  folders.push(folder);
  describeWorkplace(() => open(folder), folder);
}

function openHistories(open) {
  describeHistories(() => open(sample('histories')));
}

/** As `npm start` opens it. */
function openTour(open, { server }) {
  const payload = [['openFile', remoteFile(server.port, firstFile)]];
  describeTour(() => open(sample('raft'), undefined, payload));
}

function openSurfaces(open, { folders }) {
  const folder = makeSurfacesFolder();
  folders.push(folder);
  describeSurfaces(() => open(folder));
}

function openFinding(open, { folders }) {
  const folder = makeFindingFolder();
  folders.push(folder);
  describeFinding(() => open(folder), folder);
}

function openRuns(open, { folders }) {
  const folder = makeRunsFolder();
  folders.push(folder);
  describeRuns(() => open(folder));
}

function openKeyboard(open) {
  describeKeyboard(() => open(sample('raft')));
}

function openPanels(open, { folders }) {
  const folder = makePanelsFolder();
  folders.push(folder);
  describePanels(() => open(folder), folder);
}

/** The probe asks the adapter what the panels should show. */
function extensionsOf(part, dataFolder) {
  return part === 'panels' ? [packageFile, packProbe(path.join(dataFolder, 'probe.vsix'))] : [packageFile];
}

function sample(name) {
  return path.join(root, 'samples', name);
}

async function openPage({ browser, server }, folder, viewport = { width: 1280, height: 800 }, payload = []) {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(patienceMs);
  page.setDefaultNavigationTimeout(startMs);
  await page.goto(workbenchAddress({ port: server.port, folder, payload }));
  await page.locator('.monaco-workbench .explorer-viewlet .monaco-list-row').first().waitFor();
  return page;
}
