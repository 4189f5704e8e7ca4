// No wait of a search is without an end: each is tried with a clock that runs a second per look.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Shell } from './shell.ts';

const samples = fileURLToPath(new URL('../../samples/find-the-bug/', import.meta.url));
let seconds = 0;

beforeEach(() => {
  let now = 0;
  seconds = 1;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += seconds * 1_000));
});

afterEach(() => vi.restoreAllMocks());

function shell(...names: string[]) {
  const files = names.map((name) => [name, readFileSync(samples + name, 'utf8')] as const);
  return new Shell(Object.fromEntries(files));
}

const quorum = () => shell('quorum.scenario.yaml', 'quorum.ts');
const found = ['--untimed', '--mode', 'random', '--seeds', '19', 'quorum.scenario.yaml'];

test('--nearest says that it ended by the clock', async () => {
  seconds = 0.001;
  const nearest = await quorum().run('explore', '--nearest', ...found);
  expect(nearest.out).toContain('the nearest run that keeps the promise: ');
  seconds = 11;
  const late = await quorum().run('explore', '--nearest', ...found);
  expect(late.out).toContain(
    'none of 0 runs that differ in the place of one action keeps the promise to the end, in 10s',
  );
});

test('the run that is measured first ends, however long the scenario is', async () => {
  const endless = 'protocol: raft\nnodes: { n1..n3: replica }\nsteps:\n  - wait 1000h\n';
  let rests = 0;
  const one = new Shell({ 'e.scenario.yaml': endless }, { rest: async () => void rests++ });
  const { code, error } = await one.run(
    'explore', '--mode', 'random', '--for', '20s', '--max-depth', '9000000', 'e.scenario.yaml',
  );
  expect({ code, error }).toEqual({ code: 3, error: '' });
  expect(rests).toBeLessThan(100);
});

test('what is found is shown although there is no time to make it shorter', async () => {
  const short = /shrunk from (\d+) actions to (\d+)/;
  seconds = 0.001;
  const [, before, after] = short.exec((await quorum().run('explore', ...found)).out)!;
  seconds = 11;
  const late = await quorum().run('explore', ...found);
  const [, , left] = short.exec(late.out)!;
  expect(late.out).toContain('✗ violated: One Leader');
  expect(Number(left)).toBeGreaterThan(Number(after));
  expect(Number(left)).toBeLessThanOrEqual(Number(before));
});
