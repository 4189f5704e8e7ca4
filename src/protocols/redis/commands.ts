/** Redis's commands on a database, to be read beside their pages on redis.io. */
// Held against redis-server 7.0: `npm run conformance -- redis` sends both the same commands.
import { frozen } from '../../protocol/define.ts';
import { type Reply, runScript } from './script.ts';
import { sha1 } from './sha1.ts';

/** A string and when it expires: Unix time in milliseconds; null for never. */
export interface Entry {
  readonly value: string;
  readonly expireAt: number | null;
}

export interface Database {
  entries: Record<string, Entry>;
  /** The scripts that EVAL has seen, by their SHA-1. */
  scripts: Record<string, string>;
  /** The keys that changed; whoever executes commands reads and empties it. */
  dirty: string[];
}

const OK: Reply = frozen({ ok: 'OK' });
const error = (text: string): Reply => ({ err: `ERR ${text}` });
const syntaxError = error('syntax error');
const noScript: Reply = { err: 'NOSCRIPT No matching script. Please use EVAL.' };
const notAnInteger = error('value is not an integer or out of range');

interface Command {
  /** How many words it has, its name among them; −2 for two or more. */
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
  // https://redis.io/commands/ttl: −2 for no such key, −1 for a key that does not expire
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
  // https://redis.io/commands/incr: keeps the time to live
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
 * Executes one command at `nowMs`, the server's wall clock in milliseconds. A key whose time has
 * come is deleted when it is next looked up.
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

/** Whether a command may change the database; a read-only replica refuses those that do. */
export function isWrite(args: readonly string[]): boolean {
  return own(commands, (args[0] ?? '').toLowerCase())?.writes ?? false;
}

function fits({ arity }: Command, args: readonly string[]): boolean {
  return arity < 0 ? args.length >= -arity : args.length === arity;
}

// Keys

/** The entry of a key; deletes one that has expired. */
export function lookup(database: Database, key: string, now: number): Entry | undefined {
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
    const moment = expiryOf(time, expiry, now, 'set');
    if (typeof moment !== 'number') return moment;
    expireAt = moment;
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
    } else if (/^(ex|px|exat|pxat|keepttl)$/.test(word)) {
      if (options.expiry !== '' && options.expiry !== word) return undefined;
      options.expiry = word as SetOptions['expiry'];
      if (word === 'keepttl') continue;
      if (++i === words.length) return undefined;
      options.time = words[i];
    } else {
      return undefined;
    }
  }
  return options;
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

/** The moment for which a SET asks, or the error that it is answered with. */
function expiryOf(time: string, unit: string, now: number, name: string): number | Reply {
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  if (given <= 0n) return invalidExpireTime(name);
  return momentOf(given, unit.startsWith('e'), unit.endsWith('at') ? 0 : now, name);
}

function momentOf(given: bigint, inSeconds: boolean, base: number, name: string): number | Reply {
  const milliseconds = inSeconds ? given * 1000n : given;
  const moment = milliseconds + BigInt(base);
  if (milliseconds < smallest || moment > largest) return invalidExpireTime(name);
  return Number(moment);
}

function invalidExpireTime(name: string): Reply {
  return error(`invalid expire time in '${name}' command`);
}

// EXPIRE key seconds [NX | XX | GT | LT], and its kin

function expire(
  database: Database,
  [, key, time, ...words]: readonly string[],
  now: number,
  name: string,
): Reply {
  const flags = new Set(words.map((word) => word.toLowerCase()));
  const strange = words.find((word) => !/^(nx|xx|gt|lt)$/i.test(word));
  if (strange !== undefined) return error(`Unsupported option ${strange}`);
  const together = 'options at the same time are not compatible';
  if (flags.has('nx') && flags.size > 1) return error(`NX and XX, GT or LT ${together}`);
  if (flags.has('gt') && flags.has('lt')) return error(`GT and LT ${together}`);
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  const moment = momentOf(given, !name.startsWith('p'), name.endsWith('at') ? 0 : now, name);
  if (typeof moment !== 'number') return moment;
  const entry = lookup(database, key, now);
  if (!entry) return 0;
  const { value, expireAt } = entry;
  if (flags.has('nx') && expireAt !== null) return 0;
  if (flags.has('xx') && expireAt === null) return 0;
  // A key that does not expire counts as one that expires never: later than any moment.
  if (flags.has('gt') && (expireAt === null || moment <= expireAt)) return 0;
  if (flags.has('lt') && expireAt !== null && moment >= expireAt) return 0;
  if (moment <= now) remove(database, key);
  else store(database, key, { value, expireAt: moment });
  return 1;
}

// Numbers: signed, of 64 bits

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

// EVAL script numkeys [key …] [arg …]: the clock stands still while the script runs

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
