/** The samples of race conditions: each broken one fails for its reason. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

const samples = fileURLToPath(new URL('../../samples/race-conditions/', import.meta.url));
const textOf = (name: string) => readFileSync(`${samples}${name}`, 'utf8');

async function run(name: string, seed: number): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await lockstep(['run', '--quiet', '--seed', String(seed), name], {
    read: textOf,
    version: () => '',
    out: async (text) => void (out += text),
    error: async (text) => void (out += text),
  });
  return { code, out };
}

const why: Record<string, RegExp> = {
  'last-item-sold-twice.broken.scenario.yaml': /there was 1 piece, and 2 were sold, to [AB] and [AB]/,
  'deadlock.broken.scenario.yaml': /db reported Deadlock .*cycle \[[AB], [AB]\]/,
  'write-skew.broken.scenario.yaml': /SerializationFailure at db did not happen/,
};

test.each(Object.keys(why))('%s says why, with seeds 1 to 10', async (name) => {
  for (let seed = 1; seed <= 10; seed++) {
    const { out } = await run(name, seed);
    expect(out, `seed ${seed}`).toMatch(why[name]);
  }
});

test('a buyer that gave up after a conflict had no effect, and its outcome is known', async () => {
  let out = '';
  await lockstep(['compare', '--json', 'eight-buyers-optimistic.scenario.yaml'], {
    read: textOf, version: () => '', out: async (text) => void (out += text), error: async () => {},
  });
  expect(JSON.parse(out)).toMatchObject({ operations: { ok: 4, failed: 4, unknown: 0 } });
});

/** The settings, nodes and steps of a sample, without titles, comments and expectations. */
function core(name: string): string[] {
  return textOf(name)
    .split(/^expect:/m)[0]
    .split('\n')
    .filter((line) => !line.startsWith('title:'))
    .map((line) => line.replace(/(^|\s+)# .*/, ''))
    .filter((line) => line !== '');
}

test.each([
  ['last-item-sold-twice', 'pessimistic-lock'],
  ['last-item-sold-twice', 'optimistic-version'],
  ['last-item-sold-twice', 'atomic-operation'],
  ['deadlock', 'lock-order'],
  ['write-skew', 'write-skew'],
])('%s and %s differ in one line', (broken, correct) => {
  const [a, b] = [`${broken}.broken`, correct].map((name) => core(`${name}.scenario.yaml`));
  expect(b).toHaveLength(a.length);
  expect(b.filter((line, i) => line !== a[i])).toHaveLength(1);
});
