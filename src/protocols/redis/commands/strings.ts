/** Commands on strings, with all options of SET and GETEX. */
import {
  error, integerReply, notAFloat, notAnInteger, notModelled, OK, type Reply, syntaxError,
} from '../reply.ts';
import { byteLength } from '../lua/operators.ts';
import {
  type Call, type Commands, lookup, notify, placeOf, reads, remove, store, stringAt, writes,
} from './call.ts';
import { expiryOf, persist, removeNow } from './expiry.ts';
import { decimalSum, float, index, integer, largest, smallest } from './numbers.ts';

/** Stores a string and announces it. */
function setString(call: Call, key: string, value: string, expireAt: number | null): void {
  store(call, key, value, expireAt);
  notify(call, '$', 'set', placeOf(call, key));
  if (expireAt !== null) notify(call, 'g', 'expire', placeOf(call, key));
}

// SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT … | PXAT … | KEEPTTL]

interface Options {
  when: '' | 'nx' | 'xx';
  get: boolean;
  expiry: '' | 'ex' | 'px' | 'exat' | 'pxat' | 'keepttl' | 'persist';
  time: string;
}

function set(call: Call): Reply {
  const options = optionsOf(call.args.slice(3), /^(nx|xx|get|ex|px|exat|pxat|keepttl)$/);
  if (options === undefined) return syntaxError;
  const { when, get, expiry, time } = options;
  let expireAt: number | null = null;
  if (expiry !== '' && expiry !== 'keepttl') {
    const unixTime = expiryOf(call, time, expiry, 'set');
    if (typeof unixTime !== 'number') return unixTime;
    expireAt = unixTime;
  }
  const [, key, value] = call.args;
  // Only GET needs the old value to be a string.
  const answer = get ? (stringAt(call, key) ?? null) : OK;
  const old = lookup(call, key);
  if ((when === 'nx' && old) || (when === 'xx' && !old)) return get ? answer : null;
  if (expiry === 'keepttl') expireAt = old?.expireAt ?? null;
  setString(call, key, value, expireAt);
  return answer;
}

function optionsOf(words: readonly string[], known: RegExp): Options | undefined {
  const options: Options = { when: '', get: false, expiry: '', time: '' };
  for (let i = 0; i < words.length; i++) {
    const word = words[i].toLowerCase();
    if (!known.test(word)) return undefined;
    if (word === 'nx' || word === 'xx') {
      if (options.when !== '' && options.when !== word) return undefined;
      options.when = word;
    } else if (word === 'get') {
      options.get = true;
    } else {
      if (options.expiry !== '' && options.expiry !== word) return undefined;
      options.expiry = word as Options['expiry'];
      if (word === 'keepttl' || word === 'persist') continue;
      if (++i === words.length) return undefined;
      options.time = words[i];
    }
  }
  return options;
}

function setWithExpiry(call: Call): Reply {
  const { name, args: [, key, time, value] } = call;
  const expireAt = expiryOf(call, time, name === 'setex' ? 'ex' : 'px', name);
  if (typeof expireAt !== 'number') return expireAt;
  setString(call, key, value, expireAt);
  return OK;
}

/** https://redis.io/commands/getex: without an option, it only reads. */
function getEx(call: Call): Reply {
  const [, key, ...words] = call.args;
  const options = optionsOf(words, /^(ex|px|exat|pxat|persist)$/);
  if (options === undefined) return syntaxError;
  const value = stringAt(call, key);
  const { expiry, time } = options;
  if (value === undefined) return null;
  if (expiry === 'persist') {
    persist(call, key);
  } else if (expiry !== '') {
    const expireAt = expiryOf(call, time, expiry, 'getex');
    if (typeof expireAt !== 'number') return expireAt;
    if (expireAt <= call.clock / 1000) {
      removeNow(call, key);
    } else {
      store(call, key, value, expireAt);
      notify(call, 'g', 'expire', placeOf(call, key));
    }
  }
  return value;
}

/** `MSET k v k v`: the words after the name in pairs. */
function pairsOf({ args }: Call): (readonly [string, string])[] | undefined {
  if (args.length % 2 === 0) return undefined;
  return args.flatMap((key, i) => (i % 2 === 1 ? [[key, args[i + 1]] as const] : []));
}

function setMany(call: Call): Reply {
  const pairs = pairsOf(call);
  if (pairs === undefined) return error(`wrong number of arguments for '${call.name}' command`);
  const isRefused = call.name === 'msetnx' && pairs.some(([key]) => lookup(call, key));
  if (isRefused) return 0;
  for (const [key, value] of pairs) setString(call, key, value, null);
  return call.name === 'msetnx' ? 1 : OK;
}

// Numbers: https://redis.io/commands/incr keeps the time to live

function increment(call: Call, by: bigint): Reply {
  const [, key] = call.args;
  const value = integer(stringAt(call, key) ?? '0');
  if (value === undefined) return notAnInteger;
  const sum = value + by;
  if (sum > largest || sum < smallest) return error('increment or decrement would overflow');
  store(call, key, String(sum));
  notify(call, '$', 'incrby', placeOf(call, key));
  return integerReply(sum);
}

function incrementByFloat(call: Call): Reply {
  const [, key, by] = call.args;
  const value = stringAt(call, key) ?? '0';
  if (float(value) === undefined || float(by) === undefined) return notAFloat;
  if (!Number.isFinite(float(value)! + float(by)!)) {
    return error('increment would produce NaN or Infinity');
  }
  const sum = decimalSum(value, by);
  store(call, key, sum);
  notify(call, '$', 'incrbyfloat', placeOf(call, key));
  return sum;
}

// Parts of strings

function append(call: Call): Reply {
  const [, key, value] = call.args;
  const whole = (stringAt(call, key) ?? '') + value;
  store(call, key, whole);
  notify(call, '$', 'append', placeOf(call, key));
  return byteLength(whole);
}

/** A run copies what a server stores; locks and queues need far less. */
const mostBytes = 1_000_000;

function setRange(call: Call): Reply {
  const [, key, offset, part] = call.args;
  const at = index(offset);
  if (at === undefined) return notAnInteger;
  if (at < 0) return error('offset is out of range');
  const old = stringAt(call, key) ?? '';
  if (part === '') return byteLength(old);
  if (at + part.length > 512 * 1024 * 1024) {
    return error('string exceeds maximum allowed size (proto-max-bulk-len)');
  }
  if (at + part.length > mostBytes) {
    return notModelled(`strings of more than ${mostBytes} bytes`);
  }
  const whole = old.padEnd(at, '\0').slice(0, at) + part + old.slice(at + part.length);
  store(call, key, whole);
  notify(call, '$', 'setrange', placeOf(call, key));
  return byteLength(whole);
}

function getRange(call: Call): Reply {
  const [, key, first, last] = call.args;
  const [start, end] = [index(first), index(last)];
  if (start === undefined || end === undefined) return notAnInteger;
  const value = stringAt(call, key) ?? '';
  if (start < 0 && end < 0 && start > end) return '';
  const from = start < 0 ? Math.max(value.length + start, 0) : start;
  const to = end < 0 ? Math.max(value.length + end, 0) : end;
  return value.slice(from, to + 1);
}

export const stringCommands: Commands = {
  set: writes(-3, set),
  setnx: writes(3, (call) => {
    const [, key, value] = call.args;
    if (lookup(call, key)) return 0;
    setString(call, key, value, null);
    return 1;
  }),
  setex: writes(4, setWithExpiry),
  psetex: writes(4, setWithExpiry),
  get: reads(2, (call) => stringAt(call, call.args[1]) ?? null),
  getset: writes(3, (call) => {
    const [, key, value] = call.args;
    const old = stringAt(call, key) ?? null;
    setString(call, key, value, null);
    return old;
  }),
  getdel: writes(2, (call) => {
    const [, key] = call.args;
    const value = stringAt(call, key) ?? null;
    if (remove(call, key)) notify(call, 'g', 'del', placeOf(call, key));
    return value;
  }),
  getex: writes(-2, getEx),
  mget: reads(-2, (call) =>
    call.args.slice(1).map((key) => {
      const value = lookup(call, key)?.value;
      return typeof value === 'string' ? value : null;
    }),
  ),
  mset: writes(-3, setMany),
  msetnx: writes(-3, setMany),
  append: writes(3, append),
  strlen: reads(2, (call) => byteLength(stringAt(call, call.args[1]) ?? '')),
  setrange: writes(4, setRange),
  getrange: reads(4, getRange),
  substr: reads(4, getRange),
  incr: writes(2, (call) => increment(call, 1n)),
  decr: writes(2, (call) => increment(call, -1n)),
  incrby: writes(3, (call) => {
    const amount = integer(call.args[2]);
    return amount === undefined ? notAnInteger : increment(call, amount);
  }),
  decrby: writes(3, (call) => {
    const amount = integer(call.args[2]);
    if (amount === undefined) return notAnInteger;
    if (amount === smallest) return error('decrement would overflow');
    return increment(call, -amount);
  }),
  incrbyfloat: writes(3, incrementByFloat),
};
