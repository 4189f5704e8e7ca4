/** A command that runs, and what it may do: read and change keys, reply, notify. */
import { frozen } from '../../../protocol/define.ts';
import {
  type Entry, entryAt, type Hash, isExpired, type List, type Members, type Place, type RedisData,
  removeAt, type Session, type SortedSet, type StoredValue, storeAt, typeName, type TypeName,
} from '../data.ts';
import { type Reply, wrongType } from '../reply.ts';

/** What the commands need from the server that runs them. */
export interface Host {
  /** Whether the server deletes expired keys itself; a replica waits for its primary to. */
  readonly isPrimary: boolean;
  random(bound: number): number;
  /** Sends a message of a subscription. */
  push(session: Session, reply: Reply): void;
  /** Answers a client that was blocked; `request` is the number of its request. */
  answer(session: Session, request: number, reply: Reply): void;
  /** Closes a connection, once the reply to the command that runs has been sent. */
  close(session: Session): void;
  /** Called when a key has expired and was removed. */
  expired(place: Place, entry: Entry): void;
  /** Called when a command has blocked; after `timeout` milliseconds, if any, it ends. */
  blocked(session: Session, timeout: number | null): void;
  /** Called when a client is no longer blocked. */
  unblocked(session: Session): void;
  /** How many replicas have confirmed everything up to an offset. */
  confirmed(offset: number): number;
  /** Follows another server; with null, it becomes a primary. */
  follow(address: { host: string; port: string } | null): Reply;
  role(): Reply;
  /** Called when CONFIG SET has changed a setting. */
  configured(): void;
  /** How long the server has been busy with the command that runs, in microseconds. */
  readonly elapsed: number;
  /** Keeps the server from doing anything else for that long, in microseconds. */
  sleep(duration: number): void;
}

export interface Call {
  readonly data: RedisData;
  readonly host: Host;
  readonly session: Session;
  /** All words, including the name of the command as it was given. */
  readonly args: readonly string[];
  /** The name in lower case. */
  readonly name: string;
  /** The number of the client's request. */
  readonly request: number;
  /** Unix time in milliseconds by which keys expire: it stands still in a script and in EXEC. */
  readonly now: number;
  /** Unix time in microseconds, which goes on in a script. */
  readonly clock: number;
  readonly from: 'client' | 'exec' | 'script';
}

export interface Command {
  /** The number of words, including the name; −2 means two or more. */
  readonly arity: number;
  /** Whether it may change a key: a replica refuses it. */
  readonly writes: boolean;
  /** Whether a script may not call it. */
  readonly isNotForScripts?: boolean;
  /** Returns the reply; undefined if the client is blocked, or was answered already. */
  run(call: Call): Reply | undefined;
}

export type Commands = Readonly<Record<string, Command>>;

export const reads = (arity: number, run: Command['run']): Command => {
  return { arity, writes: false, run };
};
export const writes = (arity: number, run: Command['run']): Command => {
  return { arity, writes: true, run };
};
export const notForScripts = (command: Command): Command => {
  return { ...command, isNotForScripts: true };
};

export const placeOf = ({ session }: Call, key: string): Place => ({ db: session.db, key });

/** Returns the entry of a key. One that has expired is removed, as far as this server may. */
export function lookup(call: Call, key: string): Entry | undefined {
  const place = placeOf(call, key);
  const entry = entryAt(call.data, place);
  if (entry === undefined || !isExpired(entry, call.now)) return entry;
  if (call.host.isPrimary) expire(call, place, entry);
  return undefined;
}

/** Removes a key that has expired. */
export function expire(
  { data, host }: Pick<Call, 'data' | 'host'>, place: Place, entry: Entry,
): void {
  removeAt(data, place);
  data.dirty.push(place);
  touchWatchers(data, place, true);
  notify({ data, host }, 'x', 'expired', place);
  host.expired(place, entry);
}

/** Stores a value. The time to live stays as it is, unless another is given. */
export function store(
  call: Call, key: string, value: StoredValue, expireAt: number | null | undefined = undefined,
): void {
  const place = placeOf(call, key);
  const before = entryAt(call.data, place);
  const until = expireAt === undefined ? (before?.expireAt ?? null) : expireAt;
  storeAt(call.data, place, frozen({ value, expireAt: until }));
  if (before === undefined) notify(call, 'n', 'new', place);
  const isReady = typeof value !== 'string' && ('list' in value || 'zset' in value);
  // A key that is there already became ready when it was created, unless its type has changed.
  const isNew = before === undefined || typeName(before.value) !== typeName(value);
  if (isReady && isNew) signalReady(call.data, place);
  touch(call, place);
}

/** Stores the items of a value; a key without items is removed. Returns whether it was. */
export function storeItems(call: Call, key: string, value: Exclude<StoredValue, string>): boolean {
  const items: readonly unknown[] = Object.values(value)[0];
  if (items.length > 0) {
    store(call, key, value);
    return false;
  }
  const place = placeOf(call, key);
  if (removeAt(call.data, place)) touch(call, place);
  return true;
}

export function remove(call: Call, key: string): boolean {
  const place = placeOf(call, key);
  if (!removeAt(call.data, place)) return false;
  touch(call, place);
  return true;
}

/** Notes that a key has changed: for the disk and the replicas, and for those that watch it. */
export function touch({ data }: Pick<Call, 'data'>, place: Place): void {
  data.dirty.push(place);
  touchWatchers(data, place, entryAt(data, place) === undefined);
}

export function touchWatchers(data: RedisData, { db, key }: Place, isRemoval: boolean): void {
  for (const session of data.sessions) {
    const watched = session.watched.find((one) => one.key === key && one.db === db);
    if (watched === undefined) continue;
    if (watched.wasExpired && isRemoval) {
      // The key had expired before WATCH: its removal now changes nothing.
      const renewed = { ...watched, wasExpired: false };
      session.watched = session.watched.map((one) => (one === watched ? renewed : one));
    } else {
      session.isChanged = true;
    }
  }
}

function signalReady(data: RedisData, place: Place): void {
  const waits = data.sessions.some(
    ({ blocked }) => blocked?.db === place.db && blocked.keys.includes(place.key),
  );
  const isKnown = data.ready.some(({ db, key }) => db === place.db && key === place.key);
  if (waits && !isKnown) data.ready.push(place);
}

// Keyspace notifications: https://redis.io/docs/manual/keyspace-notifications/

/** The classes of events that `A` stands for. */
const allClasses = 'g$lshzxetd';

/** Announces an event on a key to the subscribers, if the setting asks for its class. */
export function notify(
  { data, host }: Pick<Call, 'data' | 'host'>, eventClass: string, event: string, place: Place,
): void {
  const { notifyKeyspaceEvents: wanted } = data.settings;
  if (wanted === '') return;
  const isWanted =
    wanted.includes(eventClass) || (wanted.includes('A') && allClasses.includes(eventClass));
  if (!isWanted) return;
  const { db, key } = place;
  if (wanted.includes('K')) publish({ data, host }, `__keyspace@${db}__:${key}`, event);
  if (wanted.includes('E')) publish({ data, host }, `__keyevent@${db}__:${event}`, key);
}

/** Sends a message to all subscribers; returns how many times it was sent. */
export function publish(
  { data, host }: Pick<Call, 'data' | 'host'>, channel: string, message: string,
): number {
  let receivers = 0;
  for (const session of data.sessions) {
    if (session.channels.includes(channel)) {
      receivers++;
      host.push(session, ['message', channel, message]);
    }
  }
  for (const session of data.sessions) {
    for (const pattern of session.patterns) {
      if (!matchesGlob(pattern, channel)) continue;
      receivers++;
      host.push(session, ['pmessage', pattern, channel, message]);
    }
  }
  return receivers;
}

/** Redis's patterns: `*`, `?`, `[a-z]`, `[^a]`, and `\` before a character that means itself. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.matchAll(/\\([\s\S])|\[(\^?)((?:\\.|[^\]\\])*)\]|(\*+)|(\?)|([\s\S])/g);
  const source = [...parts].map(([, escaped, not, set, stars, one, plain]) => {
    if (set !== undefined) return set === '' ? '(?!)' : `[${not}${classOf(set)}]`;
    if (stars !== undefined) return '[\\s\\S]*';
    if (one !== undefined) return '[\\s\\S]';
    return quoted(escaped ?? plain);
  });
  return new RegExp(`^${source.join('')}$`, 'u').test(text);
}

function classOf(set: string): string {
  return set.replace(/\\(.)/g, '$1').replace(/[\\\]^[]/g, '\\$&');
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

// Values of a type

export class WrongType {
  readonly reply = wrongType;
}

interface Types {
  string: string;
  hash: Hash;
  list: List;
  set: Members;
  zset: SortedSet;
}

/** The value of a key, undefined if there is none; throws if it is of another type. */
export function valueOf<Type extends TypeName>(
  call: Call, key: string, type: Type,
): Types[Type] | undefined {
  const value = lookup(call, key)?.value;
  if (value === undefined) return undefined;
  if (typeName(value) !== type) throw new WrongType();
  return value as Types[Type];
}

export const stringAt = (call: Call, key: string) => valueOf(call, key, 'string');
export const hashAt = (call: Call, key: string) => valueOf(call, key, 'hash')?.hash ?? [];
export const listAt = (call: Call, key: string) => valueOf(call, key, 'list')?.list ?? [];
export const setAt = (call: Call, key: string) => valueOf(call, key, 'set')?.set ?? [];
export const zsetAt = (call: Call, key: string) => valueOf(call, key, 'zset')?.zset ?? [];
