/** A small protocol in which each part of a world decides what happens. */
import type { Setup } from '../../src/kernel/plan.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';

type Empty = Record<never, never>;

interface Server {
  state: { total: number; kept: number; waiting: string[] };
  receives: { Add: { by: number }; Report: Empty };
  sends: { Add: { by: number }; Report: Empty };
  timers: { tick: number; late: void };
  events: { Total: { total: number; kept: number } };
  options: Empty;
}

const server = role<Server>({
  doc: 'Counts.',
  init: () => ({ total: 0, kept: 0, waiting: [] }),
  durable: ['kept'],
  sync: 'manual',
  start: (node) => node.setTimer('tick', [1_000, 3_000], node.state.kept),
  messages: {
    Add(node, { by }) {
      const { state } = node;
      state.total = (state.total * 2 + by) % 5;
      if (by === 2) state.kept = state.total;
      if (by === 1) node.sync();
      for (const id of state.waiting) node.reply(id, state.total);
      state.waiting = [];
    },
    Report(node) {
      const { total, kept } = node.state;
      node.event('Total', { total, kept });
    },
  },
  timers: {
    tick(node, data) {
      const by = node.random(3);
      for (const peer of node.peers) {
        node.send(peer, { type: 'Add', by });
        if (by === 2) node.send(peer, { type: 'Report' });
      }
      node.setTimer('tick', [1_000, 3_000], (data + 1) % 3);
      if (by === 0) node.setTimer('late', 5_000);
    },
    late(node) {
      node.event('Total', { total: -1, kept: node.state.kept });
    },
  },
  operations: {
    ask: operation<Server>()({
      doc: 'Asks for the next total.',
      parameters: {},
      run: (node, _, id) => {
        if (node.state.waiting.length < 2) node.state.waiting.push(id);
        else node.reply(id, 'busy');
      },
    }),
  },
});

export const everything = defineProtocol({
  name: 'everything',
  doc: 'Counts.',
  source: 'a test',
  events: { Total: 'It reports.' },
  roles: { server },
  defaultRole: 'server',
  invariants: {
    few: {
      doc: 'There are few reports.',
      remember: () => ({ reports: 0 }),
      check({ events, memory }) {
        memory.reports = Math.min(3, memory.reports + events.length);
        return memory.reports === 3 ? 'three' : undefined;
      },
    },
  },
});

export function everythingSetup(
  { loss = 0, reorder = false, connected = false, protocol = everything } = {},
): Setup {
  const connections = connected ? [['server', 'server'] as const] : undefined;
  return {
    protocol: connections === undefined ? protocol : { ...protocol, connections },
    seed: 3,
    nodes: ['a', 'b'].map((id) => ({ id, role: 'server' })),
    network: { latency: [1_000, 2_000], loss, duplicate: 0, reorder },
  };
}
