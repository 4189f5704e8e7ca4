/** The types that ship: they accept a correct protocol, and reject mistakes at their lines. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runNode } from '../host/node-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shipped = path.join(root, 'dist/types/lockstep.d.ts');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

// Without a build there are no types to test; `npm test` builds first.
describe.skipIf(!existsSync(shipped))('the types that ship', async () => {
  const { stdout } = await runNode(compiler, ['-p', 'test/types', '--pretty', 'false'], root);
  const errors = [...stdout.matchAll(/^(.+)\((\d+),\d+\): error TS\d+: (.*(?:\n {2}.*)*)/gm)].map(
    ([, file, line, message]) => ({ file: path.basename(file!), line: Number(line), message: message! }),
  );

  it('accept a correct protocol', () => {
    expect(errors.filter(({ file }) => file !== 'wrong.ts')).toEqual([]);
  });

  const lines = readFileSync(path.join(root, 'test/types/cases/wrong.ts'), 'utf8').split('\n');
  const marked = lines.flatMap((line, index) => {
    const words = /^\s*\/\/ ✗ (.*)/.exec(line)?.[1];
    return words === undefined ? [] : [{ line: index, words }];
  });

  it.each(marked)('reject line $line: $words', ({ line, words }) => {
    const here = errors.filter((error) => error.line === line && error.file === 'wrong.ts');
    expect(here.map(({ message }) => message).join('\n')).toContain(words);
  });

  it('reject nothing else', () => {
    const known = new Set(marked.map(({ line }) => line));
    expect(errors.filter(({ file, line }) => file === 'wrong.ts' && !known.has(line))).toEqual([]);
  });

  it('are one file without imports', () => {
    const text = readFileSync(shipped, 'utf8');
    expect(text).not.toMatch(/^import\b/m);
    for (const name of ['defineProtocol', 'role', 'operation', 'invariant', 'derivedEvent', 'between', 'seconds']) {
      expect(text).toMatch(new RegExp(`export declare (function|const) ${name}\\b`));
    }
  });

  const samples = readdirSync(path.join(root, 'samples')).filter((name) =>
    existsSync(path.join(root, 'samples', name, 'tsconfig.json')),
  );

  it.each(samples)('accept the protocols of samples/%s', async (name) => {
    const checked = await runNode(compiler, ['-p', path.join(root, 'samples', name)], root);
    expect(checked.stdout).toBe('');
  });
});
