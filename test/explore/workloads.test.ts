/** Walks over scenarios whose workloads and waits go on without any message or timer. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { noFaults } from '../../src/explore/budgets.ts';
import { savedScenario } from '../../src/explore/saved/saved.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { readFile, readScenario } from './read.ts';

const plain = {
  strategies: [{ type: 'plain' }], time: 'timed', faults: noFaults, stepsMost: 1_000,
} as const;

/** What the clients invoke and the nemesis does, in the run of a seed. */
function acts(scenario: Scenario, seed: number): { walked: string[]; simulated: string[] } {
  const [walked, simulated]: [string[], string[]] = [[], []];
  const own = { ...scenario, setup: { ...scenario.setup, seed } };
  simulate(own, (world, action) => {
    if (action !== null && 'step' in action) simulated.push(`${world.time} ${JSON.stringify(action)}`);
  });
  walk(scenario, {
    ...plain,
    seeds: [seed, seed],
    watch: (world, { invoked }) => {
      if (invoked) walked.push(`${world.time} ${JSON.stringify(invoked)}`);
    },
  });
  return { walked, simulated };
}

const workload = `
protocol: raft
nodes: { n1..n3: replica, c1..c2: client }
steps:
  - wait 500ms
  - 'nemesis: crash | partition every 100ms..300ms'
  - 'repeat 8 times every 10ms..60ms within 200ms: c1..c2 put k1..k9 new | get k1..k9'
`;

test('each run draws its workload and its nemesis from its own seed', () => {
  const { scenario } = readScenario(workload);
  const runs = [1, 2, 3].map((seed) => acts(scenario, seed));
  expect(new Set(runs.map(({ walked }) => walked.join())).size).toBe(3);
  // As `lockstep run --seed` takes it: the same operations at the same times.
  for (const { walked, simulated } of runs) {
    const times = (all: string[]) => all.map((one) => one.split(' ')[0]);
    const invoked = simulated.filter((one) => one.includes('"invoke"'));
    expect(times(walked)).toEqual(times(invoked));
  }
});

test('a workload begins although only time passes before it', () => {
  const { scenario } = readFile('samples/caches/two-edges.broken.scenario.yaml');
  const { finding } = walk(scenario, { ...plain, seeds: [1, 1] });
  expect(finding!.broken.subject).toMatchObject({ text: 'history is monotonic-reads' });
});

test('what the end of a run must show is judged if its last wait ends by time alone', () => {
  const broken = readFile('samples/gossip/new-member.broken.scenario.yaml');
  const { finding } = walk(broken.scenario, { ...plain, seeds: [1, 1] });
  expect(finding!.broken.reason).toMatchObject({ code: 'event-missing' });
  const cured = readFile('samples/gossip/new-member.scenario.yaml');
  expect(walk(cured.scenario, { ...plain, seeds: [1, 1] }).finding).toBeUndefined();
});

test('nodes of one range keep their settings when others of them are left out', () => {
  const read = readScenario(`
protocol: request-reply
nodes: { server: server, c1..c3: { role: client, attempts: 2 } }
steps:
  - start c1 add 1
  - start c2 add 2
expect:
  - never: server.state.total == 3
`);
  const { finding } = walk(read.scenario, { ...plain, seeds: [1, 1] });
  const shrunk = shrink(read.scenario, finding!)!;
  expect(shrunk.setup.nodes.length).toBeLessThan(read.scenario.setup.nodes.length);
  const saved = savedScenario(read, shrunk)!;
  expect(saved.match(/attempts: 2/g)).toHaveLength(2);
  // An alias would not be read.
  expect(saved).not.toMatch(/[&*]\w/);
});
