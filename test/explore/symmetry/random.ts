/** Random small protocols of nodes that are alike, with faults planted. */
import type { Setup } from '../../../src/kernel/plan.ts';
import { defineProtocol, role } from '../../../src/protocol/define.ts';

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
export function model(seed: number, alike: boolean): Setup {
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
