/** A Redis server as a node: commands, expiry by its own clock, persistence, replicas. */
import { operation, role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Json, Micros, Node, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { type Database, type Entry, execute, isExpired, isWrite } from './commands.ts';
import type { Reply } from './script.ts';

/** A command, as it is typed into redis-cli. */
export interface Command {
  command: string;
  /** The client's number for the command, which the reply repeats. */
  request: number;
}

export interface RedisReply {
  /** As redis-cli prints it: `OK`, `(nil)`, `(integer) 1`, `"A:4f19"`. */
  says: string;
  reply: Reply;
  request: number;
}

export interface Promoted {
  /** The number of keys of the new primary. */
  keys: number;
}

export interface RedisState extends Database {
  /** How often the server has booted. */
  boots: number;
  standing: 'primary' | 'replica';
  /** The replicas to which it sends changes. */
  followers: NodeId[];
  /** Whether it answers: not after a restart, until `delayedRestart` is over. */
  open: boolean;
  /** Whether it has changes that are not on disk yet. */
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
} as const;

/** The commands and replies as redis-cli shows them; `request` only matches them. */
export const commandSummary = { Command: ({ command }: Pick<Command, 'command'>) => command };

const summary: Role<Redis>['summary'] = {
  messages: { ...commandSummary, Reply: ({ says }) => says },
};

const messages: Role<Redis>['messages'] = {
  Command(node, { command, request }, from) {
    if (!node.state.open) return;
    const reply = run(node, wordsOf(command));
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
  // A command notices itself that a key has expired; the timer is for keys that no command reads.
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
    summary,
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
        doc: 'Makes a replica the primary, as it is: writes that did not reach it are lost.',
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
export const replica = redisRole('replica', 'A Redis server that copies another asynchronously.');
/** Its counter is durable by default: one that is lost in a crash would issue a token twice. */
export const counter: Role<Redis> = {
  ...redis,
  doc: 'A separate Redis server for fencing tokens, which stores them on disk.',
  options: { ...options, persistence: { ...persistence, default: 'always' } },
};

function counterBefore(first: number): Record<string, Entry> {
  return first === 1 ? {} : { [tokenKey]: { value: String(first - 1), expireAt: null } };
}

function keysOf({ entries }: RedisState): Record<string, Json> {
  return Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value]));
}

/** The server's wall clock in milliseconds. Keys expire by it, so it must not jump. */
function clock(node: RedisNode): number {
  return Math.floor(node.now() / 1000);
}

// Commands

function run(node: RedisNode, args: readonly string[]): Reply {
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

/** The value of a lock is the name of its holder and a random number, such as `A:4f19`. */
function holderOf(value: string): string {
  return value.split(':')[0];
}

/** After a change: sets the expiry timers, writes to disk as configured, updates replicas. */
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
  else if (!state.unsynced) {
    state.unsynced = true;
    if (persistence === 'everysec') node.setTimer('fsync', seconds(1));
  }
  broadcast(node, { type: 'Replicate', changes }, state.followers);
}

function watchExpiry(node: RedisNode, key: string, expireAt: number): void {
  // A key still exists in the millisecond of its expiry.
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
    broadcast(node, { type: 'Follow' }, node.nodes('redis'));
  } else {
    state.followers = [...node.nodes('replica')];
  }
  settle(node);
}

function promote(node: RedisNode, _args: object, id: OperationId): void {
  const { state } = node;
  if (state.standing === 'primary') return node.fail(id, `${node.id} is the primary already`);
  state.standing = 'primary';
  state.dirty = Object.keys(state.entries);
  settle(node);
  const keys = Object.keys(state.entries).length;
  node.event('ReplicaPromoted', { keys });
  const others = [...node.nodes('redis'), ...node.nodes('replica'), ...node.nodes('worker')];
  for (const other of others) if (other !== node.id) node.send(other, { type: 'Promoted', keys });
  node.reply(id, keys);
}

// How commands are typed

/** The words of a command: separated by spaces, which a word in quotes may contain. */
export function wordsOf(command: string): string[] {
  const words = command.matchAll(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S+)/g);
  return [...words].map(([, double, single, plain]) => {
    return plain ?? (double ?? single).replace(/\\(.)/g, '$1');
  });
}

/** Whether a reply refuses a lock: a SET with NX found that the key exists. */
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

// How locks are released and extended: both scripts act only on a key with the holder's own value

const compareAndDelete =
  'if redis.call("get",KEYS[1]) == ARGV[1] then return redis.call("del",KEYS[1]) else return 0 end';
const compareAndExpire =
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
  RedisRestarted: 'A server restarted with the keys that were on its disk.',
  ReplicaPromoted: 'A replica became the primary, with the keys that had reached it.',
};
