/** One mistake has one message: what follows from it is not reported, and what does not, still is. */
import { describe, expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { withHint } from '../../src/scenario/problem.ts';

const right = `title: Three replicas and a client
protocol: raft
nodes:
  a1..a3: replica
  c: client
network: { latency: 1ms..5ms, loss: 5% }
seed: 1
steps:
  - wait until LeaderElected at a1
  - c put x 1 answers OK within 5s
  - start c get x
  - crash a1 a2
  - restart a1
  - partition a1 | a2 a3
  - drop a1->a2 RequestVote
  - fire a3 election
  - clock a2 offset 5ms
  - wait until a1.up && a2.standing == "leader"
  - wait until c answered
expect:
  - event LeaderElected at a2
  - always: a1.up || a2.up
  - end: a1.state.currentTerm == a2.state.currentTerm && c.up
  - throws at a3
breakOn: [LeaderElected, { event: TermChanged, condition: a1.up }]
until: a1.up && time > 5
`;

function problemsOf(text: string): string[] {
  const { problems } = parseScenario(text, 's', library);
  return problems.map((problem) => `${problem.line}:${problem.column} ${withHint(problem)}`);
}

test('the scenario is right', () => {
  expect(problemsOf(right)).toEqual([]);
});

describe('one mistake has one message', () => {
  test.each([
    ['a1..a3: replica', 'a1...a3: replica', '4:3 `a1...a3` is not a range of names (write `a1..a3`)'],
    ['a1..a3: replica', 'a1-a3: replica', '4:3 `a1-a3` is not a range of names (write `a1..a3`)'],
    ['a1..a3: replica', 'a1..3: replica', '4:3 `a1..3` is not a range of names (write `a1..a3`)'],
    ['a1..a3: replica', 'a3..a1: replica', '4:3 `a3..a1` is not a range of names (write `a1..a3`)'],
    [
      'a1..a3: replica', '"a1, a2, a3": replica',
      '4:3 `a1, a2, a3` is not a range of names (write `a1: ROLE`, and so on for each node)',
    ],
    ['a1..a3: replica', 'a1..a3: replca', '4:11 raft has no role `replca` (did you mean `replica`?)'],
    ['a1..a3: replica', 'a1..a3: server', '4:11 raft has no role `server` (use replica or client)'],
    ['c: client', 'c: worker', '5:6 raft has no role `worker` (use replica or client)'],
    ['c: client', 'c: [client]', '5:6 `c` must be a role, or a map with a role and settings, not a list'],
    ['c: client', 'c: { role: [client] }', '5:14 `role` must be the name of a role, not a list'],
    ['nodes:', 'node:', '3:1 a scenario has no setting `node` (did you mean `nodes`?)'],
    ['protocol: raft', 'protcol: raft', '2:1 a scenario has no setting `protcol` (did you mean `protocol`?)'],
    ['protocol: raft', 'protocol: rift', '2:11 there is no protocol `rift` (did you mean `raft`?)'],
    ['steps:', 'stpes:', '8:1 a scenario has no setting `stpes` (did you mean `steps`?)'],
  ])('%s → %s', (before, after, problem) => {
    expect(right).toContain(before);
    expect(problemsOf(right.replace(before, after))).toEqual([problem]);
  });

  const renamed = (name: string) => right.replace(/\bc\b(?=: client| put| get| answered|\.up)/g, name);

  test.each([
    ['a..c: client', '`a..c` is not a range of names (name each node, or use numbers, such as `n1..n3`)'],
    ['a b: client', '`a b` is not a valid name for a node (use up to 40 letters, digits and `_`)'],
  ])('%s', (node, problem) => {
    const text = right.replace('c: client', node).replace(/\bc (?=put|get|answered)/g, 'b ').replace('c.up', 'b.up');
    expect(problemsOf(text)).toEqual([`5:3 ${problem}`]);
  });

  test('a name with a sign, and a word of the command language', () => {
    expect(problemsOf(renamed('my-app'))).toEqual([
      expect.stringMatching(/^5:3 `my-app` is not a valid name/),
    ]);
    expect(problemsOf(renamed('wait'))[0]).toMatch(/^5:3 a node cannot be named `wait`/);
  });

  test('no role in a list of names, where the protocol has no default role', () => {
    const { defaultRole: _, ...raft } = library.find(({ name }) => name === 'raft')!;
    const text = 'protocol: raft\nnodes: [A]\nsteps:\n  - A submit 1\n  - crash A\nexpect:\n  - end: A.up\n';
    const { problems } = parseScenario(text, 's', [raft]);
    expect(problems.map(({ code, line }) => `${line} ${code}`)).toEqual(['2 missing-role']);
  });

  test('a role without a colon before it', () => {
    const text = right.replace(/ {2}a1[^]*client\n/, '').replace('nodes:', 'nodes: { a1..a3 replica, c: client }');
    expect(problemsOf(text)).toEqual([
      '3:10 `a1..a3 replica` is not a valid name for a node ' +
        '(write a colon before the role: `a1..a3: replica`)',
    ]);
  });

  test('no nodes', () => {
    expect(problemsOf(right.replace(/nodes:\n(?: {2}.*\n)+/, ''))).toEqual([
      '1:1 `nodes` is missing (add a line such as `nodes: { n1..n3: replica, client: client }`)',
    ]);
    expect(problemsOf(right.replace(/nodes:\n(?: {2}.*\n)+/, 'nodes: {}\n'))).toHaveLength(1);
  });
});

describe('what does not follow is reported as well', () => {
  test('a misspelt node, command or event beside a name that cannot be read', () => {
    const text = right
      .replace('c: client', 'c: client\n  a b: client')
      .replace('restart a1', 'restart z1')
      .replace('crash a1', 'crsh a1')
      .replace('at a2', 'at zz');
    expect(problemsOf(text).map((line) => line.split(':')[0])).toEqual(['6', '13', '14', '22']);
  });

  test('a wrong operation of another node beside one with an unknown role', () => {
    const text = right.replace('c: client', 'c: client\n  d: worker').replace('c put x 1', 'c putt x 1')
      .replace('start c get x', 'start d serve x');
    expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual(['6:6', '11:7']);
  });

  test('each unknown setting, of the scenario and of the network', () => {
    const text = right.replace('seed: 1', 'sede: 1\nfoo: 2\nbar: 3').replace('loss:', 'los:').replace('latency:', 'lat:');
    expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual(['6:12', '6:27', '7:1', '8:1', '9:1']);
  });
});
