/** Commands on sorted sets that change them or look up members; ranges are in zset-ranges.ts. */
import { error, notAFloat, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Commands, notify, placeOf, reads, store, storeItems, writes, zsetAt,
} from './call.ts';
import { scanMembers } from './keys.ts';
import { float, floatText, index } from './numbers.ts';

export type Scored = readonly [member: string, score: number];

/** By score; members with equal scores by their bytes, which is nearly the order of their text. */
export function byScore(a: Scored, b: Scored): number {
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

export function scoreIn(zset: readonly Scored[], member: string): number | undefined {
  return zset.find(([one]) => one === member)?.[1];
}

const withScore = (zset: readonly Scored[], member: string, score: number): Scored[] =>
  [...zset.filter(([one]) => one !== member), [member, score] as const].sort(byScore);

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member …] */
function add(call: Call): Reply {
  const [, key, ...rest] = call.args;
  const flags = new Set<string>();
  while (rest.length > 0 && /^(nx|xx|gt|lt|ch|incr)$/i.test(rest[0])) {
    flags.add(rest.shift()!.toLowerCase());
  }
  if (rest.length === 0 || rest.length % 2 === 1) return syntaxError;
  if (flags.has('nx') && flags.has('xx')) {
    return error('XX and NX options at the same time are not compatible');
  }
  if (['gt', 'lt', 'nx'].filter((flag) => flags.has(flag)).length > 1) {
    return error('GT, LT, and/or NX options at the same time are not compatible');
  }
  if (flags.has('incr') && rest.length > 2) {
    return error('INCR option supports a single increment-element pair');
  }
  const pairs: Scored[] = [];
  for (let i = 0; i < rest.length; i += 2) {
    const score = float(rest[i]);
    if (score === undefined) return notAFloat;
    pairs.push([rest[i + 1], score]);
  }
  return addScores(call, key, pairs, flags);
}

function addScores(
  call: Call, key: string, pairs: readonly Scored[], flags: ReadonlySet<string>,
): Reply {
  const before = zsetAt(call, key);
  let zset: readonly Scored[] = before;
  let [added, updated] = [0, 0];
  let last: Reply = null;
  for (const [member, given] of pairs) {
    const old = scoreIn(zset, member);
    if (old === undefined ? flags.has('xx') : flags.has('nx')) continue;
    const score = flags.has('incr') && old !== undefined ? old + given : given;
    if (Number.isNaN(score)) return error('resulting score is not a number (NaN)');
    if (old !== undefined && flags.has('gt') && score <= old) continue;
    if (old !== undefined && flags.has('lt') && score >= old) continue;
    last = floatText(score);
    if (score === old) continue;
    zset = withScore(zset, member, score);
    if (old === undefined) added++;
    else updated++;
  }
  if (added + updated > 0) {
    store(call, key, { zset });
    notify(call, 'z', flags.has('incr') ? 'zincr' : 'zadd', placeOf(call, key));
  }
  if (flags.has('incr')) return last;
  return flags.has('ch') ? added + updated : added;
}

/** Removes members; returns how many there were. */
export function removeMembers(
  call: Call, key: string, members: readonly string[], event: string,
): number {
  const before = zsetAt(call, key);
  const gone = new Set(members);
  const zset = before.filter(([member]) => !gone.has(member));
  if (zset.length === before.length) return 0;
  const isGone = storeItems(call, key, { zset });
  notify(call, 'z', event, placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return before.length - zset.length;
}

/** Removes up to `count` members with the lowest or the highest scores. */
export function popMembers(
  call: Call, key: string, end: 'min' | 'max', count: number,
): readonly Scored[] {
  const zset = zsetAt(call, key);
  const taken = end === 'min' ? zset.slice(0, count) : zset.slice(-count).reverse();
  if (count === 0 || taken.length === 0) return [];
  removeMembers(call, key, taken.map(([member]) => member), `zpop${end}`);
  return taken;
}

/** Members and scores one after the other. */
export const flat = (pairs: readonly Scored[]): string[] =>
  pairs.flatMap(([member, score]) => [member, floatText(score)]);

function pop(call: Call): Reply {
  const [, key, word, ...more] = call.args;
  if (more.length > 0) return syntaxError;
  const count = word === undefined ? 1 : index(word);
  if (count === undefined || count < 0) return error('value is out of range, must be positive');
  return flat(popMembers(call, key, call.name === 'zpopmin' ? 'min' : 'max', count));
}

function rank(call: Call): Reply {
  const zset = zsetAt(call, call.args[1]);
  const at = zset.findIndex(([member]) => member === call.args[2]);
  if (at < 0) return null;
  return call.name === 'zrank' ? at : zset.length - 1 - at;
}

function increment(call: Call): Reply {
  const [, key, by, member] = call.args;
  const amount = float(by);
  if (amount === undefined) return notAFloat;
  return addScores(call, key, [[member, amount]], new Set(['incr']));
}

function scan(call: Call): Reply {
  return scanMembers(call, (matches) =>
    flat(zsetAt(call, call.args[1]).filter(([member]) => matches(member))),
  );
}

const scoreText = (score: number | undefined): Reply =>
  score === undefined ? null : floatText(score);

export const sortedSetCommands: Commands = {
  zadd: writes(-4, add),
  zincrby: writes(4, increment),
  zrem: writes(-3, (call) => removeMembers(call, call.args[1], call.args.slice(2), 'zrem')),
  zcard: reads(2, (call) => zsetAt(call, call.args[1]).length),
  zscore: reads(3, (call) => scoreText(scoreIn(zsetAt(call, call.args[1]), call.args[2]))),
  zmscore: reads(-3, (call) => {
    const zset = zsetAt(call, call.args[1]);
    return call.args.slice(2).map((member) => scoreText(scoreIn(zset, member)));
  }),
  zrank: reads(3, rank),
  zrevrank: reads(3, rank),
  zpopmin: writes(-2, pop),
  zpopmax: writes(-2, pop),
  zscan: reads(-3, scan),
};
