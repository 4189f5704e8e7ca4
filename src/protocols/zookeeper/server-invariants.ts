/** What a ZooKeeper server promises at every step: zxids, numbers, versions, sessions, watches. */
import { invariant } from '../../protocol/define.ts';
import type {
  Invariant, Micros, NodeId, Observed, ObservedEvent, ObservedMessage,
} from '../../protocol/types.ts';
import { isServer, type ServerState } from './server-state.ts';
import { childrenOf, znodeAt, type Znode } from './tree.ts';
import { eventBeforeData, watchesFire } from './watch-invariants.ts';
import { parentOf, zxidText } from './wire.ts';

/** A server that synchronizes with its leader goes back and forth; one that serves does not. */
function isServing({ up, state }: Observed<ServerState>): boolean {
  return up && state.zabState === 'BROADCAST';
}

/** "A client will never see the state go back", whichever server it is connected to. */
const neverBack = invariant<Record<string, number>>({
  doc: 'A session sees no state that is older than one which it has seen, at whichever server.',
  remember: () => ({}),
  check({ acted, message, memory }) {
    if (message?.body.type !== 'Reply' || acted === undefined) return undefined;
    const { session } = acted.state as { session?: string };
    if (!session) return undefined;
    const { zxid } = message.body;
    const before = memory[session] ?? 0;
    memory[session] = Math.max(zxid, before);
    if (zxid >= before) return undefined;
    return (
      `${acted.id} got a reply from ${message.from} as of ${zxidText(zxid)}, but it had seen ` +
      `${zxidText(before)}.`
    );
  },
});

function changesOf({ znodes, containers, sessions }: Readonly<ServerState>): string {
  const all = [...Object.entries(znodes), ...Object.entries(containers)];
  const states = all.map(([path, { mzxid, pzxid, version }]) => {
    return `${path} ${mzxid} ${pzxid} ${version}`;
  });
  return [...states, ...Object.keys(sessions)].join('\n');
}

/** Programmer's Guide, "Time in ZooKeeper": every change gets a zxid, and each has its own. */
const everyChangeHasZxid = invariant<Record<NodeId, { zxid: number; state: string }>>({
  doc: 'Each change of nodes or sessions is a transaction with a zxid of its own.',
  remember: () => ({}),
  check({ acted, message, memory }) {
    if (!isServer(acted) || message?.body.type === 'PING') return undefined;
    if (!isServing(acted)) {
      delete memory[acted.id];
      return undefined;
    }
    const { zxid, znodes } = acted.state;
    const state = changesOf(acted.state);
    const before = memory[acted.id];
    memory[acted.id] = { zxid, state };
    for (const [path, { czxid, mzxid }] of Object.entries(znodes)) {
      const newest = Math.max(czxid, mzxid);
      if (newest <= zxid) continue;
      return `${path} has zxid ${zxidText(newest)}, but the last one is ${zxidText(zxid)}.`;
    }
    if (before === undefined || before.state === state || zxid > before.zxid) return undefined;
    return `${acted.id} changed its nodes or sessions, but its zxid is still ${zxidText(zxid)}.`;
  },
});

/** What a server has counted; zxid −1 if it does not serve. */
interface Numbers {
  readonly sessions: number;
  readonly zxid: number;
  /** Path and czxid → how many children were created. */
  readonly created: Record<string, number>;
}

/**
 * Programmer's Guide, "Sequence Nodes": "a monotonically increasing counter". Session ids are
 * unique, even after a crash.
 */
const numbersUsedOnce = invariant<Record<NodeId, Numbers>>({
  doc: 'The children of a node never share a sequence number, and no session id is used twice.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { znodes, containers, sessionCount, zxid } = acted.state;
    const before = memory[acted.id] ?? { sessions: 0, zxid: -1, created: {} };
    // A number that a crash lost is passed over when the server starts again.
    const sessions = acted.up ? sessionCount : before.sessions;
    // A server that synchronizes with its leader goes back and forth: what it had does not count.
    const now: Numbers = isServing(acted)
      ? { sessions, zxid, created: before.created }
      : { sessions, zxid: -1, created: {} };
    memory[acted.id] = now;
    if (sessions < before.sessions) {
      return `The number of sessions so far fell from ${before.sessions} to ${sessions}.`;
    }
    if (now.zxid === before.zxid) return undefined;
    const all = [...Object.entries(znodes), ...Object.entries(containers)];
    for (const [path, { czxid, created }] of all) {
      // A parent that is created again begins again.
      const name = `${path} ${czxid}`;
      const last = now.created[name] ?? 0;
      now.created[name] = created;
      if (created >= last) continue;
      return `The number of children of ${path} so far fell from ${last} to ${created}.`;
    }
    return undefined;
  },
});

/** Programmer's Guide, "Stat": versions count changes, and `check` and `set` compare them. */
const versionsCount = invariant<
  Record<NodeId, Record<string, Pick<Znode, 'mzxid' | 'version'>>>
>({
  doc: 'The version of a node grows by one with each change of its data, and with nothing else.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    if (!isServing(acted)) {
      delete memory[acted.id];
      return undefined;
    }
    const known = (memory[acted.id] ??= {});
    for (const [path, { czxid, mzxid, version }] of Object.entries(acted.state.znodes)) {
      const name = `${path} ${czxid}`;
      const before = known[name];
      if (before?.mzxid === mzxid && before.version === version) continue;
      known[name] = { mzxid, version };
      // Several parts of one multi may change it, in one transaction.
      const isRight = before === undefined || (mzxid !== before.mzxid && version > before.version);
      if (isRight) continue;
      return `${path} went from version ${before.version} to ${version}, its data from zxid ` +
        `${zxidText(before.mzxid)} to ${zxidText(mzxid)}.`;
    }
    return undefined;
  },
});

const childrenCounted = invariant({
  doc: 'Each node has a parent, which knows how many children it has; ephemeral ones have none.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { state } = acted;
    for (const path of [...Object.keys(state.znodes), ...Object.keys(state.containers)]) {
      const count = childrenOf(state, path).length;
      const { children, created, session } = znodeAt(state, path)!;
      if (count !== children) return `${path} counts ${children} children, but has ${count}.`;
      if (count > created) {
        return `${path} counts ${created} creations of children, but has ${count}.`;
      }
      if (count > 0 && session !== '') return `${path} is ephemeral, but has children.`;
      const parent = parentOf(path);
      if (znodeAt(state, parent) === undefined) return `${path} exists, but not ${parent}.`;
    }
    return undefined;
  },
});

/** Programmer's Guide, "Ephemeral Nodes". One without a session would block its lock forever. */
const noOrphans = invariant({
  doc: 'An ephemeral node exists no longer than its session.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { znodes, sessions } = acted.state;
    for (const path in znodes) {
      const { session } = znodes[path];
      if (session === '' || session in sessions) continue;
      return `${path} exists, but its session ${session} is over.`;
    }
    return undefined;
  },
});

const oneConnection = invariant({
  doc: 'A session goes on over one connection at a time, and only while it exists.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { connections, sessions } = acted.state;
    const carriers = new Map<string, string>();
    for (const [connection, { session, isReady }] of Object.entries(connections)) {
      if (!isReady) continue;
      const other = carriers.get(session);
      if (other !== undefined) return `${other} and ${connection} both carry ${session}.`;
      if (!(session in sessions)) return `${connection} carries ${session}, which is over.`;
      carriers.set(session, connection);
    }
    return undefined;
  },
});

interface Heard {
  readonly at: Micros;
  readonly timeout: Micros;
}

/** The sessions of which a leader hears in a step, from clients or servers, with their timeouts. */
function heardOf(
  { state }: Observed<ServerState>,
  message: ObservedMessage | undefined,
  events: readonly ObservedEvent[],
): Readonly<Record<string, Micros>> {
  // A new leader restarts the time of each session, because it was not the one that heard it.
  if (events.some(({ name }) => name === 'EpochEstablished')) {
    const all = Object.entries(state.sessions);
    return Object.fromEntries(all.map(([session, { timeout }]) => [session, timeout]));
  }
  if (message === undefined) return {};
  const { from, body } = message;
  switch (body.type) {
    case 'PING':
      return body.touched;
    case 'REVALIDATE':
      return { [body.session]: body.timeout };
    case 'REQUEST': {
      const { session, command } = body.request;
      return command.op === 'create-session' ? { [session]: command.timeout } : {};
    }
    case 'ConnectRequest':
    case 'Request':
    case 'Ping': {
      const attached = Object.values(state.connections).filter(({ client }) => client === from);
      return Object.fromEntries(attached.map(({ session, timeout }) => [session, timeout]));
    }
    default:
      return {};
  }
}

/**
 * Programmer's Guide, "ZooKeeper Sessions": the leader ends a session when it has not heard of the
 * client for the timeout. Its own clock may run fast, so half the timeout counts as silence.
 */
const silenceEndsSessions = invariant<Record<string, Heard>>({
  doc: 'A session expires only after the leader has heard nothing of it for its timeout.',
  remember: () => ({}),
  check({ acted, events, message, time, memory }) {
    if (!isServer(acted) || acted.state.leading === null) return undefined;
    for (const { name, fields } of events) {
      const key = `${acted.id} ${fields.session}`;
      const last = name === 'SessionExpired' ? memory[key] : undefined;
      if (last === undefined || time - last.at >= last.timeout / 2) continue;
      const silence = `${(time - last.at) / 1_000_000} s after its client was heard`;
      return `${fields.session} expired ${silence}, within its timeout.`;
    }
    for (const [session, timeout] of Object.entries(heardOf(acted, message, events))) {
      const isOpen = acted.state.leading.tracked[session]?.isClosing === false;
      if (isOpen) memory[`${acted.id} ${session}`] = { at: time, timeout };
    }
    return undefined;
  },
});

export const serverInvariants: Record<string, Invariant> = {
  'an ephemeral node goes with its session': noOrphans,
  'a client never goes back in time': neverBack,
  'each change has a zxid': everyChangeHasZxid,
  'numbers are given once': numbersUsedOnce,
  'versions count changes': versionsCount,
  'parents count their children': childrenCounted,
  'a watch fires': watchesFire,
  'the event comes before the data': eventBeforeData,
  'a session has one connection': oneConnection,
  'silence ends a session': silenceEndsSessions,
};
