/** Benches of the simulator's speed, with and without recording the run. */
import { invariantMonitors } from '../../src/check/invariants.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { Run } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { seconds } from '../../src/protocol/units.ts';
import type { Bench } from './bench.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { committed, Load, raftSetup } from './raft-load.ts';

const simulated = 3_600;

function simulate(nodes: number, recording: boolean): Bench {
  const name = `simulate-${nodes}${recording ? '-recorded' : ''}`;
  return {
    name,
    parameters: { nodes, recording, simulatedSeconds: simulated },
    about: `${nodes} Raft nodes and a write every 50 ms for an hour, recording ${recording ? 'on' : 'off'}`,
    run() {
      // A short pass first, so that the code is compiled; then the median of three full passes.
      drive(nodes, recording, seconds(simulated / 10));
      const passes = [1, 2, 3].map(() => drive(nodes, recording, seconds(simulated)));
      passes.sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
      const [slowest, median, fastest] = passes;
      return {
        ...median,
        slowestEventsPerSecond: slowest.eventsPerSecond,
        fastestEventsPerSecond: fastest.eventsPerSecond,
      };
    },
  };
}

function drive(nodes: number, recording: boolean, until: number) {
  const world = start(raftSetup(nodes));
  const run = recording ? new Run(world) : null;
  const load = new Load();
  const effects = new Effects();
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  let events = 0;
  while (world.time < until) {
    const action = load.next(world);
    if (run) run.take(world, action, effects);
    else step(world, action);
    events++;
  }
  const wallSeconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    events,
    eventsPerSecond: Math.round(events / wallSeconds),
    eventsPerCpuSecond: Math.round(events / ((user + system) / 1e6)),
    simulatedPerWallSecond: Math.round(until / 1e6 / wallSeconds),
    committedWrites: committed(world),
  };
}

/** Compares the speed of the second and the last of ten million events. The first is a warm-up. */
const flat: Bench = {
  name: 'simulate-flat',
  parameters: { nodes: 5, recording: false, events: 10_000_000 },
  about: '10,000,000 events: the speed of the last million relative to the second million',
  run() {
    const world = start(raftSetup(5));
    const load = new Load();
    const speeds: number[] = [];
    for (let million = 0; million < 10; million++) {
      const began = performance.now();
      for (let i = 0; i < 1_000_000; i++) step(world, load.next(world));
      speeds.push(1_000_000 / ((performance.now() - began) / 1000));
    }
    return {
      eventsPerSecond: Math.round(speeds.reduce((sum, one) => sum + one) / speeds.length),
      lastToSecondRatio: Number((speeds[9] / speeds[1]).toFixed(2)),
    };
  },
};

/** Compares the speed of an hour with Raft's invariants checked after each event and without. */
const checked: Bench = {
  name: 'simulate-checked',
  parameters: { nodes: 5, recording: false, simulatedSeconds: simulated },
  about: '5 Raft nodes and a write every 50 ms for an hour, with all invariants checked',
  run() {
    const speed = (isChecked: boolean) => {
      const world = start(raftSetup(5), isChecked ? invariantMonitors(raft) : []);
      const load = new Load();
      const before = process.cpuUsage();
      let events = 0;
      for (; world.time < seconds(simulated); events++) step(world, load.next(world));
      const { user, system } = process.cpuUsage(before);
      return Math.round(events / ((user + system) / 1e6));
    };
    speed(true);
    const [plain, checking] = [speed(false), speed(true)];
    return { eventsPerCpuSecond: checking, slowdown: Number((plain / checking).toFixed(2)) };
  },
};

export const simulateBenches: readonly Bench[] = [
  ...[3, 5, 7].flatMap((nodes) => [simulate(nodes, false), simulate(nodes, true)]),
  checked,
  flat,
];
