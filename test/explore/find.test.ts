/** A search from a moment of a run: what it finds is possible there, in its meaning of time. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { clockReadIn } from '../../src/explore/find/clock-probe.ts';
import { finding } from '../../src/explore/find/find.ts';
import type { Finding, Found } from '../../src/explore/find/found.ts';
import { planOf } from '../../src/explore/find/request.ts';
import { savingFinding } from '../../src/explore/find/saved-finding.ts';
import { possibleIn } from '../../src/explore/find/shrink-from.ts';
import { brokenIn, exploredMonitors } from '../../src/explore/search/problem.ts';
import type { TimeMode } from '../../src/explore/verdict.ts';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { possibleActions } from '../../src/kernel/possible.ts';
import { asAction, asPending } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { find, firstActions, host, shown, toEnd } from './finding.ts';
import { readFile } from './read.ts';

function oneOf(found: Found): Finding {
  const { finding: one } = shown(found);
  if (one === undefined) throw new Error('nothing was found');
  return one;
}

/** When the first window of what is pending closes. */
function closesAt(world: World): number {
  const latest = possibleActions(world).map((one) => {
    if (one.type === 'deliver') return one.latest;
    if (one.type === 'postponed') return one.at;
    return world.nodes[one.nodeIndex]!.timers[one.timerIndex]!.latest;
  });
  return Math.min(...latest);
}

/** What of the actions may not happen where it does, or that the last one breaks nothing. */
function faultIn(
  scenario: Scenario,
  time: TimeMode,
  before: readonly Action[],
  actions: readonly Action[],
): string | undefined {
  const effects = new Effects();
  const world = start(scenario.setup, exploredMonitors(scenario, false), effects);
  for (const action of before) step(world, asPending(world, action), effects);
  const setting = { time, faults: noFaults, scenario };
  const isPossible = possibleIn(scenario, time);
  let last = '';
  for (const action of actions) {
    const text = actionText(action);
    // Nothing that must have happened before was passed over, and it comes in its window.
    if (!isPossible(world, action)) return `${text} may not happen`;
    const late = time === 'timed' && closesAt(world) < action.at;
    if (late) return `${text} comes too late`;
    if (!step(world, action, effects)) return `${text} is not possible`;
    const broken = brokenIn({ setting }, world, action, effects);
    last = broken === undefined ? '' : JSON.stringify(broken.subject);
  }
  return last === '' ? 'nothing is broken' : undefined;
}

const samples = [
  { name: 'release', time: 'timed', faults: '' },
  { name: 'lease', time: 'timed', faults: '' },
  { name: 'transaction', time: 'timed', faults: 'crashes=1' },
  { name: 'quorum', time: 'untimed', faults: '' },
] as const;

for (const { name, time, faults } of samples) {
  test(`${name}: what walks find and shrink is possible from the moment on`, () => {
    const { scenario } = readFile(`samples/find-the-bug/${name}.scenario.yaml`);
    const request = { mode: 'random', time, ...(faults && { faults }) };
    for (const count of [0, 1, 3]) {
      const before = firstActions(scenario, count);
      const { actions, subject } = oneOf(find(scenario, request, before));
      expect(subject.kind).toBe('invariant');
      expect(faultIn(scenario, time, before, actions)).toBeUndefined();
      // A run without one of its actions, or in another order, is noticed.
      expect(faultIn(scenario, time, before, actions.slice(0, -1))).toBeDefined();
      expect(faultIn(scenario, time, before, actions.toReversed())).toBeDefined();
    }
  });
}

test('a finding that is being shrunk when the user cancels is taken as it is', () => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const plan = planOf({ mode: 'random', time: 'untimed' }, scenario);
  if ('wrong' in plan) throw new Error();
  const whole = oneOf(toEnd(finding(plan, [], host)));
  expect(whole.isCutShort).toBeUndefined();
  const kept: number[] = [];
  const lengthsUntil = (count: number) => {
    kept.length = 0;
    return oneOf(toEnd(finding(plan, [], {
      ...host,
      keep: ({ finding: { actions } }) => kept.push(actions.length),
      isEnough: () => kept.length >= count,
    })));
  };
  const first = lengthsUntil(1);
  expect(kept[0]).toBe(first.actions.length);
  expect(first.actions.length).toBeGreaterThan(whole.actions.length);
  const later = lengthsUntil(2);
  expect(later).toMatchObject({ subject: whole.subject, isCutShort: true });
  expect(later.actions.length).toBe(kept.at(-1));
  expect(later.actions.length).toBeLessThan(first.actions.length);
  expect(faultIn(scenario, 'untimed', [], later.actions)).toBeUndefined();
});

test('a search from a moment finds a shorter run than one from the start', () => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const request = { mode: 'bfs', time: 'untimed' } as const;
  const whole = oneOf(find(scenario, request)).actions.length;
  const before = firstActions(scenario, 2);
  const rest = oneOf(find(scenario, request, before));
  expect(rest.actions.length).toBeLessThan(whole);
  expect(faultIn(scenario, 'untimed', before, rest.actions)).toBeUndefined();
});

test('in slices and at once, a search shows the same', () => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const plan = planOf({ mode: 'bfs', time: 'untimed' }, scenario);
  if ('wrong' in plan) throw new Error();
  const sliced = toEnd(finding(plan, [], { ...host, isSliced: true }));
  // At once, it looks states up in tables, and leaves out no choice.
  const shown = (all: unknown) => JSON.stringify(all, (key, value: unknown) => {
    return key === 'reduction' ? undefined : value;
  });
  expect(shown(sliced)).toBe(shown(toEnd(finding(plan, [], host))));
});

test('a budget of faults is spent from the moment on, whatever happened before', () => {
  const { scenario } = readFile('samples/find-the-bug/transaction.scenario.yaml');
  const before = firstActions(scenario, 2);
  const { shown: search } = shown(find(scenario, { mode: 'bfs', faults: 'crashes=1' }, before));
  expect(search.verdict.type).toBe('violated');
  const crashes = search.verdict.type === 'violated'
    ? search.verdict.trace.actions.filter(({ type }) => type === 'crash').length
    : 0;
  expect(crashes).toBe(1);
});

test('a clock ends a search as unknown, and a limit is named', () => {
  const { scenario } = readFile('samples/find-the-bug/commitment.scenario.yaml');
  const plan = planOf({ mode: 'bfs', time: 'untimed' }, scenario);
  if ('wrong' in plan) throw new Error();
  let now = 0;
  const late = toEnd(finding(plan, [], { ...host, elapsed: () => (now += 10_000) }));
  expect(shown(late).shown.verdict).toMatchObject({
    type: 'unknown', why: { code: 'stopped', at: 'time' },
  });
  const few = find(scenario, { mode: 'bfs', limits: { states: 100 } });
  expect(shown(few).shown.verdict).toMatchObject({
    type: 'unknown', why: { code: 'stopped', at: 'states' },
  });
});

test('which handler reads a clock is known from a run, and most protocols read none', () => {
  const lease = readFile('samples/find-the-bug/lease.scenario.yaml').scenario;
  expect(clockReadIn(lease)).toMatchObject({ handler: expect.any(String) });
  const quorum = readFile('samples/find-the-bug/quorum.scenario.yaml').scenario;
  expect(clockReadIn(quorum)).toBeUndefined();
});

test('a finding from a moment is saved with the actions before it', () => {
  const { scenario, text } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const before = firstActions(scenario, 2);
  const one = oneOf(find(scenario, { mode: 'bfs', time: 'untimed' }, before));
  const saved = toEnd(savingFinding(scenario, text, before, one, host));
  expect(saved).toMatchObject({ text: expect.stringContaining('- start c1 stand') });
  const reached = { subject: { kind: 'reach', text: 'c1.up' }, reason: { code: 'reached' } } as const;
  const state = { ...reached, actions: [], isAtEnd: false };
  expect(toEnd(savingFinding(scenario, text, [], state, host))).toEqual({ notSaved: 'not a promise' });
});

test('random numbers that a search chose stay with their action when it is replayed', () => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const world = start(scenario.setup, exploredMonitors(scenario, false));
  for (const action of firstActions(scenario, 1)) step(world, action);
  const next = world.next()!;
  const action = asAction(next);
  expect(asPending(world, action)).toBe(next);
  const chosen = { ...action, draws: [2] };
  expect(asPending(world, chosen)).toBe(chosen);
});
