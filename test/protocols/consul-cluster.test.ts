/** Consul on several servers: who answers what, what a failover keeps, and what ends a session. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import type { Json } from '../../src/protocol/types.ts';
import { consulLock } from '../../src/protocols/consul/consul-lock.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { Cluster } from './cluster.ts';

const servers = 'c1..c3: server, ops: { role: operator, endpoint: c1 }, other: { role: operator, endpoint: c2 }, '
  + 'A: { role: worker, endpoint: c2 }, B: { role: worker, endpoint: c3 }';

interface Story {
  nodes?: string;
  steps: readonly string[];
  expect?: readonly string[];
}

/** c1 leads when the steps begin. Returns the answers by operation, and the violated verdicts. */
function play({ nodes = servers, steps, expect: expectations = [] }: Story) {
  const begin = ['wait 50ms', 'fire c1 election', 'wait until LeaderEstablished at c1', 'wait 200ms'];
  const lines = (list: readonly string[]) => list.map((line) => `  - ${line}\n`).join('');
  const expected = expectations.length > 0 ? `expect:\n${lines(expectations)}` : '';
  const text = `protocol: consul-lock\nnodes: { ${nodes} }\nsteps:\n${lines([...begin, ...steps])}${expected}`;
  const { scenario, problems } = parseScenario(text, 'story', library);
  expect(problems).toEqual([]);
  const answers: Record<string, Json> = {};
  const { verdicts } = simulate(scenario!, (_world, _action, { replies, failure }) => {
    expect(failure).toBeNull();
    for (const { operation, result } of replies) answers[operation] = result;
  });
  const violated = verdicts.flatMap((one) => (one.type === 'violated' ? [verdictReason(one)!] : []));
  return { answers, violated };
}

const holds = (story: Story) => expect(play(story).violated).toEqual([]);

describe('a request', () => {
  test('is forwarded to the leader, and answered by the server that the client uses', () => {
    const { answers, violated } = play({
      steps: ['other write x 1', 'other read x', 'other write x 2 cas=1', 'other write x 2 cas=2', 'other write y 1 cas=0'],
    });
    expect(violated).toEqual([]);
    expect(Object.values(answers)).toEqual([
      true, { value: '1', session: null, index: 2 }, false, true, true,
    ]);
  });

  test('goes over a new connection if the last one was idle for 90 s', () =>
    holds({
      steps: ['ops read x', 'wait 89s', 'ops read x', 'wait 91s', 'ops read x'],
      expect: [
        'event ConnectionOpened at ops where event.connection == "ops-c1:2"',
        'no event ConnectionEnded where event.peer == "ops" && time < 179.0',
        'event ConnectionEnded where event.peer == "ops" && event.how == "closed"',
      ],
    }));

  test('of a client whose server crashes has an unknown outcome if it writes', () => {
    const { answers, violated } = play({
      steps: [
        'ops write x 1', 'start ops write x 2', 'wait until c1.state.log.size() == 3', 'crash c1',
        'wait until ops answered', 'wait 5s', 'ops read x mode=consistent',
      ],
      expect: ['event ServerChanged at ops where event.from == "c1" && event.to == "c2"'],
    });
    expect(violated).toEqual([]);
    expect(answers['ops#2']).toEqual({ error: 'EOF', outcome: 'unknown' });
  });

  test('waits for a leader, and fails after about seven seconds', () => {
    holds({
      steps: ['crash c2 c3', 'wait 1s', 'start ops write x 1', 'wait until ops answered within 8s'],
      expect: ['event RequestFailed at c1 where event.error == "No cluster leader" && time > 4.0'],
    });
    holds({
      steps: [
        'crash c1', 'wait until ElectionTimedOut at c2', 'start other write x 1',
        'wait until other answered within 7s',
        'other read x mode=consistent',
      ],
      expect: ['end: c2.state.keys.x.value == "1" && c3.state.keys.x.value == "1"'],
    });
  });
});

describe('a leader', () => {
  test('without a majority steps down within its lease, and what it appended is unknown', () => {
    const { answers, violated } = play({
      steps: ['partition c1 ops | c2 c3 other A B', 'ops write x 1', 'wait 10s', 'other read x mode=stale'],
      expect: ['event LeaderSteppedDown at c1 where time < 1.0', 'event LeaderElected where time < 6.0'],
    });
    expect(violated).toEqual([]);
    const error = 'unexpected response code: 500 (leadership lost while committing log)';
    expect(answers['ops#1']).toEqual({ error, outcome: 'unknown' });
    expect(answers['other#1']).toMatchObject({ value: null, knownLeader: true });
  });

  test('that is known to a server is not deposed by another candidate', () =>
    holds({
      nodes: servers.replace('c1..c3: server', 'c1..c3: { role: server, preVote: false }'),
      steps: ['fire c2 election', 'wait 5s'],
      expect: [
        'event VoteDenied at c3 where event.reason == "c1 leads"',
        'event LeaderElected at c1',
      ],
    }));

  test('restarts all sessions with twice their TTL', () =>
    holds({
      steps: ['A lock x ttl=10s', 'crash A', 'wait 15s', 'crash c1', 'wait 40s'],
      expect: [
        'event LeaderEstablished where event.sessions == 1',
        'no event SessionExpired where time < 35.0', 'event SessionExpired where event.client == "A"',
      ],
    }));
});

describe('a session', () => {
  test('is bound to the checks that it names, and ends when one is critical', () =>
    holds({
      steps: [
        'ops check A disk passing', 'A lock x checks=[disk] lockDelay=1s', 'ops check A serfHealth critical',
        'wait 1s', 'ops check A disk warning', 'wait 1s', 'ops check A disk critical', 'wait 1s',
      ],
      expect: ['no event SessionInvalidated where time < 2.3', 'event LossNoticed at A'],
    }));

  test.each([
    ['ops check A serfHealth critical', 'A lock x', "Check 'serfHealth' is in critical state"],
    ['ops catalog deregister A', 'A lock x', 'Missing node registration'],
    ['wait 1ms', 'A lock x checks=[disk]', "Missing check 'disk' registration"],
    ['wait 1ms', 'ops check A serfHealth sick', 'a check is passing, warning, critical, not sick'],
    ['wait 1ms', 'ops read x mode=fast', 'the mode of a read is default, consistent, stale'],
    ['wait 1ms', 'ops read x wait=5s', 'a wait has no effect without an index'],
    ['wait 1ms', 'ops catalog nodes A', 'does not model `catalog nodes`'],
  ])('after "%s", "%s" is refused: %s', (step, refused, reason) => {
    const { violated } = play({ steps: [step, `${refused} answers 0`] });
    expect(violated[0]).toContain(reason);
  });

  test('of a node that is registered again can be created', () =>
    holds({ steps: ['ops catalog deregister A', 'ops catalog register A', 'A lock x'] }));
});

describe('a blocking query', () => {
  test('returns when its key changes, and otherwise when its wait is over', () => {
    const { answers } = play({
      steps: [
        'ops write x 1', 'start other read x index=2 wait=60s', 'wait 2s', 'ops write y 1', 'wait 1s',
        'ops write x 2', 'wait until other answered within 100ms', 'start other read x index=4 wait=3s',
        'wait until other answered within 4s',
      ],
    });
    const changed = { value: '2', session: null, index: 4 };
    expect([answers['other#1'], answers['other#2']]).toEqual([changed, changed]);
  });

  test('in stale mode blocks on the server that the client uses', () =>
    holds({
      steps: [
        'ops write x 1', 'wait 300ms', 'start other read x mode=stale index=2 wait=60s', 'wait 1s',
        'crash c1', 'wait 8s', 'B lock y', 'wait 1s', 'other kv put x 2', 'wait until other answered within 1s',
      ],
    }));

  test('is tried again by its server when the leader crashes', () =>
    holds({
      steps: [
        'ops write x 1', 'start other read x mode=consistent index=2 wait=60s', 'wait 1s', 'crash c1',
        'wait 8s', 'other kv put x 2', 'wait until other answered within 1s',
      ],
    }));
});

test('a lock-delay ends when the leader\'s does, though it lasts longer on another server', () =>
  holds({
    steps: [
      'A lock x ttl=10s lockDelay=5s', 'wait 200ms', 'unplug c3 for 700ms', 'A close',
      'wait until LockDelayed at c3', 'wait until LockDelayEnded at c1',
      'start B lock x ttl=10s', 'wait until B answered within 400ms',
    ],
    expect: ['event LockAcquired at B where event.token == 2', 'event LockDelayEnded at c3'],
  }));

test('a write through a server that does not lead, step by step', () => {
  const nodes: NodeSetup[] = [
    ...['c1', 'c2', 'c3'].map((id) => ({ id, role: 'server', options: {} })),
    { id: 'ops', role: 'operator', options: { endpoint: 'c2' } },
  ];
  const cluster = new Cluster({ protocol: consulLock, seed: 1, nodes, network: defaultNetwork });
  cluster.run('50ms');
  cluster.do('fire c1 election');
  cluster.untilEvent('LeaderEstablished', 'c1');
  cluster.run('30ms');
  cluster.lines.length = 0;
  cluster.do('ops write {"key":"x","value":"1"}');
  expect(cluster.untilReply('ops#1')).toBe(true);
  cluster.do('ops read {"key":"x","mode":"consistent"}');
  expect(cluster.untilReply('ops#2')).toEqual({ value: '1', session: null, index: 2 });
  expect(cluster.violations).toEqual([]);
  expectGolden(import.meta.url, 'consul-forwarded-write', cluster.lines.join('\n'));
});
