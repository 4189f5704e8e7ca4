/** Models of others as a user writes them: `lockstep explore` counts the states that are published. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Shell } from '../cli/shell.ts';

const folder = fileURLToPath(new URL('published/', import.meta.url));

/** Each file of the folder, with another number of resource managers. */
function shell(resources: number): Shell {
  const names = ['register.ts', ...['two-phase', 'single-copy', 'abd', 'paxos'].flatMap((name) => {
    return [`${name}.ts`, `${name}.scenario.yaml`];
  })];
  const files = names.map((name) => {
    const text = readFileSync(`${folder}${name}`, 'utf8');
    return [name, text.replace('r1..r3', resources === 1 ? 'r1' : `r1..r${resources}`)] as const;
  });
  return new Shell(Object.fromEntries(files));
}

async function count(model: string, options: readonly string[], resources = 3) {
  const found = await shell(resources).run(
    'explore', `${model}.scenario.yaml`, '--untimed', '--json', ...options,
  );
  expect(found).toMatchObject({ code: 0, error: '' });
  return JSON.parse(found.out) as { states: number; cut: string[] };
}

test.each([[3, 288], [5, 8_832], [7, 296_448]])(
  'TwoPhase.tla, %i resource managers: the %i states of TLC', async (resources, states) => {
    const found = await count('two-phase', ['--faults', 'duplicates=any'], resources);
    expect(found).toMatchObject({ states, cut: [] });
  },
);

test.each([1, 2, 3, 4])('messages that are consumed: 8ⁿ + 4ⁿ + 2ⁿ, n = %i', async (n) => {
  expect((await count('two-phase', [], n)).states).toBe(8 ** n + 4 ** n + 2 ** n);
});

test.each([['single-copy', 93], ['abd', 544], ['paxos', 16_668]])(
  "Stateright's %s: %i", async (model, states) => {
    expect(await count(model, ['--skip-idle'])).toMatchObject({ states, cut: [] });
  },
);

test('depth-first, in whole worlds, there are as many', async () => {
  const found = await count('abd', ['--skip-idle', '--mode', 'dfs']);
  expect(found).toMatchObject({ states: 544 });
});

test('any number of faults counts a state once, where no run is judged by its faults', async () => {
  const faults = ['--faults', 'crashes=any,duplicates=any', '--mode'];
  const [tuples, worlds] = [
    await count('two-phase', [...faults, 'bfs'], 1), await count('two-phase', [...faults, 'dfs'], 1),
  ];
  expect(tuples.states).toBe(worlds.states);
  // How many are left of a number is a part of the state.
  const many = await count('two-phase', ['--faults', 'crashes=9,duplicates=any', '--mode', 'dfs'], 1);
  expect(many.states).toBeGreaterThan(tuples.states);
});
