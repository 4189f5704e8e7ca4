// Starts and stops a VS Code server that listens on this machine only and has its own profile.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { SetUpError } from './cache.mjs';
import { eventually } from './eventually.mjs';
import { fetchServer } from './fetch-server.mjs';

const terminationMs = 10_000;

/** User settings that keep the workbench from asking, advertising and looking for updates. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'git.enabled': false,
};

/**
 * Starts a server that keeps everything it writes under `dataFolder`, and returns `{ port, stop }`.
 * With `testing` it loads the development and test paths in the workbench's address, which a built
 * VS Code otherwise ignores, and shows no notifications or dialogs. Without `port` the system
 * assigns a free one when the server binds, so that two servers cannot choose the same.
 */
export async function startServer({ dataFolder, extensionsFolder, settings = {}, port = 0, token, testing = false }) {
  const { node, serverMain } = fetchServer();
  writeSettings(dataFolder, settings);
  const logFile = path.join(dataFolder, 'server.log');
  const log = openSync(logFile, 'w');
  const list = [
    serverMain,
    '--host=127.0.0.1',
    `--port=${port}`,
    token ? `--connection-token=${token}` : '--without-connection-token',
    ...commonArguments(dataFolder, extensionsFolder),
    '--disable-workspace-trust',
    ...(testing ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = spawn(node, list, {
    stdio: ['ignore', log, log],
    // A process group of its own: the extension hosts that it starts must stop with it.
    detached: true,
    env: environment(dataFolder),
  });
  const bound = await eventually(() => boundPort(child, logFile), 'the port of the VS Code server');
  return { port: bound, stop: () => stop(child) };
}

/** Installs extensions from their .vsix files, as `code --install-extension` does. */
export function installOnServer({ dataFolder, extensionsFolder, files }) {
  const { node, serverMain } = fetchServer();
  mkdirSync(path.join(dataFolder, 'home'), { recursive: true });
  const installed = files.flatMap((file) => ['--install-extension', file]);
  const list = [serverMain, ...installed, '--force', ...commonArguments(dataFolder, extensionsFolder)];
  const result = spawnSync(node, list, { encoding: 'utf8', env: environment(dataFolder) });
  if (result.status !== 0) {
    throw new SetUpError(`The VS Code server could not install ${files.join(', ')}:\n${result.stderr || result.stdout}`);
  }
}

function commonArguments(dataFolder, extensionsFolder = path.join(dataFolder, 'extensions')) {
  return [
    '--accept-server-license-terms',
    `--server-data-dir=${path.join(dataFolder, 'server')}`,
    `--user-data-dir=${path.join(dataFolder, 'user')}`,
    `--extensions-dir=${extensionsFolder}`,
    '--disable-telemetry',
  ];
}

function environment(dataFolder) {
  return { ...process.env, HOME: path.join(dataFolder, 'home') };
}

function writeSettings(dataFolder, settings) {
  const folder = path.join(dataFolder, 'user', 'User');
  mkdirSync(folder, { recursive: true });
  mkdirSync(path.join(dataFolder, 'home'), { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/** The port that the server reports in its log; undefined until then. */
function boundPort(child, logFile) {
  const log = readFileSync(logFile, 'utf8');
  const match = /Extension host agent listening on (\d+)/.exec(log);
  if (match) return Number(match[1]);
  if (hasExited(child)) throw new Error(`The VS Code server did not start:\n${log.slice(-3000)}`);
  return undefined;
}

function hasExited(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child) {
  if (hasExited(child)) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), terminationMs);
  await exited;
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The process has exited in the meantime.
  }
}

/** Returns `preferred` if the port is free, and otherwise 0: any free port. */
export function freePort(preferred) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => resolve(0));
    probe.listen(preferred, '127.0.0.1', () => probe.close(() => resolve(preferred)));
  });
}

/** The address of a workbench that shows `folder`; `payload` is a list of key-value pairs. */
export function workbenchAddress({ port, token, folder, payload = [] }) {
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  query.set('folder', folder);
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://localhost:${port}/?${query}`;
}

/** The URI by which the workbench refers to a file on the server's machine. */
export function remoteFile(port, file) {
  return `vscode-remote://localhost:${port}${file}`;
}
