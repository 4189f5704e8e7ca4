/** The etcd, ZooKeeper and Consul locks: a lock changes hands, a server restarts, faults happen. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { lockstep } from '../../src/cli/lockstep.ts';
import { stepTwice } from '../../src/kernel/compare/determinism.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';

const samples = fileURLToPath(new URL('../../samples/distributed-locks/', import.meta.url));

/** A has the lock and B waits; A releases it and B gets it; B crashes, and its session ends. */
const handOver = (protocol: string, nodes: string, first = '') => `protocol: ${protocol}
nodes: { ${nodes}, A: worker, B: worker, db: storage }
network: { latency: 2ms }
seed: 1
steps:
${first}  - A lock x
  - A write stock 5
  - start B lock x
  - wait until LockRefused at B
  - wait 20ms
  - A unlock x
  - wait until B answered
  - B write stock 4
  - crash B
until: 1s
`;

const stories: Record<string, string> = {
  'etcd-hand-over.scenario.yaml': handOver(
    'etcd-lock',
    'n1..n3: replica',
    '  - fire n1 election\n  - wait until LeaderElected at n1\n',
  ),
  'zookeeper-hand-over.scenario.yaml': handOver('zookeeper-lock', 'zk: server'),
  'consul-hand-over.scenario.yaml': handOver('consul-lock', 'consul: server'),
};

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const output = { out: '', error: '' };
  const code = await lockstep(args, {
    read: (file) => stories[file] ?? readFileSync(`${samples}${file}`, 'utf8'),
    version: () => '1.2.3',
    out: async (text) => void (output.out += text),
    error: async (text) => void (output.error += text),
  });
  expect(output.error).toBe('');
  return { code, out: output.out };
}

test.each(Object.keys(stories))('%s', async (file) => {
  const { code, out } = await run('run', file);
  // Raft's own messages have golden texts of their own.
  const ofRaft = /AppendEntries|RequestVote|heartbeat/;
  const lines = out.split('\n').filter((line) => !ofRaft.test(line) || /Lease|Watch/.test(line));
  expectGolden(import.meta.url, file.replace('.scenario.yaml', ''), lines.join('\n'));
  expect(code).toBe(0);
});

const violated: Record<string, string> = {
  'etcd-pause': 'an older token never overwrites a newer one',
  'zookeeper-pause': 'an older token never overwrites a newer one',
  'consul-pause': 'an older token never overwrites a newer one',
  'consul-delete': 'an earlier holder never overwrites a later one',
};

test.each(Object.entries(violated))('%s.broken violates %s', async (name, invariant) => {
  const { out } = await run('run', '--quiet', `${name}.broken.scenario.yaml`);
  expect(out).toContain(`✗ ${invariant}\n    `);
});

/** B waits while the servers lose their volatile state, in which they remember who waits. */
const restart = (protocol: string, servers: string, server: string, again = '') => `protocol: ${protocol}
nodes: { ${servers}, A: worker, B: worker }
steps:
  - wait 3s
  - A lock x
  - start B lock x
  - wait until LockRefused at B
  - wait 1s
  - crash ${server}
  - restart ${server}
  - wait 10ms
  - A unlock x
${again}  - wait until B answered within 25s
expect:
  - event LockAcquired at B
  - no event TwoHolders
`;

/** The first unlock may be lost with the leader: its outcome is unknown, and it is repeated. */
const unlockAgain = '  - A unlock x\n';

test.each([
  ['etcd-lock', 'n1..n3: replica', 'the leader', unlockAgain],
  ['zookeeper-lock', 'zk: server', 'zk', ''],
  ['consul-lock', 'consul: server', 'consul', ''],
])('%s: a waiter gets the lock even after a restart', (protocol, servers, server, again) => {
  const text = restart(protocol, servers, server, again).replace('restart the leader', 'restart the crashed');
  for (let seed = 1; seed <= 10; seed++) {
    const { scenario, problems } = parseScenario(text, 'restart', library, { seed });
    expect(problems).toEqual([]);
    const failed = simulate(scenario!).verdicts.filter(({ type }) => type !== 'holds');
    expect(failed, `seed ${seed}`).toEqual([]);
  }
});

/** Three workers lock, write and unlock, while processes pause and crash and links are cut. */
const storm = (protocol: string, servers: string, seed: number) => `protocol: ${protocol}
nodes: { ${servers}, A: worker, B: worker, C: worker, db: storage }
network: { latency: 1ms..20ms, loss: 5%, duplicate: 2%, reorder: true }
seed: ${seed}
steps:
  - wait 3s
  - start A lock x
  - start B lock x
  - wait 2s
  - start C lock x
  - pause A for 90s
  - start A write stock 1
  - start B write stock 2
  - cut B -> ${servers.split(/[:.]/)[0]} for 12s
  - wait 5s
  - crash ${servers.split(/[:.]/)[0]}
  - wait 4s
  - restart ${servers.split(/[:.]/)[0]}
  - wait 80s
  - start C write stock 3
  - crash C
  - wait 5s
  - start B unlock x
  - restart C
  - start C lock x
  - wait 10s
  - start C lock x                    # if the first one was lost on its way to the leader
  - wait 90s
  - start B lock x                    # a request with an unknown outcome ends a try
  - wait 90s
  - start C write stock 4
  - wait 5s
`;

const clusters = [
  ['etcd-lock', 'n1..n3: replica'],
  ['zookeeper-lock', 'zk: server'],
  ['consul-lock', 'consul: server'],
];

test.each(clusters)('%s is deterministic', (protocol, servers) => {
  const { scenario } = parseScenario(storm(protocol, servers, 3), 'storm', library);
  const world = start(scenario!.setup, scenarioMonitors(scenario!));
  const effects = new Effects();
  for (let i = 0; i < 4_000; i++) {
    const action = nextAction(scenario!, world);
    if (action === undefined) break;
    expect(stepTwice(world, action, effects).difference).toBeUndefined();
  }
});

test.each(clusters)('%s keeps its invariants in a storm', (protocol, servers) => {
  for (let seed = 1; seed <= 8; seed++) {
    const { scenario, problems } = parseScenario(storm(protocol, servers, seed), 'storm', library);
    expect(problems).toEqual([]);
    let acquired = 0;
    simulate(scenario!, (world, _action, { violations, failure, events }) => {
      const where = `seed ${seed}, step ${world.step}`;
      expect(failure, where).toBeNull();
      expect(violations.filter(({ monitor }) => monitor !== 'scenario'), where).toEqual([]);
      for (const { name } of events) if (name === 'LockAcquired') acquired++;
    });
    expect(acquired, `seed ${seed}`).toBeGreaterThan(1);
  }
});
