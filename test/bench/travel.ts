/** Benches of going back in a recorded run: by single steps, and to random steps. */
import { LogicalClocks } from '../../src/kernel/causality/logical-clocks.ts';
import { draw } from '../../src/kernel/keyed-draw.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { Run } from '../../src/kernel/run.ts';
import { start } from '../../src/kernel/step.ts';
import { type Bench, percentiles } from './bench.ts';
import { Load, raftSetup } from './raft-load.ts';

function recorded(events: number): Run {
  const world = start(raftSetup(5));
  const run = new Run(world);
  const load = new Load();
  const effects = new Effects();
  while (run.length < events) run.take(world, load.next(world), effects);
  return run;
}

function timed(task: () => unknown): number {
  const began = performance.now();
  task();
  return performance.now() - began;
}

const stepBack = (events: number): Bench => ({
  name: `step-back-${events}`,
  parameters: { nodes: 5, events },
  about: `one step back, 200 times in a row, from the end of ${events} events`,
  run() {
    const run = recorded(events);
    const durations = [];
    for (let back = 1; back <= 200; back++) durations.push(timed(() => run.at(events - back)));
    return percentiles(durations);
  },
});

const goto = (events: number): Bench => ({
  name: `goto-${events}`,
  parameters: { nodes: 5, events },
  about: `goto to 100 random steps of ${events}`,
  run() {
    const run = recorded(events);
    const durations = [];
    for (let i = 1; i <= 100; i++) {
      const step = Math.floor((draw(1, i) / 0x1_0000_0000) * events);
      durations.push(timed(() => run.at(step)));
    }
    return percentiles(durations);
  },
});

const clocks = (events: number): Bench => ({
  name: `clocks-${events}`,
  parameters: { nodes: 5, events },
  about: `logical clocks: the first pass over ${events} events, then 100 random steps`,
  run() {
    const run = recorded(events);
    const logical = new LogicalClocks(run);
    const began = process.cpuUsage();
    logical.at(events);
    const passCpuMs = process.cpuUsage(began).user / 1_000;
    const durations = [];
    for (let i = 1; i <= 100; i++) {
      const step = Math.floor((draw(2, i) / 0x1_0000_0000) * events);
      durations.push(timed(() => logical.at(step)));
    }
    return { passCpuMs, ...percentiles(durations) };
  },
});

export const travelBenches: readonly Bench[] = [100_000, 1_000_000].flatMap((events) => [
  stepBack(events),
  goto(events),
  clocks(events),
]);
