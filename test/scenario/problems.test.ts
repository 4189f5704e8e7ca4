// The problems of scenario files, each with its place, its code, and what to do about it.
import { expect, test } from 'vitest';
import { commandActions } from '../../src/check/console.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { start } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { problemCodes, withHint } from '../../src/scenario/problem.ts';
import { talk } from '../kernel/talk.ts';
import { expectGolden } from '../golden.ts';
import { marked } from './marked.ts';
import { workOf } from './work.ts';

const { defaultRole: _, ...withoutDefaultRole } = raft;
const protocols = [...library, { ...withoutDefaultRole, name: 'strict' }, talk];

function problemsOf(source: string): string {
  return marked(source, parseScenario(source, 'x.scenario.yaml', protocols).problems);
}

const head = 'protocol: raft\nnodes: { n1..n3: replica, client: client }\n';
const steps = (...lines: string[]) =>
  `${head}steps:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

const manyErrors = `title: Everything is wrong
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

/** Files that are wrong as a whole, and mistakes that the file above does not have. */
const otherErrors: Record<string, string> = {
  'an empty file': '',
  'a string': 'hello',
  'a list': '- a\n- b\n',
  'missing settings': 'title: x\n',
  'a key given twice': `${head}seed: 1\nseed: 2\n`,
  'tabs': 'protocol: raft\nnodes:\n\tn1: replica\n',
  'an open bracket': 'protocol: raft\nnodes: { n1: replica\nseed: 1\n',
  'an open quote': 'protocol: raft\ntitle: "x\nnodes: [n1]\n',
  'two documents': `${head}---\nprotocol: raft\n`,
  'a file that is too large': `${head}#${' '.repeat(8_000_000)}`,
  'a broken twin of an unknown invariant': `${steps('crash n1')}breaks: Election Safty\n`,
  'a broken twin of an unknown name': `${steps('crash n1')}breaks: it is all wrong\n`,
  'an unknown protocol': 'protocol: rafft\nnodes: { n1: replica }\n',
  'an unknown alias': `${head}title: *missing\n`,
  'aliases that stand for millions of strings': bomb(9),
  'deep nesting': `protocol: raft\nnodes: ${'['.repeat(20_000)}\n`,
  'settings of the wrong type':
    'protocol: [raft]\nnodes: raft\nsteps: crash n1\nexpect: { a: b }\nbreakOn: 5\n',
  'a list item in the wrong column': `${head}steps:\n  - wait 1s\n    - crash n1\n`,
  'hosts and connections': `protocol: talk
nodes: { server: server, A: client }
network: { duplicate: 5%, reorder: true }
steps:
  - power on A
  - power off
  - plug A
  - reset A server
  - reset A - A
  - retransmit A
  - duplicate A->server
  - network reorder=true on A -> server
  - network duplicate=1%
  - drop A->server SYN
`,
  'a reset without connections': steps('reset n1 - n2'),
  'disks': steps('disk', 'disk n1', 'disk n1 slow', 'disk n1 sleep', 'disk n1 stall 5s', 'disk n1 ok 5s'),
  'a disk of a role without durable fields': 'protocol: talk\nnodes: { server: server, A: client }\nsteps:\n  - disk A stall\n',
  'no nodes': 'protocol: raft\nnodes: {}\n',
  'too many nodes': 'protocol: raft\nnodes: { n1..n100: replica, m1..m29: replica }\n',
  'an explicit key': 'protocol: raft\nnodes: { n1: replica }\n? title\n: a key\n',
  'a range of names that is not one': 'protocol: raft\nnodes: { n5..n1: replica }\n',
  'no role': 'protocol: strict\nnodes: { n1: }\n',
  'nodes of the wrong form':
    'protocol: raft\nnodes:\n  n1: [replica]\n  n2: { role: [a] }\n  n3: { clock: 5ms }\n' +
    '  n4: { clock: { drift: fast, speed: 2 } }\n',
  'breakpoints of the wrong form': `${head}breakOn:\n  - [a]\n  - { condition: n1.up }\n`,
  'a node and itself': steps(
    'drop n1->n1',
    'duplicate n1->n1 AppendEntries',
    'delay n2->n2#4 by 5ms',
    'cut n1 -> n1',
    'heal n2 n2 -> n2',
    'network loss=5% on n1 -> n1',
  ),
  'words that are missing': steps(
    'at 1s',
    'crash the',
    'client',
    'drop',
    'fire n1',
    'after',
    'wait until',
    'wait until LeaderElected at',
    'wait until client answered n1 n2',
    'pause n1 for',
    'network loss= on n1 n2',
  ),
  'nodes that cannot be added': steps('add n9', 'add n1: client', 'add n9: replika', 'add c2: client x', 'add'),
  'nodes that are down and do not exist': `${head}down: [n9, client]\n`,
  'workloads and a nemesis': steps(
    'repeat 10 times every 10ms: client get k1..k3',
    'repeat every 10ms: client get x',
    'repeat 10 times: client get x',
    'repeat 0 times every 10ms: client get x',
    'repeat for 1h every 1ms: client get x',
    'repeat 10 times every 0s: client get x',
    'repeat 10 times every 10ms client get x',
    'repeat 10 times every 10ms: get x',
    'repeat 10 times every 10ms: client gett x',
    'repeat 10 times every 10ms: n1 get x',
    'repeat 10 times every 10ms: client get k3..k1',
    'repeat 10 times every 10ms: client put x | get',
    'nemesis crash every 1s',
    'nemesis: crash',
    'nemesis: crush every 1s for 5s',
    'nemesis: every 1s',
    'nemesis: crash |',
    'nemesis: crash | crash every 1s',
    'nemesis: partition every 1s for 5s on n1',
    'nemesis: pause every 1s..3s',
  ),
  'histories': `${head}expect:
  - history is linearisable
  - history
  - history of registers is linearizable
  - histroy is linearizable
`,
  'a history without a specification': `protocol: swim
nodes: { n1..n3: member }
expect: [history is linearizable]
`,
  'durations out of range': steps('wait 2000h', 'at -1s crash n1', 'wait -5ms', 'wait untill'),
  'expressions': steps(
    'wait until n1.state.curentTerm == 1',
    'wait until n1.currentTerm == 1',
    'wait until n1.upp',
    'wait until leader(n1)',
    'wait until n1.up + 1 == "a" + 1',
    'wait until n1.up && 1',
    'wait until (1 ? n1.up : n2.up)',
    'wait until (n1.up',
    'wait until {n1.up}',
    'wait until nodes.all(1, true)',
    'wait until has(n1)',
    'wait until if',
    'wait until "\\q" == n1.id',
    'wait until n1.id.matches("(?=n)1")',
    'when : crash n1',
    `wait until ${'true || '.repeat(2_000)}true`,
  ),
  'an argument of the wrong type': `protocol: redis-lock
nodes: { redis: server, A: worker }
steps:
  - A lock x ttl=soon
`,
};

const commands = ['wait 1s', 'repeat 2 times every 1s: client get x', 'after LeaderElected: crash n1', 'crsh n1', 'restart n1', 'crash n9'];

/** Problems of commands in the debug console, as one line each. */
function consoleProblems(): { code: string; line: string }[] {
  const { scenario } = parseScenario(head, 'x', library);
  const world = start(scenario!.setup, scenarioMonitors(scenario!));
  return commands.flatMap((command) => {
    const typed = commandActions(scenario!, world, command);
    if (typed.type !== 'fault') return [];
    const { code } = typed.fault;
    return [{ code, line: `${command}\n   [${code}] ${withHint(typed.fault)}` }];
  });
}

test('every problem, with its place, its code and what to do', () => {
  const files = Object.entries({ 'many errors in one file': manyErrors, ...otherErrors });
  const told = files.map(([name, source]) => `# ${name}\n\n${problemsOf(source)}`);
  const typed = consoleProblems().map(({ line }) => line);
  expectGolden(
    import.meta.url,
    'every-error',
    [...told, `# commands in the debug console\n\n${typed.join('\n\n')}`].join('\n\n\n'),
  );
});

/** Not in the list: it would show each of them. */
const manyProblems = steps(...Array.from({ length: 600 }, (_step, i) => `crush n${i}`));

test('every code has an example in that list', () => {
  const sources = [manyErrors, ...Object.values(otherErrors), manyProblems];
  const shown = sources.flatMap((source) =>
    parseScenario(source, 'x', protocols).problems.map(({ code }) => code),
  );
  const codes = new Set<string>([...shown, ...consoleProblems().map(({ code }) => code)]);
  expect(problemCodes.filter((code) => !codes.has(code))).toEqual([]);
});

/** Levels of nine aliases each: the ninth stands for hundreds of millions of strings. */
function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_level, i) => {
    const items = i === 0 ? 'lol' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array.from({ length: 9 }, () => items).join(', ')}]`;
  });
  return `protocol: raft\nnodes: [n1]\n${lines.join('\n')}\nsteps: *a${levels - 1}\n`;
}

test('nested aliases are refused with work that grows with the file, not with its meaning', () => {
  const { problems } = parseScenario(bomb(9), 'x', library);
  expect(problems.map(({ code }) => code)).toEqual(['yaml-alias']);
  const refusal = (levels: number) => workOf(() => parseScenario(bomb(levels), 'x', library));
  // Three more levels stand for 729 times as many strings.
  expect(refusal(6) / refusal(3)).toBeLessThan(3);
});

test('places inside quoted strings, pairs, folded strings and files with Windows line ends', () => {
  const sources = [
    steps("'crush n1'"),
    steps('after LeaderElected: crush n1'),
    steps('"after LeaderElected: crush n1"'),
    `${head}expect:\n  - always: >-\n      n1.up &&\n      n7.up\n`,
    steps('crash n1', 'crush n2').replace(/\n/g, '\r\n'),
  ];
  expectGolden(import.meta.url, 'places', sources.map(problemsOf).join('\n\n'));
});

test('a line that begins in the wrong column is one problem', () => {
  const bodies: Record<string, string> = {
    'a step too far right': 'steps:\n  - wait 1s\n    - crash n1\n',
    'after a condition': 'steps:\n  - wait until n1.up\n    - crash n1\n',
    'after a comment': 'steps:\n  - wait 1s # so long\n    - crash n1\n',
    'after a pair': 'steps:\n  - at 1s: crash n1\n    - crash n2\n',
    'a step too far left': 'steps:\n    - wait 1s\n  - crash n1\n',
    'a step at the edge': 'steps:\n  - wait 1s\n- crash n1\n',
    'a step without its dash': 'steps:\n  - wait 1s\n  crash n1\n',
    'a step without its space': 'steps:\n  - wait 1s\n  -crash n1\n',
    'a key without its colon': 'steps:\n  - wait 1s\nexpect\n',
    'expectations': 'expect:\n  - always: n1.up\n    - event TermChanged\n  - never: n9.up\n',
    'a folded string, in which it is allowed': `expect:\n  - always: >-\n      n1.up &&\n      - n7.up\n`,
  };
  const sections = Object.entries(bodies).map(
    ([name, body]) => `# ${name}\n\n${problemsOf(head + body)}`,
  );
  expectGolden(import.meta.url, 'columns', sections.join('\n\n\n'));
});

test('a correct file has no problems', () => {
  expect(problemsOf(steps('crash n1', 'restart n1   # back again'))).toBe('');
});
