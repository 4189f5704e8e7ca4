/** SWIM's bound of 2n − 1 periods (§4.3) is one of a list that does not change. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { swim } from '../../src/protocols/swim/swim.ts';
import { readScenario } from '../explore/read.ts';
import { compile } from '../mutants/mutants.ts';
import { swimMutants } from '../mutants/swim-mutants.ts';

const title = 'each member is probed in 2n − 1 periods';

/**
 * Without suspicion, what is slow is declared dead at once, and returns at once. In the runs of
 * these seeds, members that returned were put before one that waited for its turn: it was probed after
 * more than 2n − 1 periods.
 */
const returning = `protocol: swim
nodes:
  n1..n5:
    role: member
    protocolPeriod: 200ms
    pingTimeout: 80ms
    gossipInterval: 50ms
    pushPullInterval: 3s
    reconnectInterval: 3s
    gossipToTheDead: 2s
    suspicion: false
network: { latency: 1ms..150ms, duplicate: 10%, reorder: true }
steps:
  - 'nemesis: partition every 300ms..1500ms for 20s'
  - wait 22s
`;

/** The first promise that the run of one of the seeds breaks. */
function brokenBy(protocol: Protocol, last: number) {
  const { scenario } = readScenario(returning, protocol);
  const { finding } = walk(scenario, {
    strategies: [{ type: 'plain' }], time: 'timed', faults: noFaults, seeds: [1, last],
    stepsMost: 20_000,
  });
  return finding?.broken;
}

test('members that return are put before one that waits, which the promise counts', () => {
  expect(brokenBy(swim, 3)).toBeUndefined();
});

test('a member that is left out of rounds is noticed among members that return', async () => {
  const name = 'swim-chooses-at-random';
  const mutant = swimMutants[name];
  const all = await compile('swim/swim.ts', 'swim/probe.ts', name, mutant);
  const broken = brokenBy(all.find((one) => one.name === 'swim')!, 20);
  expect(broken).toMatchObject({ subject: { kind: 'invariant', name: title } });
});
