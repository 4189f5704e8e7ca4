/** Times to live: the options of SET, GETEX and EXPIRE, and the commands that read them. */
import { removeAt } from '../data.ts';
import { error, notAnInteger, notModelled, type Reply } from '../reply.ts';
import {
  type Call, type Commands, lookup, notify, placeOf, reads, remove, store, touch, writes,
} from './call.ts';
import { integer, largest, smallest } from './numbers.ts';

/** The time at which a SET lets its key expire, or the error for an invalid one. */
export function expiryOf(call: Call, time: string, unit: string, name: string): number | Reply {
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  if (given <= 0n) return invalidExpireTime(name);
  return unixTimeOf(given, unit.startsWith('e'), unit.endsWith('at') ? 0 : nowOf(call), name);
}

/** A duration counts from the moving clock, even in a script. */
function nowOf({ clock }: Call): number {
  return Math.floor(clock / 1000);
}

function unixTimeOf(given: bigint, inSeconds: boolean, base: number, name: string): number | Reply {
  const milliseconds = inSeconds ? given * 1000n : given;
  const unixTime = milliseconds + BigInt(base);
  if (milliseconds < smallest || unixTime > largest) return invalidExpireTime(name);
  // Keys expire by numbers of milliseconds, which are exact for 285,000 years.
  if (unixTime > BigInt(Number.MAX_SAFE_INTEGER)) {
    return notModelled(`expiry at ${unixTime}, later than ${Number.MAX_SAFE_INTEGER} ms`);
  }
  return Number(unixTime);
}

function invalidExpireTime(name: string): Reply {
  return error(`invalid expire time in '${name}' command`);
}

/** Milliseconds until the key expires: −2 if it does not exist, −1 if it does not expire. */
function timeToLive(call: Call): number {
  const entry = lookup(call, call.args[1]);
  if (!entry) return -2;
  return entry.expireAt === null ? -1 : Math.max(0, entry.expireAt - nowOf(call));
}

function expireTime(call: Call): number {
  const entry = lookup(call, call.args[1]);
  if (!entry) return -2;
  return entry.expireAt ?? -1;
}

const seconds = (milliseconds: number): number =>
  milliseconds < 0 ? milliseconds : Math.floor((milliseconds + 500) / 1000);

/** EXPIRE key seconds [NX | XX | GT | LT], and its variants */
function setExpiry(call: Call): Reply {
  const { name } = call;
  const [, key, time, ...words] = call.args;
  const flags = new Set(words.map((word) => word.toLowerCase()));
  const unknown = words.find((word) => !/^(nx|xx|gt|lt)$/i.test(word));
  if (unknown !== undefined) return error(`Unsupported option ${unknown}`);
  const together = 'options at the same time are not compatible';
  if (flags.has('nx') && flags.size > 1) return error(`NX and XX, GT or LT ${together}`);
  if (flags.has('gt') && flags.has('lt')) return error(`GT and LT ${together}`);
  const given = integer(time);
  if (given === undefined) return notAnInteger;
  const base = name.endsWith('at') ? 0 : nowOf(call);
  const unixTime = unixTimeOf(given, !name.startsWith('p'), base, name);
  if (typeof unixTime !== 'number') return unixTime;
  const entry = lookup(call, key);
  if (!entry) return 0;
  const { value, expireAt } = entry;
  if (flags.has('nx') && expireAt !== null) return 0;
  if (flags.has('xx') && expireAt === null) return 0;
  // A key that does not expire counts as expiring later than any time.
  if (flags.has('gt') && (expireAt === null || unixTime <= expireAt)) return 0;
  if (flags.has('lt') && expireAt !== null && unixTime >= expireAt) return 0;
  if (unixTime <= nowOf(call)) {
    remove(call, key);
    notify(call, 'g', 'del', placeOf(call, key));
  } else {
    store(call, key, value, unixTime);
    notify(call, 'g', 'expire', placeOf(call, key));
  }
  return 1;
}

/** Removes the time to live of a key; returns whether it had one. */
export function persist(call: Call, key: string): boolean {
  const entry = lookup(call, key);
  if (!entry || entry.expireAt === null) return false;
  store(call, key, entry.value, null);
  notify(call, 'g', 'persist', placeOf(call, key));
  return true;
}

/** A key whose time is over at once is removed without a trace in its value. */
export function removeNow(call: Call, key: string): void {
  const place = placeOf(call, key);
  if (removeAt(call.data, place)) touch(call, place);
  notify(call, 'g', 'del', place);
}

export const expiryCommands: Commands = {
  // https://redis.io/commands/ttl
  pttl: reads(2, timeToLive),
  ttl: reads(2, (call) => seconds(timeToLive(call))),
  expiretime: reads(2, (call) => seconds(expireTime(call))),
  pexpiretime: reads(2, expireTime),
  expire: writes(-3, setExpiry),
  pexpire: writes(-3, setExpiry),
  expireat: writes(-3, setExpiry),
  pexpireat: writes(-3, setExpiry),
  persist: writes(2, (call) => (persist(call, call.args[1]) ? 1 : 0)),
};
