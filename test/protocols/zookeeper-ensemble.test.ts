/** Ensembles of ZooKeeper: elections, logs that are made equal, quorums, and sessions that move. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { playStorm } from './zookeeper-storm.ts';

const servers = 'z1..z3: server';

function run(steps: readonly string[], nodes = `${servers}, C: client, D: client`, breaks: readonly string[] = []) {
  const text = `protocol: zookeeper-lock
nodes: { ${nodes} }
network: { latency: 1ms }
seed: 1
steps:
${steps.map((step) => `  - ${step}\n`).join('')}`;
  const { scenario, problems } = parseScenario(text, 'ensemble', library);
  expect(problems).toEqual([]);
  const events: { at: number; node: string; name: string; fields: Record<string, unknown> }[] = [];
  const answers: Record<string, unknown> = {};
  const { verdicts } = simulate(scenario!, ({ time }, _action, effects) => {
    expect(effects.failure).toBeNull();
    for (const { node, name, fields } of effects.events) {
      events.push({ at: time / 1_000_000, node, name, fields: fields as Record<string, unknown> });
    }
    for (const { operation, ok, result } of effects.replies) {
      answers[operation] = ok ? result : { failed: result };
    }
  });
  const broken = verdicts.filter(({ type }) => type === 'violated');
  expect(broken.map(({ subject }) => subject)).toEqual(breaks.map((name) => ({ kind: 'invariant', name })));
  const of = (name: string, node = '') =>
    events.filter((one) => one.name === name && (node === '' || one.node === node));
  return { answers, of };
}

const leaders = (of: ReturnType<typeof run>['of']) =>
  of('EpochEstablished').map(({ node, fields }) => [node, fields.epoch]);

test.each([3, 5])('of %i servers with equal logs, the one with the greatest number leads', (n) => {
  const { of } = run(['wait 1s'], `z1..z${n}: server`);
  expect(leaders(of)).toEqual([[`z${n}`, 1]]);
  expect(of('LeaderFollowed')).toHaveLength(n - 1);
});

test('a later transaction counts more than a greater number', () => {
  const steps = ['wait 1s', 'crash z3', 'wait 1s', 'C create /a', 'crash z2', 'restart z3', 'wait 3s'];
  const { of } = run(steps, `${servers}, C: { role: client, servers: [z1] }`);
  expect(leaders(of)).toEqual([['z3', 1], ['z2', 2], ['z1', 3]]);
});

test('a server that starts later follows the leader that there is', () => {
  const { of } = run(['crash z3', 'wait 2s', 'restart z3', 'wait 1s']);
  expect(leaders(of)).toEqual([['z2', 1]]);
  expect(of('LeaderFollowed', 'z3').map(({ fields }) => fields)).toEqual([{ leader: 'z2', epoch: 1 }]);
});

test('what a learner lacks is sent as a difference, or as a snapshot if that is long', () => {
  const steps = ['wait 1s', 'crash z1', 'C create /a', 'C create /b', 'C create /c', 'restart z1', 'wait 1s'];
  const how = (options: string) => {
    const node = (id: string) => `${id}: { role: server${options} }`;
    const { of } = run(steps, `${['z1', 'z2', 'z3'].map(node).join(', ')}, C: { role: client, servers: [z2] }`);
    return of('LearnerSynchronized').at(-1)!.fields;
  };
  expect(how('')).toEqual({ learner: 'z1', by: 'SNAP', zxid: 0x100000004 });
  expect(how(', commitLogCount: 2')).toEqual({ learner: 'z1', by: 'SNAP', zxid: 0x100000004 });
  steps.splice(1, 0, 'C create /before');
  expect(how('')).toEqual({ learner: 'z1', by: 'DIFF', zxid: 0x100000005 });
  expect(how(', commitLogCount: 2')).toEqual({ learner: 'z1', by: 'SNAP', zxid: 0x100000005 });
});

test.each([
  ['is truncated', [], 'TRUNC', 1],
  ['is replaced by a snapshot, if the new epoch has transactions', ['D create /b'], 'SNAP', 0],
])('what only a leader has logged %s when it comes back', (_how, between, by, truncated) => {
  const steps = [
    'wait 1s', 'C create /a', 'cut z3 -> z1 z2', 'start C create /lost', 'wait 100ms',
    'power off z3', 'heal', 'wait 15s', ...between, 'restart z3', 'wait 2s', 'D exists /lost',
  ];
  const nodes = `${servers}, C: { role: client, servers: [z3] }, D: { role: client, servers: [z1] }`;
  const { of, answers } = run(steps, nodes);
  expect(of('LearnerSynchronized').at(-1)!.fields).toMatchObject({ learner: 'z3', by });
  expect(of('LogTruncated', 'z3')).toHaveLength(truncated);
  expect(answers['C#2']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(Object.entries(answers).at(-1)).toEqual([`D#${between.length + 1}`, false]);
});

test('a snapshot that was not confirmed is not on disk, so it does not count as a log', () => {
  const steps = [
    'wait 1s', 'crash z1', 'C create /a', 'C create /b', 'restart z1', 'wait until LearnerSynchronized at z3',
    // NEWLEADER follows the snapshot: z1 loses its leader between the two.
    'drop z3->z1 NEWLEADER', 'wait until z1.state.znodes.size() == 2', 'reset z3 - z1', 'wait 3s',
  ];
  const { of } = run(steps, `${servers}, C: { role: client, servers: [z2] }`);
  expect(of('LearnerSynchronized').slice(-2).map(({ fields }) => fields.by)).toEqual(['SNAP', 'SNAP']);
});

test('a leader without a quorum stops leading, and its write is not answered', () => {
  const nodes = `${servers}, C: { role: client, servers: [z3] }`;
  const { of, answers } = run(['wait 1s', 'C sync', 'partition z3 | z1 z2', 'start C create /a', 'wait 20s'], nodes);
  const [lost] = of('QuorumLost', 'z3');
  // Five ticks after the last answer, at a whole tick.
  expect(lost.at).toBeGreaterThan(10);
  expect(lost.at).toBeLessThan(15);
  expect(answers['C#2']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(leaders(of)).toEqual([['z3', 1], ['z2', 2]]);
});

test('an observer is told what is committed, has no vote, and serves clients', () => {
  const nodes = 'z1..z2: server, o: observer, C: { role: client, servers: [o] }';
  const { of, answers } = run(['wait 3s', 'C create /a 1', 'C get /a', 'crash z1', 'wait 15s'], nodes);
  expect(answers['C#2']).toBe('1');
  expect(of('QuorumLost').map(({ node }) => node)).toEqual(['z2']);
});

test('a follower may answer an old value; after a sync it does not', () => {
  const nodes = `${servers}, C: { role: client, servers: [z2] }, D: { role: client, servers: [z1] }`;
  const steps = [
    'wait 1s', 'C create /a old', 'D get /a', 'cut z3 -> z1 for 1s', 'C set /a new', 'D get /a',
    'D sync', 'D get /a',
  ];
  const { answers } = run(steps, nodes);
  expect(['D#1', 'D#2', 'D#3', 'D#4'].map((id) => answers[id])).toEqual(['old', 'old', 'OK', 'new']);
});

test('a session moves to the next server with its ephemeral nodes', () => {
  const nodes = `${servers}, C: { role: client, servers: [z1, z2] }`;
  const { of, answers } = run(['wait 1s', 'C create /e 0 ephemeral', 'crash z1', 'wait 3s', 'C get /e'], nodes);
  expect(of('SessionResumed').map(({ node }) => node)).toEqual(['z2']);
  expect(answers['C#2']).toBe('0');
});

test('a protected create makes two nodes, if its client moves on while it is only proposed', () => {
  const slow = ['z2', 'z1', 'z3'].map((one) => `disk ${one} slow 4s`);
  const lock = 'A lock x protected=true';
  const { of } = run(
    ['wait 1s', lock, 'A unlock x', ...slow, `start ${lock}`, 'wait 100ms', 'reset A - z2', 'wait 10s'],
    `${servers}, A: { role: worker, servers: [z2, z1] }`, ['protection makes one node'],
  );
  expect(of('SessionResumed').map(({ node }) => node)).toEqual(['z1', 'z2']);
  expect(of('NodeOrphaned')).toHaveLength(1);
});

test('a new leader begins the time of each session anew', () => {
  const nodes = `${servers}, C: { role: client, servers: [z1] }`;
  const steps = ['wait 1s', 'C create /e 0 ephemeral', 'crash C', 'wait 9s', 'crash z3', 'wait 20s'];
  const [expired] = run(steps, nodes).of('SessionExpired');
  expect(expired.node).toBe('z2');
  expect(expired.at).toBeGreaterThan(20);
  expect(expired.at).toBeLessThan(24);
});

test('five servers survive two crashes, and not a third', () => {
  const nodes = 'z1..z5: server, C: { role: client, servers: [z1] }';
  const steps = ['wait 1s', 'crash z5', 'crash z4', 'wait 2s', 'C create /a', 'crash z3', 'start C create /b', 'wait 20s'];
  const { of, answers } = run(steps, nodes);
  expect(answers['C#1']).toBe('/a');
  expect(answers['C#2']).toEqual({ failed: 'CONNECTIONLOSS' });
  expect(leaders(of)).toEqual([['z5', 1], ['z3', 2]]);
});

test('what a leader with a stalled disk has proposed waits for its own log, too', () => {
  const nodes = `${servers}, C: { role: client, servers: [z1] }`;
  const { answers } = run(['wait 1s', 'C sync', 'disk z3 stall for 2s', 'C create /a'], nodes);
  expect(answers['C#2']).toBe('/a');
});

// In the first two a paused process is sent what it never receives. In 1720 a deposed leader, which
// was paused, proposes what a session sent before it moved. In 1954 a server loses its leader
// between a snapshot and NEWLEADER.
test.each([803, 921, 1720, 1954])('random schedule %i breaks no invariant', (seed) => {
  expect(playStorm(seed, library)).toMatchObject({ monitor: '', why: '' });
});

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);

test(`${seeds} random schedules break no invariant`, () => {
  let committed = 0;
  let elections = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const found = playStorm(seed, library);
    expect(found.why, `seed ${seed}: ${found.monitor}`).toBe('');
    committed += found.committed;
    elections += found.elections;
  }
  expect(committed).toBeGreaterThan(4 * seeds);
  expect(elections).toBeGreaterThan(seeds);
}, 7_200_000);

// z1 takes over what z3 has logged, in a snapshot, before any server has delivered it.
test('a leader that has a snapshot goes on where another server delivers one by one', () => {
  const quick = '{ role: server, tickTime: 500ms, initLimit: 4, syncLimit: 2, commitLogCount: 1 }';
  const nodes = `z1..z3: ${quick}, C: client, D: { role: client, servers: [z3] }`;
  const { answers, of } = run([
    'wait 1s', 'C create /a', 'D create /b', 'crash z2', 'cut z3 -> z1',
    'start D create /c', 'start D create /d', 'wait 6s', 'disk z3 slow 20ms', 'heal',
    'wait until LearnerSynchronized at z3 within 9s', 'wait 1.5ms', 'crash z3', 'restart z3',
    'wait 5s', 'C create /e within 30s', 'wait 1s',
  ], nodes);
  expect(leaders(of).at(-1)).toEqual(['z1', 3]);
  expect(of('LearnerSynchronized', 'z3').at(-1)!.fields).toMatchObject({ by: 'SNAP' });
  expect(of('LearnerSynchronized', 'z1').at(-1)!.fields).toMatchObject({ by: 'DIFF' });
  expect(Object.values(answers).at(-1)).toBe('/e');
});

test('a sync under a new leader that has proposed nothing waits for nothing', () => {
  const steps = ['wait 1s', 'C create /a', 'crash z3', 'wait 3s', 'C sync within 10s'];
  const { answers, of } = run(steps, `${servers}, C: { role: client, servers: [z1] }`);
  expect(leaders(of).at(-1)).toEqual(['z2', 2]);
  expect(Object.values(answers).at(-1)).not.toHaveProperty('failed');
});
