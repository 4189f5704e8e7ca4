// The tables in lessons that a command filled in are what it prints now; UPDATE_GOLDEN=1 rewrites them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const lessons = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

const mark = /<!-- table: (.*?) -->\n([^]*?)<!-- end of table -->/g;
const marks = /<!-- table:|<!-- end of table -->/g;

/** The text of a README with each table as its command prints it in the folder of the README. */
async function filledIn(text: string, folder: string): Promise<string> {
  expect(text.match(marks)?.length ?? 0, 'each table has an end').toBe(
    [...text.matchAll(mark)].length * 2,
  );
  let filled = text;
  for (const [whole, command] of text.matchAll(mark)) {
    const table = await printed(command, folder);
    filled = filled.replace(whole, () => `<!-- table: ${command} -->\n\n${table}\n<!-- end of table -->`);
  }
  return filled;
}

async function printed(command: string, folder: string): Promise<string> {
  const [program, ...args] = command.split(' ');
  expect(program).toBe('lockstep');
  let out = '';
  const write = async (text: string) => void (out += text);
  const code = await lockstep(args, {
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    version: () => '',
    out: write,
    error: write,
  });
  expect(code, `${command}: ${out}`).toBe(0);
  return out;
}

const withTables = lessons.filter((name) => {
  return /<!-- table:/.test(readFileSync(join(samples, name), 'utf8'));
});

test.each(withTables)('%s has the figures of its runs', async (name) => {
  const file = join(samples, name);
  const text = readFileSync(file, 'utf8');
  const filled = await filledIn(text, dirname(file));
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, filled);
  else expect(text).toBe(filled);
});

test('a figure that no run shows is found, and so is a table without an end', async () => {
  const folder = join(samples, 'race-conditions');
  const command = 'lockstep compare --markdown --columns scenario,actions atomic-operation.scenario.yaml';
  const text = `<!-- table: ${command} -->\n\n| scenario | actions |\n<!-- end of table -->\n`;
  const filled = await filledIn(text, folder);
  expect(filled).toContain('| [atomic-operation](atomic-operation.scenario.yaml) | 20 |');
  expect(await filledIn(filled, folder)).toBe(filled);
  await expect(filledIn(`<!-- table: ${command} -->\n`, folder)).rejects.toThrow('has an end');
});
