/** A Redis server as a node: commands, expiry by its own clock, persistence, replicas. */
import { operation, role } from '../../protocol/define.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Json, Look, NodeId, Role } from '../../protocol/types.ts';
import { majority } from '../../protocol/patterns.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { SocketOptions } from '../../protocol/connection.ts';
import { wordsOf } from './command-line.ts';
import {
  defaultSettings, emptyData, type Keyspace, places, type Settings, type StoredValue,
} from './data.ts';
import {
  accept, applyChanges, applySync, askForLag, becomeReplica, confirm, endLink, followPrimary,
  noteAck, promote, servers, watchLag,
} from './replication.ts';
import { error, printed } from './reply.ts';
import {
  becomeFree, becomeSlow, closeIdle, endSession, expireAtLast, flush, holderOf,
  newTurn, receive, serverOf, sessionOf, timeOut,
} from './server-run.ts';
import type {
  Change, Command, Redis, RedisEvents, RedisNode, RedisState,
} from './server-state.ts';
import { settle } from './settle.ts';

/** The key of the counter from which workers draw fencing tokens. */
export const tokenKey = 'fencing-token';

const persistence = {
  kind: 'choice',
  choices: ['none', 'everysec', 'always'],
  default: 'none',
  doc: 'When a write reaches the disk: never, within a second, or before it is answered.',
} as const;

const options = {
  persistence,
  delayedRestart: {
    kind: 'duration',
    default: 0,
    min: 0,
    doc: 'How long it does not answer after a crash; to be safe, longer than any lock lasts.',
  },
  tokensFrom: {
    kind: 'integer', default: 1, min: 1, doc: 'The first fencing token that it issues, from 1 on.',
  },
  minReplicas: {
    kind: 'integer',
    default: 0,
    min: 0,
    doc: 'How many replicas must have confirmed within `maxLag`, or it refuses writes.',
  },
  maxLag: {
    kind: 'duration',
    default: seconds(10),
    min: 0,
    unit: seconds(1),
    doc: 'How long ago a replica may have confirmed to count for `minReplicas`; whole seconds.',
  },
  tcpKeepalive: {
    kind: 'duration',
    default: seconds(300),
    min: 0,
    max: seconds(32_767),
    unit: seconds(1),
    doc: 'tcp-keepalive: after which silence it probes a client, 3 times; 0: never. Whole seconds.',
  },
  enableDebugCommand: {
    kind: 'boolean', default: false, doc: 'enable-debug-command: whether DEBUG is allowed.',
  },
} as const;

/** The commands and replies as redis-cli shows them; `request` only matches them. */
export const commandSummary = { Command: ({ command }: Pick<Command, 'command'>) => command };

const summary: Role<Redis>['summary'] = {
  messages: { ...commandSummary, Reply: ({ says }) => says, Push: ({ says }) => says },
};

function unbalanced(request: number) {
  const reply = error('Protocol error: unbalanced quotes in request');
  return { type: 'Reply', says: printed(reply), reply, request } as const;
}

const messages: Role<Redis>['messages'] = {
  Command(node, { command, request }, from, connection) {
    if (!node.state.open) return;
    // A client that sends datagrams is known by its name.
    const args = wordsOf(command);
    if (args === undefined) return node.send(connection || from, unbalanced(request));
    receive(node, { from, connection: connection || from, args, request });
  },
  Replicate(node, { changes, offset }, _from, connection) {
    // `Frozen` widens the pairs in values to lists.
    applyChanges(node, connection, changes as readonly Change[], offset);
  },
  Follow(node, _message, from, connection) {
    accept(node, from, connection);
  },
  FullSync(node, message, _from, connection) {
    applySync(node, connection, message as Redis['receives']['FullSync']);
  },
  GetAck(node) {
    confirm(node);
  },
  Ack(node, { offset }, _from, connection) {
    const turn = newTurn(node);
    noteAck(node, serverOf(turn).host, connection, offset);
    flush(turn);
  },
  Promoted(node, _message, from) {
    becomeReplica(node, from);
  },
};

const timers: Role<Redis>['timers'] = {
  // A command notices itself that a key has expired; the timer is for keys that no command reads.
  expiry(node, { key, db = 0 }) {
    expireAtLast(node, { db, key });
  },
  fsync(node) {
    node.state.unsynced = false;
    node.sync();
  },
  delay(node) {
    open(node);
  },
  blocked: timeOut,
  idle: closeIdle,
  free: becomeFree,
  slow: becomeSlow,
  ack: confirm,
  relink: followPrimary,
  lag: askForLag,
};

const connection: Role<Redis>['connection'] = {
  opened(node, peer, id) {
    node.setSocket(id, { keepAlive: keepAliveOf(node.state.settings) });
    const isClient = !servers(node).includes(peer);
    if (!isClient) return;
    sessionOf(node, peer, id);
    const keys = Object.keys(node.state.entries).length;
    if (node.state.isPromoted) node.send(id, { type: 'Promoted', keys });
  },
  ended(node, _peer, id) {
    endSession(node, id);
    endLink(node, id);
  },
};

/** As anetKeepAlive: three probes in the time of `tcp-keepalive`. */
function keepAliveOf({ tcpKeepalive }: Settings): SocketOptions['keepAlive'] {
  if (tcpKeepalive === 0) return null;
  // Linux refuses more, and then the probes are those of the system.
  if (tcpKeepalive > 32_767) return { idle: seconds(7_200), interval: seconds(75), count: 9 };
  const interval = seconds(Math.max(1, Math.floor(tcpKeepalive / 3)));
  return { idle: seconds(tcpKeepalive), interval, count: 3 };
}

const standings: Standings = {
  primary: {
    doc: 'It executes writes, and sends them to its replicas (replication.c).',
    boots: true,
    to: { replica: 'REPLICAOF, or another is promoted' },
  },
  replica: {
    doc: 'It copies its primary asynchronously, and refuses writes (replication.c).',
    boots: true,
    to: { primary: 'REPLICAOF NO ONE, or promote' },
  },
  waiting: {
    doc: 'With `delayedRestart`: it serves no client until every lock of before has expired.',
    boots: true,
    to: { primary: 'the delay is over', replica: 'the delay is over' },
  },
};

const counterStandings: Standings = {
  '': {
    doc: 'It issues tokens.',
    boots: true,
    to: { replica: 'REPLICAOF' },
  },
  replica: { ...standings.replica!, to: { '': 'REPLICAOF NO ONE, or promote' } },
  waiting: {
    ...standings.waiting!,
    to: { '': 'the delay is over', replica: 'the delay is over' },
  },
};

function redisRole(standing: RedisState['standing'], doc: string): Role<Redis> {
  return role<Redis>({
    doc,
    options,
    summary,
    init: ({ options: { tokensFrom, minReplicas, maxLag, tcpKeepalive, ...given } }) => ({
      ...emptyData(),
      entries: counterBefore(tokensFrom),
      settings: {
        ...defaultSettings(),
        minReplicasToWrite: minReplicas,
        minReplicasMaxLag: maxLag / seconds(1),
        tcpKeepalive: tcpKeepalive / seconds(1),
        enableDebugCommand: given.enableDebugCommand,
      },
      boots: 0,
      standing,
      primary: null,
      link: '',
      isSynced: false,
      isPromoted: false,
      followers: [],
      offset: 1,
      open: true,
      unsynced: false,
      busy: null,
    }),
    noDiskFaults:
      "Lockstep's Redis does not model a slow disk: the real one stands still while it writes",
    durable: ['entries', 'databases', 'boots'],
    sync: 'manual',
    start: boot,

    messages,
    timers,
    background: ['idle', 'fsync', 'ack', 'lag', 'relink'],
    connection,

    operations: {
      promote: operation<Redis>()({
        doc: 'Makes a replica the primary, as it is: writes that did not reach it are lost.',
        parameters: {},
        run: promote,
      }),
    },

    standings,
    lookDocs: {
      'TTL of …': 'When the key expires by the clock of this server: then the lock is free.',
      '…': 'What is stored under this key; of a lock, the random value of its holder.',
    },
    look: (state, { nodes }) => ({
      standing: state.open ? state.standing : 'waiting',
      tone: state.standing === 'primary' ? 'lead' : 'follow',
      ...locksOf(state, nodes('worker')),
      facts: keysOf(state),
    }),
  });
}

/** The keys whose values name a worker. A replica only has copies of them. */
function locksOf(state: Readonly<RedisState>, workers: readonly NodeId[]): Look {
  const { entries, standing, isPromoted } = state;
  const locks = Object.entries(entries).flatMap(([key, { value, expireAt }]) => {
    const is = holderOf(value);
    return workers.includes(is) ? [{ key, is, expireAt }] : [];
  });
  const timed = locks.filter(({ expireAt }) => expireAt !== null);
  return {
    // Clients follow the server that was promoted.
    ...(standing === 'primary' && { authority: { version: isPromoted ? 1 : 0 } }),
    holder: locks.map(({ key, is }) => ({ of: key, is })),
    lease: timed.map(({ key, expireAt }) => {
      return { name: `TTL of ${key}`, until: milliseconds(expireAt!), of: key };
    }),
  };
}

export const redis = redisRole('primary', 'A Redis server.');
export const replica = redisRole('replica', 'A Redis server that copies another asynchronously.');
/**
 * Its counter is durable by default: one that is lost in a crash would issue a token twice. It has
 * no replica, so it is the primary of nothing.
 */
export const counter: Role<Redis> = {
  ...redis,
  standings: counterStandings,
  lookDocs: { [tokenKey]: 'The last fencing token that was drawn: INCR returns the next one.' },
  look(state, node) {
    const look = redis.look!(state, node);
    return look.standing === 'primary' ? { ...look, standing: '', tone: 'none' } : look;
  },
  doc: 'A separate Redis server for fencing tokens, which stores them on disk.',
  options: { ...options, persistence: { ...persistence, default: 'always' } },
};

/** One of several independent servers, of which none decides alone: Redlock. */
export const instance: Role<Redis> = {
  ...redis,
  look(state, node) {
    const look = redis.look!(state, node);
    const needed = majority(node.peers.length + 1);
    return { ...look, holder: [look.holder ?? []].flat().map((one) => ({ ...one, needed })) };
  },
};

function counterBefore(first: number): Keyspace {
  return first === 1 ? {} : { [tokenKey]: { value: String(first - 1), expireAt: null } };
}

function keysOf({ entries }: RedisState): Record<string, Json> {
  return Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, shown(value)]));
}

/** A value on one line: `A:1f 2` for a hash, `a b` for a list or a set. */
function shown(value: StoredValue): Json {
  return typeof value === 'string' ? value : Object.values(value)[0].flat().join(' ');
}

// Boots

function boot(node: RedisNode): void {
  const { state } = node;
  state.boots++;
  node.sync();
  const own = node.nodes('redis').includes(node.id);
  if (!own) state.primary = node.nodes('redis')[0] ?? null;
  if (state.boots === 1) {
    if (state.standing === 'replica') followPrimary(node);
    watchLag(node);
    return;
  }
  node.event('RedisRestarted', { keys: Object.keys(state.entries).length });
  state.dirty = places(state);
  const { delayedRestart } = node.options;
  state.open = delayedRestart === 0;
  if (state.open) open(node);
  else node.setTimer('delay', delayedRestart);
}

function open(node: RedisNode): void {
  const { state } = node;
  state.open = true;
  if (state.standing === 'replica') followPrimary(node);
  settle(node);
}

/** Replicas open connections to their primary, whichever server that is. */
export const serverConnections = [
  ['replica', 'redis'], ['redis', 'replica'], ['replica', 'replica'], ['redis', 'redis'],
] as const;

export const redisEvents: Record<keyof RedisEvents, string> = {
  LockExpired: 'The time of a lock ran out before its holder released it.',
  RedisRestarted: 'A server restarted with the keys that were on its disk.',
  ReplicaPromoted: 'A replica became the primary, with the keys that had reached it.',
};
