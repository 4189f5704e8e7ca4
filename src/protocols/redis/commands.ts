/** Redis's commands on a database; read them beside their pages on redis.io. */
// `npm run conformance -- redis` sends the same commands to redis-server 7.0 and compares.
import { frozen } from '../../protocol/define.ts';
import { type Reply, runScript } from './script.ts';
import { sha1 } from './sha1.ts';

/** A string, and the Unix time in milliseconds at which it expires; null for never. */
export interface Entry {
  readonly value: string;
  readonly expireAt: number | null;
}

export interface Database {
  entries: Record<string, Entry>;
  /** The scripts that EVAL has seen, by their SHA-1. */
  scripts: Record<string, string>;
  /** The keys that have changed; the caller of `execute` empties the list. */
  dirty: string[];
}

const OK: Reply = frozen({ ok: 'OK' });
const error = (text: string): Reply => ({ err: `ERR ${text}` });
const syntaxError = error('syntax error');
const noScript: Reply = { err: 'NOSCRIPT No matching script. Please use EVAL.' };
const notAnInteger = error('value is not an integer or out of range');

interface Command {
  /** The number of words, including the name; −2 means two or more. */
  readonly arity: number;
  readonly writes: boolean;
  run(database: Database, args: readonly string[], now: number, name: string): Reply;
}

const command = (arity: number, writes: boolean, run: Command['run']): Command => ({
  arity,
  writes,
  run,
});

const commands: Readonly<Record<string, Command>> = {
  // https://redis.io/commands/set
  set: command(-3, true, (database, args, now) => set(database, args, now)),
  setnx: command(3, true, (database, [, key, value], now) => {
    if (lookup(database, key, now)) return 0;
    store(database, key, { value, expireAt: null });
    return 1;
  }),
  setex: command(4, true, setWithExpiry),
  psetex: command(4, true, setWithExpiry),
  get: command(2, false, (database, [, key], now) => lookup(database, key, now)?.value ?? null),
  getdel: command(2, true, (database, [, key], now) => {
    const value = lookup(database, key, now)?.value ?? null;
    remove(database, key);
    return value;
  }),
  del: command(-2, true, (database, [, ...keys], now) => {
    const present = keys.filter((key) => lookup(database, key, now) && remove(database, key));
    return present.length;
  }),
  exists: command(-2, false, (database, [, ...keys], now) => {
    return keys.filter((key) => lookup(database, key, now)).length;
  }),
  // https://redis.io/commands/ttl: −2 if the key does not exist, −1 if it does not expire
  pttl: command(2, false, (database, [, key], now) => timeToLive(database, key, now)),
  ttl: command(2, false, (database, [, key], now) => {
    const left = timeToLive(database, key, now);
    return left < 0 ? left : Math.floor((left + 500) / 1000);
  }),
  expire: command(-3, true, expire),
  pexpire: command(-3, true, expire),
  expireat: command(-3, true, expire),
  pexpireat: command(-3, true, expire),
  persist: command(2, true, (database, [, key], now) => {
    const entry = lookup(database, key, now);
    if (!entry || entry.expireAt === null) return 0;
    store(database, key, { value: entry.value, expireAt: null });
    return 1;
  }),
  // https://redis.io/commands/incr: it keeps the time to live
  incr: command(2, true, (database, [, key], now) => increment(database, key, 1n, now)),
  decr: command(2, true, (database, [, key], now) => increment(database, key, -1n, now)),
  incrby: command(3, true, (database, [, key, by], now) => {
    const amount = integer(by);
    return amount === undefined ? notAnInteger : increment(database, key, amount, now);
  }),
  decrby: command(3, true, (database, [, key, by], now) => {
    const amount = integer(by);
    if (amount === undefined) return notAnInteger;
    if (amount === smallest) return error('decrement would overflow');
    return increment(database, key, -amount, now);
  }),
  ping: command(-1, false, (_database, args) => (args.length > 1 ? args[1] : { ok: 'PONG' })),
  // https://redis.io/commands/eval
  eval: command(-3, true, (database, args, now) => evaluate(database, args[1], args, now)),
  evalsha: command(-3, true, (database, args, now) => {
    if (args[1].length !== 40) return noScript;
    return evaluate(database, own(database.scripts, args[1].toLowerCase()), args, now);
  }),
};

/**
 * Executes one command. `nowMs` is the server's wall clock in milliseconds. A key that has expired
 * is deleted when it is next looked up.
 */
export function execute(database: Database, args: readonly string[], nowMs: number): Reply {
  const name = (args[0] ?? '').toLowerCase();
  const known = own(commands, name);
  if (known === undefined) {
    const beginning = args.slice(1).map((one) => `'${one}' `).join('');
    return error(`unknown command '${args[0]}', with args beginning with: ${beginning}`);
  }
  if (!fits(known, args)) return error(`wrong number of arguments for '${name}' command`);
  return known.run(database, args, nowMs, name);
}

/** Whether a command may change the database: a read-only replica refuses it. */
export function isWrite(args: readonly string[]): boolean {
  return own(commands, (args[0] ?? '').toLowerCase())?.writes ?? false;
}

function fits({ arity }: Command, args: readonly string[]): boolean {
  return arity < 0 ? args.length >= -arity : args.length === arity;
}

// Keys

/** Returns the entry of a key; deletes it if it has expired. */
function lookup(database: Database, key: string, now: number): Entry | undefined {
  const entry = own(database.entries, key);
  if (entry === undefined || !isExpired(entry, now)) return entry;
  remove(database, key);
  return undefined;
}

export function isExpired({ expireAt }: Entry, now: number): boolean {
  return expireAt !== null && now > expireAt;
}

function store(database: Database, key: string, entry: Entry): void {
  database.entries[key] = frozen(entry);
  database.dirty.push(key);
}

function remove(database: Database, key: string): boolean {
  if (!Object.hasOwn(database.entries, key)) return false;
  delete database.entries[key];
  database.dirty.push(key);
  return true;
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function timeToLive(database: Database, key: string, now: number): number {
  const entry = lookup(database, key, now);
  if (!entry) return -2;
  return entry.expireAt === null ? -1 : Math.max(0, entry.expireAt - now);
}

// SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT … | PXAT … | KEEPTTL]

interface SetOptions {
  when: '' | 'nx' | 'xx';
  get: boolean;
  expiry: '' | 'ex' | 'px' | 'exat' | 'pxat' | 'keepttl';
  time: string;
}

function set(database: Database, args: readonly string[], now: number): Reply {
  const options = setOptions(args.slice(3));
  if (options === undefined) return syntaxError;
  const { when, get, expiry, time } = options;
  let expireAt: number | null = null;
  if (expiry !== '' && expiry !== 'keepttl') {
    const unixTime = expiryOf(time, expiry, now, 'set');
    if (typeof unixTime !== 'number') return unixTime;
    expireAt = unixTime;
  }
  const [, key, value] = args;
  const old = lookup(database, key, now);
  const answer = get ? (old?.value ?? null) : OK;
  if ((when === 'nx' && old) || (when === 'xx' && !old)) return get ? answer : null;
  if (expiry === 'keepttl') expireAt = old?.expireAt ?? null;
  store(database, key, { value, expireAt });
  return answer;
}

function setOptions(words: readonly string[]): SetOptions | undefined {
  const options: SetOptions = { when: '', get: false, expiry: '', time: '' };
  for (let i = 0; i < words.length; i++) {
    const word = words[i].toLowerCase();
    if (word === 'nx' || word === 'xx') {
      if (options.when !== '' && options.when !== word) return undefined;
      options.when = word;
    } else if (word === 'get') {
      options.get = true;
    } else if (isExpiry(word)) {
      if (options.expiry !== '' && options.expiry !== word) return undefined;
      options.expiry = word;
      if (word === 'keepttl') continue;
      if (++i === words.length) return undefined;
      options.time = words[i];
    } else {
      return undefined;
    }
  }
  return options;
}

function isExpiry(word: string): word is Exclude<SetOptions['expiry'], ''> {
  return /^(ex|px|exat|pxat|keepttl)$/.test(word);
}

function setWithExpiry(
  database: Database,
  [, key, time, value]: readonly string[],
  now: number,
  name: string,
): Reply {
  const expireAt = expiryOf(time, name === 'setex' ? 'ex' : 'px', now, name);
  if (typeof expireAt !== 'number') return expireAt;
  store(database, key, { value, expireAt });
  return OK;
}

/** The time at which a SET lets its key expire, or the error for an invalid one. */
function expiryOf(time: string, unit: string, now: number, name: string): number | Reply {
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  if (given <= 0n) return invalidExpireTime(name);
  return unixTimeOf(given, unit.startsWith('e'), unit.endsWith('at') ? 0 : now, name);
}

function unixTimeOf(given: bigint, inSeconds: boolean, base: number, name: string): number | Reply {
  const milliseconds = inSeconds ? given * 1000n : given;
  const unixTime = milliseconds + BigInt(base);
  if (milliseconds < smallest || unixTime > largest) return invalidExpireTime(name);
  return Number(unixTime);
}

function invalidExpireTime(name: string): Reply {
  return error(`invalid expire time in '${name}' command`);
}

// EXPIRE key seconds [NX | XX | GT | LT], and its variants

function expire(
  database: Database,
  [, key, time, ...words]: readonly string[],
  now: number,
  name: string,
): Reply {
  const flags = new Set(words.map((word) => word.toLowerCase()));
  const unknown = words.find((word) => !/^(nx|xx|gt|lt)$/i.test(word));
  if (unknown !== undefined) return error(`Unsupported option ${unknown}`);
  const together = 'options at the same time are not compatible';
  if (flags.has('nx') && flags.size > 1) return error(`NX and XX, GT or LT ${together}`);
  if (flags.has('gt') && flags.has('lt')) return error(`GT and LT ${together}`);
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  const unixTime = unixTimeOf(given, !name.startsWith('p'), name.endsWith('at') ? 0 : now, name);
  if (typeof unixTime !== 'number') return unixTime;
  const entry = lookup(database, key, now);
  if (!entry) return 0;
  const { value, expireAt } = entry;
  if (flags.has('nx') && expireAt !== null) return 0;
  if (flags.has('xx') && expireAt === null) return 0;
  // A key that does not expire counts as expiring later than any time.
  if (flags.has('gt') && (expireAt === null || unixTime <= expireAt)) return 0;
  if (flags.has('lt') && expireAt !== null && unixTime >= expireAt) return 0;
  if (unixTime <= now) remove(database, key);
  else store(database, key, { value, expireAt: unixTime });
  return 1;
}

// Numbers: signed, 64 bits

const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

function integer(text: string): bigint | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > largest || value < smallest ? undefined : value;
}

function increment(database: Database, key: string, by: bigint, now: number): Reply {
  const entry = lookup(database, key, now);
  const value = integer(entry?.value ?? '0');
  if (value === undefined) return notAnInteger;
  const sum = value + by;
  if (sum > largest || sum < smallest) return error('increment or decrement would overflow');
  store(database, key, { value: String(sum), expireAt: entry?.expireAt ?? null });
  return Number(sum);
}

// EVAL script numkeys [key …] [arg …]: time does not pass while the script runs

function evaluate(
  database: Database,
  source: string | undefined,
  args: readonly string[],
  now: number,
): Reply {
  const count = integer(args[2]);
  if (count === undefined) return notAnInteger;
  if (count < 0n) return error("Number of keys can't be negative");
  const words = args.slice(3);
  if (count > words.length) {
    return error("Number of keys can't be greater than number of args");
  }
  if (source === undefined) return noScript;
  const keys = words.slice(0, Number(count));
  const call = (inner: readonly string[]): Reply => {
    const known = own(commands, (inner[0] ?? '').toLowerCase());
    if (!known) return error('Unknown Redis command called from script');
    if (!fits(known, inner)) return error('Wrong number of args calling Redis command from script');
    return execute(database, inner, now);
  };
  const sha = sha1(source);
  database.scripts[sha] = source;
  return runScript(source, sha, keys, words.slice(keys.length), call);
}
