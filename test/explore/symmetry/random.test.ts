/** Random small protocols of alike nodes, with faults planted: symmetry changes no verdict. */
import { expect, test } from 'vitest';
import { exploreWorlds } from '../../../src/explore/search/worlds.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import { defineProtocol, role } from '../../../src/protocol/define.ts';
import { untimed } from '../models/search.ts';

interface Types {
  state: { mode: number; from: Record<string, number>; last: string };
  receives: { M: { kind: number; about: string } };
  sends: { M: { kind: number; about: string } };
  timers: { go: void };
  events: Record<never, never>;
  options: Record<never, never>;
}

/** Numbers below a bound, of a small generator. */
function dice(seed: number): (bound: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** What a node does follows from tables; it names others only as a sender, a peer, or a name told. */
function model(seed: number, alike: boolean): Setup {
  const roll = dice(seed);
  const table = Array.from({ length: 12 }, () => ({
    mode: roll(3), to: roll(4), kind: roll(2), about: roll(3), keeps: roll(2) === 0,
  }));
  const broken = { mode: roll(3), count: 1 + roll(3), known: roll(2) };
  const ordered = roll(2) === 0;
  const node = role<Types>({
    doc: 'Follows its table.',
    alike,
    init: () => ({ mode: 0, from: {}, last: '' }),
    start: (one) => one.setTimer('go', 1),
    messages: {
      M(one, { kind, about }, from) {
        const { state } = one;
        const row = table[state.mode * 2 + kind];
        state.from[from] = Math.min(2, (state.from[from] ?? 0) + 1);
        if (row.keeps) state.last = about;
        state.mode = row.mode;
        // Each pair of nodes talks only a little, so that there is an end.
        if (row.to === 0 && state.from[from] === 1) {
          one.send(from, { type: 'M', kind: row.kind, about: [one.id, from, about][row.about] });
        }
      },
    },
    timers: {
      go(one) {
        const row = table[6 + one.state.mode];
        for (const to of one.peers) one.send(to, { type: 'M', kind: row.kind, about: one.id });
      },
    },
  });
  return {
    protocol: defineProtocol({
      name: 'random',
      doc: 'A random protocol.',
      source: 'a generator',
      events: {},
      roles: { node },
      defaultRole: 'node',
      invariants: {
        planted: {
          doc: 'Not so many nodes are in this mode and know of each other.',
          check({ nodes }) {
            const found = nodes.filter(({ state, id }) => {
              const isKnown = nodes.some((other) => other.state.last === id);
              return state.mode === broken.mode && (broken.known === 0 || isKnown);
            });
            const isStart = nodes.every(({ state }) => state.last === '');
            return found.length >= broken.count && !isStart ? 'so many are' : undefined;
          },
        },
      },
    }),
    seed: 1,
    nodes: ['n1', 'n2', 'n3'].map((id) => ({ id, role: 'node' })),
    network: { latency: [1, 1], loss: 0, duplicate: 0, reorder: !ordered },
  };
}

const states = 1_500;

test('verdicts with and without symmetry are the same', () => {
  const counts = { holds: 0, violated: 0, unknown: 0, reduced: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const explored = [true, false].map((alike) => {
      const problem = untimed(model(seed, alike));
      return exploreWorlds({ ...problem, limits: { ...problem.limits, states } }, 'bfs');
    });
    const [reduced, plain] = explored;
    expect(reduced.symmetry, `seed ${seed}`).toEqual({ alike: [['n1', 'n2', 'n3']] });
    // With a limit of states, fewer of them reach further.
    if (plain.type === 'unknown') continue;
    counts[plain.type]++;
    expect(reduced.type, `seed ${seed}`).toBe(plain.type);
    if (reduced.states < plain.states) counts.reduced++;
    if (reduced.type !== 'violated' || plain.type !== 'violated') continue;
    expect(reduced.trace.actions.length).toBe(plain.trace.actions.length);
  }
  expect(counts.violated).toBeGreaterThan(3);
  expect(counts.holds).toBeGreaterThan(3);
  expect(counts.reduced).toBeGreaterThan(3);
});
