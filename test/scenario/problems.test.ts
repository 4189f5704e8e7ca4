// What is wrong with a scenario file, said at its place: all of it at once, and what to do.
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { marked } from './marked.ts';

function problemsOf(source: string): string {
  return marked(source, parseScenario(source, 'x.scenario.yaml', library).problems);
}

const head = 'protocol: raft\nnodes: { n1..n3: replica, client: client }\n';
const steps = (...lines: string[]) =>
  `${head}steps:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

test('a file with every kind of error', () => {
  const source = `title: Everything is wrong
protocol: raft
nodes:
  n1..n3: replica
  n2: replica
  n4: replika
  n5: { role: replica, electionTimeot: 150ms, heartbeatInterval: 50 }
  n6: { role: replica, clock: { offset: 5 } }
  crash: replica
  my-node: replica
  client: client
network: { latency: 5ms..1ms, los: 5%, reorder: maybe }
seed: -1
options: { retryAfter: soon, heartbeat: 50ms }
tittle: twice
steps:
  - client put x
  - client putt x 1
  - client put x 1 2
  - client get key=x key=y
  - n1 put x 1
  - nobody put x 1
  - crush n1
  - crash
  - crash n9
  - pause n1 for 15
  - pause n1 during 15s
  - partition n1 n2
  - partition n1 n2 | n2 n3
  - cut n1 n2
  - clock n1
  - clock n1 jmp -1s
  - clock n1 drift 200
  - network
  - network loss=150%
  - network latncy=1ms
  - drop n1->n3 AppendEntrys
  - drop n1
  - delay n1->n2
  - deliver n1->n9#4
  - fire n1 elektion
  - wait
  - wait 2
  - wait until LeaderElect
  - wait until LeaderElected at n9
  - wait until n1.state.currentTerm = 2
  - wait until n1.state.currentTerm >
  - wait until n7.up
  - wait until n1.up and n2.up
  - wait until size(nodes)
  - wait until client answered within soon
  - at soon crash n1
  - after LeaderElected where event.term > 1 crash n1
  - 'when n1.up: crsh n1'
  - when n1.up crash n1
  - client put "x 1
  - start client get x answers 1
  - [crash, n1]
  - { crash: n1, restart: n2 }
  -
expect:
  - event LeaderElekted
  - evnt LeaderElected
  - allways: n1.up
  - always: n1.up &&
  - never: [n1]
  - event LeaderElected somewhere
until: LeaderElect
settle: 10
breakOn:
  - TermChange
  - { event: TermChanged, condition: event.to => 1 }
  - { event: TermChanged, when: true }
`;
  expectGolden(import.meta.url, 'every-error', problemsOf(source));
});

test('what is no YAML, or no scenario', () => {
  const sources: Record<string, string> = {
    empty: '',
    'a text': 'hello',
    'a list': '- a\n- b\n',
    'nothing that is needed': 'title: x\n',
    'a key twice': `${head}seed: 1\nseed: 2\n`,
    tabs: 'protocol: raft\nnodes:\n\tn1: replica\n',
    'an open bracket': 'protocol: raft\nnodes: { n1: replica\nseed: 1\n',
    'an open quote': 'protocol: raft\ntitle: "x\nnodes: [n1]\n',
    'two documents': `${head}---\nprotocol: raft\n`,
    'an unknown protocol': 'protocol: rafft\nnodes: { n1: replica }\n',
    'an unknown alias': `${head}title: *nobody\n`,
    'a bomb': bomb(),
    'deep nesting': `protocol: raft\nnodes: ${'['.repeat(20_000)}\n`,
    'wrong shapes':
      'protocol: [raft]\nnodes: raft\nsteps: crash n1\nexpect: { a: b }\nbreakOn: 5\n',
    'no nodes': 'protocol: raft\nnodes: {}\n',
  };
  const told = Object.entries(sources).map(
    ([name, source]) => `# ${name}\n\n${problemsOf(source)}`,
  );
  expectGolden(import.meta.url, 'no-scenario', told.join('\n\n\n'));
});

/** Nine levels of nine aliases each: hundreds of millions of texts, if somebody follows them. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const items = i === 0 ? 'lol' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array.from({ length: 9 }, () => items).join(', ')}]`;
  });
  return `protocol: raft\nnodes: [n1]\n${levels.join('\n')}\n`;
}

test('a bomb is refused in no time', () => {
  const begin = performance.now();
  expect(parseScenario(bomb(), 'x', library).scenario).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(2_000);
});

test('a place inside a quoted text, a pair, a folded text, a file with Windows line ends', () => {
  const sources = [
    steps("'crush n1'"),
    steps('after LeaderElected: crush n1'),
    steps('"after LeaderElected: crush n1"'),
    `${head}expect:\n  - always: >-\n      n1.up &&\n      n7.up\n`,
    steps('crash n1', 'crush n2').replace(/\n/g, '\r\n'),
  ];
  expectGolden(import.meta.url, 'places', sources.map(problemsOf).join('\n\n'));
});

test('a line that begins in the wrong column is told as that, and once', () => {
  const bodies: Record<string, string> = {
    'a step too far right': 'steps:\n  - wait 1s\n    - crash n1\n',
    'one behind a condition': 'steps:\n  - wait until n1.up\n    - crash n1\n',
    'one behind a comment': 'steps:\n  - wait 1s # so long\n    - crash n1\n',
    'one behind a pair': 'steps:\n  - at 1s: crash n1\n    - crash n2\n',
    'a step too far left': 'steps:\n    - wait 1s\n  - crash n1\n',
    'a step at the edge': 'steps:\n  - wait 1s\n- crash n1\n',
    'a step without its dash': 'steps:\n  - wait 1s\n  crash n1\n',
    'a step without its space': 'steps:\n  - wait 1s\n  -crash n1\n',
    'a key without its colon': 'steps:\n  - wait 1s\nexpect\n',
    'expectations': 'expect:\n  - always: n1.up\n    - event TermChanged\n  - never: n9.up\n',
    'a folded text, which may': `expect:\n  - always: >-\n      n1.up &&\n      - n7.up\n`,
  };
  const told = Object.entries(bodies).map(
    ([name, body]) => `# ${name}\n\n${problemsOf(head + body)}`,
  );
  expectGolden(import.meta.url, 'columns', told.join('\n\n\n'));
});

test('a correct file has none', () => {
  expect(problemsOf(steps('crash n1', 'restart n1   # back again'))).toBe('');
});
