/** Whether a condition of the form "if … then …" was put to the test. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import type { Verdict } from '../../src/scenario/verdict.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

/** The verdict on a line of `expect`, in a run that elects n1. */
function verdictOn(expectation: string): Verdict {
  const text = `protocol: raft
nodes: { n1..n3: replica }
steps: [fire n1 election, wait until LeaderElected]
until: 50ms
expect:
  - ${expectation}
`;
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', [raft]);
  expect(problems).toEqual([]);
  return simulate(scenario!).verdicts[0];
}

const tested = (verdict: Verdict) => (verdict.type === 'holds' ? verdict.tested?.times : verdict);
const isLeader = 'n.standing == "leader"';

describe('a condition that was never true', () => {
  test.each([
    'always: n2.standing != "leader" || n2.state.currentTerm > 9',
    'always: \'!(n2.standing == "leader") || n2.state.currentTerm > 9\'',
    'always: n2.standing != "leader" || n1.up != true || n2.state.currentTerm > 9',
    'always: \'n2.standing == "leader" ? n2.state.currentTerm > 9 : true\'',
    'always: \'n2.standing != "leader" ? true : n2.state.currentTerm > 9\'',
    'always: nodes.filter(n, n.standing == "captain").all(n, n.up == false)',
    'always: nodes.all(n, n.standing != "captain" || n.up == false)',
    'always: \'!nodes.filter(n, n.standing == "captain").exists(n, n.up)\'',
    'never: nodes.filter(n, n.standing == "captain").exists(n, n.up)',
    'always: (n2.standing != "leader" || n2.up) && (n3.standing != "leader" || n3.up)',
    'eventually: n2.standing != "leader" || n2.up == false',
    'no event LeaderElected at n2 where event.term > 9',
  ])('%s', (expectation) => {
    const verdict = verdictOn(expectation);
    expect(tested(verdict)).toBe(0);
    const what = expectation.startsWith('no event') ? 'event was reported' : 'condition was true';
    expect(verdictReason(verdict)).toMatch(new RegExp(`^holds, but its ${what} in 0 of \\d+ steps$`));
  });

  test('at the end', () => {
    const verdict = verdictOn('end: n2.standing != "leader" || n2.state.currentTerm > 9');
    expect(verdictReason(verdict)).toBe('holds, but its condition was false at the end');
    expect(tested(verdictOn('end: n1.standing != "leader" || n1.state.currentTerm == 1'))).toBe(1);
  });
});

describe('a condition that was true', () => {
  test.each([
    'always: n1.standing != "leader" || n1.state.currentTerm == 1',
    `always: nodes.filter(n, ${isLeader}).all(n, n.up)`,
    `always: nodes.all(n, ${isLeader.replace('==', '!=')} || n.up)`,
    `never: nodes.filter(n, ${isLeader}).exists(n, !n.up)`,
    'always: (n2.standing != "leader" || n2.up) && (n1.standing != "leader" || n1.up)',
    'no event LeaderElected where event.term > 9',
  ])('%s', (expectation) => {
    const verdict = verdictOn(expectation);
    expect(tested(verdict)).toBeGreaterThan(0);
    expect(verdictReason(verdict)).toBeUndefined();
  });
});

test.each([
  'always: n1.up',
  'always: n1.up || n2.up',
  'never: n1.standing == "leader" && n2.standing == "leader"',
  'always: nodes.exists(n, n.up)',
  'always: (n2.standing != "leader" || n2.up) && n3.up',
  'event LeaderElected where event.term == 1',
  'no event LeaderElected at n2',
])('%s has no condition', (expectation) => {
  expect(tested(verdictOn(expectation))).toBeUndefined();
});

test('a scenario that runs again is judged again', () => {
  const text = `protocol: raft
nodes: { n1..n3: replica }
steps: [fire n1 election, wait until LeaderElected]
expect: [{ always: n1.standing != "leader" || n1.up }]
`;
  const { scenario } = parseScenario(text, 'x.scenario.yaml', [raft]);
  const all = [1, 2].map(() => simulate(scenario!).verdicts);
  expect(all[0]).toEqual(all[1]);
});
