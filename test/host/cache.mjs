// Where a fetched VS Code server, Node and profile are kept between runs, and how a package gets there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The folder that @vscode/test-electron uses for its downloads, too. */
export const cacheFolder = path.join(root, '.vscode-test');

/** An error whose message is meant for a person: what could not be had, and what to do. */
export class SetUpError extends Error {}

/**
 * The folder of an npm package, fetched once and unpacked without running any of its scripts.
 * `finish` may complete it; the folder appears under its final name only when all is done, so that
 * an interrupted run leaves nothing half-made behind.
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
    if (!archive) throw new SetUpError(`npm pack brought no archive of ${name}@${version}`);
    run('tar', ['-xzf', archive], workFolder);
    finish(path.join(workFolder, 'package'));
    renameSync(path.join(workFolder, 'package'), target);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  return target;
}

export function npm(args, cwd) {
  run('npm', args, cwd, { shell: process.platform === 'win32' });
}

function run(command, args, cwd, options = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', ...options });
  if (result.status === 0) return;
  const said = [result.error?.message, result.stderr, result.stdout].filter(Boolean).join('\n');
  throw new SetUpError(`\`${command} ${args.join(' ')}\` failed:\n${said.trim().slice(-2000)}`);
}
