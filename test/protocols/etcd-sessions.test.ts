/** A worker's session in etcd, its TTL, keys without a name, and locks that the members queue for. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

/** The events and answers of a run with one member, or several of which n1 leads. */
function run(steps: readonly string[], members = 'n1') {
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  const nodes = `${members}: replica, A: worker, B: worker, C: client`;
  const text = `protocol: etcd-lock\nnodes: { ${nodes} }\nseed: 1
steps:\n  - fire n1 election\n  - wait until LeaderElected at n1\n${lines}`;
  const { scenario, problems } = parseScenario(text, 'etcd', library);
  expect(problems).toEqual([]);
  const events: { node: string; name: string; fields: Record<string, unknown> }[] = [];
  const answers: Record<string, unknown> = {};
  const { verdicts } = simulate(scenario!, (_at, _action, effects) => {
    expect(effects.failure).toBeNull();
    for (const { node, name, fields } of effects.events) {
      events.push({ node, name, fields: fields as Record<string, unknown> });
    }
    for (const { operation, ok, result } of effects.replies) {
      answers[operation] = ok ? result : { failed: result };
    }
  });
  const violated = verdicts.filter(({ type }) => type === 'violated').map((one) => verdictReason(one));
  return { events, answers, violated };
}

const named = ({ events }: ReturnType<typeof run>, name: string) =>
  events.filter((one) => one.name === name);

const ttls = (played: ReturnType<typeof run>) =>
  named(played, 'LeaseGranted').map(({ fields }) => fields.ttl);

test.each(['lock b', 'tryLock b', 'campaign b me'])(
  'the TTL of a session applies to all locks: %s refuses another',
  (command) => {
    const played = run(['A lock a ttl=10s', `start A ${command} ttl=30s`, 'wait 1s',
      `start A ${command} ttl=10s`, 'wait 1s']);
    expect(played.answers['A#2']).toEqual({
      failed: 'A has a session with a TTL of 10s, which holds all its locks: ' +
        'close it first, or leave the ttl out',
    });
    expect(played.answers['A#3']).toBeTypeOf('number');
    expect(ttls(played)).toEqual([10]);
  },
);

test('a TTL below the minimum of the members is granted as that, and both are accepted later', () => {
  const played = run(['A lock a ttl=1s', 'A lock b ttl=1s', 'A lock c ttl=2s', 'A lock d',
    'start A lock e ttl=3s', 'wait 1s']);
  expect(ttls(played)).toEqual([2]);
  expect(['A#2', 'A#3', 'A#4'].map((id) => typeof played.answers[id])).toEqual(
    ['number', 'number', 'number'],
  );
  expect(played.answers['A#5']).toMatchObject({ failed: expect.stringMatching(/TTL of 2s/) });
});

test('after its session is closed, the next may have another TTL', () => {
  expect(ttls(run(['A lock a ttl=10s', 'A close', 'A lock a ttl=30s']))).toEqual([10, 30]);
});

test('a TTL of 0 means the default', () => {
  expect(ttls(run(['A lock a ttl=0s', 'A lock b ttl=60s', 'B lock c']))).toEqual([60, 60]);
});

test.each([['500ms', '1s'], ['1500ms', '2s']])('a TTL of %s is refused', (ttl, next) => {
  const played = run([`start A lock a ttl=${ttl}`, 'wait 1s']);
  const shown = ttl === '500ms' ? '500ms' : '1.5s';
  expect(played.answers['A#1']).toEqual({
    failed: `etcd counts a TTL in whole seconds, and ${shown} is not: use ${next}`,
  });
  expect(ttls(played)).toEqual([]);
});

test('locks that begin together share one session', () => {
  const played = run(['start A lock a ttl=10s', 'start A lock b', 'start A lock c ttl=20s', 'wait 1s']);
  expect(ttls(played)).toEqual([10]);
  expect(named(played, 'LockAcquired')).toHaveLength(2);
  expect(played.answers['A#3']).toMatchObject({ failed: expect.stringMatching(/TTL of 10s/) });
});

test('a session that cannot be created fails all locks that wait for it; the next lock tries again', () => {
  const played = run(['pause n1', 'start A lock a ttl=10s', 'start A lock b', 'wait 15s',
    'resume n1', 'wait 5s', 'A lock c ttl=20s']);
  const failed = { failed: 'context deadline exceeded' };
  expect(played.answers).toMatchObject({ 'A#1': failed, 'A#2': failed });
  expect(played.answers['A#3']).toBeTypeOf('number');
});

const lostSession = ['A lock a ttl=5s', 'partition A | n1', 'wait 15s', 'heal', 'wait 30s'];

test.each(['unlock', 'resign'])('%s after the session is over deletes nothing, and succeeds', (op) => {
  const played = run([...lostSession, `A ${op} a`]);
  expect(named(played, 'LossNoticed')).toHaveLength(1);
  expect(played.answers['A#2']).toBe('OK');
  expect(named(played, 'NothingReleased')).toMatchObject([{ node: 'A', fields: { key: 'a' } }]);
  expect(named(played, 'LockReleased')).toEqual([]);
  expect(played.violated).toEqual([]);
});

test('a lock that is taken again after a loss is released with its new key', () => {
  const played = run([...lostSession, 'A lock a', 'A unlock a', 'B lock a']);
  expect(named(played, 'LockReleased')).toHaveLength(1);
  expect(named(played, 'NothingReleased')).toEqual([]);
  expect(played.answers['B#1']).toBeTypeOf('number');
});

test.each(['0', '""', '00'])('a member that queues for a client with lease %s gets a lease', (lease) => {
  const played = run([`C lock x ${lease}`, `C campaign y ${lease} me`, 'C get x prefix=true',
    'wait 70s', 'C get x prefix=true']);
  expect(ttls(played)).toEqual([60, 60]);
  expect(played.answers['C#1']).toMatchObject({ key: 'x/694d01' });
  expect(played.answers['C#2']).toMatchObject({ key: 'y/694d02' });
  expect(played.answers['C#3']).toMatchObject({ responses: [[{ lease: '694d01' }]] });
  // It is not renewed.
  expect(played.answers['C#4']).toMatchObject({ responses: [[]] });
});

test('lease 0 of a put means none, and a proclaim without a lease is refused', () => {
  const played = run(['C put k v lease=0', 'C get k', 'start C proclaim k 1 0 v', 'wait 1s']);
  expect(played.answers['C#2']).toMatchObject({ responses: [[{ lease: '' }]] });
  expect(played.answers['C#3']).toMatchObject({ failed: expect.stringMatching(/does not model/) });
});

test.each(['put "" v', 'get ""', 'get "" serializable=true', 'delete ""', 'unlock ""',
  'cas "" v version 0', 'cas k v version 0 guard=""'])('%s names no key', (command) => {
  const { answers } = run([`start C ${command}`, 'wait 1s']);
  expect(answers['C#1']).toEqual({ failed: 'etcdserver: key is not provided' });
});

test('the empty prefix means all keys', () => {
  const { answers } = run(['C put k v', 'C get "" prefix=true', 'C delete "" prefix=true', 'C get k']);
  const found = { responses: [[{ key: 'k' }]] };
  expect(answers).toMatchObject({ 'C#2': found, 'C#3': found, 'C#4': { responses: [[]] } });
});

test('an entry that is not on the leader’s own disk does not count for its majority', () => {
  const { answers, violated } = run(['C put k 1', 'partition n3 | n1 n2 A B C', 'disk n1 stall',
    'start C put k 2', 'wait 3s', 'disk n1 ok', 'start C put k 3', 'wait 3s'], 'n1..n3');
  expect(violated).toEqual([]);
  expect(answers['C#1']).toMatchObject({ revision: 2 });
  // The answer comes only when the disk goes on.
  const stalled = run(['C put k 1', 'partition n3 | n1 n2 A B C', 'disk n1 stall',
    'start C put k 2', 'wait 3s'], 'n1..n3');
  expect(stalled.answers['C#2']).toMatchObject({ outcome: 'unknown' });
  expect(answers['C#2']).toMatchObject({ revision: 3 });
});

test('a leader whose disk stalls commits by the disks of the others', () => {
  const { answers } = run(['C put k 1', 'disk n1 stall', 'start C put k 2', 'wait 3s'], 'n1..n3');
  expect(answers['C#2']).toMatchObject({ revision: 3 });
});
