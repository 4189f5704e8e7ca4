// The cache of downloaded hosts (VS Code server, Node, profile), and how an npm package gets there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suiteMs } from './patience.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The same folder that @vscode/test-electron uses for its downloads. */
export const cacheFolder = path.join(root, '.vscode-test');

/** An error whose message is for the user: what is missing on this machine, and what to do. */
export class SetUpError extends Error {}

/** Runs `main`; a `SetUpError` prints its message without a stack and exits with status 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * Returns the folder of an npm package, downloaded once and unpacked without running its scripts.
 * `finish` may complete the folder. It gets its final name only after that, so an interrupted
 * download leaves nothing half-made behind, and two processes may download at the same time.
 */
export function cachedPackage(name, version, finish = () => {}) {
  const target = path.join(cacheFolder, `${name}-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(cacheFolder, { recursive: true });
  const workFolder = mkdtempSync(path.join(cacheFolder, '.fetching-'));
  try {
    console.log(`set-up: fetching ${name} ${version} with npm (once; kept in .vscode-test/)`);
    npm(['pack', `${name}@${version}`, '--silent', '--pack-destination', workFolder], workFolder);
    const archive = readdirSync(workFolder).find((file) => file.endsWith('.tgz'));
    if (!archive) throw new SetUpError(`npm pack created no archive of ${name}@${version}.`);
    run('tar', ['-xzf', archive], workFolder);
    finish(path.join(workFolder, 'package'));
    moveUnlessThere(path.join(workFolder, 'package'), target);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  return target;
}

/** Another process may have finished the same download first: then its copy stays. */
function moveUnlessThere(source, target) {
  try {
    renameSync(source, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

export function npm(args, cwd) {
  run('npm', args, cwd, { shell: process.platform === 'win32' });
}

function run(command, args, cwd, options = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: suiteMs, ...options });
  if (result.status === 0) return;
  const output = [result.error?.message, result.stderr, result.stdout].filter(Boolean).join('\n');
  throw new SetUpError(`\`${command} ${args.join(' ')}\` failed:\n${output.trim().slice(-2000)}`);
}
