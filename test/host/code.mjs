#!/usr/bin/env node
// Stands in for the `code` executable where there is none: takes the arguments with which
// @vscode/test-electron starts desktop VS Code, runs the tests in the npm-packaged server and a
// headless Chromium, and exits with their code.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from './cache.mjs';
import { automationArguments, fetchBrowser } from './fetch-browser.mjs';
import { remoteFile, startServer, workbenchAddress } from './server.mjs';

const testsEndWithinMs = 300_000;
const hostChatter = /^(\[[A-Za-z]|Resolv|Creating a socket|Updating additional|No search provider)/;
const hostLog = path.join(root, 'test', 'artifacts', 'extension-host.log');

const { options, folder } = readArguments(process.argv.slice(2));
const dataFolder = mkdtempSync(path.join(tmpdir(), 'lockstep-code-'));
process.exitCode = await runTests();

async function runTests() {
  mkdirSync(path.dirname(hostLog), { recursive: true });
  const executablePath = fetchBrowser();
  const server = await startServer({ dataFolder, settings: userSettings(), testing: true });
  const browser = await chromium.launch({ executablePath, args: automationArguments });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const ended = connectToTests(page);
    await page.goto(
      workbenchAddress({ port: server.port, folder: path.resolve(folder), payload: testPayload(server.port) }),
    );
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** The workbench calls these two functions with what the test host prints and how it ended. */
function connectToTests(page) {
  return new Promise((resolve) => {
    page.exposeFunction('codeAutomationLog', (type, values) => {
      // What the host itself says (the absence of its native modules, mostly) would drown the tests.
      const line = `${format(...values)}\n`;
      const ofTests = (type === 'log' || type === 'info') && !hostChatter.test(line);
      if (ofTests) process.stdout.write(line);
      else appendFileSync(hostLog, line);
    });
    page.exposeFunction('codeAutomationExit', (code) => resolve(code));
    page.on('crash', () => fail('the page crashed'));
    setTimeout(() => fail(`no result within ${testsEndWithinMs / 1000} s`), testsEndWithinMs).unref();

    function fail(why) {
      console.error(`code: ${why}`);
      resolve(1);
    }
  });
}

function testPayload(port) {
  const payload = [['skipWelcome', 'true']];
  for (const name of ['extensionDevelopmentPath', 'extensionTestsPath']) {
    for (const value of options.get(name) ?? []) payload.push([name, remoteFile(port, path.resolve(value))]);
  }
  const kind = options.get('extensionDevelopmentKind')?.at(-1);
  if (kind) payload.push(['extensionDevelopmentKind', kind]);
  return payload;
}

function userSettings() {
  const profile = options.get('user-data-dir')?.at(-1);
  const file = profile && path.join(profile, 'User', 'settings.json');
  return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

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
