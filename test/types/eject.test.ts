/** `lockstep eject` as it ships: every copy satisfies the compiler and runs. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { library } from '../../src/protocols/library.ts';
import { runNode } from '../host/node-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'dist/cli.js');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

describe.skipIf(!existsSync(program))('copies of all built-in protocols in one folder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-eject-'));
  const run = (script: string, ...args: string[]) => runNode(script, args, folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The same command in this process, which has loaded it already: a process takes a second to start. */
  const ejectHere = async (name: string) => {
    let problem = '';
    const code = await lockstep(['eject', name, 'own'], {
      read: (file) => readFileSync(path.resolve(folder, file), 'utf8'),
      shipped: (file) => readFileSync(path.join(root, 'dist', file), 'utf8'),
      write(file, text) {
        const target = path.resolve(folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, text);
      },
      version: () => '',
      out: async () => {},
      error: async (text) => void (problem += text),
    });
    expect({ name, code, problem }).toEqual({ name, code: 0, problem: '' });
  };

  it('are written, and their scenarios run', async () => {
    const [first, ...others] = library;
    expect(await run(program, 'eject', first!.name, 'own')).toMatchObject({ status: 0, stderr: '' });
    for (const { name } of others) await ejectHere(name);
    const scenarios = library.map(({ name }) => `own/${name}.scenario.yaml`);
    const { status, stdout, stderr } = await run(program, 'run', '-q', ...scenarios);
    expect(status, stdout + stderr).toBe(0);
  });

  it('have the types that ship', async () => {
    expect((await run(compiler, '-p', 'own', '--pretty', 'false')).stdout).toBe('');
  });
});
