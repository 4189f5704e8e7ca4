// Random Redis commands from a seed: most are valid, some are not.
import {
  hashKinds, type Kind, listKinds, otherKinds, pick, type Random, scriptKinds, setKinds,
  sortedSetKinds, transactionKinds,
} from './redis-kinds.ts';
import { sha1 } from '../../src/protocols/redis/sha1.ts';

/** mulberry32: returns the next number in [0, 1); the same seed gives the same sequence. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const keys = ['lock:a', 'lock:b', 'lock:c', 'count', 'fencing-token', 'k'];
const values = ['A:1f', 'B:2e', 'C:3d', '7', '-3', '0', '007', '1.5', 'two words', 'é', ''];
const big = '9223372036854775807';
const wrongTimes = ['0', '-5', 'abc', '1.5', '', big, `${big}0`, '+1', ' 1', '01'];
/** As milliseconds too, these are long enough not to expire while the commands are sent. */
const longTimes = ['900000', '1000000', '2000000', '86400000'];
/** Far apart, so that a pause between two commands cannot change which of two times is later. */
const minuteMs = 60_000;

const scripts: readonly (readonly [string, number])[] = [
  ['if redis.call("get",KEYS[1]) == ARGV[1] then return redis.call("del",KEYS[1]) else return 0 end', 1],
  [
    'if redis.call("get",KEYS[1]) == ARGV[1] then ' +
      'return redis.call("pexpire",KEYS[1],ARGV[2]) else return 0 end',
    1,
  ],
  ['return redis.call("incr", KEYS[1])', 1],
  ["return {redis.call('get', KEYS[1]), redis.call('pttl', KEYS[1])}", 1],
  ["return {redis.call('exists', KEYS[1], KEYS[2]), redis.call('ttl', KEYS[1])}", 2],
  [
    'if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then ' +
      'return redis.call("incr", KEYS[2]) end return nil',
    2,
  ],
  ['local v = redis.call("get", KEYS[1]) if not v then return -1 else return v end', 1],
  ['return redis.call("set", KEYS[1], ARGV[1])', 1],
  ['return redis.call("get")', 0],
  ['return redis.call("nosuch", KEYS[1])', 1],
  ['return 3.9', 0],
  ['return ARGV[1] == ARGV[2]', 0],
];

/** `count` commands as lists of words; `now` reads the clock that both servers use. */
export function* commandsOf(
  seed: number,
  count: number,
  now: () => number,
): Generator<readonly string[]> {
  const random = randomFrom(seed);
  for (let i = 0; i < count; i++) {
    const words = pick(random, pick(random, groups))(random, now);
    // Command names are case-insensitive; now and then a word is missing or extra.
    if (random() < 0.5) words[0] = words[0].toLowerCase();
    if (random() < 0.03) words.pop();
    if (random() < 0.03) words.push(pick(random, values));
    yield words.length === 0 ? ['PING'] : words;
  }
}

const time = (random: Random) => pick(random, random() < 0.2 ? wrongTimes : longTimes);
const key = (random: Random) => pick(random, random() < 0.02 ? ['no such key'] : keys);
const value = (random: Random) => pick(random, values);

/** One in five has passed already; the others are whole minutes, at least ten. */
function lifetimeMs(random: Random): number {
  if (random() < 0.2) return pick(random, [-5_000, -1_000, 0]);
  return minuteMs * (10 + Math.floor(random() * 10_000));
}

const set: Kind = (random, now) => {
  const words = ['SET', key(random), value(random)];
  const options: (() => string[])[] = [
    () => [pick(random, ['NX', 'XX', 'nx'])],
    () => ['GET'],
    () => [pick(random, ['EX', 'PX', 'px']), time(random)],
    () => ['PXAT', String(now() + lifetimeMs(random))],
    () => ['EXAT', String(Math.floor((now() + lifetimeMs(random)) / 1000))],
    () => ['KEEPTTL'],
    () => [pick(random, ['EX', 'FOO', 'GETX'])],
  ];
  const weights = [0.45, 0.15, 0.4, 0.06, 0.06, 0.1, 0.02];
  options.forEach((option, i) => {
    if (random() < weights[i]) words.push(...option());
  });
  return words;
};

const expire: Kind = (random, now) => {
  const name = pick(random, ['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT']);
  const unit = name.startsWith('P') ? 1 : 1000;
  const after = lifetimeMs(random);
  const base = name.endsWith('AT') ? now() : 0;
  const deadline = String(Math.floor((base + after) / unit));
  const words = [name, key(random), random() < 0.1 ? pick(random, wrongTimes) : deadline];
  while (random() < 0.25) words.push(pick(random, ['NX', 'XX', 'GT', 'LT', 'gt', 'FOO']));
  return words;
};

const evaluate: Kind = (random) => {
  const [source, count] = pick(random, scripts);
  const number = random() < 0.05 ? pick(random, ['x', '-1', '9', '1.5']) : String(count);
  const names = Array.from({ length: count }, () => key(random));
  return ['EVAL', source, number, ...names, value(random), pick(random, longTimes)];
};

const kinds: readonly Kind[] = [
  ...[set, set, set, set, set],
  ...[expire, expire, expire],
  ...[evaluate, evaluate, evaluate],
  (random) => ['GET', key(random)],
  (random) => ['GET', key(random)],
  (random) => ['DEL', key(random), ...(random() < 0.3 ? [key(random), key(random)] : [])],
  (random) => ['EXISTS', key(random), ...(random() < 0.3 ? [key(random), key(random)] : [])],
  (random) => [pick(random, ['TTL', 'PTTL']), key(random)],
  (random) => [pick(random, ['TTL', 'PTTL']), key(random)],
  (random) => [pick(random, ['INCR', 'DECR']), pick(random, ['count', 'fencing-token', key(random)])],
  (random) => [
    pick(random, ['INCRBY', 'DECRBY']),
    key(random),
    pick(random, ['5', '-2', 'abc', '1.5', big, '-9223372036854775808', '']),
  ],
  (random) => ['SETNX', key(random), value(random)],
  (random) => [pick(random, ['SETEX', 'PSETEX']), key(random), time(random), value(random)],
  (random) => [pick(random, ['GETDEL', 'PERSIST']), key(random)],
  (random) => ['EVALSHA', pick(random, ['f'.repeat(40), 'abc']), '1', key(random)],
  // Known to the server after the first EVAL of the same script.
  (random) => ['EVALSHA', sha1(pick(random, scripts)[0]), '2', key(random), key(random), '600000'],
  (random) => [pick(random, ['FOO', 'GETT', 'SETNXX', 'LOCK']), value(random), key(random)],
  () => ['PING'],
];

/** Locks and their times come most often. */
const groups: readonly (readonly Kind[])[] = [
  ...[kinds, kinds, kinds],
  ...[hashKinds, listKinds, setKinds, sortedSetKinds, otherKinds],
  ...[scriptKinds, transactionKinds],
];

/** Keys that expire soon, each set up in one of several ways. */
export function expiringKeys(
  seed: number,
): { key: string; setup: readonly (readonly string[])[] }[] {
  const random = randomFrom(seed);
  const ways: ((name: string, ms: string) => string[][])[] = [
    (name, ms) => [['SET', name, 'v', 'NX', 'PX', ms]],
    (name, ms) => [['SET', name, 'v'], ['PEXPIRE', name, ms]],
    (name, ms) => [['PSETEX', name, ms, '5'], ['INCR', name]],
    (name, ms) => [['SET', name, 'v', 'PX', ms], ['SET', name, 'w', 'KEEPTTL']],
    (name, ms) => [['SET', name, 'v', 'PX', ms], ['SET', name, 'w']],
    (name, ms) => [['SET', name, 'v', 'PX', ms], ['PERSIST', name]],
    (name, ms) => [['SET', name, 'v', 'PX', ms], ['PEXPIRE', name, '60000', 'GT']],
    (name, ms) => [['EVAL', 'return redis.call("set",KEYS[1],"v","PX",ARGV[1])', '1', name, ms]],
  ];
  return Array.from({ length: 40 }, (_, i) => {
    const name = `short:${i}`;
    // Half of them expire before they are read again, half of them long after.
    const ms = String(pick(random, [500, 550, 600, 5_000, 6_000]));
    return { key: name, setup: pick(random, ways)(name, ms) };
  });
}
