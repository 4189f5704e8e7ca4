/** `WritesLost` of the naive cluster means that a client had an answer for what is gone. */
import { expect, test } from 'vitest';
import { simulate } from '../../../src/check/simulate.ts';
import { naiveCluster } from '../../../src/protocols/naive-cluster/naive-cluster.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';

function lossesIn(elects: string, steps: readonly string[]): string[] {
  const text = `protocol: naive-cluster
nodes: { 'n1..n5': { role: replica, elects: ${elects} }, a: client, b: client }
seed: 2
steps:
  - wait 20ms
  - fire n1 election
  - wait until LeaderElected at n1
${steps.map((one) => `  - ${one}\n`).join('')}  - wait 2s`;
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', [naiveCluster]);
  expect(problems).toEqual([]);
  const losses: string[] = [];
  simulate(scenario!, (_world, _action, { events }) => {
    for (const { name, fields } of events) {
      if (name === 'WritesLost') losses.push(`${fields.node}: ${String(fields.writes)}`);
    }
  });
  return losses.sort();
}

const pause = ['pause n1 for 2s', 'a put x 1 answers OK within 10s'];
const cut = [
  'a put x 0 answers OK', 'b get x answers 0',
  'partition n1 n2 a | n3 n4 n5 b', 'start a put x 1', 'wait until LeaderElected within 2s',
  'b put y 2 answers OK within 5s', 'heal',
];

test('a write that the leader has is not lost, although a node gave it up for an older message', () => {
  expect(lossesIn('majority', pause)).toEqual([]);
});

test('a write that was not answered may be gone; an answered one is lost', () => {
  expect(lossesIn('majority', cut)).toEqual([]);
  const lost = ['n3: b 2: put y 2', 'n4: b 2: put y 2', 'n5: b 2: put y 2'];
  expect(lossesIn('visible', cut)).toEqual(lost);
});
