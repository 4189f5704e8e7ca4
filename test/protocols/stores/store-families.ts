/** The random schedules of the register store: its replications, and the models that each claims. */
import { historyAt } from '../../../src/check/history/recording.ts';
import { checkModel, modelOf } from '../../../src/check/models/models.ts';
import type { ClientState } from '../../../src/protocols/register-store/data/state.ts';
import { registers } from '../../../src/protocols/register-store/specification.ts';
import { type Family, nodes, type Operation, type Played } from '../consensus/schedule.ts';

/** Most operations meet at one of them. */
const keys = ['x', 'x', 'x', 'y'];

type Options = Readonly<Record<string, unknown>>;

/** The settings of a store, and the models that every history of it satisfies. */
export interface Configuration {
  readonly server: Options;
  readonly client: Options;
  readonly servers: number;
  readonly models: readonly string[];
}

export const configurations = {
  'a single copy': {
    servers: 1, server: {}, client: {}, models: ['linearizable'],
  },
  'a leader that answers all': {
    servers: 3, server: { synchronousFollowers: 1 }, client: {}, models: ['linearizable'],
  },
  'a follower nearby': {
    servers: 3, server: { shipEvery: 20_000 }, client: { near: 'n2' },
    models: ['monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
  },
  'any server': {
    servers: 3, server: {}, client: { readFrom: 'any' }, models: [],
  },
  'followers that all have it': {
    servers: 3, server: { synchronousFollowers: 2 }, client: { readFrom: 'any' },
    models: ['read-your-writes'],
  },
  'sessions by routing': {
    servers: 3, server: { shipEvery: 20_000 },
    client: { readFrom: 'any', session: ['read-your-writes', 'monotonic-reads'] },
    models: ['read-your-writes', 'monotonic-reads'],
  },
  'sessions by versions': {
    servers: 3, server: { shipEvery: 20_000 },
    client: {
      readFrom: 'any', session: ['read-your-writes', 'monotonic-reads'], sessionBy: 'versions',
    },
    models: ['sequential'],
  },
  'quorums with write-back': {
    servers: 3, server: { writeBack: true }, client: { readFrom: 'any' },
    models: ['linearizable'],
  },
  'R=1, W=3 with write-back': {
    servers: 3, server: { readQuorum: 1, writeQuorum: 3, writeBack: true },
    client: { readFrom: 'any' }, models: ['linearizable'],
  },
  'quorums': {
    servers: 3, server: { readRepair: true }, client: { readFrom: 'any' },
    models: ['read-your-writes'],
  },
  'sloppy quorums': {
    servers: 5, server: { copies: 3, sloppy: true, readRepair: true }, client: {}, models: [],
  },
  'R=1, W=1': {
    servers: 3, server: { readQuorum: 1, writeQuorum: 1 }, client: {}, models: [],
  },
} satisfies Record<string, Configuration>;

export const names = Object.keys(configurations) as (keyof typeof configurations)[];

function replicationOf({ servers, server, client }: Configuration): string {
  if (servers === 1) return 'single';
  const isLed = 'synchronousFollowers' in server || 'shipEvery' in server || 'session' in client;
  return isLed || Object.keys(server).length === 0 ? 'leader' : 'quorum';
}

/** The schedules of one configuration. */
export function familyOf(one: Configuration): Family {
  const replication = replicationOf(one);
  return {
    actions: 120,
    faults: 30,
    operations: 250,
    losses: [0, 0.1, 0.2],
    nodes: () => [
      ...nodes('server', ids('n', one.servers), { replication, ...one.server }),
      ...ids('c', 3).flatMap((id, i) => {
        // Under quorums, two clients share a coordinator, and one has another.
        const near = replication === 'quorum' ? { near: `n${Math.max(1, i)}` } : {};
        return nodes('client', [id], { replication, timeout: 80_000, ...near, ...one.client });
      }),
    ],
    operation: (dice, { world }): Operation | undefined => {
      const isIdle = ({ role, state }: { role: string; state: object }) =>
        role === 'client' && (state as ClientState).pending === null;
      const idle = world.nodes.filter(isIdle);
      if (idle.length === 0) return undefined;
      const [node, key] = [dice.one(idle).id, dice.one(keys)];
      if (dice.chance(0.7)) return { node, operation: 'read', args: { key } };
      // A value that was not written before.
      return { node, operation: 'write', args: { key, value: world.step } };
    },
  };
}

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}

/** Says which of the models the history of a cluster violates; undefined for none. */
export function whyNot(
  { cluster }: Pick<Played, 'cluster'>,
  models: readonly string[],
): string | undefined {
  const history = historyAt(cluster.world).filter(({ name }) => registers.operations!.includes(name));
  for (const name of models) {
    const verdict = checkModel(history, modelOf(name)!, registers);
    if (verdict.type !== 'holds') return `the history is not ${name}: ${JSON.stringify(verdict)}`;
  }
  return undefined;
}
