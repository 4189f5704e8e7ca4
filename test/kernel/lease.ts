/** A small protocol for the kernel's tests: a lease server, and workers that request the lease. */
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import type { NodeId, OperationId } from '../../src/protocol/types.ts';
import { milliseconds } from '../../src/protocol/units.ts';
import type { NetworkSetup, Setup } from '../../src/kernel/plan.ts';

interface Server {
  state: {
    holder: NodeId | null;
    grants: number;
    seen: { from: NodeId; at: number }[];
    heard: number;
  };
  receives: { Ask: { tags: string[] } };
  sends: { Granted: { grant: number }; Refused: { holder: NodeId } };
  timers: { expiry: { grant: number } };
  events: { Granted: { to: NodeId; grant: number }; Expired: { holder: NodeId } };
  options: { lease: number };
}

const server = role<Server>({
  doc: 'Grants a lease to one worker at a time.',
  options: {
    lease: { kind: 'duration', default: milliseconds(100), doc: 'How long a lease lasts.' },
  },
  init: () => ({ holder: null, grants: 0, seen: [], heard: 0 }),
  durable: ['grants'],
  messages: {
    Ask(node, message, from) {
      const { state } = node;
      state.heard++;
      state.seen.push({ from, at: node.now() });
      if (message.tags.includes('poison')) throw new Error('poisoned');
      if (state.holder !== null) return node.send(from, { type: 'Refused', holder: state.holder });
      state.holder = from;
      state.grants++;
      node.setTimer('expiry', node.options.lease, { grant: state.grants });
      node.event('Granted', { to: from, grant: state.grants });
      node.send(from, { type: 'Granted', grant: state.grants });
    },
  },
  timers: {
    expiry(node) {
      node.event('Expired', { holder: node.state.holder! });
      node.state.holder = null;
    },
  },
});

interface Worker {
  state: { asked: OperationId[]; answers: string[] };
  receives: { Granted: { grant: number }; Refused: { holder: NodeId } };
  sends: { Ask: { tags: string[] }; Nonsense: object };
  timers: { retry: void };
  events: object;
  options: object;
}

const worker = role<Worker>({
  doc: 'Requests the lease.',
  joins: true,
  init: () => ({ asked: [], answers: [] }),
  messages: {
    Granted(node, { grant }) {
      node.state.answers.push(`granted ${grant}`);
      const asked = node.state.asked.shift();
      if (asked !== undefined) node.reply(asked, grant);
    },
    Refused(node, { holder }) {
      node.state.answers.push(`refused, ${holder} has it`);
      node.setTimer('retry', [milliseconds(10), milliseconds(20)]);
    },
  },
  timers: {
    retry(node) {
      node.send('server', { type: 'Ask', tags: ['again'] });
    },
  },
  operations: {
    lease: operation<Worker>()({
      doc: 'Requests the lease; the result is the number of the grant.',
      parameters: { tag: 'string?', to: 'node?' },
      run(node, { tag, to }, asked) {
        node.state.asked.push(asked);
        node.send(to ?? 'server', { type: 'Ask', tags: tag === undefined ? [] : [tag] });
      },
    }),
    babble: operation<Worker>()({
      doc: 'Sends a message that the server does not handle.',
      parameters: {},
      run: (node) => node.send('server', { type: 'Nonsense' }),
    }),
  },
});

export const lease = defineProtocol({
  name: 'lease',
  doc: 'One lease, many workers.',
  source: 'test/kernel',
  events: { Granted: 'The lease was granted.', Expired: 'The lease ran out.' },
  roles: { server, worker },
  invariants: {},
});

export function leaseSetup(network: Partial<NetworkSetup> = {}, seed = 7): Setup {
  const nodes = [
    { id: 'server', role: 'server' },
    { id: 'A', role: 'worker' },
    { id: 'B', role: 'worker' },
  ];
  const reliable: NetworkSetup = { latency: [1_000, 5_000], loss: 0, duplicate: 0, reorder: false };
  return { protocol: lease, seed, nodes, network: { ...reliable, ...network } };
}
