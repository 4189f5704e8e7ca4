/** The scenarios that the tests debug, by short names, so that a failing sequence can be pasted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The repository, from wherever a test is started. */
export const root = process.env.LOCKSTEP_ROOT ?? process.cwd();

const relay = `import { defineProtocol, invariant, role, type Node, type RoleTypes } from 'lockstep';

interface Relay extends RoleTypes {
  state: { count: number; seen: string[]; table: { [key: string]: number } };
  receives: { Token: { hops: number } };
  sends: { Token: { hops: number } };
  events: { Full: { count: number }; Passed: { hops: number } };
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
  events: { Full: 'A node has seen enough.', Passed: 'A node passes the token on.' },
  defaultRole: 'relay',
  roles: {
    relay: role<Relay>({
      doc: 'Passes the token on.',
      init: () => ({ count: 0, seen: [], table: {} }),
      messages: {
        Token(node, { hops }, from) {
          const isFull = note(node, from, hops);
          if (isFull) {
            node.event('Full', { count: node.state.count });
            MAYBE_THROW
            return;
          }
          for (const peer of node.peers) {
            node.event('Passed', { hops });
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
  invariants: {
    'Counts stay small': invariant({
      doc: 'No node counts beyond a thousand.',
      check({ nodes }) {
        for (const node of nodes) {
          const { count } = node.state as Relay['state'];
          if (count > 1000) return \`\${node.id} counted to \${count}\`;
        }
        return undefined;
      },
    }),
  },
});
`;

const relayScenario = (file: string) => `title: A relay
protocol: ./${file}
nodes: { a: relay, b: relay, c: relay }
network: { latency: 1ms..3ms }
seed: 3
steps:
  - a begin b
  - wait until Full
  - wait 5ms
`;

/** Runs for as long as nothing ends it. */
const endless = `protocol: raft
nodes: { n1..n5: replica }
steps:
${'  - wait 1000h\n'.repeat(500)}`;

const folder = path.join(tmpdir(), `lockstep-fuzz-${process.env.LOCKSTEP_FUZZ_ID ?? process.pid}`);

/** Writes the protocols of the tests' workspace, and returns its folder. */
export function workspaceFolder(): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'relay.ts'), relay.replace('MAYBE_THROW', ''));
  writeFileSync(
    path.join(folder, 'throws.ts'),
    relay.replace('MAYBE_THROW', "throw new Error('the token is lost');"),
  );
  writeFileSync(
    path.join(folder, 'big.ts'),
    relay.replace('MAYBE_THROW', '').replace('seen: []', "seen: new Array(12_000).fill('x')"),
  );
  writeFileSync(path.join(folder, 'relay.scenario.yaml'), relayScenario('relay.ts'));
  writeFileSync(path.join(folder, 'big.scenario.yaml'), relayScenario('big.ts'));
  writeFileSync(path.join(folder, 'throws.scenario.yaml'), relayScenario('throws.ts'));
  writeFileSync(path.join(folder, 'empty.scenario.yaml'), '');
  writeFileSync(path.join(folder, 'endless.scenario.yaml'), endless);
  writeFileSync(path.join(folder, 'nowhere.scenario.yaml'), relayScenario('nowhere.ts'));
  return folder;
}

const dap = 'test/dap/scenarios';

const files: Readonly<Record<string, string>> = {
  write: `${dap}/write.scenario.yaml`,
  long: `${dap}/long.scenario.yaml`,
  failing: `${dap}/failing.scenario.yaml`,
  misspelt: `${dap}/misspelt.scenario.yaml`,
  absent: `${dap}/absent.scenario.yaml`,
  folder: dap,
  election: 'samples/raft/first-election.scenario.yaml',
  replicate: 'samples/raft/replicate-one-write.scenario.yaml',
  partition: 'samples/raft/partition-3-2.scenario.yaml',
  lock: 'samples/distributed-locks/redlock-split-vote.scenario.yaml',
  line: 'samples/distributed-locks/etcd-line.scenario.yaml',
  fenced: 'samples/distributed-locks/fenced-lock.broken.scenario.yaml',
  skew: 'samples/race-conditions/write-skew.broken.scenario.yaml',
  lease: 'samples/new-protocol/lease.scenario.yaml',
  commit: 'samples/write-your-own/step-5.broken.scenario.yaml',
};

/** The names of scenarios that can be debugged to their end within moments. */
export const shortPrograms = [
  'write',
  'failing',
  'election',
  'replicate',
  'lock',
  'fenced',
  'skew',
  'lease',
  'commit',
  'relay',
  'throws',
] as const;

/** The names of all scenarios, those that cannot be launched included. */
export const allPrograms = [
  ...shortPrograms,
  ...['long', 'endless', 'misspelt', 'absent', 'folder', 'empty', 'nowhere'],
];

export function programPath(name: string): string {
  const file = files[name];
  if (file !== undefined) return path.join(root, file);
  return path.join(folder, `${name}.scenario.yaml`);
}
