// `npm run package`: packs what the build made and `.vscodeignore` names into dist/lockstep.vsix, or the given file.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The file that is published, and that the tests install. */
export const packageFile = path.join(root, 'dist', 'lockstep.vsix');

/** Returns whether the package was made; vsce has then printed the reason. */
export function makePackage({ quiet = false, file = packageFile } = {}) {
  const list = [
    path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
    'package',
    // Everything is bundled: nothing of node_modules belongs in the package.
    '--no-dependencies',
    // The manifest names no repository, so links in the README cannot be made absolute.
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    ...['--out', file],
  ];
  const stdio = quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit';
  return spawnSync(process.execPath, list, { cwd: root, stdio }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = makePackage({ file: process.argv[2] }) ? 0 : 1;
}
