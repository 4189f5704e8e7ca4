/** A branch as a file that `lockstep run` and `lockstep replay` take, and the nearest that holds. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { NearestBranch } from '../../src/dap/requests/nearest.ts';
import type { SavedBranch } from '../../src/dap/requests/save-branch.ts';
import type { BranchesView } from '../../src/view/branches.ts';
import { type Adapter, openAdapter, repository, scenarios } from './client.ts';
import { launched } from './transcript.ts';
import { workspace } from './workspace.ts';

let adapter: Adapter;
let folder: string | undefined;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

async function begun(args: object) {
  adapter = openAdapter();
  const { client } = adapter;
  await launched(client, { stopOnEntry: true, ...args });
  const type = async (expression: string) => {
    const stop = client.event('stopped');
    await client.ask('evaluate', { expression, context: 'repl' });
    await stop;
  };
  const text = async (as: string, branch: number, more = {}) =>
    ((await client.ask('lockstep/saveBranch', { branch, as, ...more })) as SavedBranch).text;
  return { client, type, text };
}

/** What the command line says of a file. */
function lockstep(command: string, name: string, text: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'lockstep-branch-'));
  const file = join(folder, name);
  writeFileSync(file, text);
  const args = [`${repository}dist/cli.js`, command, file];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).replaceAll(folder, '');
}

test('a branch is a scenario that runs, and a trace that replays without a difference', async () => {
  const { client, type, text } = await begun({ program: `${scenarios}/write.scenario.yaml` });
  for (let step = 0; step < 9; step++) await client.move('next');
  await client.move('lockstep/panel', { type: 'goto', step: 5 });
  await type('pause n1');
  for (let step = 0; step < 6; step++) await client.move('next');
  await client.ask('lockstep/branch', { type: 'name', branch: 1, name: 'slow n1' });
  const scenario = await text('scenario', 1);
  expect(scenario).toContain(': slow n1');
  expect(scenario).toContain('- pause n1');
  expect(lockstep('run', 'branch.scenario.yaml', scenario)).toContain('pause n1');
  const trace = await text('trace', 1, { version: '1.2.3' });
  expect(trace).toMatch(/^lockstep trace 1\nversion 1\.2\.3\nseed /);
  expect(lockstep('replay', 'branch.trace', trace)).toContain('12 steps, no difference');
  // The first run, too.
  expect(lockstep('replay', 'first.trace', await text('trace', 0))).toContain('no difference');
});

test('settings of the launch are in both files', async () => {
  const args = { seed: 11, args: { network: { latency: '2ms..3ms' } } };
  const { client, text } = await begun({ program: `${scenarios}/write.scenario.yaml`, ...args });
  for (let step = 0; step < 9; step++) await client.move('next');
  expect(lockstep('replay', 'set.trace', await text('trace', 0))).toContain('9 steps, no difference');
  const scenario = await text('scenario', 0);
  expect(scenario).toContain('seed: 11');
  expect(lockstep('run', 'set.scenario.yaml', scenario)).not.toContain('Failed');
});

test('a trace of a protocol of the workspace holds its files', async () => {
  const own = workspace();
  const { client, type, text } = await begun({ program: own.program });
  for (let step = 0; step < 2; step++) await client.move('next');
  await client.move('lockstep/panel', { type: 'goto', step: 1 });
  await type('crash b');
  const trace = await text('trace', 1);
  expect(trace).toContain('\nprotocol file relay.ts\n');
  expect(lockstep('replay', 'own.trace', trace)).toContain('2 steps, no difference');
  const scenario = await text('scenario', 1, { protocol: '../elsewhere/relay.ts' });
  expect(scenario).toContain('protocol: ../elsewhere/relay.ts');
  const inPlace = join(own.folder, 'saved.scenario.yaml');
  writeFileSync(inPlace, await text('scenario', 1));
  const run = [`${repository}dist/cli.js`, 'run', inPlace, '--root', own.folder];
  expect(execFileSync(process.execPath, run, { encoding: 'utf8' })).toContain('crash b');
});

test('a run in which nothing is violated has no nearest one that holds', async () => {
  const { client } = await begun({ program: `${scenarios}/write.scenario.yaml` });
  const refused = await client.send('lockstep/nearest', { branch: 0 });
  expect(refused.message).toContain('Branch 0 violates nothing');
});

test('the nearest run that holds is opened as a branch, and the session stays where it is', async () => {
  const own = workspace();
  own.write('relay.scenario.yaml', [
    'protocol: naive-cluster', 'nodes: { n1..n3: replica, app: client }', 'steps:',
    '  - wait 1s', '  - partition n1 | n2 n3', '  - wait 10s', '',
  ].join('\n'));
  const { client } = await begun({ program: join(own.folder, 'relay.scenario.yaml') });
  await client.ask('setExceptionBreakpoints', { filters: [] });
  await client.move('continue');
  const list = async () => (await client.ask('lockstep/branches')) as BranchesView;
  const before = await list();
  expect(before.branches[0].broken).toMatchObject({ kind: 'invariant' });
  const { found, tried } = (await client.ask('lockstep/nearest', { branch: 0 })) as NearestBranch;
  expect(tried).toBeGreaterThan(0);
  const { branches, current, step } = await list();
  expect([current, step]).toEqual([before.current, before.step]);
  const nearest = branches.find(({ number }) => number === found!.branch)!;
  expect(nearest.name).toBe('Nearest to 0 that holds');
  expect(nearest.parted).toMatchObject({ from: 0, step: found!.change.step - 1 });
  expect(nearest.broken).toBeUndefined();
  await client.move('lockstep/branch', { type: 'go', branch: nearest.number });
});
