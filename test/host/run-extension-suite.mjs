// Runs the suites inside real extension hosts: Node's, and the web worker that vscode.dev uses.
import { existsSync, mkdirSync, mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { root, SetUpError } from './cache.mjs';
import { findTestDesktop } from './desktop.mjs';
import { fetchBrowser } from './fetch-browser.mjs';
import { fetchServer } from './fetch-server.mjs';

const report = path.join(root, 'test', 'artifacts', 'extension.json');
const workspace = path.join(root, 'samples', 'raft');

mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
try {
  const executable = findTestDesktop() ?? serverAsDesktop();
  const nodePassed = await runSuite(executable, 'extension-suite.js', {}, []);
  // Only this setting moves an extension that has both entry points into the worker.
  const workerPassed = await runSuite(
    executable,
    'worker-suite.js',
    { 'remote.extensionKind': { 'lockstep.lockstep': ['web'] } },
    ['--extensionDevelopmentKind=web'],
  );
  countWorkerSuite(workerPassed);
  process.exitCode = nodePassed && workerPassed ? 0 : 1;
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Fetched here, where the words of the set-up are seen at once. */
function serverAsDesktop() {
  fetchServer();
  fetchBrowser();
  return fileURLToPath(new URL('code.mjs', import.meta.url));
}

async function runSuite(vscodeExecutablePath, suite, settings, launchArguments) {
  const profile = mkdtempSync(path.join(tmpdir(), 'lockstep-profile-'));
  mkdirSync(path.join(profile, 'User'));
  writeFileSync(path.join(profile, 'User', 'settings.json'), JSON.stringify(settings));
  try {
    const code = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist', 'test', suite),
      extensionTestsEnv: { LOCKSTEP_TEST_REPORT: report },
      launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${profile}`, ...launchArguments],
    });
    return code === 0;
  } catch (error) {
    console.error(`${suite}: ${error.message}`);
    return false;
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/** A worker cannot write the report: its suite is one test, told by its exit code. */
function countWorkerSuite(passed) {
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { passed: 0, failed: 1 };
  counts[passed ? 'passed' : 'failed'] += 1;
  writeFileSync(report, JSON.stringify(counts));
}
