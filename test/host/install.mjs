// Installs the extension as a release would be, from what the build made.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './cache.mjs';

/** Into a server's folder of extensions, before its first start: it then behaves as it does for a user. */
export function installExtension(folder) {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const target = path.join(folder, `${publisher}.${name}-${version}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const part of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist']) {
    const source = path.join(root, part);
    if (existsSync(source)) cpSync(source, path.join(target, part), { recursive: true });
  }
}
