/** What a search from a moment says of its finding is true of the run that it shows. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { finding } from '../../src/explore/find/find.ts';
import type { Found } from '../../src/explore/find/found.ts';
import { type FindRequest, planOf } from '../../src/explore/find/request.ts';
import { shrinkingFrom } from '../../src/explore/find/shrink-from.ts';
import { judgesSpent } from '../../src/explore/promises.ts';
import { promiseOf, Promises } from '../../src/explore/walks/broken.ts';
import { isComplete, walk } from '../../src/explore/walks/walks.ts';
import type { Action } from '../../src/kernel/action.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { parsedAgain } from '../../src/explore/saved/saved.ts';
import { readFile } from './read.ts';

const quorum = readFile('samples/find-the-bug/quorum.scenario.yaml');

function withExpect(...lines: readonly string[]): Scenario {
  const text = quorum.text.replace(/^expect:[^]*/m, '') +
    `expect:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  return parsedAgain(text, quorum.scenario)!;
}

function toEnd<Result>(slices: Generator<unknown, Result>): Result {
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
  }
}

function find(
  scenario: Scenario,
  request: FindRequest,
  actions: readonly Action[] = [],
  elapsed = () => 0,
): Extract<Found, { type: 'shown' }> {
  const plan = planOf({ time: 'untimed', ...request }, scenario);
  if ('wrong' in plan) throw new Error(JSON.stringify(plan.wrong));
  const host = { elapsed, progress: () => undefined, isSliced: false };
  const found = toEnd(finding(plan, actions, host));
  if (found.type !== 'shown') throw new Error(JSON.stringify(found.why));
  return found;
}

test('a run that is judged at its end is shrunk only to one that goes to its end', () => {
  const scenario = withExpect('end: c1.state.isLeader');
  const { finding: one } = find(scenario, {
    mode: 'random', target: 'expectation end: c1.state.isLeader',
  });
  expect(one).toMatchObject({ isAtEnd: true });
  const world = start(scenario.setup, new Promises(scenario).monitors);
  for (const action of one!.actions) step(world, action);
  expect(isComplete(scenario, world, 'untimed')).toBe(true);
  expect(one!.actions.length).toBeGreaterThan(0);
});

test('a run that breaks one promise is not shrunk to one that breaks another', () => {
  const first = 'never: c1.state.isLeader && c2.state.isLeader';
  const scenario = withExpect(first, 'never: c2.state.isLeader && !c1.state.isLeader');
  const promises = new Promises(scenario);
  const from = { world: start(scenario.setup, promises.monitors), promises };
  let count = 0;
  for (let seed = 1; seed <= 400 && count < 5; seed++) {
    const { finding: one } = walk(scenario, {
      strategies: [{ type: 'random' }], time: 'untimed', faults: noFaults, seeds: [seed, seed],
      stepsMost: 200, from,
    });
    if (one === undefined || promiseOf(one.broken.subject) !== `expectation ${first}`) continue;
    count++;
    const { broken } = toEnd(shrinkingFrom(scenario, from, 'untimed', one));
    expect(promiseOf(broken.subject)).toBe(`expectation ${first}`);
  }
  expect(count).toBeGreaterThan(0);
});

test('what must happen is judged at the end of a run', () => {
  const line = 'event Elected at c1';
  const text = quorum.text.replace('  - start c1 stand\n', '');
  const scenario = parsedAgain(text, quorum.scenario)!;
  const { finding: one } = find(scenario, { mode: 'bfs', target: `expectation ${line}` });
  expect(one).toMatchObject({ isAtEnd: true, subject: { text: line } });
});

for (const mode of ['auto', 'bfs', 'dfs', 'random']) {
  test(`${mode}: what must happen is not promised after a fault that the user made`, () => {
    const crash: Action = { type: 'crash', at: 0, node: 'c1' };
    const target = 'expectation event Elected at c1';
    const limits = { runs: 200, states: 20_000 };
    const { finding: one } = find(quorum.scenario, { mode, target, limits }, [crash]);
    expect(one).toBeUndefined();
    // A step of the scenario is not a fault that the user chose.
    const { steps } = quorum.scenario;
    const scenario = { ...quorum.scenario, steps };
    const asked = { ...crash, step: 0 };
    const judged = find(scenario, { mode: 'bfs', target, limits }, [asked]);
    expect(judged.shown[0].verdict.cut).not.toContain('spent');
  });
}

test('shrinking ends by the clock, with a run that is broken', () => {
  const { scenario } = quorum;
  const short = find(scenario, { mode: 'random' }).finding!;
  let now = 0;
  const late = find(scenario, { mode: 'random', limits: { seconds: 1_000 } }, [], () => {
    return (now += 9_000);
  });
  expect(late.finding!.subject).toEqual(short.subject);
  expect(late.finding!.actions.length).toBeGreaterThan(short.actions.length);
});

test('an event that ends the run is one that a fault excuses', () => {
  const { scenario } = quorum;
  const plain = { ...scenario, steps: [], expect: [] };
  const until = { type: 'event', text: 'Elected', range: scenario.steps[0]!.range } as never;
  expect(judgesSpent(plain)).toBe(false);
  expect(judgesSpent({ ...plain, until })).toBe(true);
});
