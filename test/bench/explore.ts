/** Exploration: every state of a model, beside a bare run of the same number of steps. */
import { performance } from 'node:perf_hooks';
import { Effects } from '../../src/kernel/effects.ts';
import { step } from '../../src/kernel/step.ts';
import { noLimits } from '../../src/explore/budgets.ts';
import { choicesAt } from '../../src/explore/choices.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreWorlds, type Order } from '../../src/explore/search/worlds.ts';
import { searchTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { staying, untimed } from '../explore/models/search.ts';
import { paxos, twoPhase } from '../explore/models/setups.ts';
import type { Bench, Figures } from './bench.ts';
import { raftSetup } from './raft-load.ts';

function measured(make: () => Problem): Figures {
  const begun = performance.now();
  const problem = make();
  const { search, explored: { states, transitions, depth } } = searchTuples(problem)!;
  const seconds = (performance.now() - begun) / 1_000;
  return {
    seconds: Number(seconds.toFixed(3)),
    states,
    transitions,
    depth,
    statesPerSecond: states / seconds,
    tableBytesPerState: Number((search.tableBytes / states).toFixed(1)),
    ratioToBareSteps: Number((transitions / seconds / bareSteps(problem)).toFixed(2)),
  };
}

/** How many choices a second one walk takes in a world, without any search. */
function bareSteps({ world, setting }: Problem): number {
  const effects = new Effects();
  const begun = performance.now();
  let steps = 0;
  while (performance.now() - begun < 500) {
    const walk = world.fork();
    for (let i = 0; i < 100; i++) {
      const choices = choicesAt(walk, setting.faults, setting);
      if (choices.length === 0) break;
      for (const action of choices[i % choices.length].actions) step(walk, action, effects);
      steps++;
    }
  }
  return steps / ((performance.now() - begun) / 1_000);
}

/**
 * A search of worlds with and without reduction: both visit all states. Of some rounds each in
 * turn, the one that took the least CPU time counts, because the machine may be busy.
 */
function reduced(make: () => Problem, order: Order): Figures {
  const least = { with: Infinity, without: Infinity };
  let skippedPart = 0;
  let states = 0;
  let transitions = 0;
  for (let round = 0; round < 2; round++) {
    for (const way of ['without', 'with'] as const) {
      const begun = process.cpuUsage();
      const found = exploreWorlds({ ...make(), reduces: way === 'with' }, order);
      const { user, system } = process.cpuUsage(begun);
      least[way] = Math.min(least[way], (user + system) / 1e6);
      ({ states, transitions } = found);
      const { reduction } = found;
      if (reduction !== undefined && 'skipped' in reduction) {
        skippedPart = reduction.skipped / transitions;
      }
    }
  }
  return {
    states,
    transitions,
    takenPart: Number((1 - skippedPart).toFixed(3)),
    cpuSecondsWith: Number(least.with.toFixed(3)),
    cpuSecondsWithout: Number(least.without.toFixed(3)),
    ratioOfTime: Number((least.with / least.without).toFixed(2)),
  };
}

/** Raft, with fewer of its states than in its bench. */
const raftWithin = (terms: number): Problem => {
  const problem = untimed({ ...raftSetup(3), network: unordered });
  return {
    ...problem,
    setting: { ...problem.setting, operations: [put] },
    limits: { ...noLimits, messages: 2 },
    targets: { nodeWithin: ({ state }) => !((state.currentTerm as number) > terms) },
  };
};

const reductionBenches: readonly (readonly [string, string, () => Problem])[] = [
  ['two-phase-5', 'two-phase commit, messages stay', () =>
    untimed(twoPhase(5), { faults: staying })],
  ['consumed-4', 'two-phase commit, messages are consumed', () => untimed(twoPhase(4))],
  ['paxos', "Stateright's Paxos", () => untimed(paxos(3, 2), { skipsIdle: true })],
  ['raft-3', 'Raft with all invariants, in the first term', () => raftWithin(1)],
];

const put = {
  type: 'invoke', at: 0, node: 'client', operation: 'put', args: { key: 'x', value: 1 },
} as const;

export const exploreBenches: readonly Bench[] = [
  {
    name: 'explore-two-phase-7',
    about: 'all states of two-phase commit with its invariant, and a run to each of them',
    parameters: { resources: 7 },
    run: () => measured(() => untimed(twoPhase(7), { faults: staying })),
  },
  {
    name: 'explore-raft-3',
    about: 'Raft with all invariants: terms up to 3, one write, at most 4 messages in flight',
    parameters: { replicas: 3, states: 1_000_000 },
    run: () => measured(() => {
      const problem = untimed({ ...raftSetup(3), network: unordered });
      return {
        ...problem,
        setting: { ...problem.setting, operations: [put] },
        limits: { ...noLimits, messages: 4, states: 1_000_000 },
        targets: { nodeWithin: ({ state }) => !((state.currentTerm as number) > 3) },
      };
    }),
  },
  ...reductionBenches.flatMap(([name, about, make]) => (['bfs', 'dfs'] as const).map((order) => ({
    name: `explore-reduced-${name}-${order}`,
    about: `${about}: all states as worlds, with and without choices that commute`,
    parameters: { order },
    run: () => reduced(make, order),
  }))),
];

const unordered = { latency: [0, 0] as [number, number], loss: 0, duplicate: 0, reorder: true };
