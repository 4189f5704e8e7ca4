// The package that ships: its content, its size, and that it activates.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activate } from './activation.ts';
import { runNode } from '../host/node-process.ts';
import { type ZipEntry, zipEntries } from './zip.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** Of the package that is downloaded; and of what an editor keeps of it on disk. */
const bytesMax = 6_000_000;
const unpackedMax = 16_000_000;

describe('the package', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-package-'));
  const file = path.join(folder, 'lockstep.vsix');
  let entries: readonly ZipEntry[];
  /** The files of the extension, by their paths in the repository. */
  let files: readonly string[];

  beforeAll(async () => {
    const { status, stderr } = await runNode('test/package/make.mjs', [file], root);
    expect(status, stderr).toBe(0);
    entries = zipEntries(file);
    files = entries
      .map(({ name }) => name)
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`takes at most ${bytesMax / 1e6} MB, and unpacked at most ${unpackedMax / 1e6} MB`, () => {
    const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
    const list = entries.map(({ name, size }) => `${name} ${size}`).join('\n');
    expect(statSync(file).size, list).toBeLessThanOrEqual(bytesMax);
    expect(unpacked, list).toBeLessThanOrEqual(unpackedMax);
  });

  it('contains only what .vscodeignore names, and something for each of its lines', () => {
    const [first, ...others] = readFileSync(path.join(root, '.vscodeignore'), 'utf8').trim().split('\n');
    expect(first).toBe('**');
    expect(others.filter((line) => !line.startsWith('!'))).toEqual([]);
    const patterns = others.map((line) => line.slice(1));
    const matches = (pattern: string) => (name: string) => patternOf(pattern).test(name);
    expect(files.filter((name) => !patterns.some((pattern) => matches(pattern)(name)))).toEqual([]);
    expect(patterns.filter((pattern) => !files.some(matches(pattern)))).toEqual([]);
  });

  it('contains every file that the manifest names', () => {
    const { main, browser, bin, contributes } = manifest;
    const schemas = contributes.yamlValidation.map(({ url }: { url: string }) => url);
    for (const named of [main, browser, bin.lockstep, ...schemas]) {
      expect(files).toContain(path.posix.normalize(named));
    }
  });

  it('contains the sources of the built-in protocols and of what they import, and no others', () => {
    for (const folderName of ['protocol', 'protocols']) {
      const sources = readdirSync(path.join(root, 'src', folderName), { recursive: true })
        .map((name) => `dist/${folderName}/${String(name).replaceAll('\\', '/')}`)
        .filter((name) => name.endsWith('.ts'));
      const packed = files.filter((name) => name.startsWith(`dist/${folderName}/`));
      expect(packed.toSorted()).toEqual(sources.toSorted());
    }
  });

  it('contains no code of tests, benches or packages', () => {
    expect(files.filter((name) => /(^|\/)(test|bench|conformance|node_modules)\b/.test(name))).toEqual([]);
  });
});

it('activates without loading the engine, which is most of the code', () => {
  const { loaded } = activate(path.join(root, 'dist', 'extension.js'));
  const names = loaded.map((each) => path.basename(each));
  expect(names).toContain('extension.js');
  expect(names).not.toContain('cli.js');
});

/**
 * A pattern of `.vscodeignore`; `**` matches any folders, `*` a part of one name. In the package
 * vsce renames the files that a marketplace shows: readme.md, changelog.md and LICENSE.txt.
 */
function patternOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*/g, (wildcard) => (wildcard === '*' ? '[^/]*' : '(.+/)?'));
  return pattern.includes('/') ? new RegExp(`^${source}$`) : new RegExp(`^${source}(\\.txt)?$`, 'i');
}
