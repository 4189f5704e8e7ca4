/** A leader and its followers: one order of writes, which followers apply with some delay. */
// The primary copy of Stonebraker (1979) and of most databases. One server is the leader, for good:
// it numbers the writes, and followers apply them in this order. How many of them must have a write
// before the client is answered is what PostgreSQL sets by `synchronous_standby_names` and MySQL by
// semi-synchronous replication. An election is another topic: see Raft.
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { releaseHeld } from './roles/held.ts';
import type { Append, Appended, LogEntry } from './data/messages.ts';
import { answer, type Replication, refuse } from './replication.ts';
import type { ServerNode } from './data/state.ts';
import { versionOf } from './data/versions.ts';

/** The leader is the first server, as clients know. */
export function leaderOf(node: Pick<ServerNode, 'nodes'>): NodeId {
  return node.nodes('server')[0];
}

const isLeader = (node: ServerNode) => leaderOf(node) === node.id;

/** The index of the last write that a server has applied. */
export function lastApplied({ state, nodes }: Pick<ServerNode, 'state' | 'nodes'>): number {
  return state.applied[leaderOf({ nodes })] ?? 0;
}

export const leader: Replication = {
  start(node) {
    if (!isLeader(node)) return;
    // After a crash, the leader does not know what its followers have: they say it.
    for (const id of node.peers) node.state.acknowledged[id] = 0;
    ship(node);
  },

  /** A read at any server, of what it has applied. */
  read(node, request) {
    const { registers, applied } = node.state;
    const register = registers[request.key];
    answer(node, request, register?.value ?? null, { applied, version: versionOf(register) });
  },

  write(node, request) {
    if (!isLeader(node)) return refuse(node, request, `${node.id} is not the leader`);
    const { state, options: { synchronousFollowers, shipEvery } } = node;
    if (synchronousFollowers > node.peers.length) {
      const why = `\`synchronousFollowers\` is ${synchronousFollowers}`;
      return refuse(node, request, `${why}, and there are ${node.peers.length} followers`);
    }
    const { client, number, key, value } = request;
    const entry = { index: state.log.length + 1, key, value, at: node.now() };
    state.log.push(entry);
    apply(node, entry);
    state.unanswered.push({ client, number, index: entry.index });
    if (shipEvery === 0) ship(node, entry.index);
    else collect(node, entry.index);
    answerWrites(node);
    releaseHeld(node, leader);
  },
};

function apply(node: ServerNode, entry: Frozen<LogEntry>): void {
  const { state } = node;
  const { index, key, value, at } = entry;
  const by = leaderOf(node);
  state.registers[key] = { value, version: { counter: index, node: by } };
  state.applied = { ...state.applied, [by]: index };
  // By the clocks of both, so it is as good as they are.
  node.event('WriteApplied', { key, value, index, lag: node.now() - at });
}

/** Entries wait for each other, so that one message ships several. */
function collect(node: ServerNode, index: number): void {
  if (node.state.unshipped !== null) return;
  node.state.unshipped = index;
  node.setTimer('ship', node.options.shipEvery);
}

/** Sends followers the entries from an index on; by default, what each has not acknowledged. */
function ship(node: ServerNode, from?: number): void {
  const { state, options } = node;
  state.unshipped = null;
  for (const id of node.peers) {
    const first = from ?? state.acknowledged[id] + 1;
    const entries = state.log.slice(first - 1);
    if (entries.length > 0) node.send(id, { type: 'Append', entries });
  }
  // Set once: under a stream of writes, a timer that is set anew would never fire.
  if (!state.repeats) node.setTimer('repeat', options.repeatEvery);
  state.repeats = true;
}

/** Answers the writes that enough followers have. */
function answerWrites(node: ServerNode): void {
  const { state, options: { synchronousFollowers } } = node;
  const have = Object.values(state.acknowledged).sort((a, b) => b - a);
  const answered = synchronousFollowers === 0 ? state.log.length : have[synchronousFollowers - 1];
  while (state.unanswered.length > 0 && state.unanswered[0].index <= answered) {
    const { client, number, index } = state.unanswered.shift()!;
    const version = { counter: index, node: node.id };
    const { key } = state.log[index - 1];
    node.event('WriteAnswered', { client, key, version, servers: synchronousFollowers + 1 });
    answer(node, { client, number }, 'OK', { applied: { [node.id]: index }, version });
  }
}

export const leaderMessages = {
  Append(node: ServerNode, { entries }: Frozen<Append>, from: NodeId): void {
    for (const entry of entries) {
      if (entry.index === lastApplied(node) + 1) apply(node, entry);
    }
    node.send(from, { type: 'Appended', index: lastApplied(node) });
    releaseHeld(node, leader);
  },

  Appended(node: ServerNode, { index }: Frozen<Appended>, from: NodeId): void {
    const { acknowledged } = node.state;
    acknowledged[from] = Math.max(acknowledged[from], index);
    answerWrites(node);
  },
};

export const leaderTimers = {
  /** The leader sends what it has collected. */
  ship(node: ServerNode): void {
    ship(node, node.state.unshipped ?? node.state.log.length + 1);
  },

  /** Messages may have been lost: followers receive again what they have not acknowledged. */
  repeat(node: ServerNode): void {
    const { state } = node;
    state.repeats = false;
    const isBehind = (id: NodeId) => state.acknowledged[id] < state.log.length;
    if (node.peers.some(isBehind)) ship(node);
  },
};
