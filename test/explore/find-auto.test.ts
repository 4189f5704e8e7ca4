// Without a choice, the editor searches as `lockstep explore` does, from any moment of a run.
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import type { Searched } from '../../src/explore/find/found.ts';
import { type FindRequest, planOf } from '../../src/explore/find/request.ts';
import { brokenIn, exploredMonitors } from '../../src/explore/search/problem.ts';
import { parsedAgain } from '../../src/explore/saved/saved.ts';
import { unitsOf } from '../../src/kernel/wording.ts';
import { resultOf, wrongText } from '../../src/cli/find/words.ts';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { asPending } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { find as found, firstActions, shown } from './finding.ts';
import { readFile } from './read.ts';

function find(
  scenario: Scenario,
  request: FindRequest = {},
  actions: readonly Action[] = [],
): Searched {
  return shown(found(scenario, { limits: { runs: 2_000 }, ...request }, actions));
}

/** Why the actions do not break a promise where the moment leads to. */
function faultIn(scenario: Scenario, before: readonly Action[], actions: readonly Action[]) {
  const effects = new Effects();
  const world = start(scenario.setup, exploredMonitors(scenario, false), effects);
  for (const action of before) step(world, asPending(world, action), effects);
  let isBroken = false;
  for (const action of actions) {
    if (!step(world, asPending(world, action), effects)) return `${action.type} is not possible`;
    const setting = { time: 'timed', faults: noFaults, scenario } as const;
    isBroken = brokenIn({ setting }, world, action, effects) !== undefined;
  }
  return isBroken ? undefined : 'nothing is broken';
}

const lines = (found: Searched, { protocol }: Scenario, isFromStart = true) => {
  return resultOf(found, unitsOf(protocol), isFromStart).lines.join('\n');
};

for (const count of [0, 2]) {
  test(`slower messages break it after ${count} steps: the run begins with that, and says so`, () => {
    const { scenario: given, text } = readFile('samples/find-the-bug/quorum.scenario.yaml');
    const pausing = 'steps:\n  - pause v1\n  - resume v1\n';
    const scenario = parsedAgain(text.replace('steps:\n', pausing), given)!;
    const before = firstActions(scenario, count);
    const found = find(scenario, {}, before);
    const { actions, subject } = found.finding!;
    expect(subject).toEqual({ kind: 'invariant', name: 'One Leader' });
    expect(actions[0]).toMatchObject({ type: 'network', rule: { latency: [1_000, 100_000] } });
    expect(faultIn(scenario, before, actions)).toBeUndefined();
    expect(faultIn(scenario, before, actions.slice(0, -1))).toBe('nothing is broken');
    const told = lines(found, scenario, count === 0);
    // From where actions are counted.
    const length = `${actions.length} actions`;
    expect(told.split('\n')[0]).toContain(count === 0
      ? `(after ${length})`
      : `(${length} after the moment where you searched)`);
    expect(told).toContain('messages took up to 20 times its latency');
    expect(told).toMatch(/with the latency of the scenario and without faults: /);
  });
}

test('a crash that the protocol models', () => {
  const { scenario } = readFile('samples/find-the-bug/transaction.scenario.yaml');
  const found = find(scenario);
  expect(found.finding!.actions.map(({ type }) => type)).toContain('crash');
  expect(found.shown).toMatchObject({ kind: 'walk', beyond: { within: { type: 'holds' } } });
});

test('what breaks under conditions that a scenario may exclude is a notice, not a finding', () => {
  const { scenario } = readFile('samples/find-the-bug/vote.scenario.yaml');
  const { roles } = scenario.protocol;
  const unsaid = Object.fromEntries(Object.entries(roles).map(([name, role]) => {
    const { durable, ...others } = role;
    expect(durable ?? []).toEqual([]);
    return [name, others];
  }));
  const protocol = { ...scenario.protocol, roles: unsaid } as Scenario['protocol'];
  const right = { ...scenario, protocol, setup: { ...scenario.setup, protocol } };
  const found = find(right);
  expect(found.finding).toBeUndefined();
  expect(found.shown.verdict.type).toBe('holds');
  expect(lines(found, right)).toMatch(/beyond the scenario, violated: One Leader/);
  const { notice } = resultOf(found, unitsOf(right.protocol), true);
  expect(notice!.text).toMatch(/^With (a|\d) [a-z ,]*it breaks "One Leader/);
  expect(notice!.text).not.toMatch(/=/);
});

test.each<[string, FindRequest]>([
  ['a meaning of time', { time: 'untimed' }],
  ['faults', { faults: 'drops=1' }],
  ['a mode', { mode: 'bfs' }],
])('with %s of the user, nothing beyond it is tried', (_, request) => {
  const { scenario, text } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  // One candidate can break nothing.
  const alone = parsedAgain(text.replace('  - start c2 stand\n', ''), scenario)!;
  const { shown } = find(alone, request);
  expect(shown).not.toHaveProperty('beyond');
  expect(shown).not.toHaveProperty('notice');
});

test.each<[FindRequest, string]>([
  [{ inside: 'false' }, 'within'],
  [{ limits: { messages: 1 } }, 'messages'],
])('with %j there is only a search: a walk does not know which states are left out', (own, cut) => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  const all = find(scenario);
  expect(all.shown.kind).toBe('walk');
  const { shown: { kind, verdict } } = find(scenario, own);
  expect([kind, verdict.type]).toEqual(['search', 'holds']);
  expect(verdict.cut).toContain(cut);
});

test.each<[FindRequest, string]>([
  [{ inside: 'true' }, 'inside'],
  [{ limits: { messages: 4 } }, 'limits.messages'],
  [{ limits: { megabytes: 10 } }, 'limits.megabytes'],
])('%j is refused with a mode that walks', (own, field) => {
  const { scenario } = readFile('samples/find-the-bug/quorum.scenario.yaml');
  for (const mode of ['random', 'pct', 'delay']) {
    const plan = planOf({ mode, ...own }, scenario);
    const wrong = 'wrong' in plan ? plan.wrong : undefined;
    expect(wrong).toEqual({ code: 'not for walks', field, mode });
    expect(wrongText(wrong!)).toBe(
      `"${field}" does not apply to mode ${mode}: leave it out, or choose from auto, bfs, dfs.`,
    );
  }
  for (const mode of ['bfs', 'auto']) expect(planOf({ mode, ...own }, scenario)).not.toHaveProperty('wrong');
});
