/** `lockstep run --seeds`: counts, exit codes, threads, and the files for build servers. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { sweepOf, threadHere } from '../../src/cli/seeds/job.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/');

function onlyRuns(): never {
  throw new Error('only runs of the scenario are expected');
}

/** Runs a command; `started` counts the threads. */
async function run(args: string[], withThreads = false) {
  const files = new Map<string, string>();
  let out = '';
  let started = 0;
  const terminal: Terminal = {
    read: (file) => readFileSync(file.startsWith('/') ? file : `${root}${file}`, 'utf8'),
    whole: (file) => (file.startsWith('/') ? file : `${root}${file}`),
    write: (file, text) => void files.set(file, text),
    version: () => '',
    out: async (text) => void (out += text),
    error: async (text) => void (out += text),
    ...(withThreads && {
      threads: {
        count: 3,
        start: (job) => {
          started++;
          return threadHere(sweepOf(job, terminal));
        },
        walk: onlyRuns,
        search: onlyRuns,
      },
    }),
  };
  const code = await lockstep(['run', ...args], terminal);
  return { code, out, files, started };
}

const duel = 'test/explore/last-promise/duel.scenario.yaml';
const good = 'samples/paxos/duel-ends.scenario.yaml';

test('all seeds hold', async () => {
  const { code, out } = await run([good, '--seeds', '1..20']);
  expect(out).toContain('✓ samples/paxos/duel-ends.scenario.yaml: seeds 1..20: 20 runs, 20 hold');
  expect(code).toBe(0);
});

test('a broken twin is counted by what it violates', async () => {
  const file = 'samples/paxos/quorum-too-small.broken.scenario.yaml';
  const { code, out } = await run([file, '--seeds', '5..9', '--json']);
  const totals = JSON.parse(out) as { violated: number; violating: number[]; runs: number };
  expect(totals).toMatchObject({ runs: 5, violated: 5, violating: [5, 6, 7, 8, 9] });
  expect(code).toBe(1);
});

test('threads report the same as one', async () => {
  const args = [duel, '--seeds', '1..12', '--json'];
  const [one, three] = [await run(args), await run(args, true)];
  expect(three.started).toBe(3);
  expect(JSON.parse(three.out)).toEqual(JSON.parse(one.out));
  expect(three.code).toBe(one.code);
});

test('--workers 1 starts no thread', async () => {
  const { started } = await run([good, '--seeds', '1..30', '--workers', '1'], true);
  expect(started).toBe(0);
});

test('JUnit has a failure for each promise', async () => {
  const file = 'samples/paxos/quorum-too-small.broken.scenario.yaml';
  const { files } = await run([file, good, '--seeds', '1..3', '--junit', 'out/seeds.xml']);
  const xml = files.get('out/seeds.xml')!;
  expect(xml).toContain('<testsuite name="samples/paxos/duel-ends.scenario.yaml" tests="1"');
  expect(xml.match(/<failure message="✗ /g)?.length).toBeGreaterThan(0);
  expect(xml).not.toMatch(/message="[^"]*</);
});

test.each([
  [['--seeds', '9..1'], '--seeds must be two numbers'],
  [['--seeds', '1..5', '--seed', '3'], 'choose one of --seeds and --seed'],
  [['--seeds', '1..5', '--workers', '0'], '--workers must be a positive integer'],
  [['--seeds', '1..5', '--for', 'soon'], '--for must be a time above zero'],
  [['--workers', '2'], '--workers needs --seeds'],
])('%j is refused', async (args, why) => {
  const { code, out } = await run([good, ...args]);
  expect(out).toContain(why);
  expect(code).toBe(2);
});

test('an unknown file is bad input, whatever the others show', async () => {
  const { code } = await run([good, 'samples/none.scenario.yaml', '--seeds', '1..2']);
  expect(code).toBe(2);
});
