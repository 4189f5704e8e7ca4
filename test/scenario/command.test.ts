// The command language: what every form means, also for a protocol that is not built in.
import { expect, test } from 'vitest';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import type { RoleTypes } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { type CommandContext, parseCommand } from '../../src/scenario/commands/command.ts';
import { Language } from '../../src/scenario/conditions/condition.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { workOf } from './work.ts';

const ids = ['n1', 'n2', 'n3', 'client'];
const context: CommandContext = {
  protocol: raft,
  nodes: ids.map((id) => ({ id, role: id === 'client' ? 'client' : 'replica' })),
  language: new Language(ids),
};

const commands = `
client put x 1
client put x=1
client put value=1 key="a b"   # a comment
client put "1" '# no comment' within 5s
client get x answers 1
client get x answers "1" within 2s
client get x answers null
client cas x 1 2 fails
start client delete x
crash n1 n2
crash the leader
restart n1
resume n1
pause n1 for 15s
pause the leader
partition n1 n2 | n3
partition the leader | the others for 2s
cut n1 -> n2 n3
cut n1->n2 for 1.5s
heal
heal n1 -> n2
clock n1 offset +5ms
clock n1 jump -1s drift 200ppm
network latency=1ms..5ms loss=5% duplicate=0.01 reorder=true delay=10ms
network latency=3ms on n1 -> n2 n3
network loss=1% on * -> n1
drop n1->n3
drop n1->n3 AppendEntries
drop n1->n3 [AppendEntries]
drop AppendEntries
drop the leader->* AppendEntries
duplicate n1 -> n3
delay n1->n3 by 50ms
deliver n1->n3#4
deliver n1->n3#4.1
fire n1 election
fire the leader heartbeat
fire n1 election[a]
wait 2s
wait until LeaderElected
wait until LeaderElected at n1
wait until LeaderElected where event.term > 1 within 5s
wait until LeaderElected at n1 where event.term > 1
wait until n1.state.currentTerm == 2 && n2.up within 100ms
wait until client answered
wait until n1 answered client within 1s
at 2s crash n1
at 2s: crash n1
after LeaderElected crash n1
after LeaderElected at n1: crash n2
after LeaderElected where event.term > 1 ? true : false: crash the leader
when n1.up ? n2.up : n3.up: wait 1s
when "a: b" == n1.id: heal`;

function show(text: string): string {
  const parsed = parseCommand(text, context);
  if ('fault' in parsed) return `FAULT ${parsed.fault.message}`;
  return JSON.stringify(parsed, (_key, value) => (value?.test ? `CEL ${value.text}` : value));
}

test('every form of command', () => {
  const parsed = commands
    .trim()
    .split('\n')
    .map((text) => `${text}\n    ${show(text)}`);
  expect(parsed.filter((text) => text.includes('FAULT'))).toEqual([]);
  expectGolden(import.meta.url, 'commands', parsed.join('\n'));
});

interface Plain extends RoleTypes {
  state: Record<string, unknown>;
  receives: Record<never, never>;
  timers: Record<never, never>;
}

const plain = { doc: '', init: () => ({ value: null }), messages: {}, timers: {} };
const locks = defineProtocol({
  name: 'fenced-lock',
  doc: 'A lock with a lease.',
  source: 'none',
  events: { WriteFenced: 'Storage refused a write.' },
  roles: {
    lockServer: role<Plain>(plain),
    worker: role<Plain>({
      ...plain,
      operations: {
        lock: operation<Plain>()({
          doc: '',
          parameters: { key: 'string', ttl: 'duration?', retry: 'duration?' },
          run: () => {},
        }),
        write: operation<Plain>()({
          doc: '',
          parameters: { key: 'string', value: 'value' },
          run: () => {},
        }),
      },
    }),
    storage: role<Plain>({
      ...plain,
      options: { fencing: { kind: 'boolean', default: false, doc: '' } } as never,
    }),
  },
  invariants: {},
});

test('a scenario of another protocol with every setting', () => {
  const source = `title: A paused holder is fenced off
protocol: fenced-lock
nodes:
  redis: lockServer
  A: worker
  B: worker
  db: { role: storage, fencing: true, clock: { offset: -5ms, drift: 100ppm } }
network: { latency: 1ms..5ms, loss: 5%, duplicate: 0.01, reorder: true }
seed: 7
steps:
  - A lock order42 ttl=10s
  - pause A for 15s                 # a long garbage collection
  - start A write inventory=0       # A writes when it wakes, and still believes it holds the lock
  - B lock order42 ttl=10s retry=1s
  - B write inventory=0
  - wait until db answered A
expect:
  - event WriteFenced at db
  - never: nodes.filter(n, n.role == "storage").exists(s, s.state.value == "A")
breakOn:
  - WriteFenced
  - { event: WriteFenced at db, condition: event.token > 1 }
until: 30s
settle: 5s
`;
  const { scenario, problems } = parseScenario(source, 'x.scenario.yaml', [locks]);
  expect(problems).toEqual([]);
  const { setup, steps, expect: lines, breakOn, until, settle } = scenario!;
  const parsed = {
    setup: { ...setup, protocol: setup.protocol.name },
    steps,
    lines,
    breakOn,
    until,
    settle,
  };
  expectGolden(
    import.meta.url,
    'scenario',
    JSON.stringify(parsed, (_key, value) => (value?.test ? `CEL ${value.text}` : value), 1),
  );
});

test('settings of a launch configuration replace those of the file', () => {
  const source =
    'protocol: raft\nnodes: [n1, n2, n3]\nseed: 1\nnetwork: { loss: 1% }\nsteps:\n  - crash n1\n';
  const settings = { network: { latency: '9ms' }, title: 'other', steps: ['crash n2'] };
  const { scenario } = parseScenario(source, 'x', library, { seed: 5, settings });
  expect(scenario).toMatchObject({
    title: 'other',
    setup: { seed: 5, network: { latency: [9_000, 9_000], loss: 0.01 } },
    steps: [{ text: 'crash n2' }],
  });
  const wrong = parseScenario(source, 'x', library, { settings: { network: { loss: 'much' } } });
  expect(wrong.problems).toMatchObject([
    { code: 'bad-setting', message: '`loss` must be a probability, such as `5%`, not `much`' },
  ]);
});

function sourceOf(steps: number): string {
  const lines = Array.from({ length: steps }, (_, i) => `  - client put k${i} ${i}\n`);
  return `protocol: raft\nnodes: { n1: replica, client: client }\nsteps:\n${lines.join('')}`;
}

test('ten thousand steps', () => {
  expect(parseScenario(sourceOf(10_000), 'x', library).scenario?.steps).toHaveLength(10_000);
});

test('the work of parsing steps grows linearly, and skips the YAML library', () => {
  const work = (steps: number) => workOf(() => parseScenario(sourceOf(steps), 'x', library));
  const [half, whole] = [work(1_000), work(2_000)];
  const perStep = (whole - half) / 1_000;
  // About 100 blocks of code a step; the YAML library alone needs 200.
  expect(perStep).toBeGreaterThan(10);
  expect(perStep).toBeLessThan(200);
  expect(whole / half).toBeLessThan(2.1);
});

test('misspelt fields are reported before a run', () => {
  const fault = (condition: string) => {
    const source = `protocol: raft\nnodes: [n1]\nexpect:\n  - always: ${condition}\n`;
    const [problem] = parseScenario(source, 'x', library).problems;
    return problem && `${problem.line}:${problem.column} ${problem.message} ${problem.hint}`;
  };
  expect(fault('n1.state.curentTerm == 1')).toBe(
    '4:22 the state of n1 has no field `curentTerm` did you mean `currentTerm`?',
  );
  expect(fault('n1.up && n1.currentTerm == 1')).toBe(
    '4:25 a node has no field `currentTerm` write `n1.state.currentTerm`',
  );
  expect(fault('n1.look.tokn == 1')).toBe(
    '4:21 `look` has no field `tokn` did you mean `token`?',
  );
  expect(fault('has(n1.state.somethingNew)')).toBeUndefined();
});
