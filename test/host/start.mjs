// `npm start`: opens the sample workspace with the extension in a real VS Code, on the desktop if
// there is one and otherwise in the browser.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makePackage, packageFile } from '../package/make.mjs';
import { cacheFolder, root, runMain, SetUpError } from './cache.mjs';
import { findDesktop } from './desktop.mjs';
import { freePort, installOnServer, remoteFile, startServer, workbenchAddress } from './server.mjs';

const usualPort = 8321;
const workspace = path.join(root, 'samples', 'raft');
const firstFile = path.join(workspace, 'first-election.scenario.yaml');

await runMain(async () => {
  const desktop = findDesktop();
  if (desktop) startDesktop(desktop);
  else await startInBrowser();
});

function startDesktop(executable) {
  console.log(`Lockstep: opening ${workspace} in ${executable}`);
  const files = existsSync(firstFile) ? [firstFile] : [];
  const list = [`--extensionDevelopmentPath=${root}`, '--new-window', workspace, ...files];
  spawn(executable, list, { stdio: 'inherit', shell: process.platform === 'win32' });
}

async function startInBrowser() {
  const dataFolder = path.join(cacheFolder, 'profile');
  if (!makePackage({ quiet: true })) throw new SetUpError('The extension could not be packaged.');
  installOnServer({ dataFolder, files: [packageFile] });
  // The workbench has a terminal: without this secret, any page or user of this machine could use it.
  const token = randomBytes(16).toString('hex');
  const wanted = await freePort(Number(process.env.PORT) || usualPort);
  const { port, stop } = await startServer({ dataFolder, port: wanted, token });
  const payload = existsSync(firstFile) ? [['openFile', remoteFile(port, firstFile)]] : [];
  console.log('\nLockstep runs in VS Code for the browser. Open this address, then press F5:\n');
  console.log(`  ${workbenchAddress({ port, token, folder: workspace, payload })}\n`);
  console.log('Ctrl+C stops it.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop());
}
