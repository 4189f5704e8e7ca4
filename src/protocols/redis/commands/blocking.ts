/** Pops and moves that wait for an item: clients that blocked first are served first. */
import {
  type Blocked, entryAt, type Place, type Session, typeName,
} from '../data.ts';
import { error, notAnInteger, type Reply, syntaxError } from '../reply.ts';
import {
  type Call, type Command, type Commands, listAt, notForScripts, WrongType, writes, zsetAt,
} from './call.ts';
import { moveItem, popItems, type Side, sideOf } from './lists.ts';
import { float, index } from './numbers.ts';
import { flat, popMembers } from './sorted-sets.ts';

/** What a blocking command asks for. */
interface Request {
  readonly on: 'list' | 'zset';
  readonly keys: readonly string[];
  /** As it was given; undefined if the command never blocks. */
  readonly timeout: string | undefined;
  /** Takes what a key has; undefined if it has nothing. */
  take(call: Call, key: string): Reply | undefined;
}

type Parse = (args: readonly string[], name: string) => Request | Reply;

const popRequest: Parse = (args, name) => ({
  on: 'list',
  keys: args.slice(1, -1),
  timeout: args.at(-1),
  take(call, key) {
    const [item] = popItems(call, key, name === 'blpop' ? 'left' : 'right', 1);
    return item === undefined ? undefined : [key, item];
  },
});

const moveRequest: Parse = (args, name) => {
  const isOlder = name === 'brpoplpush';
  const [, from, to, first, second] = args;
  const taken = isOlder ? 'right' : sideOf(first);
  const put = isOlder ? 'left' : sideOf(second);
  if (taken === undefined || put === undefined) return syntaxError;
  return {
    on: 'list',
    keys: [from],
    timeout: args.at(-1),
    take: (call) => moveItem(call, from, to, [taken, put]),
  };
};

const popScoreRequest: Parse = (args, name) => ({
  on: 'zset',
  keys: args.slice(1, -1),
  timeout: args.at(-1),
  take(call, key) {
    const taken = popMembers(call, key, name === 'bzpopmin' ? 'min' : 'max', 1);
    return taken.length === 0 ? undefined : [key, ...flat(taken)];
  },
});

/** [timeout] numkeys key [key …] LEFT | RIGHT | MIN | MAX [COUNT count] */
const manyRequest: Parse = (args, name) => {
  const waits = name.startsWith('b');
  const words = args.slice(waits ? 2 : 1);
  const count = index(words[0]);
  if (count === undefined || count <= 0) return error('numkeys should be greater than 0');
  const keys = words.slice(1, count + 1);
  const [where, countWord, most, ...more] = words.slice(count + 1);
  if (keys.length < count || where === undefined) return syntaxError;
  const on = name.includes('z') ? 'zset' : 'list';
  const side = where.toLowerCase();
  if (!(on === 'zset' ? ['min', 'max'] : ['left', 'right']).includes(side)) return syntaxError;
  let limit = 1;
  if (countWord !== undefined) {
    if (!/^count$/i.test(countWord) || most === undefined) return syntaxError;
    const given = index(most);
    if (given === undefined || given <= 0) return error('count should be greater than 0');
    limit = given;
  }
  if (more.length > 0) return syntaxError;
  return {
    on,
    keys,
    timeout: waits ? args[1] : undefined,
    take(call, key) {
      if (on === 'list') {
        const items = popItems(call, key, side as Side, limit);
        return items.length === 0 ? undefined : [key, items];
      }
      const pairs = popMembers(call, key, side as 'min', limit);
      return pairs.length === 0 ? undefined : [key, pairs.map((pair) => flat([pair]))];
    },
  };
};

const requests: Readonly<Record<string, readonly [arity: number, parse: Parse]>> = {
  blpop: [-3, popRequest],
  brpop: [-3, popRequest],
  blmove: [6, moveRequest],
  brpoplpush: [4, moveRequest],
  bzpopmin: [-3, popScoreRequest],
  bzpopmax: [-3, popScoreRequest],
  blmpop: [-5, manyRequest],
  bzmpop: [-5, manyRequest],
  lmpop: [-4, manyRequest],
  zmpop: [-4, manyRequest],
};

const isRequest = (parsed: Request | Reply): parsed is Request =>
  typeof parsed === 'object' && parsed !== null && 'take' in parsed;

/** In milliseconds; null for no limit. */
function timeoutOf(word: string): { ms: number | null } | Reply {
  const seconds = float(word);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    return error('timeout is not a float or out of range');
  }
  if (seconds < 0) return error('timeout is negative');
  // A time below a millisecond is rounded up, because 0 means no limit.
  return { ms: seconds === 0 ? null : Math.ceil(seconds * 1000) };
}

function takeOrBlock(call: Call): Reply | undefined {
  const { args, name, session, data, from, host, request: number } = call;
  const request = requests[name][1](args, name);
  if (!isRequest(request)) return request;
  const { keys, on, timeout } = request;
  const limit = timeout === undefined ? { ms: null } : timeoutOf(timeout);
  if (typeof limit !== 'object' || limit === null || !('ms' in limit)) return limit;
  for (const key of keys) {
    const items = on === 'list' ? listAt(call, key) : zsetAt(call, key);
    if (items.length === 0) continue;
    const reply = request.take(call, key);
    if (reply !== undefined) return reply;
  }
  // In a transaction, nothing can be pushed while it waits.
  if (timeout === undefined || from !== 'client') return null;
  block(call, { args, keys, on, db: session.db, request: number, ordinal: ++data.blockings });
  host.blocked(session, limit.ms);
  return undefined;
}

export function block({ session }: Call, blocked: Blocked): void {
  session.blocked = blocked;
}

export function unblock({ host }: Pick<Call, 'host'>, session: Session): void {
  session.blocked = null;
  host.unblocked(session);
}

/**
 * Serves the clients that wait for keys that have become ready: the keys in the order in which they
 * did, the clients in the order in which they blocked. A move can make further keys ready.
 */
export function serveReady(call: Omit<Call, 'session' | 'args' | 'name' | 'request'>): void {
  const { data } = call;
  while (data.ready.length > 0) {
    const places = data.ready;
    data.ready = [];
    for (const place of places) serveKey(call, place);
  }
}

function serveKey(
  call: Omit<Call, 'session' | 'args' | 'name' | 'request'>, place: Place,
): void {
  const waiting = call.data.sessions
    .filter(({ blocked }) => blocked?.db === place.db && blocked.keys.includes(place.key))
    .sort((a, b) => a.blocked!.ordinal - b.blocked!.ordinal);
  for (const session of waiting) {
    const entry = entryAt(call.data, place);
    if (entry === undefined) return;
    const blocked = session.blocked!;
    if (typeName(entry.value) !== blocked.on) continue;
    const reply = serve({ ...call, session, ...asGiven(blocked) }, place.key);
    if (reply === undefined) continue;
    unblock(call, session);
    call.host.answer(session, blocked.request, reply);
  }
}

const asGiven = ({ args, request }: Blocked) => ({ args, request, name: args[0].toLowerCase() });

function serve(call: Call, key: string): Reply | undefined {
  const request = requests[call.name][1](call.args, call.name);
  if (!isRequest(request)) return request;
  try {
    return request.take(call, key);
  } catch (fault) {
    if (fault instanceof WrongType) return fault.reply;
    throw fault;
  }
}

// WAIT

const waitOnReplica = error(
  'WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a ' +
    'replica is configured to be writable (which is not the default) writes to replicas are ' +
    'just local and are not propagated.',
);

/** https://redis.io/commands/wait: until so many replicas confirm this connection's writes. */
function wait(call: Call): Reply | undefined {
  const { args, session, host, data, from, request } = call;
  const [count, timeout] = [index(args[1]), index(args[2])];
  if (count === undefined) return notAnInteger;
  if (timeout === undefined) return error('timeout is not an integer or out of range');
  if (timeout < 0) return error('timeout is negative');
  if (!host.isPrimary) return waitOnReplica;
  const confirmed = host.confirmed(session.wrote);
  if (confirmed >= count || from !== 'client') return confirmed;
  const ordinal = ++data.blockings;
  block(call, { args, keys: [], on: 'replicas', db: session.db, request, ordinal });
  host.blocked(session, timeout === 0 ? null : timeout);
  return undefined;
}

/** Answers the clients in WAIT whose replicas have confirmed. */
export function serveWaiting(call: Pick<Call, 'data' | 'host'>): void {
  for (const session of call.data.sessions) {
    const { blocked } = session;
    if (blocked?.on !== 'replicas') continue;
    const confirmed = call.host.confirmed(session.wrote);
    if (confirmed < Number(blocked.args[1])) continue;
    unblock(call, session);
    call.host.answer(session, blocked.request, confirmed);
  }
}

/** The reply to a client that has waited long enough. */
export function replyAtTimeout({ host }: Pick<Call, 'host'>, session: Session): Reply {
  return session.blocked?.on === 'replicas' ? host.confirmed(session.wrote) : null;
}

const blockingCommand = (name: string): Command => {
  const [arity] = requests[name];
  const command = writes(arity, takeOrBlock);
  return name.startsWith('b') ? notForScripts(command) : command;
};

export const blockingCommands: Commands = {
  ...Object.fromEntries(Object.keys(requests).map((name) => [name, blockingCommand(name)])),
  wait: notForScripts({ arity: 3, writes: false, run: wait }),
};
