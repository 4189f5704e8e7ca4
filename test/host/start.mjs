// `npm start`: opens the sample workspace with the extension in a real VS Code, on the desktop if
// there is one and otherwise in the browser.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, root, SetUpError } from './cache.mjs';
import { findDesktop } from './desktop.mjs';
import { installExtension } from './install.mjs';
import { freePort, remoteFile, startServer, workbenchAddress } from './server.mjs';

const usualPort = 8321;
const workspace = path.join(root, 'samples', 'raft');
const firstFile = path.join(workspace, 'first-election.scenario.yaml');

try {
  const desktop = findDesktop();
  if (desktop) startDesktop(desktop);
  else await startInBrowser();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function startDesktop(executable) {
  console.log(`Lockstep: opening ${workspace} in ${executable}`);
  const files = existsSync(firstFile) ? [firstFile] : [];
  const list = [`--extensionDevelopmentPath=${root}`, '--new-window', workspace, ...files];
  spawn(executable, list, { stdio: 'inherit', shell: process.platform === 'win32' });
}

async function startInBrowser() {
  const dataFolder = path.join(cacheFolder, 'profile');
  installExtension(path.join(dataFolder, 'extensions'));
  // The workbench has a terminal: without this secret, any page or user of this machine could use it.
  const token = randomBytes(16).toString('hex');
  const port = await freePort(Number(process.env.PORT) || usualPort);
  const server = await startServer({ dataFolder, port, token });
  const payload = existsSync(firstFile) ? [['openFile', remoteFile(port, firstFile)]] : [];
  console.log('\nLockstep runs in VS Code for the browser. Open this address, then press F5:\n');
  console.log(`  ${workbenchAddress({ port, token, folder: workspace, payload })}\n`);
  console.log('Ctrl+C stops it.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.stop());
}
