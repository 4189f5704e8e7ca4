/** A workspace for tests: the source of a protocol and a scenario on it, in a new folder. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const relay = `import { defineProtocol, role, type Node, type RoleTypes } from 'lockstep';
import { limit } from './limit.ts';

interface Relay extends RoleTypes {
  state: { count: number; seen: string[] };
  receives: { Token: { hops: number } };
  sends: { Token: { hops: number } };
  events: { Full: { count: number } };
}

function note(node: Node<Relay>, from: string, hops: number): boolean {
  const { state } = node;
  state.seen.push(from);
  state.count += hops;
  return state.count > limit;
}

export default defineProtocol({
  name: 'relay',
  doc: 'A token goes round.',
  source: 'a test',
  events: { Full: 'A node has seen enough.' },
  defaultRole: 'relay',
  roles: {
    relay: role<Relay>({
      doc: 'Passes the token on.',
      init: () => ({ count: 0, seen: [] }),
      messages: {
        Token(node, { hops }, from) {
          const isFull = note(node, from, hops);
          if (isFull) {
            node.event('Full', { count: node.state.count });
            return;
          }
          for (const peer of node.peers) {
            node.send(peer, { type: 'Token', hops: hops + 1 });
          }
        },
      },
      timers: {},
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
  invariants: {},
});
`;

export const relayScenario = `title: Relay
protocol: ./relay.ts
nodes: { a: relay, b: relay }
network: { latency: 1ms }
steps:
  - a begin b
  - wait until Full`;

export interface Workspace {
  readonly folder: string;
  readonly program: string;
  write(name: string, text: string): void;
}

/** `change` replaces parts of the protocol's source. */
export function workspace(change: Readonly<Record<string, string>> = {}): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-workspace-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  let text = relay;
  for (const [before, after] of Object.entries(change)) {
    if (!text.includes(before)) throw new Error(`the protocol has no ${before}`);
    text = text.replace(before, after);
  }
  write('relay.ts', text);
  write('limit.ts', 'export const limit: number = 5;\n');
  write('relay.scenario.yaml', relayScenario);
  return { folder, program: join(folder, 'relay.scenario.yaml'), write };
}
