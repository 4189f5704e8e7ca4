/** ZooKeeper: sessions over connections, requests of unknown outcome, watches, and the lock. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Told {
  /** In seconds. */
  at: number;
  node: string;
  name: string;
  fields: Record<string, unknown>;
}

/** The events and answers of a run, and whether its steps and expectations were met. */
function run(steps: readonly string[], { expect: wanted = '', options = '', network = '' } = {}) {
  const nodes = `zk: server, A: worker, B: worker, C: client, D: client${options}`;
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  const text = `protocol: zookeeper-lock
nodes: { ${nodes} }
network: { latency: 1ms${network} }
seed: 1
steps:
${lines}${wanted && `expect:\n  - '${wanted}'\n`}`;
  const { scenario, problems } = parseScenario(text, 'zookeeper', library);
  expect(problems).toEqual([]);
  const events: Told[] = [];
  const answers: Record<string, unknown> = {};
  const { verdicts } = simulate(scenario!, ({ time }, _action, effects) => {
    expect(effects.failure).toBeNull();
    for (const { node, name, fields } of effects.events) {
      events.push({ at: time / 1_000_000, node, name, fields: fields as Told['fields'] });
    }
    for (const { operation, ok, result } of effects.replies) {
      answers[operation] = ok ? result : { failed: result };
    }
  });
  return { events, answers, failed: verdicts.filter(({ type }) => type !== 'holds') };
}

const of = (events: readonly Told[], node: string, names: RegExp) =>
  events.filter((one) => one.node === node && names.test(one.name)).map(({ name }) => name);

const timeOf = (events: readonly Told[], name: string, node = '') =>
  events.find((one) => one.name === name && (node === '' || one.node === node))?.at ?? NaN;

const session = /^(SyncConnected|Disconnected|Expired)$/;

/** The reply to the create of A's node is lost. */
const lostReply = (lock: string) => [
  `start A lock ${lock}`, 'wait until zk.state.znodes.size() == 1', 'drop zk->A Reply',
];

test('a lost reply leaves an orphan, because requests are not deduplicated', () => {
  const expected = 'eventually: zk.state.znodes.size() == 2';
  const steps = [...lostReply('job timeout=10s'), 'wait until A answered'];
  const { events, answers, failed } = run(steps, { expect: expected });
  expect(failed).toEqual([]);
  expect(of(events, 'A', /Connection?Loss|NodeOrphaned|LockAcquired/)).toEqual([
    'ConnectionLoss', 'NodeOrphaned',
  ]);
  expect(answers['A#1']).toEqual({ failed: 'job was not free within 50s' });
});

test('with protection, the node of a lost reply is found again', () => {
  const steps = [...lostReply('job protected=true'), 'wait until A answered'];
  const { events, answers } = run(steps, { expect: 'never: zk.state.znodes.size() == 2' });
  expect(of(events, 'A', /ConnectionLoss|NodeFound|NodeOrphaned|LockAcquired/)).toEqual([
    'ConnectionLoss', 'NodeFound', 'LockAcquired',
  ]);
  expect(answers['A#1']).toBe(0);
});

test('with protection, the token of a node that is found again can be its zxid, too', () => {
  const options = ', E: { role: worker, token: zxid, protected: true }';
  const steps = lostReply('job').map((step) => step.replaceAll('A', 'E'));
  const { answers } = run([...steps, 'wait until E answered'], { options });
  expect(answers['E#1']).toBe(0x100000004);
});

test('a lost request is repeated, and leaves nothing behind', () => {
  const steps = [
    'C create /job', 'start A lock job', 'wait until SyncConnected at A', 'drop A->zk Request',
    'wait until A answered',
  ];
  const { events, answers } = run(steps);
  expect(of(events, 'A', /ConnectionLoss|NodeOrphaned|LockAcquired/)).toEqual([
    'ConnectionLoss', 'LockAcquired',
  ]);
  expect(answers['A#1']).toBe(0);
});

test('a worker that gives up deletes a protected node that it does not know', () => {
  const options = ', E: { role: worker, retries: 0 }';
  const stepsOf = (lock: string) =>
    [...lostReply(lock).map((step) => step.replaceAll('A', 'E')), 'wait 9s'];
  const end = 'end: zk.state.znodes.size() == 0';
  const played = run(stepsOf('job protected=true'), { expect: end, options });
  expect(played.failed).toEqual([]);
  expect(played.answers['E#1']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(run(stepsOf('job'), { expect: end, options }).failed).not.toEqual([]);
});

test('after its retries, a lock fails with CONNECTIONLOSS', () => {
  const steps = ['start A lock job', 'wait until SyncConnected at A', 'crash zk', 'wait 45s'];
  const { events, answers } = run(steps);
  expect(answers['A#1']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(of(events, 'A', /^ConnectionLoss$/)).toHaveLength(4);
});

test('an unlock whose reply is lost is repeated, and its node is gone either way', () => {
  const steps = [
    'A lock job', 'start A unlock job', 'wait until zk.state.znodes.size() == 0',
    'drop zk->A Reply', 'wait until A answered',
  ];
  const { events, answers } = run(steps);
  expect(of(events, 'A', /ConnectionLoss|LockReleased/)).toEqual(['ConnectionLoss', 'LockReleased']);
  expect(answers['A#2']).toBe('OK');
});

test('a session is not over when its client dies, but a timeout later, at a whole tick', () => {
  const { events } = run(['A lock job timeout=10s', 'crash A', 'wait 20s']);
  expect(timeOf(events, 'ConnectionEnded', 'zk')).toBeLessThan(0.1);
  expect(timeOf(events, 'SessionExpired')).toBe(12);
});

test.each([['A -> zk'], ['A -> zk', 'zk -> A']])('%s cut: the session expires', (...links) => {
  const steps = ['A lock job timeout=10s', ...links.map((one) => `cut ${one} for 20s`), 'wait 40s'];
  const { events } = run(steps);
  expect(of(events, 'A', session)).toEqual(['SyncConnected', 'Disconnected', 'Expired']);
  // Disconnected after two thirds, expired at the server in time, told after it connects again.
  expect(timeOf(events, 'Disconnected')).toBeCloseTo(20 / 3, 1);
  expect(timeOf(events, 'SessionExpired')).toBe(12);
  expect(timeOf(events, 'Expired')).toBeGreaterThan(20);
  expect(timeOf(events, 'LossNoticed')).toBe(timeOf(events, 'Expired'));
});

test('zk -> A cut: the server hears the pings until the client gives up', () => {
  const { events } = run(['A lock job timeout=10s', 'cut zk -> A for 60s', 'wait 30s']);
  expect(timeOf(events, 'Disconnected')).toBeCloseTo(20 / 3, 1);
  // Its last ping came at two thirds of the timeout, too.
  expect(timeOf(events, 'SessionExpired')).toBe(18);
});

test('a cut shorter than two thirds of the timeout is not noticed', () => {
  const { events } = run(['A lock job timeout=10s', 'partition A | zk for 3s', 'wait 30s']);
  expect(of(events, 'A', session)).toEqual(['SyncConnected']);
});

test('a session goes on over the next connection, with its nodes', () => {
  const steps = ['A lock job timeout=10s', 'reset A - zk', 'wait 5s', 'A unlock job'];
  const { events, answers } = run(steps);
  expect(of(events, 'A', session)).toEqual(['SyncConnected', 'Disconnected', 'SyncConnected']);
  expect(timeOf(events, 'SessionResumed')).toBeLessThan(2.1);
  expect(answers['A#2']).toBe('OK');
});

test('a lock is valid for a timeout from the last request that was answered, when it was sent', () => {
  const options = ', E: { role: worker, honoursValidity: true }, db: storage';
  const steps = ['E lock x timeout=10s', 'partition E | zk', 'wait 9900ms', 'E write stock 1', 'wait 200ms',
    'start E write stock 2', 'wait 1s'];
  const { answers } = run(steps, { options });
  expect(answers['E#2']).toBe('OK');
  expect(answers['E#3']).toEqual({
    failed: 'x has expired by the clock of E, so E gave it up',
  });
});

test('the timeout is held between 2 and 20 ticks', () => {
  const steps = ['A lock a timeout=100ms', 'B lock b timeout=90s', 'C connect timeout=5s'];
  const created = run(steps).events.filter(({ name }) => name === 'SessionCreated');
  expect(created.map(({ fields }) => fields.timeout)).toEqual([4_000_000, 40_000_000, 5_000_000]);
});

test('the timeout of a second lock is refused, unless it is that of the session', () => {
  const steps = ['A lock a timeout=100ms', 'A lock b timeout=100ms', 'A lock c timeout=4s', 'A lock d',
    'start A lock e timeout=9s', 'wait 1s'];
  const { answers } = run(steps);
  expect(['A#1', 'A#2', 'A#3', 'A#4'].map((id) => answers[id])).toEqual([0, 0, 0, 0]);
  expect(answers['A#5']).toEqual({
    failed: 'A has a session with a timeout of 4s, which holds all its locks: ' +
      'close it first, or leave the timeout out',
  });
});

test('requests without a connection fail when the client cannot connect', () => {
  const steps = ['C create /a', 'crash zk', 'wait 100ms', 'start C get /a', 'wait 5s', 'restart zk',
    'wait 5s', 'C get /a'];
  const { answers } = run(steps);
  expect(answers['C#2']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(answers['C#3']).toBe('');
});

test('after its session has expired, a client has to connect again', () => {
  const steps = ['C create /e x ephemeral', 'pause C for 20s', 'wait 25s', 'start C exists /e', 'wait 1s',
    'C connect', 'C exists /e'];
  const { events, answers } = run(steps);
  expect(of(events, 'C', session)).toEqual([
    'SyncConnected', 'Disconnected', 'Expired', 'SyncConnected',
  ]);
  expect(answers['C#2']).toEqual({ failed: 'SESSIONEXPIRED' });
  expect(answers['C#4']).toBe(false);
});

test('a client sets its watches again, and learns of what changed meanwhile', () => {
  const steps = ['C create /a 0', 'C get /a watch=true', 'C exists /b watch=true',
    'C children / watch=true', 'unplug C', 'start D set /a 1', 'start D create /b', 'wait 8s',
    'plug in C', 'wait 20s'];
  const { events } = run(steps);
  const told = events.filter(({ name }) => name === 'WatchTriggered').map(({ fields }) => fields);
  expect(told).toEqual([
    { type: 'NodeDataChanged', path: '/a' },
    { type: 'NodeCreated', path: '/b' },
    { type: 'NodeChildrenChanged', path: '/' },
  ]);
});

test('a watch fires once, and its event comes before the reply to the change', () => {
  const steps = ['C create /a 0', 'C get /a watch=true', 'C set /a 1', 'C set /a 2'];
  const { events, answers } = run(steps);
  expect(of(events, 'C', /WatchTriggered/)).toEqual(['WatchTriggered']);
  expect(answers['C#4']).toBe(2);
});

test('a watch that fires may be set again by the next request, in the same step', () => {
  const steps = ['C create /a 0', 'C get /a watch=true', 'start C set /a 1',
    'start C get /a watch=true', 'wait 1s', 'D set /a 2', 'wait 1s'];
  const { events, failed } = run(steps);
  expect(failed).toEqual([]);
  expect(of(events, 'C', /WatchTriggered/)).toEqual(['WatchTriggered', 'WatchTriggered']);
});

test('a session that comes back to its server reads what it wrote before, even if that waits for the disk', () => {
  const steps = ['A lock job protected=true', 'A unlock job', 'disk zk slow 3s',
    'start A lock job protected=true', 'start C create /a', 'wait 100ms', 'reset A - zk', 'wait 3s'];
  const { events, failed } = run(steps, { expect: 'end: zk.state.unanswered.size() == 0' });
  expect(failed).toEqual([]);
  expect(of(events, 'A', /ConnectionLoss|Node|Lock/)).toEqual([
    'LockAcquired', 'LockReleased', 'ConnectionLoss', 'NodeFound', 'LockAcquired',
  ]);
});

test('errors have the names of ZooKeeper', () => {
  const steps = ['C create /a', 'start C create /a', 'start C create /x/y', 'C create /e 0 ephemeral',
    'start C create /e/x', 'start C set /a 1 version=7', 'C create /a/b', 'start C delete /a',
    'start C get /none', 'start C create a', 'wait 1s'];
  const { answers } = run(steps);
  expect(Object.values(answers).filter((one) => typeof one === 'object')).toEqual([
    'NODEEXISTS', 'NONODE', 'NOCHILDRENFOREPHEMERALS', 'BADVERSION', 'NOTEMPTY', 'NONODE',
    'BADARGUMENTS',
  ].map((failed) => ({ failed })));
});

test('a multi does all of its writes, or none', () => {
  const steps = ['C create /lock 0 ephemeral', 'C create /data', 'C sync',
    'C multi "check /lock 0; set /data a; create /log- sequential"',
    'C delete /lock', 'C multi "set /data late; check /lock 0; create /x"', 'C get /data',
    'C children /'];
  const { answers } = run(steps);
  expect(Object.values(answers).slice(3)).toEqual([
    ['OK', 1, '/log-0000000002'], 'OK', ['undone', 'NONODE', 'RUNTIMEINCONSISTENCY'], 'a',
    ['data', 'log-0000000002'],
  ]);
});

test.each([
  ['C create /a 0 temporary', 'temporary is not a kind of znode: use persistent'],
  ['C multi "get /a"', 'get cannot be part of multi: use create, delete, set or check'],
  ['C multi "check /a"', 'check /a needs a version'],
  ['C multi "set /a 1 x"', 'x is not a version'],
])('%s is refused before the run', (step, reason) => {
  const text = `protocol: zookeeper-lock\nnodes: { zk: server, C: client }\nsteps:\n  - ${step}\n`;
  const { problems } = parseScenario(text, 'zookeeper', library);
  expect(problems.map(({ message }) => message).join('\n')).toContain(reason);
});

test('a close that cannot reach the server says what becomes of the session', () => {
  const steps = ['C create /e 0 ephemeral', 'crash zk', 'wait 100ms', 'start C close', 'wait 5s'];
  expect(run(steps).answers['C#2']).toEqual({
    failed: 'CONNECTIONLOSS: the server may keep the session for 10s',
  });
});

test.each(['wait=0s', 'wait=1ms'])('a free lock is taken with %s: only a waiter gives up', (wait) => {
  const { answers } = run([`A lock job ${wait}`, `start B lock job ${wait}`, 'wait 1s', 'A unlock job',
    `B lock job ${wait}`]);
  expect(answers['A#1']).toBe(0);
  expect(answers['B#1']).toEqual({ failed: expect.stringMatching(/^job was not free within/) });
  expect(answers['B#2']).toBeTypeOf('number');
});

test('a lock whose create is answered late is taken if it is free, and given up if not', () => {
  const late = ['pause zk for 2s', 'start B lock job wait=1s', 'wait 4s'];
  expect(run(['A lock a', 'B lock b', ...late]).answers['B#2']).toBe(0);
  const { answers, events } = run(['A lock job', 'B lock b', ...late]);
  expect(answers['B#2']).toEqual({ failed: 'job was not free within 1s' });
  expect(events.filter(({ name }) => name === 'LockRefused')).toHaveLength(1);
});

test('a waiter looks once more when its time is over, and leaves nothing in the queue', () => {
  const { answers, events, failed } = run(
    ['A lock job', 'start B lock job wait=5s', 'wait 10s', 'A unlock job'],
    { expect: 'end: zk.state.znodes.size() <= 1' },
  );
  expect(failed).toEqual([]);
  expect(answers['B#1']).toEqual({ failed: 'job was not free within 5s' });
  expect(events.filter(({ name }) => name === 'LockRefused')).toHaveLength(2);
});

test('a waiter whose turn comes in time does not give up later', () => {
  const { answers } = run(
    ['A lock job', 'start B lock job wait=5s', 'wait 4s', 'A unlock job', 'wait 10s', 'B unlock job'],
  );
  expect(answers).toMatchObject({ 'B#1': 1, 'B#2': 'OK' });
});

test('locks that begin together share one session', () => {
  const { events } = run(['start A lock a', 'start A lock b', 'start A tryLock c', 'wait 1s']);
  expect(of(events, 'zk', /^SessionCreated$/)).toHaveLength(1);
  expect(of(events, 'A', /^LockAcquired$/)).toHaveLength(3);
});
