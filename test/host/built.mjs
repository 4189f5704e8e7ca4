// Builds dist/ before tests that read it, if it is missing or older than the sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './cache.mjs';

/** What ends up in dist/. The build writes its notices last, and only if it succeeded. */
const sources = ['src', 'webview', 'samples/new-protocol', 'esbuild.mjs', 'package-lock.json'];
const writtenLast = path.join(root, 'dist', 'THIRD-PARTY-NOTICES.txt');

/** A global set-up of vitest: `npm test` has built already, a single test file run by hand has not. */
export default function setup() {
  if (isFresh()) return;
  const { status } = spawnSync(process.execPath, ['esbuild.mjs', '--quiet'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed: these tests read what it writes to dist/.');
}

function isFresh() {
  if (!existsSync(writtenLast)) return false;
  const builtAt = statSync(writtenLast).mtimeMs;
  return sources.flatMap(filesOf).every((file) => statSync(file).mtimeMs <= builtAt);
}

function filesOf(source) {
  const top = path.join(root, source);
  if (statSync(top).isFile()) return [top];
  return readdirSync(top, { recursive: true })
    .map((name) => path.join(top, String(name)))
    .filter((file) => !file.endsWith('.d.ts') && statSync(file).isFile());
}
