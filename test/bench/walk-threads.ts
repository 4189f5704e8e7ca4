/** Walks in one thread and in two, in turn, as the command line takes them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Bench } from './bench.ts';
import { duel } from './walks.ts';

const runs = 100_000;
const turns = 3;

/** Prints the processor time of all threads as the last word. */
const preload = `data:text/javascript,process.on('exit',()=>{` +
  `const{user,system}=process.cpuUsage();console.log((user+system)/1e6)})`;

interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function taken(file: string, workers: number): Taken {
  const cli = path.join(__dirname, 'cli.js');
  const seeds = ['--mode', 'random', '--seeds', `1..${runs}`, '--workers', String(workers)];
  const begun = performance.now();
  const { stdout } = spawnSync(
    process.execPath, ['--import', preload, cli, 'explore', file, ...seeds], { encoding: 'utf8' },
  );
  const seconds = (performance.now() - begun) / 1_000;
  return { seconds, cpuSeconds: Number(stdout.trim().split('\n').at(-1)) };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[turns >> 1];

export const walkThreads: Bench = {
  name: 'walk-two-threads',
  parameters: { proposers: 2, acceptors: 3, runs, turns },
  about: `${runs} random walks over a duel of two proposers by two threads, relative to one`,
  run() {
    const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-bench-'));
    try {
      const file = path.join(folder, 'duel.scenario.yaml');
      writeFileSync(file, duel);
      const all = Array.from({ length: turns }, () => [taken(file, 1), taken(file, 2)] as const);
      const of = (which: 0 | 1, what: keyof Taken) => median(all.map((one) => one[which][what]));
      return {
        secondsOfOne: Number(of(0, 'seconds').toFixed(2)),
        secondsOfTwo: Number(of(1, 'seconds').toFixed(2)),
        ratio: Number(median(all.map(([one, two]) => one.seconds / two.seconds)).toFixed(2)),
        // What two cores with nothing else to do could reach: threads cost processor time, too.
        ratioByProcessorTime:
          Number(((2 * of(0, 'cpuSeconds')) / of(1, 'cpuSeconds')).toFixed(2)),
        load: Number(loadavg()[0].toFixed(1)),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
