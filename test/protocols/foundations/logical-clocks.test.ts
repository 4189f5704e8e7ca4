/** Clocks under random faults: what each promises holds, and wall clocks do not keep it. */
import { describe, expect, test } from 'vitest';
import { logicalClocks } from '../../../src/protocols/logical-clocks/logical-clocks.ts';
import type { ReplicaState } from '../../../src/protocols/logical-clocks/state.ts';
import { expectGolden } from '../../golden.ts';
import type { Cluster } from '../cluster.ts';
import { endFaults } from '../faults.ts';
import { clusterOf, holdsUnderFaults, violatedBy } from '../consensus/harness.ts';
import { nodes } from '../consensus/schedule.ts';
import { clockFamily, familyOfClock } from './clock-family.ts';

const valuesOf = ({ world }: Cluster) =>
  world.nodes.map(({ state }) => JSON.stringify(Object.entries((state as unknown as ReplicaState).values)
    .map(([key, writes]) => [key, writes.map(({ id }) => id)]).sort()));

const writtenIn = ({ world }: Cluster) =>
  world.nodes.reduce((sum, { state }) => sum + (state as unknown as ReplicaState).written, 0);

describe('Lamport, vector and hybrid clocks', () => {
  holdsUnderFaults(
    clockFamily, logicalClocks, [{ of: ({ cluster }) => writtenIn(cluster), atLeast: 5 }],
    ({ cluster }) => {
      endFaults(cluster);
      cluster.run('500ms');
      return new Set(valuesOf(cluster)).size === 1 ? undefined : 'replicas differ after the faults';
    },
  );
});

test('wall clocks keep neither the clock condition nor the order of writes', () => {
  expect(violatedBy(familyOfClock('wall'), logicalClocks)).toEqual([
    'Clock Condition', 'Known Writes Lose',
  ]);
});

test.each(['wall', 'lamport', 'vector', 'hybrid'])('two replicas write in turn, with %s clocks', (clock) => {
  const [first, second] = nodes('replica', ['n1', 'n2'], { stamps: clock });
  const cluster = clusterOf(logicalClocks, [first!, { ...second!, clock: { offset: -50_000 } }]);
  cluster.run('100ms');
  cluster.do('n1 put {"key":"x","value":"paid"}');
  cluster.run('10ms');
  cluster.do('n2 put {"key":"x","value":"shipped"}');
  cluster.run('10ms');
  cluster.do('n1 put {"key":"y","value":1}');
  cluster.do('n2 put {"key":"y","value":2}');
  cluster.run('10ms');
  cluster.do('n1 get {"key":"x"}');
  cluster.do('n1 get {"key":"y"}');
  expectGolden(import.meta.url, `clocks-${clock}`, cluster.lines.join('\n'));
});

test('a replica with another clock is refused by name', () => {
  const cluster = clusterOf(logicalClocks, [
    ...nodes('replica', ['n1'], { stamps: 'wall' }), ...nodes('replica', ['n2'], { stamps: 'vector' }),
  ]);
  cluster.do('n1 put {"key":"x","value":1}');
  cluster.run('10ms');
  expect(cluster.failures[0]).toContain(
    'it has vector clocks, and received a stamp of a wall clock: give all replicas the same `stamps`',
  );
});
