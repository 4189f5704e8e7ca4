/** Spanner step by step: TrueTime, one commit over two groups, and what its client is refused. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import { spanner } from '../../src/protocols/spanner/spanner.ts';
import { epsilon, now } from '../../src/protocols/spanner/true-time.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { Cluster } from './cluster.ts';

function clusterOf(nodes: readonly NodeSetup[]): Cluster {
  const network = { ...defaultNetwork, latency: [1_000, 1_000] as const };
  return new Cluster({ protocol: spanner, seed: 1, nodes: [...nodes], network });
}

const replicas = (...ids: string[]): NodeSetup[] =>
  ids.map((id) => ({ id, role: 'replica', options: {} }));
const client = { id: 'c', role: 'client', options: {} };
const master = (id: string, offset = 0): NodeSetup =>
  ({ id, role: 'timeMaster', options: {}, clock: { offset } });

/** What TT.now() and ε are on a node now. */
function clockOf({ world }: Cluster, id: string) {
  const slot = world.node(id)!;
  const options = { driftBound: 200, pollInterval: 30_000_000, pollEpsilon: 1_000 };
  const node = { now: () => slot.clockAt(world.time), state: slot.state as never, options };
  return { ...now(node), epsilon: epsilon(node) };
}

test('ε is a saw-tooth from 1 to 7 ms, and the interval contains the true time', () => {
  const drifting = { ...client, clock: { offset: 900, drift: -0.0002 } };
  const cluster = clusterOf([drifting, master('t')]);
  const seen: number[] = [];
  for (let second = 1; second <= 65; second++) {
    cluster.run('1s');
    const { earliest, latest, epsilon: half } = clockOf(cluster, 'c');
    expect(earliest).toBeLessThanOrEqual(cluster.world.time);
    expect(latest).toBeGreaterThanOrEqual(cluster.world.time);
    seen.push(Math.round(half / 1_000));
  }
  expect(seen[0]).toBe(1);
  expect(seen[28]).toBe(7);
  expect(seen[31]).toBe(1);
  expect(Math.max(...seen)).toBe(7);
});

test('a time master that is wrong is outvoted by two that are right', () => {
  const cluster = clusterOf([client, master('t1', 50_000), master('t2'), master('t3')]);
  cluster.run('31s');
  expect((cluster.world.node('c')!.state as { polled: { correction: number } }).polled.correction)
    .toBe(0);
});

test('two masters that contradict each other set no clock: ε goes on growing', () => {
  const cluster = clusterOf([client, master('t1', 50_000), master('t2')]);
  cluster.run('31s');
  expect(clockOf(cluster, 'c').epsilon).toBeGreaterThan(7_000);
});

test('a transfer between two groups, from the first read to the outcome', () => {
  const cluster = clusterOf([...replicas('a1', 'a2', 'a3', 'b1', 'b2', 'b3'), client]);
  for (const leader of ['a1', 'b1']) {
    cluster.do(`fire ${leader} election`);
    cluster.untilEvent('LeaderReady', leader);
  }
  cluster.do('c write {"key":"a/x","value":5}');
  expect(cluster.untilReply('c#1')).toBe('OK');
  cluster.run('500ms');
  cluster.lines.length = 0;
  cluster.do('c transfer {"from":"a/x","to":"b/y","amount":2}');
  cluster.untilEvent('OutcomeLearned', 'b1');
  expect(cluster.violations).toEqual([]);
  expectGolden(import.meta.url, 'spanner-transfer', cluster.lines.join('\n'));
});

/** The messages of the problems of these steps, or what their operations failed with. */
function refusalsOf(...steps: readonly string[]): string[] {
  const lines = ['fire a1 election', 'wait until LeaderReady at a1', ...steps];
  const text = `protocol: spanner
nodes: { a1: replica, b1: replica, b2: replica, c: client }
steps:
${lines.map((step) => `  - ${step}\n`).join('')}`;
  const { scenario, problems } = parseScenario(text, 'spanner', [spanner]);
  if (!scenario) return problems.map(({ message }) => message);
  const reasons: string[] = [];
  simulate(scenario, (_world, _action, { replies, failure }) => {
    expect(failure).toBeNull();
    for (const { ok, result } of replies) if (!ok) reasons.push(String(result));
  });
  return reasons;
}

test.each([
  ['start c write z/x 1', 'z/x is in the group "z", which has no replica: the groups are a, b'],
  ['start c commit', 'no transaction is open'],
  ['start c transfer a/x b/y 5', 'a/x has only 0'],
  ['start c snapshot [b/x] age=1s from=a1', 'a1 does not store b/x'],
  ['start b1 abdicate', 'b1 does not lead'],
])('%s fails: %s', (step, reason) => {
  expect(refusalsOf(step)).toEqual([reason]);
});

test.each([
  ['c snapshot [a/x]', 'give either `at` or `age`'],
  ['c snapshot [a/x] age=1s at=2s', 'give either `at` or `age`'],
  ['c snapshot [a/x] age=1s from=c', 'c is not a replica'],
  ['c transfer a/x a/x 1', 'the two keys must differ'],
  ['c transfer a/x b/x 0', 'the amount must be positive'],
  ['c readAll []', 'it needs at least one key'],
])('%s is refused before the run: %s', (step, reason) => {
  expect(refusalsOf(step)).toEqual([expect.stringContaining(reason)]);
});

test('while a transaction is open, others of its client are refused', () => {
  expect(refusalsOf('c begin', 'start c begin', 'start c add a/x 1')).toEqual([
    'a transaction is open already', 'a transaction is open: commit it, or roll it back',
  ]);
});
