/** Symmetry as a user has it: a word in a role, and a line in the verdict. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Shell } from '../../cli/shell.ts';

const folder = fileURLToPath(new URL('../published/', import.meta.url));

/** The model of the folder, declared alike; `isSet`: with a set of names in place of a list. */
async function explore(isSet: boolean, resources: number, ...options: string[]) {
  const list = 'state.prepared = [...state.prepared, from].sort();';
  const protocol = readFileSync(`${folder}two-phase.ts`, 'utf8')
    .replace("doc: 'Holds a part of the transaction.',", (doc) => `${doc} alike: true,`);
  const changed = !isSet ? protocol : protocol
    .replace('prepared: string[]', 'prepared: Record<string, true>')
    .replace('prepared: []', 'prepared: {}')
    .replace('state.prepared.includes(from)', 'state.prepared[from]')
    .replace(list, 'state.prepared[from] = true;')
    .replace('state.prepared.length', 'Object.keys(state.prepared).length');
  const scenario = readFileSync(`${folder}two-phase.scenario.yaml`, 'utf8')
    .replace('r1..r3', `r1..r${resources}`);
  const shell = new Shell({ 'two-phase.ts': changed, 'two-phase.scenario.yaml': scenario });
  return shell.run(
    'explore', 'two-phase.scenario.yaml', '--untimed', '--mode', 'bfs',
    '--faults', 'duplicates=any', ...options,
  );
}

test('five alike resource managers have 314 states', async () => {
  const { code, out } = await explore(true, 5);
  expect(code).toBe(0);
  expect(out).toContain('314 states');
  expect(out).toContain('symmetry: r1..r5 are alike');
});

test('a list of names in their order tells them apart: all states are visited', async () => {
  const { code, out } = await explore(false, 3);
  expect(code).toBe(0);
  expect(out).toContain('288 states');
  expect(out).toContain('no symmetry: Prepared has another effect if ');
});

test('a node that a condition names is not like the others', async () => {
  const { code, out, error } = await explore(true, 3, '--reach', "r1.state.is == 'committed'");
  expect({ code, error }).toEqual({ code: 1, error: '' });
  expect(out).toContain('symmetry: r2 and r3 are alike');
});
