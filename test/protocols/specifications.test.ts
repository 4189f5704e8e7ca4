/** What protocols specify: their runs satisfy it, also under faults, and a wrong history does not. */
import { describe, expect, test } from 'vitest';
import { specificationProblems, transactionsProblems } from '../../src/code/check/specification-shape.ts';
import { simulate } from '../../src/check/simulate.ts';
import { checkModel, modelOf } from '../../src/check/models/models.ts';
import type { HistoryOperation } from '../../src/protocol/history.ts';
import type { Json } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { specificationsOf } from '../../src/scenario/history/specifications.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Case {
  readonly protocol: string;
  readonly nodes: string;
  readonly steps: readonly string[];
  readonly expect: readonly string[];
  readonly seeds?: number;
}

/** Each runs with a few seeds: latencies, work and faults are drawn from them. */
const cases: readonly Case[] = [
  {
    protocol: 'etcd-lock', nodes: '{ n1..n3: replica, c1..c2: client }',
    steps: [
      'c1 connect n1', 'c2 connect n2', 'wait until LeaderElected',
      'nemesis: partition every 1s..2s',
      'repeat 30 times every 50ms..200ms: c1..c2 put k1..k2 new | get k1..k2 | delete k1 | cas k1 new value 1',
      'wait 8s',
    ],
    expect: ['history of keys is linearizable'],
  },
  {
    protocol: 'fenced-lock', nodes: '{ s: lockServer, db: storage, w1..w3: worker }',
    steps: ['nemesis: pause every 1s..3s', 'repeat 30 times every 100ms..400ms: w1..w3 lock L 1s | unlock L', 'wait 5s'],
    expect: ['history of tokens is linearizable'],
  },
  {
    protocol: 'zookeeper-lock', nodes: '{ z1..z3: server, c1..c2: client }',
    steps: [
      'c1 create /x 0', 'nemesis: partition every 2s..4s',
      'repeat 30 times every 100ms..300ms: c1..c2 set /x new | get /x | create /y 1 | delete /y', 'wait 12s',
    ],
    expect: ['history of writes is linearizable', 'history of znodes is sequential'],
  },
  {
    protocol: 'consul-lock', nodes: '{ n1..n3: server, o1..o2: operator }',
    steps: [
      'wait until LeaderElected', 'nemesis: partition every 2s..4s',
      'repeat 30 times every 100ms..300ms: o1..o2 write k1..k2 new | read k1..k2 consistent | write k1 z 0', 'wait 12s',
    ],
    expect: ['history of keys is linearizable'],
  },
  {
    protocol: 'lamport-mutex', nodes: '{ p1..p3: participant }',
    steps: ['repeat 30 times every 5ms..50ms: p1..p3 lock | unlock', 'wait 1s'],
    expect: ['history is linearizable'],
  },
  {
    protocol: 'ben-or', nodes: '{ p1..p3: participant }',
    steps: ['start p1 propose 0', 'start p2 propose 1', 'start p3 propose 1', 'wait 2s'],
    expect: ['history is linearizable'],
  },
  {
    protocol: 'write-ahead-log', nodes: '{ db: store }',
    steps: ['start db write 1', 'wait 12ms', 'crash db', 'restart db', 'db read', 'start db write 2', 'wait 4ms', 'crash db', 'restart db', 'db read'],
    expect: ['history is linearizable'],
  },
];

function run({ protocol, nodes, steps, expect: lines }: Case, seed: number) {
  const text = `protocol: ${protocol}\nnodes: ${nodes}\nseed: ${seed}\nsteps:\n${steps.map((one) => `  - ${one}\n`).join('')}expect:\n${lines.map((one) => `  - ${one}\n`).join('')}`;
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', library);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  const judged = verdicts.filter(({ subject }) => subject.kind === 'expectation');
  return judged.map((one) => one.type === 'holds' ? 'holds' : JSON.stringify(one));
}

describe('runs under faults', () => {
  test.each(cases)('of $protocol satisfy what it specifies', (one) => {
    for (let seed = 1; seed <= 3; seed++) {
      expect(run(one, seed), `seed ${seed}`).toEqual(one.expect.map(() => 'holds'));
    }
  });
});

type Step = readonly [process: string, name: string, args: Record<string, Json>, result?: Json];

/** One operation after the other; without a result, its outcome is unknown. */
function verdict(protocol: string, name: string, steps: readonly Step[], model = 'linearizable') {
  const history = steps.map(([process, operation, args, result], i): HistoryOperation => ({
    process, name: operation, args, invoked: 2 * i, result,
    ...(result === undefined ? { outcome: 'unknown', returned: undefined } : { outcome: 'ok', returned: 2 * i + 1 }),
  }));
  const found = library.find((one) => one.name === protocol)!;
  return checkModel(history, modelOf(model)!, specificationsOf(found)[name]!).type;
}

const key = { key: 'k' };
const put = (revision: number) => ({ revision, succeeded: true, responses: [] });
const got = (revision: number, value: Json) => ({ revision, succeeded: true, responses: [[{ key: 'k', value }]] });

describe('a planted fault', () => {
  test.each<[string, string, Step[], Step[]]>([
    ['fenced-lock', 'lock', [['a', 'lock', key, 1], ['a', 'unlock', key, true], ['b', 'lock', key, 2]],
      [['a', 'lock', key, 1], ['b', 'lock', key, 2]]],
    // A crashed acquisition may never take effect, and may take effect.
    ['fenced-lock', 'lock', [['a', 'lock', key], ['b', 'lock', key, 2]],
      [['a', 'lock', key], ['b', 'lock', key, 2], ['c', 'lock', key, 3]]],
    ['fenced-lock', 'tokens', [['a', 'lock', key, 1], ['b', 'lock', key, 2]], [['a', 'lock', key, 2], ['b', 'lock', key, 2]]],
    ['redis-lock', 'tokens', [['a', 'lock', key, 1], ['b', 'lock', key, 'OK']], [['a', 'lock', key, 2], ['b', 'lock', key, 1]]],
    ['redlock', 'lock', [['a', 'lock', key, 1]], [['a', 'lock', key, 1], ['b', 'lock', key, 2]]],
    ['reentrant-lock', 'operations', [['a', 'lock', key, 1], ['a', 'lock', key, 1], ['a', 'unlock', key, 1], ['a', 'unlock', key, 0], ['b', 'lock', key, 1]],
      [['a', 'lock', key, 1], ['a', 'lock', key, 1], ['a', 'unlock', key, 1], ['b', 'lock', key, 1]]],
    ['etcd-lock', 'tokens', [['a', 'lock', key, 4], ['b', 'tryLock', key, 9]], [['a', 'lock', key, 9], ['b', 'tryLock', key, 4]]],
    ['etcd-lock', 'keys', [['a', 'put', { key: 'k', value: 1 }, put(2)], ['b', 'get', key, got(2, 1)]],
      [['a', 'put', { key: 'k', value: 1 }, put(2)], ['b', 'get', key, { revision: 1, succeeded: true, responses: [[]] }]]],
    ['etcd-lock', 'keys', [['a', 'put', { key: 'k', value: 1 }, put(2)], ['b', 'get', { key: 'k', serializable: true }, got(1, 0)]],
      [['a', 'put', { key: 'k', value: 1 }, put(2)], ['b', 'put', { key: 'k', value: 2 }, put(2)]]],
    ['zookeeper-lock', 'writes', [['a', 'create', { path: '/x', data: 1 }, '/x'], ['b', 'set', { path: '/x', data: 2, version: 0 }, 1]],
      [['a', 'create', { path: '/x', data: 1 }, '/x'], ['b', 'create', { path: '/x', data: 2 }, '/x']]],
    ['zookeeper-lock', 'znodes', [['a', 'create', { path: '/x', data: 1 }, '/x'], ['b', 'get', { path: '/x' }, '1']],
      [['a', 'create', { path: '/x', data: 1 }, '/x'], ['b', 'exists', { path: '/x' }, false]]],
    ['consul-lock', 'keys', [['a', 'write', { key: 'k', value: 'v' }, true], ['b', 'read', { key: 'k', mode: 'consistent' }, { value: 'v' }], ['b', 'read', key, { value: null }]],
      [['a', 'write', { key: 'k', value: 'v' }, true], ['b', 'read', { key: 'k', mode: 'consistent' }, { value: null }]]],
    ['consul-lock', 'keys', [['a', 'write', { key: 'k', value: 'v', cas: 0 }, true], ['a', 'write', { key: 'k', value: 'w', cas: 0 }, false]],
      [['a', 'write', { key: 'k', value: 'v', cas: 0 }, true], ['b', 'write', { key: 'k', value: 'w', cas: 0 }, true]]],
    ['lamport-mutex', 'operations', [['a', 'lock', {}, 'granted'], ['a', 'unlock', {}, 'released'], ['b', 'lock', {}, 'granted']],
      [['a', 'lock', {}, 'granted'], ['b', 'lock', {}, 'granted']]],
    ['ben-or', 'operations', [['a', 'propose', { value: 0 }], ['b', 'propose', { value: 1 }, 0]],
      [['a', 'propose', { value: 0 }, 0], ['b', 'propose', { value: 1 }, 1]]],
    ['request-reply', 'operations', [['a', 'add', { amount: 2 }, 2], ['a', 'set', { amount: 5 }, 5]],
      [['a', 'add', { amount: 2 }, 4]]],
    ['write-ahead-log', 'operations', [['a', 'write', { value: 1 }], ['a', 'read', {}, 1]], [['a', 'write', { value: 1 }], ['a', 'read', {}, 'torn']]],
    ['patroni', 'operations', [['a', 'write', { key: 'k', value: 1 }, 'OK'], ['b', 'read', key, 1], ['b', 'read', { key: 'k', at: 'n2' }, null]],
      [['a', 'write', { key: 'k', value: 1 }, 'OK'], ['b', 'read', key, null]]],
    ['kafka', 'operations', [['a', 'send', { value: 1 }, 0], ['b', 'send', { value: 2 }, 3], ['b', 'send', { value: 2 }, -1]],
      [['a', 'send', { value: 1 }, 1], ['b', 'send', { value: 2 }, 1]]],
    ['kraft', 'operations', [['a', 'send', { value: 1 }, 0], ['b', 'send', { value: 2 }, 'NOT_ENOUGH_REPLICAS']],
      [['a', 'send', { value: 1 }, 5], ['b', 'send', { value: 2 }, 4]]],
  ])('of %s is caught by %s: %#', (protocol, name, good, bad) => {
    expect(verdict(protocol, name, good)).toBe('holds');
    expect(verdict(protocol, name, bad)).toBe('violated');
  });

  test('a stale read of ZooKeeper is sequential', () => {
    const steps: Step[] = [['a', 'create', { path: '/x', data: 1 }, '/x'], ['b', 'exists', { path: '/x' }, false]];
    expect(verdict('zookeeper-lock', 'znodes', steps, 'sequential')).toBe('holds');
  });
});

describe('a protocol', () => {
  test('has a specification, or says why it has none', () => {
    for (const { name, specification, noSpecification } of library) {
      const has = [specification, noSpecification].filter((one) => one !== undefined);
      expect(has, name).toHaveLength(1);
    }
  });

  test('names operations that it has', () => {
    const problems = library.flatMap((one) => {
      return [...specificationProblems(one as never), ...transactionsProblems(one as never)];
    });
    expect(problems).toEqual([]);
  });

  test('that has none says so where a history is expected', () => {
    const { problems } = parseScenario('protocol: swim\nnodes: { a: member }\nexpect:\n  - history is linearizable\n', 'x.scenario.yaml', library);
    expect(problems.map(({ message }) => message)).toContain('swim has no specification to hold a history against: each member answers from its own list, and the lists agree only in the end');
  });
});
