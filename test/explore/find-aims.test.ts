/** Searches for what no scenario promises: a state to reach, or one to come back to in time. */
import { expect, test } from 'vitest';
import type { Finding, Searched } from '../../src/explore/find/found.ts';
import { type FindRequest, planOf } from '../../src/explore/find/request.ts';
import { exploredMonitors } from '../../src/explore/search/problem.ts';
import type { Action } from '../../src/kernel/action.ts';
import { asPending } from '../../src/kernel/run.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { scopeAt } from '../../src/scenario/conditions/scope.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { find as found, shown } from './finding.ts';
import { readFile } from './read.ts';

const { scenario } = readFile('samples/find-the-bug/transaction.scenario.yaml');
const quorum = readFile('samples/find-the-bug/quorum.scenario.yaml').scenario;

function find(of: Scenario, request: FindRequest, before: readonly Action[] = []): Searched {
  return shown(found(of, request, before));
}

function wrong(request: FindRequest): object {
  const plan = planOf(request, scenario);
  return 'wrong' in plan ? plan.wrong : {};
}

/** The world after actions, each of which must be possible. */
function after(of: Scenario, actions: readonly Action[]): World {
  const world = start(of.setup, exploredMonitors(of, false));
  for (const action of actions) {
    expect(step(world, asPending(world, action)), JSON.stringify(action)).toBe(true);
  }
  return world;
}

function truth(of: Scenario, text: string, world: World): unknown {
  const compiled = of.language.condition(text);
  if (!('expression' in compiled)) throw new Error(text);
  return compiled.expression.test(scopeAt(world));
}

const decided = 'a.state.status != "prepared"';
const invoke: Action = {
  type: 'invoke', at: 0, node: 'coordinator', operation: 'commit', args: {}, step: 0,
};

test.each(['bfs', 'random', 'auto'])(
  '%s finds a run after which a state is not reached in time, although faults have stopped', (mode) => {
    const leadsTo = { condition: decided, within: '10s' };
    const faults = 'crashes=1';
    for (const before of [[], [invoke]]) {
      const { finding: one } = find(scenario, { mode, leadsTo, faults }, before);
      expect(one).toMatchObject({
        subject: { kind: 'leads to', text: decided },
        reason: { code: 'not-reached', within: 10_000_000 },
        isAtEnd: true,
      });
      const { actions } = one as Finding;
      const end = after(scenario, [...before, ...actions]);
      expect(truth(scenario, decided, end)).toBe(false);
      expect(end.nodes.every(({ up }) => up)).toBe(true);
      expect(actions.some(({ type }) => type === 'crash')).toBe(true);
    }
    // Without a fault, the participant is told the decision.
    const { finding: none, shown: { verdict } } = find(scenario, {
      mode, leadsTo, limits: { runs: 50 },
    });
    expect(none).toBeUndefined();
    expect(verdict.type).toBe(mode === 'random' ? 'unknown' : 'holds');
  },
);

test.each(['random', 'pct', 'delay', 'dfs', 'auto'])('%s reaches a state, and only that', (mode) => {
  const reach = 'c1.state.votes.size() > 1';
  const { finding: one } = find(quorum, { mode, reach, time: 'untimed' });
  expect(one).toMatchObject({
    subject: { kind: 'reach', text: reach }, reason: { code: 'reached' }, isAtEnd: false,
  });
  const { actions } = one as Finding;
  expect(truth(quorum, reach, after(quorum, actions))).toBe(true);
  expect(truth(quorum, reach, after(quorum, actions.slice(0, -1)))).toBe(false);
});

test('faults strike the nodes that the request names', () => {
  const asked = { mode: 'bfs', faults: 'crashes=1' };
  const struck = (on?: string[]) => {
    const { finding: one } = find(scenario, { ...asked, ...(on && { on }) });
    return one?.actions.flatMap((action) => (action.type === 'crash' ? [action.node] : []));
  };
  expect(struck(['coordinator'])).toEqual(['coordinator']);
  expect(struck(['a', 'b'])).toBeUndefined();
  const walked = find(scenario, { ...asked, mode: 'random', on: ['a'], limits: { runs: 200 } });
  expect(walked.finding).toBeUndefined();
});

test('states outside of a condition, and those with more messages, are left out', () => {
  const statesOf = (request: FindRequest) => {
    const { shown: { verdict } } = find(scenario, { mode: 'bfs', time: 'untimed', ...request });
    return 'states' in verdict ? verdict : { states: 0, cut: [] as readonly string[] };
  };
  const { states } = statesOf({});
  const inside = statesOf({ inside: decided });
  expect(inside.states).toBeLessThan(states);
  expect(inside.cut).toContain('within');
  const few = statesOf({ limits: { messages: 1 } });
  expect(few.states).toBeLessThan(states);
  expect(few.cut).toContain('messages');
});

test('a request may take all choices, also those that commute', () => {
  const reductionOf = (request: FindRequest) => {
    const { shown } = find(scenario, { mode: 'dfs', time: 'untimed', ...request });
    return shown.kind === 'search' ? shown.verdict.reduction : undefined;
  };
  expect(reductionOf({ reduction: false })).toEqual({ none: { code: 'off' } });
  expect(reductionOf({ reduction: true })).not.toEqual({ none: { code: 'off' } });
  expect(reductionOf({})).toEqual(reductionOf({ reduction: true }));
});

test('a request with two aims, a time that is none or a strange node is wrong', () => {
  const leadsTo = { condition: decided, within: 'soon' };
  expect(wrong({ leadsTo })).toEqual({ code: 'time', found: 'soon' });
  for (const within of ['0s', '-1s']) {
    expect(wrong({ leadsTo: { ...leadsTo, within } })).toEqual({ code: 'time', found: within });
  }
  expect(wrong({ leadsTo: { ...leadsTo, within: '1s' }, reach: 'a.up' })).toEqual({
    code: 'two aims',
  });
  expect(wrong({ leadsTo: { condition: 'a.state.sttus == 1', within: '1s' } })).toMatchObject({
    code: 'condition', of: 'leadsTo',
  });
  expect(wrong({ inside: 'a.state.sttus == 1' })).toMatchObject({ of: 'inside' });
  expect(wrong({ on: [], faults: 'crashes=1' })).toEqual({ code: 'no nodes' });
  expect(wrong({ on: ['cordinator'] })).toMatchObject({ code: 'node', found: 'cordinator' });
});
