/** The random schedules of causal replication and of gossip. */
import type { ClientState } from '../../../src/protocols/register-store/data/state.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { type Family, nodes } from '../consensus/schedule.ts';
import type { Dice } from '../dice.ts';

type Options = Readonly<Record<string, unknown>>;
type Args = Record<string, Json>;
type Given = (dice: Dice, client: string) => { operation: string; args: Args };

/** Three servers with a client next to each, and wall clocks that are far apart. */
function familyOf(server: Options, given: Given, client: Options = {}): Family {
  const { replication } = server;
  const ids = ['n1', 'n2', 'n3'];
  return {
    actions: 100,
    faults: 50,
    operations: 350,
    losses: [0, 0.1, 0.3],
    nodes: (dice) => [
      ...nodes('server', ids, server).map((one) => ({
        ...one, clock: { offset: 50_000 * (dice.below(5) - 2) },
      })),
      ...ids.map((near, i) => ({
        id: `c${i + 1}`, role: 'client', options: { replication, near, timeout: 200_000, ...client },
      })),
    ],
    operation: (dice, { world }) => {
      const isIdle = ({ id, up, state }: (typeof world.nodes)[number]) =>
        id.startsWith('c') && up && (state as unknown as ClientState).pending === null;
      const idle = world.nodes.filter(isIdle);
      if (idle.length === 0) return undefined;
      const { id } = dice.one(idle);
      return { node: id, ...given(dice, id) };
    },
  };
}

/** No value is written twice, so that a history says which write each read returned. */
const onRegister: Given = (dice): ReturnType<Given> => {
  const key = dice.one(['x', 'x', 'y']);
  if (dice.chance(0.5)) return { operation: 'read', args: { key } };
  return { operation: 'write', args: { key, value: dice.below(1_000_000_000) } };
};

/** A history says which write of one client is older, and leaves it open of two. */
const onRoles: Given = (dice, client): ReturnType<Given> => {
  const isWrite = client === 'c1' || (client === 'c2' && dice.chance(0.4));
  if (!isWrite) return { operation: 'read', args: { key: dice.one(['x', 'y', 'z']) } };
  const key = client === 'c2' ? 'y' : dice.one(['x', 'x', 'z']);
  return { operation: 'write', args: { key, value: dice.below(1_000_000_000) } };
};

const onSiblings: Given = (dice, client): ReturnType<Given> => {
  const { operation, args } = onRegister(dice, client);
  return { operation: operation === 'read' ? 'get' : 'put', args };
};

const onCounter: Given = (dice): ReturnType<Given> => {
  const operation = dice.one(['increment', 'increment', 'decrement', 'read']);
  const value = 1 + dice.below(9);
  return { operation, args: operation === 'read' ? { key: 'x' } : { key: 'x', value } };
};

const onSet: Given = (dice): ReturnType<Given> => {
  const operation = dice.one(['add', 'add', 'remove', 'read']);
  const value = dice.one(['a', 'b', 'c']);
  return { operation, args: operation === 'read' ? { key: 'x' } : { key: 'x', value } };
};

const any = { readFrom: 'any' };
/** Clients that move, so that only their guarantees keep what they see in order. */
const moving = { near: null, readFrom: 'any', writeTo: 'any' };
const causal = { replication: 'causal', syncInterval: 50_000 };
const gossip = { replication: 'gossip', gossipInterval: 30_000 };

export const weakFamilies = {
  causal: familyOf(causal, onRegister),
  'causal at any server': familyOf(causal, onRegister, moving),
  'causal memory': familyOf({ ...causal, convergent: false }, onRegister),
  'without waiting': familyOf({ ...causal, waitForDependencies: false }, onRegister),
  'last writer wins': familyOf(gossip, onRegister),
  'last writer wins at any server': familyOf(gossip, onRegister, any),
  'siblings': familyOf({ ...gossip, conflict: 'siblings' }, onSiblings, any),
  'counter': familyOf({ ...gossip, type: 'counter', conflict: 'merge' }, onCounter),
  'set': familyOf({ ...gossip, type: 'set', conflict: 'merge' }, onSet),
  'counter by last writer': familyOf({ ...gossip, type: 'counter' }, onCounter),
  'set by last writer': familyOf({ ...gossip, type: 'set' }, onSet),
  // Each guarantee needs clients that would notice without it. The writes of a session to one key
  // are in its order only at one server, or with monotonic-writes.
  'only read-your-writes': familyOf(causal, onRegister, { ...any, session: ['read-your-writes'] }),
  'only monotonic-reads': familyOf(causal, onRegister, { ...any, session: ['monotonic-reads'] }),
  'only monotonic-writes': familyOf(
    causal, onRoles, { writeTo: 'any', session: ['monotonic-writes'] },
  ),
  'only writes-follow-reads': familyOf(causal, onRoles, { session: ['writes-follow-reads'] }),
} satisfies Record<string, Family>;
