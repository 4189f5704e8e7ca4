/** Commands on lists that answer at once. */
import { error, notAnInteger, OK, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Commands, listAt, notify, placeOf, reads, store, storeItems, writes,
} from './call.ts';
import { index, range } from './numbers.ts';

export type Side = 'left' | 'right';

export function sideOf(word: string): Side | undefined {
  const side = word.toLowerCase();
  return side === 'left' || side === 'right' ? side : undefined;
}

/** Removes up to `count` items at one side; returns them in the order in which they were taken. */
export function popItems(call: Call, key: string, side: Side, count: number): readonly string[] {
  const list = listAt(call, key);
  const taken = side === 'left' ? list.slice(0, count) : list.slice(-count).reverse();
  if (taken.length === 0) return taken;
  const rest = side === 'left' ? list.slice(count) : list.slice(0, -count);
  const isGone = storeItems(call, key, { list: rest });
  notify(call, 'l', side === 'left' ? 'lpop' : 'rpop', placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return taken;
}

export function pushItems(call: Call, key: string, side: Side, items: readonly string[]): number {
  const before = listAt(call, key);
  const list = side === 'left' ? [...[...items].reverse(), ...before] : [...before, ...items];
  store(call, key, { list });
  notify(call, 'l', side === 'left' ? 'lpush' : 'rpush', placeOf(call, key));
  return list.length;
}

/** Moves an item from one list to another; undefined if there is none. */
export function moveItem(
  call: Call, from: string, to: string, sides: readonly [Side, Side],
): string | undefined {
  if (listAt(call, from).length === 0) return undefined;
  // The destination is checked before anything is taken: it may be of another type.
  listAt(call, to);
  const [item] = popItems(call, from, sides[0], 1);
  pushItems(call, to, sides[1], [item]);
  return item;
}

function push(call: Call): Reply {
  const [, key, ...items] = call.args;
  const isConditional = call.name.endsWith('x');
  if (isConditional && listAt(call, key).length === 0) return 0;
  return pushItems(call, key, call.name.startsWith('l') ? 'left' : 'right', items);
}

/** LPOP key [count] */
function pop(call: Call): Reply {
  const [, key, word, ...more] = call.args;
  if (more.length > 0) return error(`wrong number of arguments for '${call.name}' command`);
  const count = word === undefined ? 1 : index(word);
  if (count === undefined || count < 0) return error('value is out of range, must be positive');
  const isThere = listAt(call, key).length > 0;
  if (!isThere) return null;
  if (count === 0) return [];
  const items = popItems(call, key, call.name === 'lpop' ? 'left' : 'right', count);
  return word === undefined ? items[0] : items;
}

function insert(call: Call): Reply {
  const [, key, where, pivot, item] = call.args;
  if (!/^(before|after)$/i.test(where)) return syntaxError;
  const list = listAt(call, key);
  if (list.length === 0) return 0;
  const at = list.indexOf(pivot);
  if (at < 0) return -1;
  const place = /^after$/i.test(where) ? at + 1 : at;
  store(call, key, { list: [...list.slice(0, place), item, ...list.slice(place)] });
  notify(call, 'l', 'linsert', placeOf(call, key));
  return list.length + 1;
}

function setItem(call: Call): Reply {
  const [, key, position, item] = call.args;
  const list = listAt(call, key);
  if (list.length === 0) return error('no such key');
  const given = index(position);
  if (given === undefined) return notAnInteger;
  const at = given < 0 ? list.length + given : given;
  if (at < 0 || at >= list.length) return error('index out of range');
  store(call, key, { list: list.with(at, item) });
  notify(call, 'l', 'lset', placeOf(call, key));
  return OK;
}

/** LREM key count element: from the end if the count is negative, all of them if it is 0. */
function removeItems(call: Call): Reply {
  const [, key, number, item] = call.args;
  const count = index(number);
  if (count === undefined) return notAnInteger;
  const list = listAt(call, key);
  const places = list.flatMap((one, i) => (one === item ? [i] : []));
  const most = count === 0 ? places.length : Math.abs(count);
  const removed = new Set(count < 0 ? places.slice(-most) : places.slice(0, most));
  if (removed.size === 0) return 0;
  const isGone = storeItems(call, key, { list: list.filter((_item, i) => !removed.has(i)) });
  notify(call, 'l', 'lrem', placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return removed.size;
}

function trim(call: Call): Reply {
  const [, key, first, last] = call.args;
  const [start, stop] = [index(first), index(last)];
  if (start === undefined || stop === undefined) return notAnInteger;
  const list = listAt(call, key);
  if (list.length === 0) return OK;
  const isGone = storeItems(call, key, { list: range(list, start, stop) });
  notify(call, 'l', 'ltrim', placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return OK;
}

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN length] */
function position(call: Call): Reply {
  const [, key, item, ...words] = call.args;
  const given: Record<string, number> = { rank: 1, maxlen: 0 };
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].toLowerCase();
    if (!['rank', 'count', 'maxlen'].includes(name) || i + 1 >= words.length) return syntaxError;
    const value = index(words[i + 1]);
    if (value === undefined && name === 'rank') return notAnInteger;
    if (name === 'rank' && value === 0) {
      return error(
        "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use " +
          'negative to start from the end of the list',
      );
    }
    if (value === undefined || (name !== 'rank' && value < 0)) {
      return error(`${name.toUpperCase()} can't be negative`);
    }
    given[name] = value;
  }
  const { rank, count, maxlen } = given;
  const list = listAt(call, key);
  const order = [...list.keys()];
  if (rank < 0) order.reverse();
  const seen = maxlen === 0 ? order : order.slice(0, maxlen);
  const found = seen.filter((i) => list[i] === item).slice(Math.abs(rank) - 1);
  if (count === undefined) return found[0] ?? null;
  return count === 0 ? found : found.slice(0, count);
}

/** From the tail to the head, as in a queue. */
export const oldSides: readonly [Side, Side] = ['right', 'left'];

function move(call: Call): Reply {
  const [, from, to, first, second] = call.args;
  const isOlder = call.name === 'rpoplpush';
  const [taken, put] = isOlder ? oldSides : [sideOf(first), sideOf(second)];
  if (taken === undefined || put === undefined) return syntaxError;
  return moveItem(call, from, to, [taken, put]) ?? null;
}

export const listCommands: Commands = {
  lpush: writes(-3, push),
  rpush: writes(-3, push),
  lpushx: writes(-3, push),
  rpushx: writes(-3, push),
  lpop: writes(-2, pop),
  rpop: writes(-2, pop),
  llen: reads(2, (call) => listAt(call, call.args[1]).length),
  lrange: reads(4, (call) => {
    const [start, stop] = [index(call.args[2]), index(call.args[3])];
    if (start === undefined || stop === undefined) return notAnInteger;
    return range(listAt(call, call.args[1]), start, stop);
  }),
  lindex: reads(3, (call) => {
    const list = listAt(call, call.args[1]);
    const at = index(call.args[2]);
    if (at === undefined) return list.length === 0 ? null : notAnInteger;
    return list.at(at) ?? null;
  }),
  lset: writes(4, setItem),
  lrem: writes(4, removeItems),
  ltrim: writes(4, trim),
  linsert: writes(5, insert),
  lpos: reads(-3, position),
  lmove: writes(5, move),
  rpoplpush: writes(3, move),
};
