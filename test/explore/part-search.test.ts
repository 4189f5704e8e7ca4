/** A search in parts reports what the search in one thread does, to the last number. */
import { expect, test } from 'vitest';
import { noFaults, noLimits } from '../../src/explore/budgets.ts';
import type { Request } from '../../src/explore/search/explore.ts';
import { type Expanded, type Part, PartExpander } from '../../src/explore/search/parts/part.ts';
import { exploreInParts } from '../../src/explore/search/parts/part-search.ts';
import { problemOf } from '../../src/explore/search/of-scenario.ts';
import type { Problem } from '../../src/explore/search/problem.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import type { Exploration } from '../../src/explore/verdict.ts';
import { staying, untimed } from './models/search.ts';
import { abd, twoPhase } from './models/setups.ts';
import { readFile } from './read.ts';

/** By two expanders in turn, as two machines would take the parts: only JSON is shared. */
function inParts(
  make: () => Problem,
  change: (expanded: Expanded[], part: Part) => Expanded[] = (all) => all,
): { explored: Exploration; parts: number } {
  const search = exploreInParts(make());
  const expanders = [new PartExpander(make()), new PartExpander(make())];
  let parts = 0;
  let next = search.next();
  while (!next.done) {
    const results = next.value.parts.map((part) => {
      const expander = expanders[parts++ % 2];
      const sent = JSON.parse(JSON.stringify(part)) as Part;
      const found = expander.expand(sent);
      return change(JSON.parse(JSON.stringify(found)) as Expanded[], part);
    });
    next = search.next(results);
  }
  return { explored: next.value, parts };
}

/** Parts take all choices, and do not say so. */
function allTaken(problem: Problem): Exploration {
  const { reduction, ...rest } = exploreWorlds({ ...problem, reduces: false }, 'bfs');
  expect(reduction).toEqual({ none: { code: 'off' } });
  return rest as Exploration;
}

const ofFile = (file: string, more: Partial<Request> = {}) => {
  const { scenario } = readFile(file);
  const { setting = { time: 'timed', faults: noFaults }, limits = noLimits } = more;
  const targets = more.targets ?? {};
  return () => problemOf(scenario, setting, { limits, targets }, true);
};

const crash = { time: 'untimed', faults: { ...noFaults, crashes: 1, drops: 1 } } as const;
const most = (states: number) => ({ ...noLimits, states });

test.each<[string, () => Problem]>([
  ['two-phase commit', () => untimed(twoPhase(3))],
  ['two-phase commit, messages staying', () => untimed(twoPhase(4), { faults: staying })],
  ['a broken two-phase commit', () => untimed(twoPhase(3, 1))],
  ['the ABD register of Stateright', () => untimed(abd(2, 2), { skipsIdle: true })],
  ['a quorum one too small', ofFile('samples/find-the-bug/quorum.scenario.yaml', {
    limits: most(3_000),
  })],
  ['a forgetful coordinator', ofFile('samples/find-the-bug/transaction.scenario.yaml', {
    setting: crash, limits: most(5_000),
  })],
  ['faults of one node', ofFile('samples/find-the-bug/vote.scenario.yaml', {
    setting: { ...crash, faulty: ['v2'] }, limits: most(3_000),
  })],
  ['a lease, which reads a clock', ofFile('samples/find-the-bug/lease.scenario.yaml', {
    setting: { time: 'untimed', faults: noFaults }, limits: most(3_000),
  })],
  ['two phases with a limit of the depth', ofFile('samples/paxos/duel-ends.scenario.yaml', {
    limits: { ...noLimits, depth: 7, messages: 3 },
  })],
])('%s', (_, make) => {
  const { explored, parts } = inParts(make);
  expect(explored).toEqual(allTaken(make()));
  expect(parts).toBeGreaterThan(0);
});

test('reach, leads-to and inside are judged where a state is new', () => {
  const file = 'samples/paxos/duel-ends.scenario.yaml';
  const { language } = readFile(file).scenario;
  const condition = (text: string) => {
    const compiled = language.condition(text);
    if ('fault' in compiled) throw new Error(JSON.stringify(compiled.fault));
    return compiled.expression;
  };
  const limits = { ...noLimits, depth: 6 };
  for (const targets of [
    { reach: condition('nodes.exists(n, n.id == "a1" && n.state.promised != null)') },
    { reach: condition('time > 1000') },
    { leadsTo: { condition: condition('nodes.all(n, n.up)'), within: 1_000_000 } },
    { leadsTo: { condition: condition('time > 1000'), within: 1_000_000 } },
    { within: condition('nodes.all(n, n.id != "a1" || n.state.promised == null)') },
  ]) {
    const make = ofFile(file, { limits, targets });
    expect(inParts(make).explored).toEqual(allTaken(make()));
  }
});

test('a part that is not done leaves the verdict open', () => {
  const search = exploreInParts(untimed(twoPhase(3)));
  const first = search.next();
  expect(first.done).toBe(false);
  const { value } = search.next([undefined]);
  expect(value).toMatchObject({ type: 'unknown', why: { code: 'stopped', at: 'time' } });
});

test('what a part leaves out is missed: the counts depend on all of them', () => {
  const { explored } = inParts(() => untimed(twoPhase(3)), (all, { depth }) => {
    return depth === 4 ? all.map((one) => ({ ...one, prints: [], turns: [] })) : all;
  });
  const { states } = exploreWorlds(untimed(twoPhase(3)), 'bfs');
  expect(explored.states).toBeLessThan(states);
});
