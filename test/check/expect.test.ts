// Verdicts on expectations and invariants: holds, violated with a reason, unknown.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { subjectText, verdictReason, violationSentence } from '../../src/check/verdict-words.ts';
import { verdicts } from '../../src/check/verdicts.ts';
import type { Violation } from '../../src/kernel/effects.ts';
import { invariant } from '../../src/protocol/define.ts';
import type { Observed } from '../../src/protocol/types.ts';
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
  ['event LeaderElected at n2', /^LeaderElected at n2 did not happen \(step \d+/],
  ['event LeaderElected where event.term == 1', 'holds'],
  ['event LeaderElected where event.trm == 1', /there is no field `trm`/],
  ['no event LogTruncated', 'holds'],
  [
    'no event LeaderElected',
    /^n1 reported LeaderElected term 1, votes 2 \(step \d+, 0\.\d+s\)$/,
  ],
  ['no event LeaderElected where event.vots > 9', /^`event.vots > 9`: there is no field `vots`/],
  ['no event LeaderElected where event.term > "1"', /cannot compute/],
  ['no event LogTruncated where event.vots > 9', /^holds, but its event/],
  ['always: n1.state.currentTerm <= 1', 'holds'],
  ['always: n2.state.currentTerm == 0', /^`n2.state.currentTerm == 0` did not hold: `1 == 0` \(step \d+/],
  ['always: n2.state.nothing == 0', /there is no field `nothing` in `n2.state` \(step 0, 0.000000s\)$/],
  ['never: n1.state.currentTerm > 1', 'holds'],
  [
    'never: n1.standing == "candidate"',
    /^`n1.standing == "candidate"` held: `"candidate" == "candidate"` \(step 1, 0.000000s\)$/,
  ],
  ['never: n1.state.nothing', /there is no field/],
  ['eventually: n3.state.votedFor == "n1"', 'holds'],
  ['eventually: n3.state.votedFor == "n2"', /^`n3.state.votedFor == "n2"` never held: `"n1" == "n2"` \(/],
  ['eventually: n3.state.voted == "n2"', /never held; .*no field `voted`/],
  ['end: nodes.exists_one(n, n.standing == "leader")', 'holds'],
  [
    'at the end: n1.standing == "follower"',
    /^`n1.standing == "follower"` did not hold at the end: `"leader" == "follower"` \(/,
  ],
  ['end: nodes[0].standng == "leader"', /no field `standng`/],
])('%s', (text, expected) => {
  const { verdicts: all } = simulate(scenarioOf(text));
  const verdict = all[0];
  expect(subjectText(verdict.subject)).toBe(text);
  expect(verdictReason(verdict) ?? 'holds').toMatch(expected);
});

test('before the end of a run, an event that may still happen is unknown', () => {
  const scenario = scenarioOf('event LogTruncated');
  const { world } = simulate(scenario, undefined, { actionsMax: 3 });
  expect(verdicts(scenario, world, false)[0].type).toBe('unknown');
});

test('a violated invariant is reported once, and so is one whose code throws', () => {
  const protocol = {
    ...raft,
    invariants: {
      'no leader': invariant({
        doc: 'There is no leader.',
        check: ({ nodes }) => {
          const leads = ({ state }: Observed<{ standing?: string }>) => state.standing === 'leader';
          return nodes.some(leads) ? 'n1 leads' : undefined;
        },
      }),
      careless: invariant({ doc: 'It throws.', check: ({ nodes }) => nodes[9].id }),
    },
  };
  const violations: Violation[] = [];
  const { verdicts: all } = simulate(
    scenarioOf('event LeaderElected', protocol),
    (_world, _action, effects) => {
      violations.push(...effects.violations);
    },
  );
  expect(violations.map(({ monitor }) => monitor).sort()).toEqual(['careless', 'no leader']);
  expect(violations).toContainEqual({
    monitor: 'no leader',
    reason: { code: 'invariant', sentence: 'n1 leads' },
  });
  const careless = violations.find(({ monitor }) => monitor === 'careless')!;
  expect(careless.reason.code).toBe('author-code-failed');
  expect(violationSentence(careless)).toMatch(/^the code of the invariant failed: Cannot read/);
  expect(all.map(({ type }) => type)).toEqual(['holds', 'violated', 'violated']);
});
