/** What the Cluster panel shows of `look`: the same lines for every protocol. */
import { expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import type { Look } from '../../src/protocol/types.ts';
import { clusterView } from '../../src/view/cluster.ts';
import { shownName, shownText } from '../../src/view/panel-words/cluster.ts';

interface Proposer {
  state: { promises: string[]; accepted: string; entries: string[] };
  receives: object;
  sends: object;
  timers: object;
  events: object;
  options: object;
}

/** The indexes of the entries that were read, in order. */
const read: number[] = [];

const proposer = role<Proposer>({
  doc: 'Proposes.',
  init: () => ({
    promises: ['p1'], accepted: 'none', entries: Array.from({ length: 20 }, (_, i) => `e${i}`),
  }),
  messages: {},
  timers: {},
  operations: {
    promise: operation<Proposer>()({
      doc: 'Takes a promise.',
      parameters: {},
      run(node, _, id) {
        node.state.promises.push('p2');
        node.state.accepted = 'x';
        node.state.entries.push('last');
        node.reply(id, 'OK');
      },
    }),
  },
  look: ({ promises, accepted, entries }, { id, peers, nodes }): Look => ({
    standing: 'proposer',
    tone: 'bid',
    epoch: { name: 'ballot', value: `3.${id}` },
    votes: { granted: promises.length, needed: peers.length },
    lease: { name: 'read lease', until: 5_000_000 },
    holder: { of: 'lock', is: accepted },
    interval: { name: 'now', correction: 2_000, uncertainty: 1_000, at: 5_000_000, growth: 0.001 },
    value: { accepted },
    token: 7,
    log: {
      first: 1,
      last: entries.length,
      committed: 19,
      entry(index) {
        read.push(index);
        return { value: entries[index - 1] };
      },
    },
    facts: { proposers: nodes('proposer').length },
  }),
});

const protocol = defineProtocol({
  name: 'proposals', doc: 'For a test.', source: 'a test', events: {},
  roles: { proposer }, invariants: {},
});

function moments() {
  const nodes = ['p1', 'p2', 'p3'].map((id) => ({ id, role: 'proposer' }));
  nodes[0] = { ...nodes[0], ...{ clock: { offset: 6_000_000 } } };
  const world = start({ protocol, seed: 1, nodes, network: defaultNetwork });
  const before = world.fork();
  const effects = new Effects();
  step(world, { type: 'invoke', at: 0, node: 'p1', operation: 'promise', args: {} }, effects);
  return { world, before, effects };
}

test('each part is a line, with what the last action changed', () => {
  const { world, before, effects } = moments();
  const [p1, p2] = clusterView(world, before, effects).nodes;
  const lines = (node: typeof p1) =>
    node.shown.map((view) => {
      return `${view.changed ? '* ' : ''}${shownName(view)}: ${shownText(view)}`;
    });
  expect(lines(p1)).toEqual([
    'now: 6.000000 s to 6.004000 s, ε 2 ms', '* votes: 2 of 2 needed', 'read lease: ended 1 s ago', '* holder of lock: x',
    '* value: {accepted: x}', 'token: 7',
  ]);
  expect(lines(p2)).toEqual([
    'now: 0.001000 s to 0.003000 s, ε 1 ms', 'votes: 1 of 2 needed', 'read lease: ends in 5 s', 'holder of lock: none',
    'value: {accepted: none}', 'token: 7',
  ]);
  expect(p1.epoch).toEqual({ name: 'ballot', value: '3.p1' });
  expect(p1.facts).toEqual([{ name: 'proposers', value: '3', changed: false }]);
});

test('a node without a process neither bids nor has a lease', () => {
  const { world, effects } = moments();
  step(world, { type: 'crash', at: 0, node: 'p1' }, effects);
  const names = clusterView(world, null, null).nodes[0].shown.map(shownName);
  expect(names).toEqual(['holder of lock', 'value', 'token']);
});

test('of a log, only the entries that are drawn are read', () => {
  const { world, before, effects } = moments();
  read.length = 0;
  const { log } = clusterView(world, before, effects).nodes[0];
  expect(new Set(read)).toEqual(new Set([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]));
  expect(log).toMatchObject({ before: 9, committed: 19, applies: false });
  expect(log!.entries.at(-1)).toEqual({
    index: 21, label: 'last', committed: false, applied: false, changed: true,
  });
  expect(log!.entries.at(-2)).toMatchObject({ index: 20, changed: false });
});
