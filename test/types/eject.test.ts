/** `lockstep eject` as it ships: every copy satisfies the compiler and runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { library } from '../../src/protocols/library.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'dist/cli.js');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

describe.skipIf(!existsSync(program))('copies of all built-in protocols in one folder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-eject-'));
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are written, and their scenarios run', () => {
    for (const { name } of library) {
      expect(run(program, 'eject', name, 'own')).toMatchObject({ status: 0, stderr: '' });
    }
    const scenarios = library.map(({ name }) => `own/${name}.scenario.yaml`);
    const { status, stdout, stderr } = run(program, 'run', '-q', ...scenarios);
    expect(status, stdout + stderr).toBe(0);
  });

  it('have the types that ship', () => {
    expect(run(compiler, '-p', 'own', '--pretty', 'false').stdout).toBe('');
  });
});
