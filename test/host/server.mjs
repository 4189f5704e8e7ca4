// Starts the VS Code server on this machine alone, with a profile of its own, and stops it again.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fetchServer } from './fetch-server.mjs';

const readyWithinMs = 30_000;
const stoppedWithinMs = 5_000;

/** User settings without which the workbench asks, advertises or looks for updates. */
export const quietSettings = {
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
 * Starts a server that keeps all it writes under `dataFolder`. With `testing` it obeys the
 * development and test paths in the address, which a built VS Code otherwise ignores, and shows
 * no notifications or dialogs. Answers `{ port, stop }`.
 */
export async function startServer({ dataFolder, settings = {}, port, token, testing = false }) {
  const { node, serverMain } = fetchServer();
  const chosenPort = port ?? (await freePort());
  writeSettings(dataFolder, settings);
  const logFile = path.join(dataFolder, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(node, [serverMain, ...serverArguments({ dataFolder, port: chosenPort, token, testing })], {
    stdio: ['ignore', log, log],
    // Its own process group: the extension hosts that it starts must stop with it.
    detached: true,
    env: { ...process.env, HOME: path.join(dataFolder, 'home') },
  });
  let exited = false;
  child.on('exit', () => (exited = true));
  await untilReady(chosenPort, () => exited, logFile);
  return { port: chosenPort, stop: () => stop(child, () => exited) };
}

function serverArguments({ dataFolder, port, token, testing }) {
  return [
    '--host=127.0.0.1',
    `--port=${port}`,
    token ? `--connection-token=${token}` : '--without-connection-token',
    '--accept-server-license-terms',
    `--server-data-dir=${path.join(dataFolder, 'server')}`,
    `--user-data-dir=${path.join(dataFolder, 'user')}`,
    `--extensions-dir=${path.join(dataFolder, 'extensions')}`,
    '--disable-telemetry',
    '--disable-workspace-trust',
    ...(testing ? ['--enable-smoke-test-driver'] : []),
  ];
}

function writeSettings(dataFolder, settings) {
  const folder = path.join(dataFolder, 'user', 'User');
  mkdirSync(folder, { recursive: true });
  mkdirSync(path.join(dataFolder, 'home'), { recursive: true });
  mkdirSync(path.join(dataFolder, 'extensions'), { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

async function untilReady(port, hasExited, logFile) {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline && !hasExited()) {
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The VS Code server did not start:\n${readFileSync(logFile, 'utf8').slice(-3000)}`);
}

async function stop(child, hasExited) {
  if (hasExited()) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stoppedWithinMs);
  await ended;
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in between.
  }
}

/** `preferred` if nobody listens there, else any free port of this machine. */
export function freePort(preferred = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error) => (preferred ? resolve(freePort(0)) : reject(error)));
    probe.listen(preferred, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The address of a workbench that shows `folder`; `payload` is a list of pairs for its start. */
export function workbenchAddress({ port, token, folder, payload = [] }) {
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  query.set('folder', folder);
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://localhost:${port}/?${query}`;
}

/** How the workbench names a file of the server's machine. */
export function remoteFile(port, file) {
  return `vscode-remote://localhost:${port}${file}`;
}
