/** A schedule of a search with time could have happened at some times. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { hasTimes } from '../../src/explore/shrink/possible-times.ts';
import type { Planned } from '../../src/explore/shrink/schedule.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { heldSetup } from '../../src/explore/walks/held.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { readScenario } from './read.ts';

interface Leasing {
  state: { holds: boolean; lent: number };
  receives: { Take: object; Granted: object };
  sends: { Take: object; Granted: object };
  timers: { expire: void; retry: void };
  events: object;
  options: object;
}

/** A server lends for 40 ms, and a client asks again 15 ms after it has asked. */
const leasing = defineProtocol({
  name: 'leasing', doc: '', source: '', events: {},
  roles: {
    server: role<Leasing>({
      doc: '',
      init: () => ({ holds: false, lent: 0 }),
      messages: {
        Take(node, _, from) {
          if (node.state.holds) return;
          node.state.holds = true;
          node.state.lent++;
          node.setTimer('expire', 40_000);
          node.send(from, { type: 'Granted' });
        },
        Granted: () => undefined,
      },
      timers: {
        expire(node) {
          node.state.holds = false;
        },
        retry: () => undefined,
      },
    }),
    client: role<Leasing>({
      doc: '',
      init: () => ({ holds: false, lent: 0 }),
      start(node) {
        node.send(node.nodes('server')[0], { type: 'Take' });
        node.setTimer('retry', 15_000);
      },
      messages: {
        Take: () => undefined,
        Granted(node) {
          node.state.holds = true;
        },
      },
      timers: {
        expire: () => undefined,
        retry(node) {
          node.send(node.nodes('server')[0], { type: 'Take' });
          node.setTimer('retry', 15_000);
        },
      },
    }),
  },
  invariants: {
    'lent once': {
      doc: '',
      check: ({ nodes }) => {
        const [server, client] = nodes.map(({ state }) => state);
        return client.holds && server.lent === 2 ? 'lent twice' : undefined;
      },
    },
  },
}) as unknown as Protocol;

const read = (latency: string) => readScenario(
  `protocol: leasing\nnodes: { s: server, c: client }\nnetwork: { latency: ${latency} }\nuntil: 1s\n`,
  leasing,
).scenario;

const fire = (node: string, timer: string, at = 0): Planned => {
  return { action: { type: 'fire', at, node, timer, key: '' } };
};

const deliver = (from: string, to: string, at = 0): Planned => {
  return { action: { type: 'deliver', at, from, to, ordinal: 1, copy: 0 } };
};

function isPossible(latency: string, actions: readonly Planned[]): boolean {
  const { setup } = read(latency);
  return hasTimes(heldSetup(setup), setup.network, actions);
}

const early = [deliver('c', 's'), fire('s', 'expire'), deliver('s', 'c')];
const late = [deliver('c', 's'), deliver('s', 'c'), fire('s', 'expire')];

test('a message arrives within the latency of its link', () => {
  expect(isPossible('1ms..10ms', early)).toBe(false);
  expect(isPossible('1ms..10ms', late)).toBe(true);
  expect(isPossible('1ms..60ms', early)).toBe(true);
  // It takes 50 ms at least.
  expect(isPossible('50ms..60ms', late)).toBe(false);
});

test('a timer fires within its window, whatever happens at other nodes', () => {
  const retries = [fire('c', 'retry'), fire('c', 'retry'), fire('c', 'retry')];
  expect(isPossible('1ms..10ms', [deliver('c', 's'), fire('s', 'expire'), ...retries])).toBe(false);
  expect(isPossible('1ms..10ms', [deliver('c', 's'), ...retries, fire('s', 'expire')])).toBe(true);
  expect(isPossible('1ms..10ms', [...retries, deliver('c', 's')])).toBe(false);
});

test('the times of a schedule that has them are possible', () => {
  const at = (first: number, second: number, third: number) => [
    deliver('c', 's', first), deliver('s', 'c', second), fire('s', 'expire', third),
  ];
  expect(isPossible('1ms..10ms', at(2_000, 4_000, 42_000))).toBe(true);
  expect(isPossible('1ms..10ms', at(2_000, 14_000, 42_000))).toBe(false);
  expect(isPossible('1ms..10ms', at(2_000, 4_000, 41_000))).toBe(false);
});

test('a shrunk run of a search with time is one that could have happened', () => {
  const scenario = read('1ms..10ms');
  const { finding } = walk(scenario, {
    strategies: [{ type: 'random' }], time: 'timed', faults: noFaults, stepsMost: 100, seeds: [1, 50],
  });
  const { setup, actions } = shrink(scenario, finding!)!;
  expect(hasTimes(setup, scenario.setup.network, actions)).toBe(true);
  // The lease is granted before it expires, and not after.
  const kinds = actions.map(({ action, body }) => body?.type ?? ('timer' in action && action.timer));
  expect(kinds.indexOf('Granted')).toBeLessThan(kinds.indexOf('expire'));
});
