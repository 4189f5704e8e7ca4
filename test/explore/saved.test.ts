/** Walks find a planted fault; shrinking tells it as a story; the saved scenario breaks it again. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { noFaults } from '../../src/explore/budgets.ts';
import { breaks, savedScenario } from '../../src/explore/saved/saved.ts';
import { Replay } from '../../src/explore/shrink/schedule.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { promiseOf } from '../../src/explore/walks/broken.ts';
import { strategiesDefault, walk } from '../../src/explore/walks/walks.ts';
import type { FaultBudget } from '../../src/explore/budgets.ts';
import type { TimeMode } from '../../src/explore/verdict.ts';
import { compile } from '../mutants/mutants.ts';
import { paxosMutants } from '../mutants/consensus/paxos-mutants.ts';
import { readFile, type Read, readScenario } from './read.ts';

function find(
  { scenario, text }: Read,
  { time = 'timed', faults = noFaults, runs = 500, stepsMost = 400 }: {
    time?: TimeMode; faults?: FaultBudget; runs?: number; stepsMost?: number;
  } = {},
) {
  const strategies = strategiesDefault;
  const { finding } = walk(scenario, { strategies, time, faults, seeds: [1, runs], stepsMost });
  if (finding === undefined) throw new Error(`nothing found in ${runs} runs`);
  const shrunk = shrink(scenario, finding);
  if (shrunk === undefined) throw new Error('the schedule does not break the promise again');
  return { finding, shrunk, saved: savedScenario({ scenario, text }, shrunk) };
}

test.each(['timed', 'untimed'] as const)('Paxos that takes the last vote, %s', (time) => {
  const read = readFile('test/explore/last-promise/duel.scenario.yaml');
  const { finding, shrunk, saved } = find(read, { time });
  expect(finding.broken.subject).toEqual({ kind: 'invariant', name: 'Agreement' });
  expect(shrunk.actions.length).toBeLessThan(40);
  expect(shrunk.actions.length).toBeLessThanOrEqual(finding.actions.length);
  expect(saved).toContain('deliver ');
  expect(breaks(saved!, read.scenario, finding.broken.subject)).toBe(true);
});

/**
 * Why no run is shorter than 24 actions. The fault shows only if one quorum of promises reports two
 * votes for different values, so two earlier ballots must have had votes. Of fewer than three
 * acceptors, all are a quorum, and the second ballot would see the vote of the first. So it takes three
 * acceptors, quorums of two, and three ballots. Each begins by itself, and needs two promises:
 * 3 × (1 + 2 Prepare + 2 Promise) = 15. The first needs one vote, which the quorum of the second does
 * not see: 1 Accept. The second and the third must be chosen: 2 × (2 Accept + 2 Accepted) = 8.
 * A proposer with a smaller number than the one before it needs one more, to retry with a higher ballot:
 * so it is where the timed walk finds it, as the order of the proposers is that of the run. With time, its
 * timer comes later than its messages arrive. It is a refusal that lets it retry, which is 1 Accept and 1
 * Refused more.
 */
const fewest = { Prepare: 3 * 2, Promise: 3 * 2, Accept: 1 + 2 + 2, Accepted: 2 + 2 };

test.each([
  ['untimed', { begun: 3, ...fewest }],
  ['timed', { begun: 4, ...fewest, Accept: fewest.Accept + 1, Refused: 1 }],
] as const)('%s, it is told in as few actions as there can be', (time, expected) => {
  const { shrunk } = find(readFile('test/explore/last-promise/duel.scenario.yaml'), { time });
  const counts: Record<string, number> = {};
  for (const { action, body } of shrunk.actions) {
    const kind = action.type === 'deliver' ? body!.type : 'begun';
    if (kind === 'begun') expect(['invoke', 'fire']).toContain(action.type);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  expect(counts).toEqual(expected);
});

test('the correct Paxos keeps its promises in the same runs', () => {
  const { scenario } = readScenario(`
protocol: paxos
nodes: { p1..p2: proposer, a1..a3: acceptor }
network: { latency: 1ms..20ms, loss: 5% }
steps:
  - start p1 propose red
  - start p2 propose blue
  - wait 1s
`);
  for (const time of ['timed', 'untimed'] as const) {
    const options = { strategies: strategiesDefault, faults: noFaults, time, stepsMost: 300 };
    const result = walk(scenario, { ...options, seeds: [1, 60] });
    expect(result.finding).toBeUndefined();
    expect(result.runs).toBe(60);
  }
});

test('a fault of the budget is needed, found and kept', async () => {
  const mutant = paxosMutants['paxos-forgotten-promise'];
  const name = 'paxos';
  const compiled = await compile('paxos/paxos.ts', `paxos/${mutant.in}`, name, mutant);
  const read = readScenario(
    `
protocol: paxos
nodes: { p1..p2: proposer, a1..a3: acceptor }
steps:
  - start p1 propose red
  - start p2 propose blue
  - wait 1s
`,
    compiled.find((one) => one.name === name),
  );
  const faults = { ...noFaults, crashes: 1, drops: 2 };
  const { finding, shrunk } = find(read, { faults });
  expect(finding.broken.subject.kind).toBe('invariant');
  const types = shrunk.actions.map(({ action }) => action.type);
  expect(types).toContain('crash');
  expect(types).not.toContain('drop');
  const without = walk(read.scenario, {
    strategies: strategiesDefault, time: 'timed', faults: noFaults, seeds: [1, 50], stepsMost: 400,
  });
  expect(without.finding).toBeUndefined();
});

test('the same seeds find the same, and a saved text is as its run', () => {
  const read = readFile('test/explore/last-promise/duel.scenario.yaml');
  const [one, other] = [find(read), find(read)];
  expect(one.saved).toBe(other.saved);
  const { scenario } = readScenario(one.saved!.replace(/protocol: .*/, 'protocol: last-promise'),
    read.scenario.protocol);
  const { world, verdicts } = simulate(scenario);
  expect(world.step).toBe(one.shrunk.actions.length);
  expect(verdicts.filter(({ type }) => type === 'violated')).toHaveLength(1);
});

test('each action of the result is needed', () => {
  const read = readFile('test/explore/last-promise/duel.scenario.yaml');
  const { shrunk } = find(read);
  const { setup, actions, broken, isAtEnd } = shrunk;
  const replay = new Replay(read.scenario, setup, promiseOf(broken.subject), isAtEnd);
  expect(replay.run(actions)?.actions).toHaveLength(actions.length);
  for (let left = 0; left < actions.length; left++) {
    expect(replay.run(actions.filter((_, i) => i !== left))).toBeUndefined();
  }
});
