/** The Kubernetes lease as a golden text, and the rules that no sample shows. */
import { expect, test } from 'vitest';
import { defaultNetwork } from '../../../src/kernel/plan.ts';
import { kubernetesLease } from '../../../src/protocols/kubernetes/kubernetes-lease.ts';
import { library } from '../../../src/protocols/library.ts';
import type { CandidateState } from '../../../src/protocols/kubernetes/state.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { expectGolden } from '../../golden.ts';
import { Cluster } from '../cluster.ts';

function clusterOf(options: Record<string, unknown> = {}, ofB: Record<string, unknown> = {}): Cluster {
  const nodes = [
    { id: 'api', role: 'apiServer', options: {} },
    { id: 'A', role: 'candidate', options: { ...options } },
    { id: 'B', role: 'candidate', options: { startAfter: 1_000_000, ...options, ...ofB } },
    { id: 'db', role: 'storage', options: {} },
  ];
  const network = { ...defaultNetwork, latency: [2_000, 2_000] as const };
  return new Cluster({ protocol: kubernetesLease, seed: 1, nodes, network });
}

test('a leader writes, renews, loses the API server, gives up; the next one takes the lease', () => {
  const cluster = clusterOf({ restartAfter: 0 });
  cluster.untilEvent('StartedLeading', 'A');
  cluster.do('A write {"name":"shards","value":1}');
  cluster.untilReply('A#1');
  cluster.run('3s');
  cluster.do('cut A -> api');
  cluster.untilEvent('StoppedLeading', 'A');
  cluster.untilEvent('StartedLeading', 'B');
  cluster.do('B stop {}');
  expectGolden(import.meta.url, 'lease', cluster.lines.join('\n'));
  expect(cluster.violations).toEqual([]);
});

test('an API server that refuses connections costs a leader its term after renewDeadline', () => {
  const cluster = clusterOf();
  cluster.untilEvent('StartedLeading', 'A');
  cluster.run('1s');
  cluster.do('crash api');
  const began = cluster.world.time;
  cluster.untilEvent('StoppedLeading', 'A');
  // It waits for retryPeriod, and then tries for renewDeadline.
  expect(cluster.world.time - began).toBeGreaterThan(10_000_000);
  expect(cluster.world.time - began).toBeLessThan(12_000_000);
});

test('setting the clock neither expires a lease nor prolongs it', () => {
  const cluster = clusterOf();
  cluster.untilEvent('StartedLeading', 'A');
  cluster.run('5s');
  cluster.do('clock B jump +1h');
  cluster.do('clock A jump -1h');
  cluster.run('10s');
  expect((cluster.world.node('A')!.state as unknown as CandidateState).term).not.toBeNull();
  cluster.do('crash A');
  const began = cluster.world.time;
  cluster.do('clock B jump -2h');
  cluster.untilEvent('StartedLeading', 'B');
  expect(cluster.world.time - began).toBeGreaterThan(12_900_000);
  expect(cluster.world.time - began).toBeLessThan(20_000_000);
});

test('a paused candidate asks for the lease anew, because the time of what it had seen is over', () => {
  const cluster = clusterOf();
  cluster.untilEvent('StartedLeading', 'A');
  cluster.run('3s');
  cluster.do('pause A for 30s');
  cluster.do('crash B');
  const first = cluster.lines.length;
  cluster.run('31s');
  const requests = cluster.lines.slice(first).filter((line) => line.includes('deliver A->api'));
  expect(requests[0]).toContain('GetLease');
  expect(cluster.lines.join('\n')).not.toContain('LeaseConflict');
});

test('a candidate waits for the duration in the lease, and not for its own', () => {
  const cluster = clusterOf({}, { leaseDuration: 40_000_000 });
  cluster.untilEvent('StartedLeading', 'A');
  cluster.run('5s');
  cluster.do('crash A');
  expect(cluster.untilEvent('LeaseExpired', 'B')).toMatchObject({ holder: 'A_1', after: 15_000_000 });
});

test.each([
  ['renewDeadline: 15s', '`renewDeadline` must be below `leaseDuration`, and not 15s'],
  ['retryPeriod: 9s', '1.2 times `retryPeriod` must be below `renewDeadline`, and not 10.8s'],
  ['leaseDuration: 500ms', '`leaseDuration` must be at least 1s, and not 500ms'],
])('%s is refused, as by NewLeaderElector', (setting, message) => {
  const source = `protocol: kubernetes-lease\nnodes: { api: apiServer, A: candidate }\noptions: { ${setting} }\n`;
  const { problems } = parseScenario(source, 'x.yaml', library);
  expect(problems.map((one) => one.message)).toContain(message);
});

test('11, 10 and 2 seconds are accepted', () => {
  const settings = 'leaseDuration: 11s, renewDeadline: 10s, retryPeriod: 2s';
  const source = `protocol: kubernetes-lease\nnodes: { api: apiServer, A: candidate }\noptions: { ${settings} }\n`;
  expect(parseScenario(source, 'x.yaml', library).problems).toEqual([]);
});
