/** etcd as its clients meet it: a leader without a quorum, unknown outcomes, sessions, members. */
import { expect, test } from 'vitest';
import type { EventRecord, Reply } from '../../src/kernel/effects.ts';
import type { World } from '../../src/kernel/world.ts';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import type { EtcdState } from '../../src/protocols/etcd/state.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Played {
  readonly replies: readonly Reply[];
  readonly events: readonly (EventRecord & { readonly time: number })[];
  readonly world: World;
}

/** n1 leads when the steps begin. */
function play(nodes: string, steps: string, seed = 1): Played {
  const text = `protocol: etcd-lock
nodes: { ${nodes} }
seed: ${seed}
steps:
  - fire n1 election
  - wait until LeaderElected at n1
${steps.split('\n').map((line) => `  - ${line.trim()}`).join('\n')}
`;
  const { scenario, problems } = parseScenario(text, 'etcd', library);
  expect(problems).toEqual([]);
  const replies: Reply[] = [];
  const events: (EventRecord & { time: number })[] = [];
  const { world } = simulate(scenario!, (at, _action, effects) => {
    expect(effects.failure).toBeNull();
    expect(effects.violations.filter(({ monitor }) => monitor !== 'scenario')).toEqual([]);
    replies.push(...effects.replies);
    for (const event of effects.events) events.push({ ...event, time: at.time });
  });
  return { replies, events, world };
}

const three = 'n1..n3: replica';

function resultOf({ replies }: Played, operation: string): unknown {
  return replies.find((one) => one.operation === operation)?.result;
}

function eventsNamed({ events }: Played, name: string, node?: string) {
  return events.filter((one) => one.name === name && (node === undefined || one.node === node));
}

/** The case of a report: A can reach only the leader, which is cut off from the others. */
const cutOff = `A lock job ttl=10s
  partition n1 A | n2 n3 B
  B lock job ttl=10s within 60s
  wait 30s`;

test('a leader without a quorum steps down, renews no lease, and the session of its client ends', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const played = play(`${three}, A: { role: worker, endpoint: n1 }, B: worker`, cutOff, seed);
    const [down] = eventsNamed(played, 'LeaderSteppedDown', 'n1');
    expect(down.time).toBeLessThan(3_000_000);
    const [ended] = eventsNamed(played, 'SessionEnded', 'A');
    expect(ended.time).toBeLessThan(20_000_000);
    expect(eventsNamed(played, 'LockAcquired', 'B')).toHaveLength(1);
    expect(eventsNamed(played, 'TwoHolders')).toEqual([]);
  }
});

test('without CheckQuorum it would renew leases for ever, and two would hold the lock', () => {
  const members = 'n1..n3: { role: replica, checkQuorum: false }';
  const played = play(`${members}, A: { role: worker, endpoint: n1 }, B: worker`, cutOff);
  expect(eventsNamed(played, 'SessionEnded', 'A')).toEqual([]);
  expect(eventsNamed(played, 'TwoHolders')).toHaveLength(1);
});

test('a member that comes back deposes the leader in 3.4, and does not with preVote', () => {
  const isolation = 'partition n1 n2 | n3\nwait 5s\nheal\nwait 3500ms';
  const old = play(three, isolation);
  expect(eventsNamed(old, 'LeaderSteppedDown', 'n1').length).toBeGreaterThan(0);
  const later = play('n1..n3: { role: replica, preVote: true }', isolation);
  expect(eventsNamed(later, 'LeaderSteppedDown')).toEqual([]);
  expect((later.world.node('n1')!.state as unknown as EtcdState).currentTerm).toBe(1);
});

test.each([
  ['without a quorum', 'partition n1 A | n2 n3', 'etcdserver: request timed out'],
  ['without a leader', 'partition n1 A | n2 n3\nwait 3s', 'context deadline exceeded'],
])('a put %s has an unknown outcome after 7 s', (_when, before, error) => {
  const played = play(
    `${three}, A: { role: client, endpoint: n1 }`,
    `A get k\n${before}\nstart A put k 1\nwait 8s`,
  );
  expect(resultOf(played, 'A#2')).toMatchObject({ error, outcome: 'unknown' });
});

test('a put that a member takes before it becomes the leader itself times out because of the old', () => {
  const played = play(
    `${three}, A: { role: client, endpoint: n2 }`,
    'A get k\ncrash n1\nwait 500ms\nstart A put k 1\nwait 100ms\nfire n2 election\nwait 9s',
  );
  const { error } = resultOf(played, 'A#2') as { error: string };
  expect(error).toBe('etcdserver: request timed out, possibly due to previous leader failure');
});

test('a request in flight when its member dies has an unknown outcome; the worker moves on', () => {
  const played = play(
    `${three}, A: { role: worker, endpoint: n2 }`,
    'A lock x\npause n3\npause n1\nstart A put stock 1\nwait 10ms\ncrash n2\nresume n1\nresume n3\n' +
      'wait until A answered\nwait 3s\nA put stock 2',
  );
  expect(resultOf(played, 'A#2')).toEqual({ error: 'transport is closing', outcome: 'unknown' });
  expect(eventsNamed(played, 'EndpointChanged', 'A').length).toBeGreaterThan(0);
  expect(resultOf(played, 'A#3')).toBe('OK');
});

test('a lock whose answer is lost leaves a key, which is there for as long as the session', () => {
  const played = play(
    `${three}, A: { role: worker, endpoint: n2 }, B: { role: worker, endpoint: n1 }`,
    'A lock other\nstart A lock x\nwait until EntryApplied at n2 where "x/694d01" in n2.state.keys\n' +
      'reset A - n2\nwait until A answered\nstart B lock x\nwait 30s\nA lock x\nA unlock x\n' +
      'wait until B answered',
  );
  expect(resultOf(played, 'A#2')).toMatchObject({ outcome: 'unknown' });
  const [, again] = eventsNamed(played, 'LockAcquired', 'A');
  expect(again.fields.key).toBe('x');
  expect(eventsNamed(played, 'LockAcquired', 'B')[0].time).toBeGreaterThan(30_000_000);
});

test('if all members refuse, a worker tries them again after a second', () => {
  const played = play(
    `${three}, A: worker`,
    'crash n1\ncrash n2\ncrash n3\nstart A lock x\nwait 5s\nrestart n1\nrestart n2\nrestart n3\n' +
      'wait until A answered within 20s',
  );
  expect(eventsNamed(played, 'LockAcquired', 'A')).toHaveLength(1);
  expect(eventsNamed(played, 'EndpointChanged', 'A').length).toBeLessThan(40);
});

test('a waiter behind a member that dies waits on at another member', () => {
  const played = play(
    `${three}, A: { role: worker, endpoint: n1 }, B: { role: worker, endpoint: n2 }`,
    'A lock x\nstart B lock x\nwait until LockRefused at B\nwait 1s\ncrash n2\nwait 3s\nA unlock x\n' +
      'wait until B answered',
  );
  expect(eventsNamed(played, 'LockAcquired', 'B')).toHaveLength(1);
});
