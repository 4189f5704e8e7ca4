/** Ranges of sorted sets: by rank, by score and by member. */
import { error, notAnInteger, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Commands, lookup, notify, placeOf, reads, remove, store, writes, zsetAt,
} from './call.ts';
import { float, index, range } from './numbers.ts';
import { flat, removeMembers, type Scored } from './sorted-sets.ts';

type Test = (pair: Scored) => boolean;

/** `1`, `(1`, `-inf`: whether a score is on the right side of a bound. */
function scoreBound(word: string, side: 'min' | 'max'): Test | undefined {
  const isOpen = word.startsWith('(');
  // An empty number is 0, after a parenthesis too.
  const bound = float((isOpen ? word.slice(1) : word) || '0');
  if (bound === undefined) return undefined;
  if (side === 'min') return ([, score]) => (isOpen ? score > bound : score >= bound);
  return ([, score]) => (isOpen ? score < bound : score <= bound);
}

/** `[a`, `(a`, `-`, `+` */
function lexBound(word: string, side: 'min' | 'max'): Test | undefined {
  if (word === '-') return () => side === 'min';
  if (word === '+') return () => side === 'max';
  const bound = word.slice(1);
  const isMin = side === 'min';
  if (word.startsWith('[')) return isMin ? ([one]) => one >= bound : ([one]) => one <= bound;
  if (word.startsWith('(')) return isMin ? ([one]) => one > bound : ([one]) => one < bound;
  return undefined;
}

type By = 'rank' | 'score' | 'lex';

interface Wanted {
  readonly by: By;
  readonly isReverse: boolean;
  readonly first: string;
  readonly last: string;
  readonly limit: readonly [offset: number, count: number];
}

const noScoreRange = error('min or max is not a float');
const noLexRange = error('min or max not valid string range item');

/** The members in a range, or the error for a bound that is not one: that is checked first. */
function select(call: Call, key: string, wanted: Wanted): readonly Scored[] | Reply {
  const { by, isReverse, limit: [offset, count] } = wanted;
  if (by === 'rank') {
    const [start, stop] = [index(wanted.first), index(wanted.last)];
    if (start === undefined || stop === undefined) return notAnInteger;
    const zset = zsetAt(call, key);
    return range(isReverse ? [...zset].reverse() : zset, start, stop);
  }
  const bound = by === 'score' ? scoreBound : lexBound;
  // In reverse, the higher bound is given first.
  const [low, high] = isReverse ? [wanted.last, wanted.first] : [wanted.first, wanted.last];
  const [isAbove, isBelow] = [bound(low, 'min'), bound(high, 'max')];
  if (isAbove === undefined || isBelow === undefined) {
    return by === 'score' ? noScoreRange : noLexRange;
  }
  const found = zsetAt(call, key).filter((pair) => isAbove(pair) && isBelow(pair));
  if (isReverse) found.reverse();
  if (offset < 0) return [];
  return found.slice(offset, count < 0 ? undefined : offset + count);
}

const isPairs = (found: readonly Scored[] | Reply): found is readonly Scored[] =>
  Array.isArray(found);

interface Options {
  by: By;
  isReverse: boolean;
  withScores: boolean;
  limit: readonly [number, number] | undefined;
}

/** The words after the bounds, or the error for them. */
function optionsOf(
  words: readonly string[], known: readonly string[], start: Omit<Options, 'withScores' | 'limit'>,
): Options | Reply {
  const options: Options = { ...start, withScores: false, limit: undefined };
  for (let i = 0; i < words.length; i++) {
    const word = words[i].toLowerCase();
    const isAgain = (options.by !== start.by && word.startsWith('by')) ||
      (options.isReverse !== start.isReverse && word === 'rev');
    if (!known.includes(word) || isAgain) return syntaxError;
    if (word === 'byscore') options.by = 'score';
    else if (word === 'bylex') options.by = 'lex';
    else if (word === 'rev') options.isReverse = true;
    else if (word === 'withscores') options.withScores = true;
    else {
      const [offset, count] = [index(words[i + 1] ?? ''), index(words[i + 2] ?? '')];
      if (i + 2 >= words.length) return syntaxError;
      if (offset === undefined || count === undefined) return notAnInteger;
      options.limit = [offset, count];
      i += 2;
    }
  }
  if (options.limit !== undefined && options.by === 'rank') {
    return error(
      'syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  }
  if (options.withScores && options.by === 'lex') {
    return error('syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return options;
}

const everything = [0, -1] as const;

function rangeReply(
  call: Call, key: string, [first, last]: readonly string[], options: Options | Reply,
): Reply {
  if (options === null || typeof options !== 'object' || !('by' in options)) return options;
  const limit = options.limit ?? everything;
  const found = select(call, key, { ...options, first, last, limit });
  if (!isPairs(found)) return found;
  return options.withScores ? flat(found) : found.map(([member]) => member);
}

const allOptions = ['byscore', 'bylex', 'rev', 'limit', 'withscores'];

function older(by: By, isReverse: boolean, known: readonly string[]) {
  return (call: Call): Reply => {
    const [, key, first, last, ...words] = call.args;
    return rangeReply(call, key, [first, last], optionsOf(words, known, { by, isReverse }));
  };
}

/** ZRANGESTORE destination source min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] */
function rangeStore(call: Call): Reply {
  const [, target, key, first, last, ...words] = call.args;
  const known = allOptions.filter((one) => one !== 'withscores');
  const options = optionsOf(words, known, { by: 'rank', isReverse: false });
  if (options === null || typeof options !== 'object' || !('by' in options)) return options;
  const limit = options.limit ?? everything;
  const found = select(call, key, { ...options, first, last, limit });
  if (!isPairs(found)) return found;
  if (found.length === 0) {
    const isGone = lookup(call, target) !== undefined && remove(call, target);
    if (isGone) notify(call, 'g', 'del', placeOf(call, target));
    return 0;
  }
  const zset = options.isReverse ? [...found].reverse() : found;
  store(call, target, { zset }, null);
  notify(call, 'z', 'zrangestore', placeOf(call, target));
  return zset.length;
}

function counted(by: By) {
  return (call: Call): Reply => {
    const [, key, first, last] = call.args;
    const wanted = { by, isReverse: false, first, last, limit: everything };
    const found = select(call, key, wanted);
    return isPairs(found) ? found.length : found;
  };
}

function removed(by: By, event: string) {
  return (call: Call): Reply => {
    const [, key, first, last] = call.args;
    const wanted = { by, isReverse: false, first, last, limit: everything };
    const found = select(call, key, wanted);
    if (!isPairs(found)) return found;
    return removeMembers(call, key, found.map(([member]) => member), event);
  };
}

export const zsetRangeCommands: Commands = {
  zrange: reads(-4, older('rank', false, allOptions)),
  zrevrange: reads(-4, older('rank', true, ['withscores'])),
  zrangebyscore: reads(-4, older('score', false, ['withscores', 'limit'])),
  zrevrangebyscore: reads(-4, older('score', true, ['withscores', 'limit'])),
  zrangebylex: reads(-4, older('lex', false, ['limit'])),
  zrevrangebylex: reads(-4, older('lex', true, ['limit'])),
  zrangestore: writes(-5, rangeStore),
  zcount: reads(4, counted('score')),
  zlexcount: reads(4, counted('lex')),
  zremrangebyscore: writes(4, removed('score', 'zremrangebyscore')),
  zremrangebyrank: writes(4, removed('rank', 'zremrangebyrank')),
  zremrangebylex: writes(4, removed('lex', 'zremrangebylex')),
};
