// Finds a Chromium for the tests (installed, Debian's package, or Playwright's), and launches it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, SetUpError } from './cache.mjs';
import { startMs } from './patience.mjs';

/**
 * Chromium without a window, as Playwright itself prefers: it opens a page in less than half of the
 * time, since a whole Chromium starts processes for a window's own controls, too.
 */
const headlessShell = '/usr/bin/chromium-headless-shell';

const usualPlaces = [
  headlessShell,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Options for launching a Chromium that is quiet and can reach only this machine, so that no test
 * depends on the network. The first launch on a machine can take long: its files are not cached yet.
 */
export function browserOptions() {
  return { executablePath: fetchBrowser(), args: automationArguments, timeout: startMs };
}

export function launchBrowser() {
  return chromium.launch(browserOptions());
}

const automationArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** The path of a Chromium; installs one if none is found. */
export function fetchBrowser() {
  const failures = [];
  for (const provide of [findBrowser, installDebianPackage, installWithPlaywright]) {
    const { executable, failure } = provide();
    if (executable) return executable;
    failures.push(`- ${failure}`);
  }
  const advice = 'Install Chromium or Chrome, or set CHROMIUM to its executable.';
  throw new SetUpError(['No Chromium was found or could be installed:', ...failures, advice].join('\n'));
}

function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) throw new SetUpError(`CHROMIUM is ${named}, which does not exist.`);
  const executable = [named, ...usualPlaces, chromium.executablePath()].find((file) => file && existsSync(file));
  return { executable, failure: 'none is installed in the usual places' };
}

const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/**
 * Installs Debian's shell beside its Chromium, of the same version: another one would replace the
 * Chromium. Without the shell the tests are slower, and no different.
 */
export function provideShell() {
  if (process.env.CHROMIUM || existsSync(headlessShell) || !canInstall()) return;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Version}', 'chromium-common'], { encoding: 'utf8' });
  console.log("set-up: installing Debian's chromium-headless-shell with apt-get");
  aptGet(['update', '-q']);
  install([stdout ? `chromium-headless-shell=${stdout}` : 'chromium-headless-shell']);
}

function installDebianPackage() {
  if (!canInstall()) return { failure: "Debian's package needs root and apt-get" };
  console.log("set-up: installing Debian's chromium with apt-get");
  aptGet(['update', '-q']);
  const result = install(['chromium']);
  if (existsSync('/usr/bin/chromium')) return { executable: '/usr/bin/chromium' };
  return { failure: `apt-get install chromium: ${lastLine(result.stderr)}` };
}

/** With fonts: without them the workbench shows boxes instead of letters. */
function install(packages) {
  const fonts = ['fonts-liberation', 'fonts-dejavu-core'];
  return aptGet(['install', '-q', '-y', '--no-install-recommends', ...packages, ...fonts]);
}

const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** Another apt-get, of a second clone or of the system, may hold one of apt's locks: waits for it. */
export function aptGet(args) {
  const options = { stdio: 'pipe', encoding: 'utf8', env: aptEnvironment };
  const deadline = Date.now() + startMs;
  for (;;) {
    const result = spawnSync('apt-get', args, options);
    const isLocked = result.status !== 0 && /could not get lock|unable to (acquire|lock)/i.test(result.stderr);
    if (!isLocked || Date.now() > deadline) return result;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  }
}

function installWithPlaywright() {
  console.log('set-up: installing Chromium with Playwright');
  const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js');
  const result = spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'pipe', encoding: 'utf8' });
  if (existsSync(chromium.executablePath())) return { executable: chromium.executablePath() };
  return { failure: `playwright install chromium: ${lastLine(result.stderr)}` };
}

function lastLine(output) {
  return output?.trim().split('\n').at(-1) || 'no output';
}
