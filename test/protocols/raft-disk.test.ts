/** Raft on disks that are slow or stand still: an entry counts for a server when it is on its disk. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { Cluster, setupOf } from './cluster.ts';
import { Dice } from './dice.ts';

const elected = ['fire n1 election', 'wait until LeaderElected at n1', 'client put x 1'];

const stories: Readonly<Record<string, readonly string[]>> = {
  'a leader that stands still commits by the disks of the others, and may lose its own copy': [
    ...elected, 'disk n1 stall for 5s', 'client put y 2', 'crash n1', 'wait 2s', 'restart n1', 'wait 5s',
    'client get y answers 2',
  ],
  'nothing is committed without a majority of disks': [
    ...elected, 'disk n1 stall', 'disk n2 stall', 'start client put y 2', 'wait 3s', 'crash n1',
    'crash n2', 'wait 2s', 'restart n1', 'restart n2', 'disk n1 ok', 'disk n2 ok', 'wait 5s',
    'client put z 3',
  ],
  'a leader goes on with its heartbeats, and commits when its disk has the entry': [
    ...elected, 'partition n3 | n1 n2 client', 'disk n1 stall for 3s', 'start client put y 2',
    'wait 2s', 'wait until client answered within 3s',
  ],
  'a vote and a term that were on no disk were not sent, and a crash may take them': [
    'disk n2 stall for 5s', 'fire n1 election', 'wait 100ms', 'crash n2', 'restart n2', 'wait 8s',
    'client put x 1',
  ],
  'a server that lost a vote it never sent may vote for another in that term': [
    'disk n2 stall for 5s', 'cut n1 -> n3', 'fire n1 election', 'wait 10ms', 'crash n1', 'crash n2',
    'restart n2', 'disk n2 ok', 'fire n3 election', 'wait 100ms', 'client put x 1',
  ],
  'slow disks only delay': [
    ...elected, 'disk n1 slow 20ms', 'disk n2 slow 5ms', 'client put y 2', 'client put z 3', 'crash n2',
    'restart n2', 'client get z answers 3',
  ],
};

test.each(Object.entries(stories))('%s', (_name, steps) => {
  for (let seed = 1; seed <= 5; seed++) {
    const lines = steps.map((step) => `  - ${step}\n`).join('');
    const text = `protocol: raft\nnodes: { n1..n3: replica, client: client }\nseed: ${seed}\nsteps:\n${lines}`;
    const { scenario, problems } = parseScenario(text, 'disks', library);
    expect(problems).toEqual([]);
    const { verdicts } = simulate(scenario!);
    const violated = verdicts.filter(({ type }) => type === 'violated').map((one) => verdictReason(one));
    expect(violated, `seed ${seed}`).toEqual([]);
  }
});

const second = 1_000_000;

/** Crashes on disks that stand still; ends early at a violation. */
function diskStorm(seed: number, logs: boolean): Cluster {
  const dice = new Dice(seed);
  const options = { preVote: dice.chance(0.3), checkQuorum: dice.chance(0.3) };
  const cluster = new Cluster(setupOf({ protocol: raft, replicas: 3, seed, options }), logs);
  const { world } = cluster;
  const fault = (): Action => {
    const [at, node] = [world.time, dice.one(['n1', 'n2', 'n3'])];
    switch (dice.below(6)) {
      case 0:
        return { type: 'crash', at, node };
      case 1:
      case 2:
        return { type: 'restart', at, node };
      case 3:
        return { type: 'disk', at, node, does: 'stall', for: dice.one([0.2, 1, 3]) * second };
      case 4:
        return { type: 'disk', at, node, does: 'slow', by: dice.one([5, 40]) * 1_000 };
      default:
        return { type: 'disk', at, node, does: 'ok' };
    }
  };
  for (let taken = 0; taken < 600; taken++) {
    if (cluster.violations.length > 0 || cluster.failures.length > 0) break;
    const next = dice.chance(0.04) ? fault() : world.next();
    if (next !== undefined) cluster.take(next);
  }
  return cluster;
}

test('on disks that stand still, crashes violate no invariant', () => {
  const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 100);
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations, failures } = diskStorm(seed, false);
    const why = violations[0]?.why ?? failures[0];
    if (why !== undefined) expect.fail(`seed ${seed}: ${why}\n${diskStorm(seed, true).lines.slice(-40).join('\n')}`);
  }
});
