/** `lockstep eject`: what it writes, what it keeps, and what it refuses. */
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { expectGolden } from '../golden.ts';
import { Shell, transcript } from './shell.ts';

test('writes the protocol, what it imports, a scenario and the types', async () => {
  const shell = new Shell();
  const printed = await shell.run('eject', 'etcd-lock', 'own/');
  expectGolden(import.meta.url, 'eject', transcript(printed));
  expect(Object.keys(shell.files).every((file) => /^own\/\w/.test(file))).toBe(true);
  expect(shell.files['own/etcd-lock.scenario.yaml']).toMatch(/^protocol: \.\/etcd\/etcd-lock\.ts\n/);
});

test('the same again changes nothing, and another protocol shares what both import', async () => {
  const shell = new Shell();
  await shell.run('eject', 'raft', 'own');
  const before = { ...shell.files };
  expect((await shell.run('eject', 'raft', 'own')).code).toBe(0);
  expect(shell.files).toEqual(before);
  for (const { name } of library) expect((await shell.run('eject', name, 'own')).code).toBe(0);
});

test('refuses to overwrite a file, and says what it overwrites with --force', async () => {
  const own = { 'own/raft/raft.ts': '// mine\n', 'own/raft/log.ts': '// mine, too\n' };
  const shell = new Shell({ ...own });
  const refused = await shell.run('eject', 'raft', 'own');
  expect(refused).toEqual({
    code: 2,
    out: '',
    error:
      'lockstep: own/raft/raft.ts and 1 more exist, with different content: ' +
      'choose another folder, or use --force to overwrite them\n',
  });
  expect(shell.files).toEqual(own);
  const forced = await shell.run('eject', 'raft', 'own', '--force');
  expect(forced.code).toBe(0);
  expect(forced.out.match(/^overwrote .*/gm)!.toSorted()).toEqual([
    'overwrote own/raft/log.ts', 'overwrote own/raft/raft.ts',
  ]);
  expect(shell.files['own/raft/raft.ts']).toContain("from 'lockstep'");
});

test('keeps an existing tsconfig.json, also with --force', async () => {
  const shell = new Shell({ 'own/tsconfig.json': '{}' });
  for (const flags of [[], ['--force']]) {
    const { code, out } = await shell.run('eject', 'raft', 'own', ...flags);
    expect(code).toBe(0);
    expect(out).toContain(
      'kept own/tsconfig.json: for the editor, its `paths` must map "lockstep" to ./lockstep.d.ts\n',
    );
    expect(shell.files['own/tsconfig.json']).toBe('{}');
  }
});

test('refuses what it cannot copy', async () => {
  const shell = new Shell();
  const texts: string[] = [];
  for (const args of [[], ['raft'], ['raft', 'a', 'b'], ['rafft', 'own'], ['./p.ts', 'own'], ['raft', '']]) {
    const { code, error } = await shell.run('eject', ...args);
    expect(code).toBe(2);
    texts.push(`${args.join(' ')} → ${error}`);
  }
  expectGolden(import.meta.url, 'eject-refused', texts.join(''));
  expect(shell.files).toEqual({});
});
