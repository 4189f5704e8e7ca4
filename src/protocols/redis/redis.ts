/** A Redis server as a node: commands, expiry by its own clock, persistence, replicas. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Micros, Node, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { type Database, type Entry, execute, isExpired, isWrite } from './commands.ts';
import type { Reply } from './script.ts';

/** A command as one types it into redis-cli, and its reply. */
export interface Command {
  command: string;
  /** Numbers the commands of a client, so that it knows what a reply belongs to. */
  request: number;
}

export interface RedisReply {
  /** As redis-cli prints it: `OK`, `(nil)`, `(integer) 1`, `"A:4f19"`. */
  says: string;
  reply: Reply;
  request: number;
}

export interface Promoted {
  /** How many keys the new primary has. */
  keys: number;
}

export interface RedisState extends Database {
  /** How often it booted. */
  boots: number;
  standing: 'primary' | 'replica';
  /** To whom it sends what changes. */
  followers: NodeId[];
  /** False after a restart, until its delay is over. */
  open: boolean;
  /** Whether there are changes that are not on disk yet. */
  unsynced: boolean;
}

export interface RedisEvents {
  LockExpired: { key: string; holder: string };
  RedisRestarted: { keys: number };
  ReplicaPromoted: { keys: number };
}

interface Change {
  key: string;
  entry: Entry | null;
}

export interface Redis {
  state: RedisState;
  receives: {
    Command: Command;
    Replicate: { changes: readonly Change[] };
    Follow: object;
    FullSync: { entries: Readonly<Record<string, Entry>> };
    Promoted: Promoted;
  };
  sends: Redis['receives'] & { Reply: RedisReply };
  timers: { expiry: { key: string }; fsync: void; delay: void };
  events: RedisEvents;
  options: { persistence: string; delayedRestart: Micros; tokensFrom: number };
}

type RedisNode = Node<Redis>;

/** The key of the counter that fencing tokens are drawn from. */
export const tokenKey = 'fencing-token';

const persistence = {
  kind: 'choice',
  choices: ['none', 'everysec', 'always'],
  default: 'none',
  doc: 'When a write is safe against a crash: never, within a second, before it is answered.',
} as const;

const options = {
  persistence,
  delayedRestart: {
    kind: 'duration',
    default: 0,
    doc: 'How long it stays silent after a crash; longer than any lock lasts, to be safe.',
  },
  tokensFrom: { kind: 'integer', default: 1, doc: 'The first fencing token that it hands out.' },
} as const;

const messages: Role<Redis>['messages'] = {
  Command(node, { command, request }, from) {
    if (!node.state.open) return;
    const reply = obey(node, wordsOf(command));
    node.send(from, { type: 'Reply', says: printed(reply), reply, request });
  },
  Replicate(node, { changes }) {
    if (node.state.standing !== 'replica') return;
    for (const { key, entry } of changes) {
      if (entry === null) delete node.state.entries[key];
      else node.state.entries[key] = entry;
      node.state.dirty.push(key);
    }
    settle(node);
  },
  Follow(node, _message, from) {
    const { followers, entries } = node.state;
    if (!followers.includes(from)) followers.push(from);
    node.send(from, { type: 'FullSync', entries });
  },
  FullSync(node, { entries }) {
    const { state } = node;
    state.dirty = [...Object.keys(state.entries), ...Object.keys(entries)];
    state.entries = { ...entries };
    settle(node);
  },
  Promoted(node, _message, from) {
    node.state.standing = 'replica';
    node.state.followers = [];
    node.send(from, { type: 'Follow' });
  },
};

const timers: Role<Redis>['timers'] = {
  // What is looked up finds out by itself; this is for the keys that nobody asks for.
  expiry(node, { key }) {
    const entry = node.state.entries[key];
    if (entry === undefined || entry.expireAt === null) return;
    if (isExpired(entry, clock(node))) expire(node, key, entry);
    else watchExpiry(node, key, entry.expireAt);
  },
  fsync(node) {
    node.state.unsynced = false;
    node.sync();
  },
  delay(node) {
    open(node);
  },
};

function redisRole(standing: RedisState['standing'], doc: string): Role<Redis> {
  return role<Redis>({
    doc,
    options,
    init: ({ options: { tokensFrom } }) => ({
      entries: counterBefore(tokensFrom),
      scripts: {},
      dirty: [],
      boots: 0,
      standing,
      followers: [],
      open: true,
      unsynced: false,
    }),
    durable: ['entries', 'boots'],
    sync: 'manual',
    start: boot,

    messages,
    timers,
    background: ['fsync'],

    operations: {
      promote: operation<Redis>()({
        doc: 'Makes a replica the primary, as it is: what did not reach it yet is lost.',
        parameters: {},
        run: promote,
      }),
    },

    look: (state) => ({
      standing: state.open ? state.standing : 'waiting',
      tone: state.standing === 'primary' ? 'lead' : 'follow',
      facts: keysOf(state),
    }),
  });
}

export const redis = redisRole('primary', 'A Redis server.');
export const replica = redisRole('replica', 'A Redis server that copies another one, a bit later.');
/** A counter that forgets would hand out a token twice. */
export const counter: Role<Redis> = {
  ...redis,
  doc: 'A Redis server of its own for fencing tokens; it keeps them on disk.',
  options: { ...options, persistence: { ...persistence, default: 'always' } },
};

function counterBefore(first: number): Record<string, Entry> {
  return first === 1 ? {} : { [tokenKey]: { value: String(first - 1), expireAt: null } };
}

function keysOf({ entries }: RedisState): Record<string, Json> {
  return Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value]));
}

/** The server's wall clock in milliseconds: expiry is a moment on it, so that it must not jump. */
function clock(node: RedisNode): number {
  return Math.floor(node.now() / 1000);
}

// Commands

function obey(node: RedisNode, args: readonly string[]): Reply {
  const { state } = node;
  if (state.standing === 'replica' && isWrite(args)) {
    return { err: "READONLY You can't write against a read only replica." };
  }
  const now = clock(node);
  for (const key of args.slice(1)) {
    const entry = Object.hasOwn(state.entries, key) ? state.entries[key] : undefined;
    if (entry && isExpired(entry, now)) expire(node, key, entry);
  }
  const reply = execute(state, args, now);
  settle(node);
  return reply;
}

function expire(node: RedisNode, key: string, { value }: Entry): void {
  delete node.state.entries[key];
  node.state.dirty.push(key);
  node.event('LockExpired', { key, holder: holderOf(value) });
  settle(node);
}

/** A lock's value is its holder's name and what makes the grant unique: `A:4f19`. */
export function holderOf(value: string): string {
  return value.split(':')[0];
}

/** What follows a change: expiry is watched, the disk gets it as far as asked, and replicas. */
function settle(node: RedisNode): void {
  const { state } = node;
  const { persistence } = node.options;
  if (state.dirty.length === 0) return;
  const keys = [...new Set(state.dirty)];
  state.dirty = [];
  const changes = keys.map((key): Change => ({ key, entry: state.entries[key] ?? null }));
  for (const { key, entry } of changes) {
    if (entry === null || entry.expireAt === null) node.cancelTimer('expiry', key);
    else watchExpiry(node, key, entry.expireAt);
  }
  if (persistence === 'always') node.sync();
  else if (persistence === 'everysec' && !state.unsynced) {
    state.unsynced = true;
    node.setTimer('fsync', seconds(1));
  }
  for (const follower of state.followers) node.send(follower, { type: 'Replicate', changes });
}

function watchExpiry(node: RedisNode, key: string, expireAt: number): void {
  // A key is still there in the very millisecond of its expiry.
  const left = (expireAt + 1) * 1000 - node.now();
  if (node.state.standing === 'primary') node.setTimer('expiry', Math.max(0, left), { key }, key);
}

// Boots and promotion

function boot(node: RedisNode): void {
  const { state } = node;
  state.boots++;
  node.sync();
  const own = node.nodes('redis').includes(node.id);
  if (state.boots === 1) {
    if (own) state.followers = [...node.nodes('replica')];
    return;
  }
  node.event('RedisRestarted', { keys: Object.keys(state.entries).length });
  state.dirty = Object.keys(state.entries);
  const { delayedRestart } = node.options;
  state.open = delayedRestart === 0;
  if (state.open) open(node);
  else node.setTimer('delay', delayedRestart);
}

function open(node: RedisNode): void {
  const { state } = node;
  state.open = true;
  if (state.standing === 'replica') {
    for (const other of node.nodes('redis')) node.send(other, { type: 'Follow' });
  } else {
    state.followers = [...node.nodes('replica')];
  }
  settle(node);
}

function promote(node: RedisNode, _args: object, asked: OperationId): void {
  const { state } = node;
  if (state.standing === 'primary') return node.fail(asked, `${node.id} is the primary already`);
  state.standing = 'primary';
  state.dirty = Object.keys(state.entries);
  settle(node);
  const keys = Object.keys(state.entries).length;
  node.event('ReplicaPromoted', { keys });
  const others = [...node.nodes('redis'), ...node.nodes('replica'), ...node.nodes('worker')];
  for (const other of others) if (other !== node.id) node.send(other, { type: 'Promoted', keys });
  node.reply(asked, keys);
}

// How commands are typed

/** Words apart by spaces; one in quotes may hold some. */
export function wordsOf(command: string): string[] {
  const words = command.matchAll(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S+)/g);
  return [...words].map(([, double, single, plain]) => {
    return plain ?? (double ?? single).replace(/\\(.)/g, '$1');
  });
}

/** Whether a server says that a key is taken: a SET with NX that was not done. */
export function refusesLock(message: { readonly type: string; readonly reply?: Reply }): boolean {
  return message.type === 'Reply' && message.reply === null;
}

/** A reply as redis-cli prints it. */
function printed(reply: Reply): string {
  if (reply === null) return '(nil)';
  if (typeof reply === 'number') return `(integer) ${reply}`;
  if (typeof reply === 'string') return JSON.stringify(reply);
  if ('ok' in reply) return reply.ok;
  if ('err' in reply) return `(error) ${reply.err}`;
  return reply.map(printed).join(' ');
}

// How locks are given back and extended: only by whoever took them

/** Both scripts act only on a key whose value is still the holder's. */
export const compareAndDelete =
  'if redis.call("get",KEYS[1]) == ARGV[1] then return redis.call("del",KEYS[1]) else return 0 end';
export const compareAndExpire =
  'if redis.call("get",KEYS[1]) == ARGV[1] then ' +
  'return redis.call("pexpire",KEYS[1],ARGV[2]) else return 0 end';

export function releaseCommand(key: string, grant: string): string {
  return `EVAL '${compareAndDelete}' 1 ${key} ${grant}`;
}

export function extendCommand(key: string, grant: string, ttl: Micros): string {
  return `EVAL '${compareAndExpire}' 1 ${key} ${grant} ${inMilliseconds(ttl)}`;
}

export function inMilliseconds(duration: Micros): number {
  return Math.max(1, Math.round(duration / 1000));
}

export const redisEvents: Record<keyof RedisEvents, string> = {
  LockExpired: 'The time of a lock ran out before its holder released it.',
  RedisRestarted: 'A server booted again, with the keys that were on its disk.',
  ReplicaPromoted: 'A replica became the primary, with the keys that had reached it.',
};
