/** Every sample scenario: a correct one holds with every seed, and its broken twin with none. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenario.yaml'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();
const isBroken = (name: string) => name.endsWith('.broken.scenario.yaml');

async function run(name: string, seed: number): Promise<{ code: number; out: string }> {
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(['run', '--quiet', '--seed', String(seed), name], {
    read: (file) => readFileSync(join(samples, file), 'utf8'),
    version: () => '',
    out: write,
    error: write,
  });
  return { code, out };
}

const launches = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('launch.json'))
  .map((name) => name.replaceAll('\\', '/'));

test.each(launches)('%s names each configuration once, and existing scenarios', (name) => {
  const text = readFileSync(join(samples, name), 'utf8').replace(/^ *\/\/.*$/gm, '');
  const { configurations } = JSON.parse(text) as {
    configurations: { name: string; program: string }[];
  };
  const folder = name.split('/')[0]!;
  const scenarios = files.filter((file) => file.startsWith(`${folder}/`));
  const named = scenarios.map((file) => file.replace(folder, '${workspaceFolder}'));
  const programs = ['${file}', ...named];
  expect(new Set(configurations.map((one) => one.name)).size).toBe(configurations.length);
  for (const { program } of configurations) expect(programs).toContain(program);
});

const seeds = process.env.LOCKSTEP_SEEDS === undefined ? 4 : 200;

test.each(files)('%s', async (name) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const { code, out } = await run(name, seed);
    const failed = out.split('\n').filter((line) => !line.startsWith('✓'));
    expect(code, `seed ${seed}\n${failed.join('\n')}`).toBe(isBroken(name) ? 1 : 0);
  }
});

const twins = files.filter(
  (name) => isBroken(name) && files.includes(name.replace('.broken.', '.')),
);

/** The lines that influence a run: not comments, the title, or where a debugger stops. */
function effectiveLines(name: string): string[] {
  const text = readFileSync(join(samples, name), 'utf8');
  const lines = text.split(/^breakOn:/m)[0].split('\n').map((line) => line.replace(/(^|\s+)#.*$/, ''));
  return lines.filter((line) => line !== '' && !/^(title|breaks):/.test(line));
}

test.each(twins)('%s differs from the correct one in one line', (name) => {
  const broken = effectiveLines(name);
  const correct = effectiveLines(name.replace('.broken.', '.'));
  expect(broken.length).toBe(correct.length);
  expect(broken.filter((line, i) => line !== correct[i])).toHaveLength(1);
});
