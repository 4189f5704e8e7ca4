#!/usr/bin/env node
// Replaces the `code` executable on a machine without desktop VS Code. It takes the same arguments:
// it installs an extension, or runs the tests in the npm-packaged server and a headless Chromium
// and exits with their code.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { root, runMain } from './cache.mjs';
import { launchBrowser } from './fetch-browser.mjs';
import { startMs, suiteMs } from './patience.mjs';
import { installOnServer, remoteFile, startServer, workbenchAddress } from './server.mjs';

/** Lines that the host itself prints to the console of the tests. */
const hostChatter = /^(\[[A-Za-z]|Resolv|Creating a socket|Updating additional|No search provider)/;
const hostLog = path.join(root, 'test', 'artifacts', 'extension-host.log');

const { options, folder } = readArguments(process.argv.slice(2));
const option = (name) => options.get(name)?.at(-1);
const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-code-'));
const extensionsFolder = option('extensions-dir');
try {
  await runMain(async () => {
    const file = option('install-extension');
    if (file) installOnServer({ dataFolder, extensionsFolder, files: [file] });
    else process.exitCode = await runTests();
  });
} finally {
  rmSync(dataFolder, { recursive: true, force: true });
}

async function runTests() {
  mkdirSync(path.dirname(hostLog), { recursive: true });
  const server = await startServer({ dataFolder, extensionsFolder, settings: userSettings(), testing: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(startMs);
    const exitCode = connectToTests(page);
    await page.goto(
      workbenchAddress({ port: server.port, folder: path.resolve(folder), payload: testPayload(server.port) }),
    );
    return await exitCode;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Exposes the two functions that the workbench calls with the output and the exit code of the tests. */
function connectToTests(page) {
  return new Promise((resolve) => {
    page.exposeFunction('codeAutomationLog', (type, values) => {
      // The host's own output, mostly about missing native modules, would bury that of the tests.
      const line = `${format(...values)}\n`;
      const isFromTests = (type === 'log' || type === 'info') && !hostChatter.test(line);
      if (isFromTests) process.stdout.write(line);
      else appendFileSync(hostLog, line);
    });
    page.exposeFunction('codeAutomationExit', (code) => resolve(code));
    page.on('crash', () => fail('the page crashed'));
    setTimeout(() => fail(`the tests did not end within ${suiteMs / 60_000} minutes`), suiteMs).unref();

    function fail(reason) {
      console.error(`code: ${reason}`);
      resolve(1);
    }
  });
}

function testPayload(port) {
  const payload = [['skipWelcome', 'true']];
  for (const name of ['extensionDevelopmentPath', 'extensionTestsPath']) {
    for (const value of options.get(name) ?? []) payload.push([name, remoteFile(port, path.resolve(value))]);
  }
  const kind = option('extensionDevelopmentKind');
  if (kind) payload.push(['extensionDevelopmentKind', kind]);
  return payload;
}

function userSettings() {
  const profile = option('user-data-dir');
  const file = profile && path.join(profile, 'User', 'settings.json');
  return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** `--name=value` and `--name` options, each a list, and the folder to open. */
function readArguments(list) {
  const found = new Map();
  const others = [];
  for (const argument of list) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
    if (match) found.set(match[1], [...(found.get(match[1]) ?? []), match[2] ?? 'true']);
    else others.push(argument);
  }
  return { options: found, folder: others.find((name) => existsSync(name)) ?? process.cwd() };
}
