/** What the walker walks through: samples, and a protocol with everything that can be stopped at. */
import { readFileSync } from 'node:fs';
import type { Session } from '../../../src/session/session.ts';
import { sessionOf, sessionOnWorkspace } from '../sessions.ts';

export interface Program {
  readonly name: string;
  readonly open: (output?: string[]) => Session;
  /** Commands of its debug console. */
  readonly commands: readonly string[];
}

const relay = `import { defineProtocol, invariant, role, type Node, type RoleTypes } from 'lockstep';

interface Relay extends RoleTypes {
  state: { count: number; seen: string[]; table: { [key: string]: number } };
  receives: { Token: { hops: number } };
  sends: { Token: { hops: number } };
  timers: { nudge: undefined };
  events: { Full: { count: number }; Passed: { hops: number }; Booted: { count: number } };
}

function note(node: Node<Relay>, from: string, hops: number): boolean {
  const { state } = node;
  state.seen.push(from);
  for (let step = 0; step < hops; step++) {
    state.count += 1;
    state.table['key' + step] = state.count;
  }
  return state.count > 9;
}

export default defineProtocol({
  name: 'relay',
  doc: 'A token is passed on until a node has seen enough.',
  source: 'a test',
  events: {
    Full: 'A node has seen enough.',
    Passed: 'A node passes the token on.',
    Booted: 'A node has booted.',
    Even: 'The nodes have seen an even number of tokens together.',
  },
  defaultRole: 'relay',
  roles: {
    relay: role<Relay>({
      doc: 'Passes the token on.',
      init: () => ({ count: 0, seen: [], table: {} }),
      start(node) {
        node.event('Booted', { count: node.state.count });
        node.setTimer('nudge', 2_000, 4_000);
      },
      messages: {
        Token(node, { hops }, from) {
          const isFull = note(node, from, hops);
          if (isFull) {
            node.event('Full', { count: node.state.count });
            if (node.state.count > 30) throw new Error('the token is lost');
            return;
          }
          for (const peer of node.peers) {
            node.event('Passed', { hops });
            node.send(peer, { type: 'Token', hops: hops + 1 });
          }
        },
      },
      timers: {
        nudge(node) {
          node.state.count += 1;
        },
      },
      operations: {
        begin: {
          doc: 'Sends the first token.',
          parameters: { to: 'node' },
          run(node, { to }, operation) {
            node.send(to as string, { type: 'Token', hops: 1 });
            node.reply(operation, 'sent');
          },
        },
      },
    }),
  },
  derivedEvents: {
    Even: {
      look({ nodes }) {
        const seen = nodes.map((node) => (node.state as Relay['state']).seen.length);
        const total = seen.reduce((sum, one) => sum + one, 0);
        return total > 0 && total % 2 === 0 ? [{ total }] : [];
      },
    },
  },
  invariants: {
    'Counts stay small': invariant({
      doc: 'No node counts beyond twenty.',
      check({ nodes }) {
        for (const node of nodes) {
          const { count } = node.state as Relay['state'];
          if (count > 20) return \`\${node.id} counted to \${count}\`;
        }
        return undefined;
      },
    }),
  },
});
`;

const relayScenario = `title: A relay
protocol: relay
nodes: { a: relay, b: relay, c: relay }
network: { latency: 1ms..3ms }
seed: 3
steps:
  - a begin b
  - wait until Passed
  - at 4ms crash c
  - at 6ms restart c
  - b begin a
  - wait 5ms
`;

function sample(name: string, path: string, commands: readonly string[]): Program {
  const text = readFileSync(new URL(`../../../samples/${path}.scenario.yaml`, import.meta.url), 'utf8');
  return { name, open: (output) => sessionOf(text, output), commands };
}

export const programs: readonly Program[] = [
  {
    name: 'relay',
    open: (output) => sessionOnWorkspace(relay, 'relay', relayScenario, output),
    commands: ['crash b', 'restart b', 'b begin c', 'drop a->b', 'cut a -> c', 'heal'],
  },
  sample('first election', 'raft/first-election', [
    ...['crash n1', 'restart n1', 'pause n2', 'resume n2', 'drop n5->n3'],
    'partition n1 n2 | n3 n4 n5',
  ]),
  sample('a pause past the TTL', 'distributed-locks/pause-past-ttl', [
    ...['crash redis', 'restart redis', 'pause B for 3s', 'drop A->redis', 'crash A'],
  ]),
  sample('the last item', 'race-conditions/last-item-sold-twice.broken', [
    ...['crash db', 'restart db', 'crash A', 'drop B->db'],
  ]),
];
