// The package: its size, its manifest, and how long it takes to activate.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const bytesMax = 6_000_000;
const activationMsMax = 50;

// Before the first build there is nothing to check; `npm test` builds first.
describe.skipIf(!existsSync(path.join(root, 'dist', 'extension.js')))('the package', () => {
  it(`is at most ${bytesMax / 1e6} MB, unpacked`, () => {
    const sizes = shippedFiles().map((file) => [file, statSync(path.join(root, file)).size] as const);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(total, sizes.map(([file, size]) => `${file} ${size}`).join('\n')).toBeLessThanOrEqual(bytesMax);
  });

  it('holds every file that the manifest names', () => {
    const shipped = shippedFiles();
    const named = [
      manifest.main,
      manifest.browser,
      manifest.bin.lockstep,
      ...manifest.contributes.yamlValidation.map(({ url }: { url: string }) => url),
    ];
    for (const file of named) expect(shipped).toContain(path.normalize(file));
  });

  it(`wakes up within ${activationMsMax} ms`, () => {
    // The best of several runs measures our code rather than the load of the machine.
    const times = Array.from({ length: 7 }, measureActivationMs);
    expect(Math.min(...times)).toBeLessThanOrEqual(activationMsMax);
  });
});

/** The files that the ignore list lets through: it refuses all, then names exceptions. */
function shippedFiles(): string[] {
  const lines = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  expect(lines[0]).toBe('**');
  return lines.filter((line) => line.startsWith('!')).flatMap((line) => filesLike(line.slice(1)));
}

function filesLike(pattern: string): string[] {
  const folder = path.dirname(pattern);
  if (!existsSync(path.join(root, folder))) return [];
  const [start = '', end = ''] = path.basename(pattern).split('*');
  return readdirSync(path.join(root, folder))
    .filter((name) => (pattern.includes('*') ? name.startsWith(start) && name.endsWith(end) : name === start))
    .map((name) => path.join(folder, name));
}

/** Loads and activates the bundle in a new process, with a `vscode` that accepts every call. */
function measureActivationMs(): number {
  const script = `
    const Module = require('node:module');
    const traps = {
      get: (_target, key) => (key === Symbol.iterator ? [][Symbol.iterator].bind([]) : anything),
      set: () => true,
      apply: () => anything,
      construct: () => anything,
    };
    const anything = new Proxy(function () {}, traps);
    // The bundle copies a module's names into an object of its own, and inherits the rest.
    const module = Object.create(anything);
    const load = Module._load;
    Module._load = (request, ...rest) => (request === 'vscode' ? Object.create(module) : load(request, ...rest));
    const startedAt = performance.now();
    require(${JSON.stringify(path.join(root, 'dist', 'extension.js'))})
      .activate({ subscriptions: [], extensionUri: anything });
    console.log(performance.now() - startedAt);
  `;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}
