// Installs the package and runs the suites in real extension hosts: Node, and the web worker of vscode.dev.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { packageFile } from '../package/make.mjs';
import { root, runMain, SetUpError } from './cache.mjs';
import { findTestDesktop } from './desktop.mjs';
import { fetchBrowser } from './fetch-browser.mjs';
import { fetchServer } from './fetch-server.mjs';
import { unreported } from './mocha-report.mjs';

const report = path.join(root, 'test', 'artifacts', 'extension.json');
const workspace = path.join(root, 'samples', 'raft');
/** The extension that contains the suites; Lockstep itself is installed, not loaded from its folder. */
const testExtension = path.join(root, 'dist', 'test');

const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-hosts-'));
const extensions = path.join(folder, 'extensions');
mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
try {
  await runMain(runSuites);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runSuites() {
  const executable = prepareExecutable();
  installPackage(executable);
  const nodePassed = await runSuite(executable, 'extension-suite.js', {}, []);
  // Only this setting moves extensions that have both entry points into the worker.
  const inWorker = { 'lockstep.lockstep': ['web'], 'lockstep.lockstep-tests': ['web'] };
  const workerPassed = await runSuite(executable, 'worker-suite.js', { 'remote.extensionKind': inWorker }, [
    '--extensionDevelopmentKind=web',
  ]);
  countWorkerSuite(workerPassed);
  process.exitCode = nodePassed && workerPassed ? 0 : 1;
}

/** Desktop VS Code or its replacement; downloads here, because test-electron would hide the progress. */
function prepareExecutable() {
  const desktop = findTestDesktop();
  if (desktop) return desktop;
  fetchServer();
  fetchBrowser();
  return fileURLToPath(new URL('code.mjs', import.meta.url));
}

function installPackage(executable) {
  if (!existsSync(packageFile)) throw new SetUpError('There is no package to test. Run `npm run package` first.');
  const isReplacement = executable.endsWith('code.mjs');
  const [cli] = isReplacement
    ? [executable]
    : resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  const list = [
    `--install-extension=${packageFile}`,
    '--force',
    `--extensions-dir=${extensions}`,
    `--user-data-dir=${path.join(folder, 'installation')}`,
  ];
  const { status } = spawnSync(cli, list, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new SetUpError(`${cli} could not install ${packageFile}.`);
}

async function runSuite(vscodeExecutablePath, suite, settings, launchArguments) {
  const profile = path.join(folder, suite);
  mkdirSync(path.join(profile, 'User'), { recursive: true });
  writeFileSync(path.join(profile, 'User', 'settings.json'), JSON.stringify(settings));
  try {
    const code = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: testExtension,
      extensionTestsPath: path.join(testExtension, suite),
      extensionTestsEnv: { LOCKSTEP_TEST_REPORT: report, LOCKSTEP_TEST_INSTALLED: '1' },
      launchArgs: [workspace, `--extensions-dir=${extensions}`, `--user-data-dir=${profile}`, ...launchArguments],
    });
    return code === 0;
  } catch (error) {
    console.error(`${suite}: ${error.message}`);
    return false;
  }
}

/** A worker cannot write the report, so its suite counts as one test, by its exit code. */
function countWorkerSuite(passed) {
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : unreported('extension-suite.js');
  counts[passed ? 'passed' : 'failed'] += 1;
  if (!passed) counts.failures.push('worker-suite.js: its host ended with an error');
  writeFileSync(report, JSON.stringify(counts));
}
