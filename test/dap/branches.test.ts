/** Branches by requests and by the debug console: they are listed, visited, named, deleted, kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { BranchesChange, BranchesView } from '../../src/view/branches.ts';
import { turn } from '../host/event-loop.ts';
import { type Adapter, openAdapter, scenarios } from './client.ts';
import { launched } from './transcript.ts';
import { workspace } from './workspace.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

const program = `${scenarios}/write.scenario.yaml`;

async function begun(args: object = {}) {
  adapter = openAdapter();
  const { client } = adapter;
  await launched(client, { program, stopOnEntry: true, ...args });
  const list = async () => (await client.ask('lockstep/branches')) as BranchesView;
  const type = async (expression: string) => {
    const stop = client.event('stopped');
    const { result } = await client.ask('evaluate', { expression, context: 'repl' });
    await stop;
    return result;
  };
  const goto = (step: number, branch?: number) =>
    client.move('lockstep/panel', { type: 'goto', step, branch });
  return { client, list, type, goto };
}

/** Steps to 12, and two branches: one from step 3, and one from step 5 of that. */
async function twoBranches(args: object = {}) {
  const all = await begun(args);
  for (let step = 0; step < 12; step++) await all.client.move('next');
  await all.goto(3);
  await all.type('crash n1');
  for (let step = 0; step < 4; step++) await all.client.move('next');
  await all.goto(5);
  await all.type('pause n2');
  return all;
}

test('each branch says where it parted and how; a client that asked gets what changes', async () => {
  const { client, list, goto } = await twoBranches();
  const { branches, current, step } = await list();
  expect([current, step]).toEqual([2, 6]);
  expect(branches.map(({ number, parted, length }) => [number, parted?.from, parted?.step, length]))
    .toEqual([[0, undefined, undefined, 12], [1, 0, 3, 8], [2, 1, 5, 6]]);
  expect(branches.map(({ began }) => began)).toEqual([undefined, 'n1 crashes', 'n2 pauses']);
  await goto(4, 0);
  // The event by which they differ is searched meanwhile.
  let change: BranchesChange;
  do change = await client.event<BranchesChange>('lockstep/branches');
  while (change.current !== 0);
  expect(change).toEqual({ current: 0, step: 4, changed: [], gone: [] });
});

test('go to a branch at the same step, or at its end if it is shorter', async () => {
  const { client, list } = await twoBranches();
  await client.move('lockstep/branch', { type: 'go', branch: 1 });
  expect(await list()).toMatchObject({ current: 1, step: 6 });
  await client.move('lockstep/branch', { type: 'go', branch: 0, step: 12 });
  await client.move('lockstep/branch', { type: 'go', branch: 2 });
  expect(await list()).toMatchObject({ current: 2, step: 6 });
});

test('a name is kept on one line; an empty one takes it away', async () => {
  const { client, list, type } = await twoBranches();
  await client.ask('lockstep/branch', { type: 'name', branch: 2, name: '  slow\n disk ' });
  expect((await list()).branches[2]).toMatchObject({ number: 2, name: 'slow disk' });
  const { result } = await client.ask('evaluate', { expression: 'name branch 2', context: 'repl' });
  expect(result).toBe('Branch 2 has no name now.');
  expect((await list()).branches[2].name).toBe('');
  expect(await type('branch 0')).toBe('The first run, step 6.');
});

test('deleting a branch with the cursor on a child goes to where it parted', async () => {
  const { client, list, type } = await twoBranches();
  expect(await type('delete branch 1')).toBe('Branch 1 is deleted, with 2, which parted from it.');
  expect(await list()).toMatchObject({ current: 0, step: 3, branches: [{ number: 0, length: 12 }] });
  await type('crash n2');
  expect((await list()).branches.map(({ number }) => number)).toEqual([0, 3]);
  const stop = client.events.filter(({ event }) => event === 'stopped').length;
  await client.move('lockstep/branch', { type: 'go', branch: 0 });
  await client.ask('lockstep/branch', { type: 'delete', branch: 3 });
  expect(await list()).toMatchObject({ current: 0, branches: [{ number: 0 }] });
  expect(client.events.filter(({ event }) => event === 'stopped')).toHaveLength(stop + 1);
});

test('wrong commands say what is there instead', async () => {
  const { client, list } = await twoBranches();
  const message = async (args: object) => (await client.send('lockstep/branch', args)).message;
  expect(await message({ type: 'go', branch: 7 })).toBe('There is no branch 7: there is 0, 1 or 2');
  expect(await message({ type: 'delete', branch: 0 })).toBe(
    'The first run cannot be deleted: the other branches part from it');
  expect(await message({ type: 'go', branch: 1, step: 99 })).toContain('Step 99 does not exist');
  expect(await message({ type: 'keep', branch: 1 })).toContain('`go`, `name` or `delete`');
  expect(await message({ type: 'go', branch: -1 })).toContain('non-negative integer');
  expect(await list()).toMatchObject({ current: 2, step: 6 });
});

test('branches are kept by a restart, with their names and numbers', async () => {
  const { client, list } = await twoBranches();
  await client.ask('lockstep/branch', { type: 'name', branch: 1, name: 'without n1' });
  const { branches } = await list();
  await client.move('restart', {});
  let after = await list();
  while (after.branches.some(({ stale }) => stale?.type === 'waiting')) {
    await turn();
    after = await list();
  }
  // The first stop does not wait for them.
  const changes = client.events.filter(({ event }) => event === 'lockstep/branches');
  expect(changes.map(({ body }) => body as BranchesChange)).toContainEqual(expect.objectContaining({
    step: 0,
    changed: expect.arrayContaining([
      expect.objectContaining({ name: 'without n1', stale: { type: 'waiting' } }),
    ]),
  }));
  expect(after).toMatchObject({ current: 0, step: 0 });
  expect(after.branches[0]).toMatchObject({ length: 0 });
  expect(after.branches.slice(1)).toMatchObject(branches.slice(1));
  await client.move('lockstep/branch', { type: 'go', branch: 1, step: 8 });
  await client.move('next');
  expect((await list()).branches[1]).toMatchObject({ name: 'without n1', length: 9 });
});

test('a reload keeps branches that are still possible; others are stale, with the reason', async () => {
  const own = workspace();
  const { client, list, type, goto } = await begun({ program: own.program });
  for (let step = 0; step < 4; step++) await client.move('next');
  await goto(2);
  await type('crash b');
  await goto(1, 0);
  await type('crash a');
  await goto(1, 0);
  const source = readFileSync(join(own.folder, 'relay.ts'), 'utf8');
  own.write('relay.ts', source.replace('const isFull', '// Later.\n          const isFull'));
  expect(await client.ask('lockstep/reload')).toMatchObject({ type: 'same' });
  const kept = await list();
  expect(kept.branches.map(({ number, began }) => [number, began])).toEqual([
    [0, undefined], [1, 'b crashes'], [2, 'a crashes'],
  ]);
  own.write('relay.ts', source.replace('hops: hops + 1', 'hops: hops + 3'));
  await goto(2, 0);
  await client.ask('lockstep/reload');
  const changed = await list();
  expect(changed.branches.map(({ number, stale }) => [number, stale?.type])).toEqual([
    [0, undefined], [1, 'parent shorter'], [2, undefined],
  ]);
  const { message } = await client.send('lockstep/branch', { type: 'go', branch: 1 });
  expect(message).toContain('cannot be repeated on the present code');
  own.write('relay.ts', source);
  await client.ask('lockstep/reload');
  expect((await list()).branches.map(({ stale }) => stale)).toEqual([undefined, undefined, undefined]);
});
