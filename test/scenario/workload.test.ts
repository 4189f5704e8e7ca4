/** Workloads and the nemesis: what they do, that it is bounded, undone and replayed. */
import { describe, expect, test } from 'vitest';
import { historyAt } from '../../src/check/history/recording.ts';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import type { Action } from '../../src/kernel/action.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Taken {
  readonly type: Action['type'];
  readonly at: number;
  readonly action: Action;
}

function runOf(steps: readonly string[], seed = 1) {
  const text = `protocol: raft
nodes: { n1..n3: replica, c1..c2: client }
seed: ${seed}
steps:
${steps.map((step) => `  - ${step}\n`).join('')}expect: [history is linearizable]
`;
  const { scenario, problems } = parseScenario(text, 'test.scenario.yaml', library);
  if (scenario === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const taken: Taken[] = [];
  const { world, verdicts } = simulate(scenario, (now, action) => {
    if (action === null || !('step' in action) || action.step === undefined) return;
    taken.push({ type: action.type, at: now.time, action: action as Action });
  });
  const failed = verdicts.filter(({ type }) => type !== 'holds');
  return { world, failed, taken, history: historyAt(world) };
}

const workload = 'repeat 30 times every 20ms..60ms: c1..c2 put k1..k3 new | get k1..k3';

describe('a workload', () => {
  test('invokes as often as it says, one operation after the other on each client', () => {
    const { history, failed } = runOf(['wait until LeaderElected', workload]);
    expect(failed).toEqual([]);
    expect(history).toHaveLength(30);
    expect(new Set(history.map(({ process }) => process))).toEqual(new Set(['c1', 'c2']));
    expect(history.every(({ outcome }) => outcome === 'ok')).toBe(true);
  });

  test('draws keys from the seed, and a new value for each put', () => {
    const { history } = runOf(['wait until LeaderElected', workload]);
    const values = history.flatMap(({ args }) => ('value' in args ? [args.value] : []));
    expect(new Set(values).size).toBe(values.length);
    expect(new Set(history.map(({ args }) => args.key))).toEqual(new Set(['k1', 'k2', 'k3']));
    expect(runOf(['wait until LeaderElected', workload]).history).toEqual(history);
    expect(runOf(['wait until LeaderElected', workload], 2).history).not.toEqual(history);
  });

  test('keeps its rate, and ends after its time', () => {
    const steps = ['wait 1s', 'repeat for 500ms every 50ms: c1 get x'];
    const times = runOf(steps).taken.map(({ at }) => at);
    expect(times[0]).toBeGreaterThanOrEqual(1_000_000);
    expect(times.at(-1)).toBeLessThan(1_500_000);
    const gaps = times.slice(1).map((at, i) => at - times[i]);
    expect(gaps.every((gap) => gap === 50_000)).toBe(true);
  });

  test('goes on in the background, and the run does not end before it', () => {
    const steps = ['start repeat 10 times every 100ms: c1 get x', 'wait 10ms'];
    expect(runOf(steps).history).toHaveLength(10);
  });

  test('does not wait for ever for clients that cannot invoke', () => {
    const { failed } = runOf(['crash c1', 'repeat 5 times every 10ms: c1 get x']);
    expect(failed).toMatchObject([
      { type: 'violated', reason: { code: 'workload-stalled', invoked: 0 } },
    ]);
  });

  test('lets a client go on after `within`, and the operation before stays open', () => {
    const steps = [
      'crash n1 n2 n3', 'repeat 3 times every 10ms within 100ms: c1 put x new', 'restart n1 n2 n3',
    ];
    const { history } = runOf(steps);
    expect(history.map(({ process }) => process)).toEqual(['c1', 'c1/2', 'c1/3']);
  });
});

describe('a nemesis', () => {
  const nemesis = 'nemesis: crash | partition | pause | clock every 20ms..80ms';

  test.each([1, 2, 3, 4])('restores everything once the workload is over, seed %i', (seed) => {
    const { world, failed, taken } = runOf(['wait until LeaderElected', nemesis, workload], seed);
    expect(failed).toEqual([]);
    expect(world.nodes.map(({ status }) => status)).toEqual(world.nodes.map(() => 'running'));
    expect(world.hasCuts).toBe(false);
    const jumps = taken.flatMap(({ action }) => (action.type === 'skew' ? [action.jump ?? 0] : []));
    expect(jumps.reduce((sum, jump) => sum + jump, 0)).toBe(0);
    expect(taken.some(({ type }) => type !== 'invoke')).toBe(true);
    const lastInvoked = Math.max(...taken.flatMap(({ type, at }) => (type === 'invoke' ? [at] : [])));
    expect(Math.max(...taken.map(({ at }) => at))).toBe(lastInvoked);
  });

  test('begins a fault and ends it, in turn, until its time is over', () => {
    const steps = ['nemesis: crash every 100ms for 450ms on n2', 'wait 1s'];
    const { taken } = runOf(steps);
    expect(taken.map(({ type, at }) => `${at / 1_000} ${type}`)).toEqual([
      '100 crash', '200 restart', '300 crash', '400 restart',
    ]);
  });

  test('ends the last fault when its time is over', () => {
    const { taken } = runOf(['nemesis: pause every 100ms for 150ms on n2', 'wait 1s']);
    expect(taken.map(({ type, at }) => `${at / 1_000} ${type}`)).toEqual([
      '100 pause', '150 resume',
    ]);
  });
});
