/** Commands on sets. */
import { error, notAnInteger, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Commands, lookup, notify, placeOf, reads, remove, setAt, store,
  storeItems, writes,
} from './call.ts';
import { scanMembers } from './keys.ts';
import { index, integer } from './numbers.ts';

/** A set of integers is kept in their order, as Redis keeps a small one. */
function ordered(members: readonly string[]): readonly string[] {
  if (!members.every((member) => integer(member) !== undefined)) return members;
  return [...members].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

function add(call: Call): Reply {
  const [, key, ...members] = call.args;
  const before = setAt(call, key);
  const set = [...new Set([...before, ...members])];
  if (set.length === before.length) return 0;
  store(call, key, { set: ordered(set) });
  notify(call, 's', 'sadd', placeOf(call, key));
  return set.length - before.length;
}

function removeMembers(call: Call, key: string, members: readonly string[], event: string): number {
  const before = setAt(call, key);
  const set = before.filter((member) => !members.includes(member));
  if (set.length === before.length) return 0;
  const isGone = storeItems(call, key, { set });
  notify(call, 's', event, placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return before.length - set.length;
}

function moveMember(call: Call): Reply {
  const [, from, to, member] = call.args;
  if (lookup(call, from) === undefined) return 0;
  const isIn = setAt(call, from).includes(member);
  const target = setAt(call, to);
  if (!isIn) return 0;
  if (from === to) return 1;
  removeMembers(call, from, [member], 'srem');
  if (!target.includes(member)) {
    store(call, to, { set: ordered([...target, member]) });
    notify(call, 's', 'sadd', placeOf(call, to));
  }
  return 1;
}

/** `count` members drawn at random, each at most once. */
function draw({ host }: Call, members: readonly string[], count: number): string[] {
  const rest = [...members];
  const drawn: string[] = [];
  while (drawn.length < count && rest.length > 0) {
    drawn.push(...rest.splice(host.random(rest.length), 1));
  }
  return drawn;
}

function pop(call: Call): Reply {
  const [, key, word, ...more] = call.args;
  if (more.length > 0) return syntaxError;
  const count = word === undefined ? 1 : index(word);
  if (count === undefined || count < 0) return error('value is out of range, must be positive');
  const taken = draw(call, setAt(call, key), count);
  if (taken.length > 0) removeMembers(call, key, taken, 'spop');
  return word === undefined ? (taken[0] ?? null) : taken;
}

/** SRANDMEMBER key [count]: with a negative count, a member may come more than once. */
function randomMember(call: Call): Reply {
  const [, key, word, ...more] = call.args;
  if (more.length > 0) return syntaxError;
  const members = setAt(call, key);
  if (word === undefined) return draw(call, members, 1)[0] ?? null;
  const count = index(word);
  if (count === undefined) return notAnInteger;
  if (count >= 0) return draw(call, members, count);
  if (members.length === 0) return [];
  return Array.from({ length: -count }, () => members[call.host.random(members.length)]);
}

type Combine = (sets: readonly (readonly string[])[]) => readonly string[];

const combinations: Readonly<Record<string, Combine>> = {
  sinter: ([first, ...rest]) => first.filter((one) => rest.every((set) => set.includes(one))),
  sunion: (sets) => [...new Set(sets.flat())],
  sdiff: ([first, ...rest]) => first.filter((one) => !rest.some((set) => set.includes(one))),
};

const combine = (call: Call): Reply =>
  ordered(combinations[call.name](call.args.slice(1).map((key) => setAt(call, key))));

function combineAndStore(call: Call): Reply {
  const [, key, ...from] = call.args;
  const kind = call.name.replace('store', '');
  const set = ordered(combinations[kind](from.map((one) => setAt(call, one))));
  if (set.length === 0) {
    if (lookup(call, key) && remove(call, key)) notify(call, 'g', 'del', placeOf(call, key));
    return 0;
  }
  store(call, key, { set }, null);
  notify(call, 's', call.name, placeOf(call, key));
  return set.length;
}

/** SINTERCARD numkeys key [key …] [LIMIT limit] */
function intersectionSize(call: Call): Reply {
  const count = index(call.args[1]);
  if (count === undefined || count <= 0) return error('numkeys should be greater than 0');
  const rest = call.args.slice(2);
  if (count > rest.length) return error("Number of keys can't be greater than number of args");
  const words = rest.slice(count);
  let limit = 0;
  if (words.length > 0) {
    if (words.length !== 2 || !/^limit$/i.test(words[0])) return syntaxError;
    const given = index(words[1]);
    if (given === undefined || given < 0) return error("LIMIT can't be negative");
    limit = given;
  }
  const { length } = combinations.sinter(rest.slice(0, count).map((key) => setAt(call, key)));
  return limit === 0 ? length : Math.min(limit, length);
}

function scan(call: Call): Reply {
  return scanMembers(call, (matches) => setAt(call, call.args[1]).filter(matches));
}

export const setCommands: Commands = {
  sadd: writes(-3, add),
  srem: writes(-3, (call) => removeMembers(call, call.args[1], call.args.slice(2), 'srem')),
  smove: writes(4, moveMember),
  sismember: reads(3, (call) => (setAt(call, call.args[1]).includes(call.args[2]) ? 1 : 0)),
  smismember: reads(-3, (call) => {
    const members = setAt(call, call.args[1]);
    return call.args.slice(2).map((one) => (members.includes(one) ? 1 : 0));
  }),
  smembers: reads(2, (call) => setAt(call, call.args[1])),
  scard: reads(2, (call) => setAt(call, call.args[1]).length),
  spop: writes(-2, pop),
  srandmember: reads(-2, randomMember),
  sinter: reads(-2, combine),
  sunion: reads(-2, combine),
  sdiff: reads(-2, combine),
  sinterstore: writes(-3, combineAndStore),
  sunionstore: writes(-3, combineAndStore),
  sdiffstore: writes(-3, combineAndStore),
  sintercard: reads(-3, intersectionSize),
  sscan: reads(-3, scan),
};
