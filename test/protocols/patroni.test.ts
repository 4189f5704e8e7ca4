/** Patroni in single runs: a golden text of a failover, and the rules of its settings. */
import { expect, test } from 'vitest';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { patroni } from '../../src/protocols/patroni/patroni.ts';
import type { MemberState } from '../../src/protocols/patroni/state.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { Cluster } from './cluster.ts';

const second = 1_000_000;

function cluster(options: Record<string, unknown>): Cluster {
  const nodes = [
    { id: 'dcs', role: 'dcs', options: {} },
    { id: 'n1', role: 'member', options: { ...options, startTime: 0 } },
    { id: 'n2', role: 'member', options },
    { id: 'a', role: 'client', options: {} },
  ];
  const network = { ...defaultNetwork, latency: [1_000, 1_000] as const };
  return new Cluster({ protocol: patroni, seed: 1, nodes, network });
}

function stateOf({ world }: Cluster, id: string): MemberState {
  return world.node(id)!.state as unknown as MemberState;
}

test('a failover: the key expires, the standby promotes, and the old primary is rewound', () => {
  const one = cluster({ synchronousMode: 'strict' });
  one.untilEvent('SyncWritten');
  one.do('a write {"key":"x","value":1}');
  one.untilReply('a#1');
  one.do('cut n1 -> n2');
  one.do('a write {"key":"x","value":2}');
  one.untilEvent('WriteAppended', 'n1');
  one.do('crash n1');
  one.untilEvent('Promoted', 'n2');
  one.do('heal');
  one.do('restart n1');
  one.untilEvent('WritesLost', 'n1');
  one.run('1s');
  expect(stateOf(one, 'n1').wal).toEqual(stateOf(one, 'n2').wal);
  expect(one.violations).toEqual([]);
  expectGolden(import.meta.url, 'patroni-failover', one.lines.join('\n'));
});

test('an agent that is stalled between the refresh and the feeding defeats its watchdog', () => {
  const one = cluster({ watchdog: 'required' });
  one.untilEvent('ReplicationBegan', 'n2');
  one.untilEvent('LeaderKeyRefreshed');
  // The answer is held: the watchdog is fed 14 s late, and the next stall begins at once.
  one.do('n1 stall {"for":14000000}');
  one.untilEvent('WatchdogFed', 'n1');
  one.do('n1 stall {"for":40000000}');
  one.untilEvent('Promoted', 'n2');
  one.do('a write {"key":"x","value":1}');
  expect(one.untilEvent('WriteAppended', 'n1')).toMatchObject({ timeline: 1 });
  expect(stateOf(one, 'n2').standing).toBe('primary');
  // The documentation of the watchdog says so: the invariant excludes this case.
  expect(one.violations).toEqual([]);
});

test('with failsafe mode, one member that does not accept is enough to demote', () => {
  const one = cluster({ failsafeMode: true });
  one.untilEvent('ReplicationBegan', 'n2');
  one.do('crash dcs');
  one.do('crash n2');
  const { reason } = one.untilEvent('Demoted', 'n1');
  expect(reason).toBe('only 0 of 1 members accept that it goes on');
  expect(one.world.time).toBeLessThan(40 * second);
});

function problemsOf(settings: string): string[] {
  const source = `protocol: patroni\nnodes:\n  dcs: dcs\n  n1: { role: member, ${settings} }\nsteps:\n  - wait 1s\n`;
  const { problems } = parseScenario(source, 'x.scenario.yaml', [patroni]);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('loopWait + 2 · retryTimeout must not be more than ttl', () => {
  expect(problemsOf('ttl: 40s, loopWait: 20s')).toEqual([]);
  expect(problemsOf('loopWait: 11s')).toMatchInlineSnapshot(`
    [
      "4:33 \`loopWait\` + 2 · \`retryTimeout\` must be at most \`ttl\`, 30s, and not 31s",
    ]
  `);
  expect(problemsOf('retryTimeout: 10s, ttl: 25s')).toMatchInlineSnapshot(`
    [
      "4:47 \`loopWait\` + 2 · \`retryTimeout\` must be at most \`ttl\`, 25s, and not 30s",
    ]
  `);
});
