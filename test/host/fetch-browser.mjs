// Provides a Chromium to run the web workbench in: one that is here, Debian's, or Playwright's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, SetUpError } from './cache.mjs';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium; installs one if there is none. */
export function fetchBrowser() {
  const failures = [];
  for (const provide of [findBrowser, installDebianPackage, installWithPlaywright]) {
    const { executable, failure } = provide();
    if (executable) return executable;
    if (failure) failures.push(`- ${failure}`);
  }
  throw new SetUpError(
    ['No Chromium could be had:', ...failures, 'Install Chromium or Chrome, or set CHROMIUM to its executable.'].join(
      '\n',
    ),
  );
}

function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) return { failure: `CHROMIUM is ${named}, which does not exist` };
  const executable = [named, ...usualPlaces, chromium.executablePath()].find((file) => file && existsSync(file));
  return { executable, failure: 'none is installed in the usual places' };
}

function installDebianPackage() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return { failure: "Debian's package needs root and apt-get" };
  console.log("set-up: installing Debian's chromium with apt-get");
  const options = { stdio: 'pipe', encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-q'], options);
  // Without fonts the workbench would show boxes for letters.
  const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];
  const result = spawnSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], options);
  if (existsSync('/usr/bin/chromium')) return { executable: '/usr/bin/chromium' };
  return { failure: `apt-get install chromium: ${lastLine(result.stderr)}` };
}

function installWithPlaywright() {
  console.log('set-up: installing Chromium with Playwright');
  const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js');
  const result = spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'pipe', encoding: 'utf8' });
  if (existsSync(chromium.executablePath())) return { executable: chromium.executablePath() };
  return { failure: `playwright install chromium: ${lastLine(result.stderr)}` };
}

function lastLine(text) {
  return text?.trim().split('\n').at(-1) ?? 'no answer';
}

/**
 * For an automated browser: quiet, and closed to every host but this one, so that no test can
 * depend on the network.
 */
export const automationArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];
