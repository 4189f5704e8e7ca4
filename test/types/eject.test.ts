/** `lockstep eject` as it ships: every copy satisfies the compiler and runs. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { runNode } from '../host/node-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'dist/cli.js');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

describe.skipIf(!existsSync(program))('copies of all built-in protocols in one folder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-eject-'));
  const run = (script: string, ...args: string[]) => runNode(script, args, folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are written, and their scenarios run', async () => {
    for (const { name } of library) {
      expect(await run(program, 'eject', name, 'own')).toMatchObject({ status: 0, stderr: '' });
    }
    const scenarios = library.map(({ name }) => `own/${name}.scenario.yaml`);
    const { status, stdout, stderr } = await run(program, 'run', '-q', ...scenarios);
    expect(status, stdout + stderr).toBe(0);
  });

  it('have the types that ship', async () => {
    expect((await run(compiler, '-p', 'own', '--pretty', 'false')).stdout).toBe('');
  });
});
