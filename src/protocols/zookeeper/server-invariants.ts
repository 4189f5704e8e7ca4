/** What a ZooKeeper server promises at every step: zxids, numbers, versions, sessions, watches. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Micros, NodeId } from '../../protocol/types.ts';
import { isServer, type ServerState } from './server-state.ts';
import { childrenOf, znodeAt, type Znode } from './tree.ts';
import { parentOf, zxidText } from './wire.ts';

export const zxidNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'The zxid of a server never decreases, not even after a crash.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const { zxid } = acted.state;
    memory[acted.id] = Math.max(before, zxid);
    if (zxid >= before) return undefined;
    return `The zxid of ${acted.id} fell from ${zxidText(before)} to ${zxidText(zxid)}.`;
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
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
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

/**
 * Programmer's Guide, "Sequence Nodes": "a monotonically increasing counter". Session ids are
 * unique, even after a crash.
 */
const numbersUsedOnce = invariant<Record<string, number>>({
  doc: 'The children of a node never share a sequence number, and no session id is used twice.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { znodes, containers, sessionCount } = acted.state;
    const counts: Record<string, number> = { '': sessionCount };
    for (const [path, { czxid, created }] of [
      ...Object.entries(znodes), ...Object.entries(containers),
    ]) {
      // A parent that is created again begins again.
      counts[`${path} ${czxid}`] = created;
    }
    for (const [name, now] of Object.entries(counts)) {
      const before = memory[name] ?? 0;
      memory[name] = Math.max(before, now);
      if (now >= before) continue;
      const what = name === '' ? 'sessions' : `children of ${name.split(' ')[0]}`;
      return `The number of ${what} so far fell from ${before} to ${now}.`;
    }
    return undefined;
  },
});

/** Programmer's Guide, "Stat": versions count changes, and `check` and `set` compare them. */
const versionsCount = invariant<Record<string, Pick<Znode, 'mzxid' | 'version'>>>({
  doc: 'The version of a node grows by one with each change of its data, and with nothing else.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    for (const [path, { czxid, mzxid, version }] of Object.entries(acted.state.znodes)) {
      const name = `${path} ${czxid}`;
      const before = memory[name] ?? { mzxid: czxid, version: 0 };
      memory[name] = { mzxid, version };
      const isChanged = mzxid !== before.mzxid;
      // Several parts of one multi may change it, in one transaction.
      if (isChanged ? version > before.version : version === before.version) continue;
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

/** A watch fires once, at the first change. One that is left behind would let its client wait. */
const watchesFire = invariant<Record<string, number>>({
  doc: 'A watch waits only while what it watches is as it was; then it fires, and is gone.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { state } = acted;
    const before = { ...memory };
    for (const name of Object.keys(memory)) delete memory[name];
    for (const { kind, path, connection } of state.watches) {
      const znode = znodeAt(state, path);
      const zxid = (kind === 'data' ? znode?.mzxid : znode?.pzxid) ?? 0;
      const name = `${acted.id} ${kind} ${path} ${connection}`;
      memory[name] = zxid;
      if (before[name] !== undefined && before[name] !== zxid) {
        return `${connection} still watches ${path}, which has changed.`;
      }
      if (kind === 'child' && znode === undefined) {
        return `${connection} still watches the children of ${path}, which was deleted.`;
      }
      if (connection in state.connections) continue;
      return `${connection} still watches ${path}, but carries no session.`;
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
    for (const [connection, { session }] of Object.entries(connections)) {
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

/**
 * Programmer's Guide, "ZooKeeper Sessions": the server ends a session when it has not heard from
 * the client for the timeout. Its own clock may run fast, so half the timeout counts as silence.
 */
const silenceEndsSessions = invariant<Record<string, Heard>>({
  doc: 'A session expires only after the server has heard nothing of it for its timeout.',
  remember: () => ({}),
  check({ acted, events, message, time, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { name, fields } of events) {
      const last = name === 'SessionExpired' ? memory[fields.session] : undefined;
      if (last === undefined || time - last.at >= last.timeout / 2) continue;
      const silence = `${(time - last.at) / 1_000_000} s after its client was heard`;
      return `${fields.session} expired ${silence}, within its timeout.`;
    }
    for (const { session, client, timeout } of Object.values(acted.state.connections)) {
      if (message?.from !== client) continue;
      memory[session] = { at: time, timeout };
    }
    return undefined;
  },
});

export const serverInvariants: Record<string, Invariant> = {
  'an ephemeral node goes with its session': noOrphans,
  'the zxid never falls': zxidNeverFalls,
  'each change has a zxid': everyChangeHasZxid,
  'numbers are given once': numbersUsedOnce,
  'versions count changes': versionsCount,
  'parents count their children': childrenCounted,
  'a watch fires': watchesFire,
  'a session has one connection': oneConnection,
  'silence ends a session': silenceEndsSessions,
};
