/** The reference for authors: its README shows only lines of samples that run. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

const folder = fileURLToPath(new URL('../../samples/reference/', import.meta.url));
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const readme = read('README.md');
const sources = [
  'ring.ts', 'visits.ts', 'ring.scenario.yaml', 'throws.scenario.yaml', 'counter.ts',
  'connection.scenario.yaml',
];
const lines = sources.flatMap((file) => read(file).split('\n').map((line) => line.trim()));

test.each([...readme.matchAll(/```(?:ts|yaml)\n([^]*?)```/g)].map(([, block]) => block!))('%s', (block) => {
  for (const line of block.split('\n')) expect(lines).toContain(line.trim());
});

test.each(['ring', 'throws', 'connection'])('%s.scenario.yaml holds', async (name) => {
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', '-q', `${name}.scenario.yaml`], {
    read, version: () => '', out: write, error: write,
  });
  expect(code, out).toBe(0);
});

test('every form of an expectation is in a sample', () => {
  const text = read('ring.scenario.yaml') + read('throws.scenario.yaml');
  for (const form of ['event', 'no event', 'always:', 'never:', 'eventually:', 'end:', 'throws']) {
    expect(text).toContain(`\n  - ${form} `);
  }
});

test('it is one click away from the README, and its links lead to files', () => {
  const top = readFileSync(path.join(folder, '../../README.md'), 'utf8');
  expect(top).toContain('(samples/reference/README.md)');
  const linked = [...readme.matchAll(/\]\(([\w.-]+)\)/g)].map(([, file]) => file!);
  for (const file of linked) expect(readdirSync(folder)).toContain(file);
});
