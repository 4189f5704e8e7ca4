// Finds a desktop VS Code: named by VSCODE, downloaded by @vscode/test-electron, or installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, SetUpError } from './cache.mjs';

/** The executable of a desktop VS Code that tests may use; undefined if there is none. */
export function findTestDesktop() {
  const named = process.env.VSCODE;
  if (named && !existsSync(named)) throw new SetUpError(`VSCODE is ${named}, which does not exist.`);
  return named || findDownloaded();
}

/** The same, or the user's own installation. */
export function findDesktop() {
  return findTestDesktop() ?? findInstalled();
}

function findDownloaded() {
  if (!existsSync(cacheFolder)) return undefined;
  const executables = [
    'code',
    'Code.exe',
    'Visual Studio Code.app/Contents/MacOS/Electron',
    'Visual Studio Code.app/Contents/MacOS/Code',
  ];
  return readdirSync(cacheFolder)
    .filter((name) => name.startsWith('vscode-'))
    .flatMap((name) => executables.map((executable) => path.join(cacheFolder, name, executable)))
    .find((file) => existsSync(file));
}

function findInstalled() {
  // A remote or headless shell may have `code` on its path but no screen to open it on.
  const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen) return undefined;
  const result = spawnSync('code', ['--version'], { shell: process.platform === 'win32' });
  return result.status === 0 ? 'code' : undefined;
}
