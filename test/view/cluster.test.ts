/** The view of the Cluster panel: areas, traffic, holders, changes, and what is unusual. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import { library } from '../../src/protocols/library.ts';
import { areasOf } from '../../src/view/cluster/areas.ts';
import { LeaseSpans } from '../../src/view/cluster/lease-spans.ts';
import { clusterView } from '../../src/view/cluster.ts';
import { changesInWords, holdInWords } from '../../src/view/panel-words/cluster.ts';

const redisLock = library.find(({ name }) => name === 'redis-lock')!;
const raft = library.find(({ name }) => name === 'raft')!;

function lockWorld(): World {
  const roles = { redis: 'redis', A: 'worker', B: 'worker' };
  const nodes = Object.entries(roles).map(([id, name]) => ({ id, role: name }));
  return start({ protocol: redisLock, seed: 1, nodes, network: defaultNetwork });
}

/** The view after an action; without one, after what comes next. */
function take(world: World, action?: Action) {
  const before = world.fork();
  const effects = new Effects();
  step(world, action ?? world.upcoming!, effects);
  return clusterView(world, before, effects);
}

function lock(world: World, node: string) {
  const args = { key: 'order42', ttl: 2_000_000 };
  return take(world, { type: 'invoke', at: world.time, node, operation: 'lock', args });
}

/** Takes what comes next until a view is as wanted. */
function until(world: World, isWanted: (view: ReturnType<typeof take>) => boolean) {
  for (let taken = 0; taken < 200; taken++) {
    const view = take(world);
    if (isWanted(view)) return view;
  }
  throw new Error('it does not happen');
}

const counts = { replica: 0, client: 6, redis: 1, worker: 7, storage: 0, node: 10, broker: 0 };

test.each([
  ['replica replica replica client', 'peers peers peers clients'],
  // A worker offers many operations, the servers few; the one that is repeated is the ring.
  ['redis redis redis worker worker storage', 'peers peers peers clients clients services'],
  ['redis worker worker storage', 'services clients clients services'],
  ['node node node', 'peers peers peers'],
  ['storage broker broker broker', 'services peers peers peers'],
  ['storage', 'services'],
])('nodes of the roles %s are in the areas %s', (roles, areas) => {
  const nodes = roles.split(' ').map((name) => ({ role: name }));
  const areaOf = areasOf(nodes, (name) => counts[name as keyof typeof counts]);
  expect(nodes.map((node) => areaOf(node.role)).join(' ')).toBe(areas);
});

test('the message that a step delivered, and a refusal', () => {
  const world = lockWorld();
  lock(world, 'A');
  const granted = until(world, ({ arrived }) => arrived?.type === 'Reply' && arrived.to === 'A');
  expect(granted.arrived).toMatchObject({ from: 'redis', refusal: false, progress: 1 });
  lock(world, 'B');
  const sent = until(world, ({ messages }) => messages.some(({ to }) => to === 'B'));
  expect(sent.messages.find(({ to }) => to === 'B')).toMatchObject({ refusal: true, fresh: true });
  const refused = until(world, ({ arrived }) => arrived?.to === 'B');
  expect(refused.arrived).toMatchObject({ from: 'redis', refusal: true });
});

test('messages that were lost: on a cut link they get as far as the wall', () => {
  const ids = ['n1', 'n2', 'n3'];
  const nodes = ids.map((id) => ({ id, role: 'replica' }));
  const world = start({ protocol: raft, seed: 1, nodes, network: defaultNetwork });
  const cut: Action = { type: 'partition', at: 0, groups: [['n1'], ['n2'], ['n3']] };
  take(world, cut);
  const view = until(world, ({ lost }) => lost.length > 0);
  expect(view.lost.map(({ type, progress }) => `${type} ${progress}`)).toEqual([
    'RequestVote 0.42', 'RequestVote 0.42',
  ]);
  expect(view.islands).toEqual([['n1'], ['n2'], ['n3']]);
  expect(changesInWords(view)).toContain('is lost');
  // They are only those of the last action.
  expect(take(world, { type: 'heal', at: world.time }).lost).toEqual([]);
});

test('a connection that only one host knows, and what waits on it', () => {
  const world = lockWorld();
  lock(world, 'A');
  until(world, ({ arrived }) => arrived?.type === 'Reply');
  const open = clusterView(world, null, null).connections;
  expect(open).toContainEqual({
    nodes: ['A', 'redis'], state: 'open', knownBy: ['A', 'redis'], waiting: [],
  });
  take(world, { type: 'power-off', at: world.time, node: 'redis', for: undefined });
  const unlock = { type: 'invoke', at: world.time, node: 'A', operation: 'unlock' } as const;
  take(world, { ...unlock, args: { key: 'order42' } });
  const left = until(world, ({ connections }) => {
    return connections.some(({ waiting }) => waiting.length > 0);
  }).connections.find(({ nodes: [one] }) => one === 'A');
  expect(left).toMatchObject({ state: 'half-open', knownBy: ['A'] });
  expect(left!.waiting[0]).toMatchObject({ at: 'A', count: 1 });
});

test('who holds a lock, and who only believes so', () => {
  const world = lockWorld();
  lock(world, 'A');
  const held = until(world, ({ nodes }) => nodes[1]!.holds.some(({ belief }) => belief === 'holds'));
  expect(held.nodes[1]!.holds.map(holdInWords)).toEqual(['holds order42']);
  expect(held.nodes[1]!.holds[0]!.changed).toBe(true);
  const paused = take(world, { type: 'pause', at: world.time, node: 'A', for: 60_000_000 });
  expect(paused.nodes[1]!.holds).toEqual([{ ...held.nodes[1]!.holds[0], changed: false }]);
  const over = until(world, ({ nodes }) => nodes[1]!.holds.every(({ belief }) => belief !== 'holds'));
  expect(over.nodes[1]!.holds.map(holdInWords)).toEqual(['only believes to hold order42']);
});

test('a lease is as long as the longest time it was seen to have left', () => {
  const spans = new LeaseSpans();
  expect(spans.span('A', 'order42', 800)).toBe(800);
  expect(spans.span('A', 'order42', 500)).toBe(800);
  expect(spans.span('A', 'order42', 1_000)).toBe(1_000);
  expect(spans.span('B', 'order42', 5)).toBe(5);
});

test('what the action changed of a node', () => {
  const world = lockWorld();
  const paused = take(world, { type: 'pause', at: 0, node: 'A', for: undefined });
  expect(paused.nodes.flatMap(({ changes }) => changes)).toEqual([
    { type: 'status', from: '', to: 'paused' },
  ]);
  const resumed = take(world, { type: 'resume', at: 0, node: 'A' });
  expect(changesInWords(resumed)).toBe('A runs again');
});

interface Plain {
  state: { tone: 'lead' | 'follow'; notes: string[] };
  receives: object;
  sends: object;
  timers: object;
  events: object;
  options: object;
}

const silent = role<Plain>({
  doc: 'Shows nothing.',
  init: () => ({ tone: 'follow', notes: [] }),
  messages: {},
  timers: {},
  operations: {
    note: operation<Plain>()({
      doc: 'Notes something.',
      parameters: {},
      run(node, _, id) {
        node.state.notes.push('a', 'b');
        node.reply(id, 'OK');
      },
    }),
    lead: operation<Plain>()({
      doc: 'Leads.',
      parameters: {},
      run(node, _, id) {
        node.state.tone = 'lead';
        node.reply(id, 'OK');
      },
    }),
  },
});

function plainWorld(shows: boolean, count: number): World {
  const shown = { ...silent, look: ({ tone }: Plain['state']) => ({ tone, standing: tone }) };
  const protocol = defineProtocol({
    name: 'plain', doc: 'For a test.', source: 'a test', events: {},
    roles: { server: shows ? shown : silent }, invariants: {},
  });
  const nodes = Array.from({ length: count }, (_, index) => ({ id: `n${index + 1}`, role: 'server' }));
  return start({ protocol, seed: 1, nodes, network: defaultNetwork });
}

function invoke(world: World, node: string, name: string) {
  return take(world, { type: 'invoke', at: 0, node, operation: name, args: {} });
}

test('a role without a look shows its state, with what changed', () => {
  const view = invoke(plainWorld(false, 2), 'n1', 'note');
  expect(view.nodes[0]!.facts).toEqual([
    { name: 'tone', value: 'follow', changed: false },
    { name: 'notes', value: '[a, b]', changed: true },
  ]);
  expect(view.nodes[1]!.facts[1]).toEqual({ name: 'notes', value: 'none', changed: false });
});

test.each([
  [1, 1, 0], // a single server leads always
  [3, 1, 1],
  [2, 2, 2], // both of a pair lead
  [3, 3, 0], // five primaries emphasise nothing
  [5, 2, 2],
])('of %i servers, of which %i lead, %i stand out', (count, leading, out) => {
  const world = plainWorld(true, count);
  let view = clusterView(world, null, null);
  for (let index = 1; index <= leading; index++) view = invoke(world, `n${index}`, 'lead');
  expect(view.nodes.filter(({ stands }) => stands === 'out')).toHaveLength(out);
});
