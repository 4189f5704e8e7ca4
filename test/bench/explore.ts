/** Exploration: every state of a model, beside a bare run of the same number of steps. */
import { performance } from 'node:perf_hooks';
import { Effects } from '../../src/kernel/effects.ts';
import { step } from '../../src/kernel/step.ts';
import { noLimits } from '../../src/explore/budgets.ts';
import { choicesAt } from '../../src/explore/choices.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { searchTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { staying, untimed } from '../explore/models/search.ts';
import { twoPhase } from '../explore/models/setups.ts';
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
];

const unordered = { latency: [0, 0] as [number, number], loss: 0, duplicate: 0, reorder: true };
