/** What a ZooKeeper server promises at every step: of zxids, sequence numbers and watches. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { type ServerState, zxidText } from './state.ts';

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server';
}

interface Contents {
  zxid: number;
  /** The names of all nodes and sessions. */
  names: string;
}

/** Programmer's Guide, "Time in ZooKeeper": every change gets a zxid, and each has its own. */
const everyChangeHasZxid = invariant<Record<NodeId, Contents>>({
  doc: 'Each change of nodes or sessions is a transaction with a zxid of its own.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { zxid, znodes, sessions } = acted.state;
    const names = [...Object.keys(znodes), ...Object.keys(sessions)].join(' ');
    const before = memory[acted.id];
    memory[acted.id] = { zxid, names };
    const created = new Map<number, string>();
    for (const [path, { czxid }] of Object.entries(znodes)) {
      const other = created.get(czxid);
      if (other !== undefined) return `${other} and ${path} have the same zxid ${zxidText(czxid)}.`;
      if (czxid > zxid) {
        return `${path} has zxid ${zxidText(czxid)}, but the last one is ${zxidText(zxid)}.`;
      }
      created.set(czxid, path);
    }
    if (before === undefined || before.names === names || zxid > before.zxid) return undefined;
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
    const { sequences, sessionCount, znodes } = acted.state;
    for (const [name, before] of Object.entries(memory)) {
      const now = name === '' ? sessionCount : (sequences[name] ?? 0);
      if (now >= before) continue;
      const what = name === '' ? 'sessions' : `children of ${name}`;
      return `The number of ${what} so far fell from ${before} to ${now}.`;
    }
    Object.assign(memory, sequences, { '': sessionCount });
    for (const [path, { sequence }] of Object.entries(znodes)) {
      const next = sequences[path.slice(0, path.lastIndexOf('/'))] ?? 0;
      if (sequence >= next) return `${path} exists, but the next number is ${next}.`;
    }
    return undefined;
  },
});

/** A watch fires once; one that is left behind would never fire, and its client would wait. */
const watchesFire = invariant({
  doc: 'A watch waits at a node that exists, for a client with a session: otherwise it has fired.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { watches, znodes, sessions } = acted.state;
    for (const { path, client } of watches) {
      if (!(path in znodes)) return `${client} still watches ${path}, which was deleted.`;
      if (Object.values(sessions).some((session) => session.client === client)) continue;
      return `${client} still watches ${path}, but has no session.`;
    }
    return undefined;
  },
});

export const ensembleInvariants: Record<string, Invariant> = {
  'each change has a zxid': everyChangeHasZxid,
  'numbers are given once': numbersUsedOnce,
  'a watch fires': watchesFire,
};
