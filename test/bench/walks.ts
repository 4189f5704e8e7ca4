/** Benches of random walks: runs of a small protocol, and events beside the plain simulation. */
import { simulate } from '../../src/check/simulate.ts';
import { noFaults } from '../../src/explore/budgets.ts';
import { strategiesDefault, walk } from '../../src/explore/walks/walks.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Bench } from './bench.ts';

function scenarioOf(text: string): Scenario {
  return parseScenario(text, 'bench.scenario.yaml', library).scenario!;
}

export const duel = `
protocol: paxos
nodes: { p1..p2: proposer, a1..a3: acceptor }
steps:
  - start p1 propose red
  - start p2 propose blue
  - wait until p1 answered
  - wait until p2 answered
`;

const writes = `
protocol: raft
nodes: { n1..n5: replica, client: client }
steps:
  - 'repeat 200 times every 50ms: client put k1..k9 1..100'
`;

/** The processor's seconds that a call took, whatever else the machine does. */
function secondsOf(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const common = { strategies: strategiesDefault, time: 'timed', faults: noFaults } as const;

const paxos: Bench = {
  name: 'walk-paxos',
  parameters: { proposers: 2, acceptors: 3, runs: 3_000 },
  about: '3,000 walks over a duel of two proposers, with all invariants',
  run() {
    const scenario = scenarioOf(duel);
    walk(scenario, { ...common, seeds: [1, 300], stepsMost: 500 });
    let steps = 0;
    const seconds = secondsOf(() => {
      ({ steps } = walk(scenario, { ...common, seeds: [1, 3_000], stepsMost: 500 }));
    });
    return {
      runsPerCpuSecond: Math.round(3_000 / seconds),
      stepsPerCpuSecond: Math.round(steps / seconds),
    };
  },
};

const raft: Bench = {
  name: 'walk-raft-5',
  parameters: { nodes: 5, runs: 3 },
  about: 'walks over 5 Raft nodes and 200 writes, relative to the plain simulation, all invariants',
  run() {
    const scenario = scenarioOf(writes);
    const seeded = (seed: number) => ({ ...scenario, setup: { ...scenario.setup, seed } });
    const plain = (): number => {
      let events = 0;
      const seconds = secondsOf(() => {
        for (let seed = 1; seed <= 3; seed++) events += simulate(seeded(seed)).world.step;
      });
      return events / seconds;
    };
    const walked = (): number => {
      let steps = 0;
      const random = [{ type: 'random' }] as const;
      const seconds = secondsOf(() => {
        const options = { ...common, strategies: random, stepsMost: 5_000 };
        ({ steps } = walk(scenario, { ...options, seeds: [1, 3] }));
      });
      return steps / seconds;
    };
    plain();
    walked();
    const [events, steps] = [plain(), walked()];
    return {
      plainEventsPerCpuSecond: Math.round(events),
      walkEventsPerCpuSecond: Math.round(steps),
      ratio: Number((steps / events).toFixed(2)),
    };
  },
};

export const walkBenches: readonly Bench[] = [paxos, raft];
