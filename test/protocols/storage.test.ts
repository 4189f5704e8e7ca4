/** What storage refuses, what workers honour, and what a lock's arguments do. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Story {
  protocol?: string;
  nodes?: string;
  steps: readonly string[];
  expect?: readonly string[];
}

/** The reasons of all violated verdicts of a scenario. */
function violated(story: Story): string[] {
  const { protocol = 'fenced-lock', nodes, steps, expect: expectations = [] } = story;
  const cast = nodes ?? '{ s: lockServer, A: worker, B: worker, db: storage }';
  const lines = (list: readonly string[]) => list.map((line) => `  - ${line}\n`).join('');
  const expected = expectations.length > 0 ? `expect:\n${lines(expectations)}` : '';
  const text = `protocol: ${protocol}\nnodes: ${cast}\nseed: 1\nsteps:\n${lines(steps)}${expected}`;
  const { scenario, problems } = parseScenario(text, 'story', library);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  return verdicts.filter(({ type }) => type === 'violated').map((one) => verdictReason(one)!);
}

const db = (options: string) => `{ s: lockServer, A: worker, B: worker, db: { role: storage, ${options} } }`;

describe('storage', () => {
  const stranger = ['A lock x', 'A write stock 1', 'B write stock 2'];

  test('refuses a write without a token, even before it has seen one', () => {
    const steps = ['B write stock 1 fails', 'A lock x', 'A write stock 2', 'B write stock 3 fails'];
    expect(violated({ steps, expect: ['event WriteFenced where event.token == null'] })).toEqual([]);
  });

  test('accepts it if told to, which an invariant reports', () => {
    const why = /^db let B write stock=2 without a token, though A had written it with token 1/;
    expect(violated({ nodes: db('requireToken: false'), steps: stranger })).toEqual([
      expect.stringMatching(why),
    ]);
  });

  const window = [
    'A lock x ttl=1s', 'A write stock 5', 'wait 2s', 'B lock x', 'B read stock answers 5',
    'start A write stock 9', 'wait 1s', 'start B write stock 4', 'wait 1s',
  ];

  test('accepts an old token after the next holder has read, and until it writes', () => {
    const why = /^A wrote stock at db under a lock that it had lost, after B, .* had read it/;
    expect(violated({ steps: window })).toEqual([expect.stringMatching(why)]);
  });

  test('refuses it from the first contact on, if it notes the tokens of reads', () => {
    const nodes = db('fenceReads: true');
    const fenced = 'event WriteFenced where event.token == 1 && event.highest == 2';
    expect(violated({ nodes, steps: window, expect: [fenced] })).toEqual([]);
  });
});

describe('a worker', () => {
  const honest = '{ role: worker, honoursValidity: true }';
  const servers: Record<string, string> = {
    'fenced-lock': 's: lockServer',
    'redis-lock': 's: redis',
    redlock: 's1..s3: redis, counter: counter',
    'zookeeper-lock': 's: server',
    'consul-lock': 's: server',
  };
  const length: Record<string, string> = { 'zookeeper-lock': 'timeout=10s' };

  test.each(Object.keys(servers))('of %s that honours its validity writes nothing late', (protocol) => {
    const nodes = `{ ${servers[protocol]}, A: ${honest}, db: storage }`;
    const steps = [
      `A lock x ${length[protocol] ?? 'ttl=10s'}`, 'A write stock 1', 'pause A for 60s',
      'start A write stock 2', 'wait 70s',
    ];
    const expectations = ['no event WriteAccepted where event.value == 2', 'end: A.state.held == []'];
    expect(violated({ protocol, nodes, steps, expect: expectations })).toEqual([]);
    const careless = nodes.replace(honest, 'worker');
    expect(violated({ protocol, nodes: careless, steps, expect: expectations })).not.toEqual([]);
  });

  test('extends its lock by a watchdog until it unlocks', () => {
    const steps = [
      'A lock x ttl=3s watchdog=true', 'wait 20s', 'B lock x fails', 'A unlock x answers true',
      'wait 5s', 'B lock x',
    ];
    expect(violated({ steps, expect: ['no event LockExpired where time < 30.0'] })).toEqual([]);
  });

  test('learns from its watchdog that its lock is lost', () => {
    const steps = [
      'A lock x ttl=3s watchdog=true', 'pause A for 10s', 'B lock x retry=1s', 'wait 10s',
    ];
    expect(violated({ steps, expect: ['event LossNoticed at A', 'no event LockExtended at A where time > 10.0'] }))
      .toEqual([]);
  });

  test('of ZooKeeper refuses a second timeout for its one session', () => {
    const nodes = '{ s: server, A: worker }';
    const steps = [
      'A lock x timeout=10s', 'A lock y timeout=10s', 'A lock z', 'A lock u timeout=20s fails',
    ];
    expect(violated({ protocol: 'zookeeper-lock', nodes, steps })).toEqual([]);
  });
});
