// Expectations and invariants: what holds, what is violated and why, what is unknown.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdicts } from '../../src/check/verdicts.ts';
import { invariant } from '../../src/protocol/define.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

function scenarioOf(expectation: string, protocol = raft): Scenario {
  const source = `protocol: raft
nodes: { n1..n3: replica }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected
expect:
  - ${expectation}
`;
  const { scenario, problems } = parseScenario(source, 'x', [protocol]);
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
}

test.each([
  ['event LeaderElected', 'holds'],
  ['event LeaderElected at n1', 'holds'],
  ['event LeaderElected at n2', 'LeaderElected at n2 did not happen'],
  ['event LeaderElected where event.term == 1', 'holds'],
  ['event LeaderElected where event.trm == 1', /there is no field `trm`/],
  ['no event LogTruncated', 'holds'],
  [
    'no event LeaderElected',
    /^LeaderElected was reported at n1: \{"term":1,"votes":2\} \(step \d+, 0\.\d+s\)$/,
  ],
  ['always: n1.state.currentTerm <= 1', 'holds'],
  ['always: n2.state.currentTerm == 0', /^`n2.state.currentTerm == 0` did not hold \(step \d+/],
  ['always: n2.state.nothing == 0', /there is no field `nothing` \(step 0, 0.000000s\)$/],
  ['never: n1.state.currentTerm > 1', 'holds'],
  [
    'never: n1.standing == "candidate"',
    /^`n1.standing == "candidate"` held \(step 1, 0.000000s\)$/,
  ],
  ['never: n1.state.nothing', /there is no field/],
  ['eventually: n3.state.votedFor == "n1"', 'holds'],
  ['eventually: n3.state.votedFor == "n2"', '`n3.state.votedFor == "n2"` never held'],
  ['eventually: n3.state.voted == "n2"', /never held; .*no field `voted`/],
  ['end: nodes.exists_one(n, n.standing == "leader")', 'holds'],
  ['at the end: n1.standing == "follower"', 'at the end `n1.standing == "follower"` did not hold'],
  ['end: nodes[0].standng == "leader"', /no field `standng`/],
])('%s', (text, outcome) => {
  const { verdicts: all } = simulate(scenarioOf(text));
  const verdict = all[0];
  expect(verdict.text).toBe(text);
  if (verdict.type === 'holds') expect('holds').toBe(outcome);
  else if (typeof outcome === 'string') expect(verdict.why).toBe(outcome);
  else expect(verdict.why).toMatch(outcome);
});

test('before the end, what may still come is unknown', () => {
  const scenario = scenarioOf('event LogTruncated');
  const { world } = simulate(scenario, undefined, { actionsMax: 3 });
  expect(verdicts(scenario, world, false)[0].type).toBe('unknown');
});

test('a broken invariant is told once, with its sentence; one that fails itself, too', () => {
  const protocol = {
    ...raft,
    invariants: {
      'nobody leads': invariant({
        doc: 'There is no leader.',
        check: ({ nodes }) => nodes.find(({ state }) => state.standing === 'leader') && 'n1 leads',
      }),
      careless: invariant({ doc: 'It throws.', check: ({ nodes }) => nodes[9].id }),
    },
  };
  const told: string[] = [];
  const { verdicts: all } = simulate(
    scenarioOf('event LeaderElected', protocol),
    (_world, _action, effects) => {
      told.push(...effects.violations.map(({ monitor, why }) => `${monitor}: ${why}`));
    },
  );
  expect(told).toHaveLength(2);
  expect(told).toContain('nobody leads: n1 leads');
  expect(told.join()).toMatch(/careless: the invariant itself failed: Cannot read/);
  expect(all.map(({ type }) => type)).toEqual(['holds', 'violated', 'violated']);
});
