/** Commands on keys of any type, and on whole databases. */
import {
  databaseCount, entryAt, type Entry, isExpired, keyspace, type Keyspace, type RedisData, typeName,
} from '../data.ts';
import { error, notAnInteger, OK, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Commands, lookup, matchesGlob, notify, placeOf, reads, remove, store,
  touchWatchers, writes,
} from './call.ts';
import { index, integer } from './numbers.ts';

function deleteKeys(call: Call): Reply {
  const [, ...keys] = call.args;
  const present = keys.filter((key) => {
    if (!lookup(call, key) || !remove(call, key)) return false;
    notify(call, 'g', 'del', placeOf(call, key));
    return true;
  });
  return present.length;
}

const countKeys = (call: Call): Reply =>
  call.args.slice(1).filter((key) => lookup(call, key)).length;

function rename(call: Call): Reply {
  const [, from, to] = call.args;
  const entry = lookup(call, from);
  if (entry === undefined) return error('no such key');
  const isConditional = call.name === 'renamenx';
  if (isConditional && lookup(call, to)) return 0;
  if (from !== to) {
    remove(call, from);
    remove(call, to);
    store(call, to, entry.value, entry.expireAt);
    notify(call, 'g', 'rename_from', placeOf(call, from));
    notify(call, 'g', 'rename_to', placeOf(call, to));
  }
  return isConditional ? 1 : OK;
}

const sameObject = error('source and destination objects are the same');

/** COPY source destination [DB n] [REPLACE] */
function copy(call: Call): Reply {
  const [, from, to, ...words] = call.args;
  let { db } = call.session;
  let replaces = false;
  for (let i = 0; i < words.length; i++) {
    if (/^replace$/i.test(words[i])) replaces = true;
    else if (/^db$/i.test(words[i]) && i + 1 < words.length) {
      const number = index(words[++i]);
      if (number === undefined) return notAnInteger;
      if (number < 0 || number >= databaseCount) return error('DB index is out of range');
      db = number;
    } else return syntaxError;
  }
  if (from === to && db === call.session.db) return sameObject;
  const entry = lookup(call, from);
  if (entry === undefined) return 0;
  const other: Call = { ...call, session: { ...call.session, db } };
  if (lookup(other, to) !== undefined) {
    if (!replaces) return 0;
    remove(other, to);
  }
  store(other, to, entry.value, entry.expireAt);
  notify(other, 'g', 'copy_to', placeOf(other, to));
  return 1;
}

function move(call: Call): Reply {
  const [, key, target] = call.args;
  const db = index(target);
  if (db === undefined) return notAnInteger;
  if (db < 0 || db >= databaseCount) return error('DB index is out of range');
  if (db === call.session.db) return sameObject;
  const entry = lookup(call, key);
  const other: Call = { ...call, session: { ...call.session, db } };
  if (entry === undefined || lookup(other, key) !== undefined) return 0;
  remove(call, key);
  store(other, key, entry.value, entry.expireAt);
  notify(call, 'g', 'move_from', placeOf(call, key));
  notify(other, 'g', 'move_to', placeOf(other, key));
  return 1;
}

/** The keys of the current database that have not expired. */
function keysOf(call: Call): string[] {
  const keys = Object.keys(keyspace(call.data, call.session.db));
  return keys.filter((key) => {
    const entry = entryAt(call.data, placeOf(call, key));
    return entry !== undefined && !isExpired(entry, call.now);
  });
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]: everything comes at once. */
function scan(call: Call): Reply {
  const options = scanOptions(call.args.slice(2), ['match', 'count', 'type']);
  if (!/^\d+$/.test(call.args[1])) return error('invalid cursor');
  if (!(options instanceof Map)) return options;
  const [pattern, type] = [options.get('match'), options.get('type')?.toLowerCase()];
  const keys = keysOf(call).filter((key) => {
    if (pattern !== undefined && !matchesGlob(pattern, key)) return false;
    return type === undefined || typeName(lookup(call, key)!.value) === type;
  });
  return ['0', keys];
}

/** HSCAN, SSCAN and ZSCAN: the reply with those members of a collection whose names match. */
export function scanMembers(
  call: Call, found: (matches: (name: string) => boolean) => readonly string[],
): Reply {
  if (!/^\d+$/.test(call.args[2])) return error('invalid cursor');
  const options = scanOptions(call.args.slice(3), ['match', 'count']);
  if (!(options instanceof Map)) return options;
  const pattern = options.get('match');
  return ['0', found((name) => pattern === undefined || matchesGlob(pattern, name))];
}

function scanOptions(
  words: readonly string[], known: readonly string[],
): Map<string, string> | Reply {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].toLowerCase();
    if (!known.includes(name) || i + 1 >= words.length) return syntaxError;
    if (name === 'count') {
      const count = integer(words[i + 1]);
      if (count === undefined) return notAnInteger;
      if (count < 1n) return syntaxError;
    }
    options.set(name, words[i + 1]);
  }
  return options;
}

// Whole databases

/** Memory is freed at once or later, which makes no difference here. */
export const isFlushMode = (word: string): boolean => /^a?sync$/i.test(word);

function flush(call: Call): Reply {
  const [, mode] = call.args;
  if (call.args.length > 2 || (mode !== undefined && !isFlushMode(mode))) {
    return syntaxError;
  }
  const { data, session } = call;
  const numbers = call.name === 'flushdb' ? [session.db] : [...Array(databaseCount).keys()];
  for (const db of numbers) emptyDatabase(data, db);
  return OK;
}

/** Removes all keys of a database. A watched key that was not there has not changed. */
function emptyDatabase(data: RedisData, db: number): void {
  const keys = keyspace(data, db) as Keyspace;
  for (const key of Object.keys(keys)) {
    delete keys[key];
    data.dirty.push({ db, key });
    touchWatchers(data, { db, key }, true);
  }
}

function typeReply(entry: Entry | undefined): Reply {
  return { ok: entry === undefined ? 'none' : typeName(entry.value) };
}

export const keyCommands: Commands = {
  del: writes(-2, deleteKeys),
  unlink: writes(-2, deleteKeys),
  exists: reads(-2, countKeys),
  touch: reads(-2, countKeys),
  type: reads(2, (call) => typeReply(lookup(call, call.args[1]))),
  rename: writes(3, rename),
  renamenx: writes(3, rename),
  copy: writes(-3, copy),
  move: writes(3, move),
  keys: reads(2, (call) => keysOf(call).filter((key) => matchesGlob(call.args[1], key))),
  scan: reads(-2, scan),
  randomkey: reads(1, (call) => {
    const keys = keysOf(call);
    return keys.length === 0 ? null : keys[call.host.random(keys.length)];
  }),
  // Keys that have expired and are not removed yet are counted.
  dbsize: reads(1, (call) => Object.keys(keyspace(call.data, call.session.db)).length),
  flushall: writes(-1, flush),
  flushdb: writes(-1, flush),
};
