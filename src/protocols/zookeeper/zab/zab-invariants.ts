/** What Zab promises at every step, about what servers broadcast, commit and deliver. */
// The properties of the paper (Junqueira, Reed, Serafini: Zab, DSN 2011, §III.B), by their words. A
// transaction is delivered when a server that serves clients has executed it.
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, NodeId, Observed, ObservedMessage } from '../../../protocol/types.ts';
import { isServer, type ServerState } from '../server-state.ts';
import { zxidText } from '../wire.ts';
import { acknowledgementInvariants, has } from './acknowledged.ts';
import { epochOf, type Transaction } from './packets.ts';

type Server = Observed<ServerState>;

function isServing({ up, state }: Server): boolean {
  return up && state.zabState === 'BROADCAST';
}

/** What a server has delivered that an invariant has not seen, in order. */
function newlyDelivered(server: Server, upTo: Record<NodeId, number>): readonly Transaction[] {
  const { log, zxid } = server.state;
  if (!isServing(server)) {
    // When it serves again, all that it then has is checked anew.
    delete upTo[server.id];
    return [];
  }
  const before = upTo[server.id] ?? -1;
  if (before === zxid) return [];
  upTo[server.id] = zxid;
  return log.filter((one) => one.zxid > before && one.zxid <= zxid);
}

/** What a leader has proposed that an invariant has not seen, in order. */
function newlyProposed(server: Server, upTo: Record<NodeId, number>): readonly Transaction[] {
  const { log, leading } = server.state;
  if (leading === null || !server.up) {
    delete upTo[server.id];
    return [];
  }
  const before = upTo[server.id] ?? -1;
  if (before === leading.lastProposed) return [];
  upTo[server.id] = leading.lastProposed;
  return log.filter(({ zxid }) => zxid > before && epochOf(zxid) === leading.epoch);
}

const oneLeader = invariant<Record<number, NodeId>>({
  doc: 'Leadership: in each epoch at most one server is established as leader.',
  remember: () => ({}),
  check({ events, memory }) {
    for (const { name, node, fields } of events) {
      if (name !== 'EpochEstablished') continue;
      const other = memory[fields.epoch];
      if (other !== undefined) {
        return `${node} is established in epoch ${fields.epoch}, in which ${other} was before.`;
      }
      memory[fields.epoch] = node;
    }
    return undefined;
  },
});

interface Proposals {
  proposed: Record<NodeId, number>;
  delivered: Record<NodeId, number>;
  /** zxid → the transaction, as JSON. */
  texts: Record<number, string>;
}

const integrity = invariant<Proposals>({
  doc: 'Integrity: a server delivers only what a leader has proposed, as it was, and once.',
  remember: () => ({ proposed: {}, delivered: {}, texts: {} }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    for (const transaction of newlyProposed(acted, memory.proposed)) {
      memory.texts[transaction.zxid] ??= JSON.stringify(transaction);
    }
    let before = -1;
    for (const transaction of newlyDelivered(acted, memory.delivered)) {
      const { zxid } = transaction;
      if (zxid <= before) return `${acted.id} delivers ${zxidText(zxid)} twice, or out of order.`;
      before = zxid;
      if (memory.texts[zxid] === JSON.stringify(transaction)) continue;
      return `${acted.id} delivers ${zxidText(zxid)}, which no leader has proposed like that.`;
    }
    return undefined;
  },
});

interface Order {
  delivered: Record<NodeId, number>;
  /** What was delivered, by any server, in order. */
  zxids: number[];
  texts: Record<number, string>;
  /** The last one that each server has delivered. */
  last: Record<NodeId, number>;
  /** Snapshots hide these, above `after`, until a server delivers them one by one. */
  hidden: { after: number; upTo: number }[];
}

/** Of two servers, one has delivered what the other has, and then perhaps more. */
const totalOrder = invariant<Order>({
  doc: 'Total order, agreement: all servers deliver the same transactions in the same order.',
  remember: () => ({ delivered: {}, zxids: [], texts: {}, last: {}, hidden: [] }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { id, state } = acted;
    const isAnew = memory.delivered[id] === undefined;
    const delivered = newlyDelivered(acted, memory.delivered);
    if (isAnew && isServing(acted)) takeOver(memory, id, state.snapshot.zxid);
    for (const transaction of delivered) {
      const expected = deliver(memory, id, transaction);
      if (expected === undefined) continue;
      return (
        `${id} delivers ${zxidText(transaction.zxid)} where another server has delivered ` +
        `${zxidText(expected)}.`
      );
    }
    return undefined;
  },
});

/** A new leader passes on all of its log in a snapshot, also what is not yet committed. */
function takeOver({ zxids, hidden, last }: Order, server: NodeId, upTo: number): void {
  last[server] = upTo;
  const after = zxids.at(-1) ?? 0;
  if (upTo > after) hidden.push({ after, upTo });
}

/** Returns what was expected in its place; undefined if it may be delivered there. */
function deliver(memory: Order, server: NodeId, transaction: Transaction): number | undefined {
  const { zxids, texts, last } = memory;
  const { zxid } = transaction;
  const before = last[server];
  const text = JSON.stringify(transaction);
  const later = zxids.findLastIndex((one) => one <= before) + 1;
  const expected = zxids[later];
  const gaps = memory.hidden.filter(({ after, upTo }) => after < zxid && zxid <= upTo);
  last[server] = zxid;
  if (expected === zxid) return texts[zxid] === text ? undefined : expected;
  if (expected !== undefined && (zxid > expected || gaps.length === 0)) return expected;
  zxids.splice(later, 0, zxid);
  texts[zxid] = text;
  // A server that has delivered all before it shows that there is nothing in between.
  for (const gap of gaps) if (before <= gap.after) gap.after = zxid;
  return undefined;
}

interface PrimaryOrder {
  proposed: Record<NodeId, number>;
  delivered: Record<NodeId, number>;
  /** Epoch → its proposals, in the order in which its leader made them. */
  proposals: Record<number, number[]>;
  last: Record<NodeId, number>;
}

/** The TLA+ specification has ∃ where the paper says "for all": there it holds trivially. */
const primaryOrder = invariant<PrimaryOrder>({
  doc: 'Primary order: what a leader proposed first, and any earlier epoch, is delivered first.',
  remember: () => ({ proposed: {}, delivered: {}, proposals: {}, last: {} }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { zxid } of newlyProposed(acted, memory.proposed)) {
      (memory.proposals[epochOf(zxid)] ??= []).push(zxid);
    }
    if (memory.delivered[acted.id] === undefined) memory.last[acted.id] = acted.state.snapshot.zxid;
    for (const { zxid } of newlyDelivered(acted, memory.delivered)) {
      const last = memory.last[acted.id];
      memory.last[acted.id] = zxid;
      if (epochOf(last) > epochOf(zxid)) {
        return `${acted.id} delivers ${zxidText(zxid)} after ${zxidText(last)} of a later epoch.`;
      }
      const proposals = memory.proposals[epochOf(zxid)] ?? [];
      const before = proposals[proposals.indexOf(zxid) - 1];
      if (before === undefined || before <= last) continue;
      return (
        `${acted.id} delivers ${zxidText(zxid)}, but not ${zxidText(before)}, which the same ` +
        'leader proposed before.'
      );
    }
    return undefined;
  },
});

/** What clients may have been told is committed; a leader without it would take it back. */
const nothingLost = invariant<number[]>({
  doc: 'Primary integrity: each new leader has all transactions that were ever committed.',
  remember: () => [],
  check({ nodes, events, memory }) {
    for (const { name, node, fields } of events) {
      if (name === 'TransactionCommitted') memory.push(fields.zxid);
      if (name !== 'EpochEstablished') continue;
      const leader = nodes.filter(isServer).find(({ id }) => id === node)!;
      const lost = memory.find((zxid) => !has(leader.state, zxid));
      if (lost === undefined) continue;
      return `${node} leads epoch ${fields.epoch} without ${zxidText(lost)}, which was committed.`;
    }
    return undefined;
  },
});

const onQuorum = invariant({
  doc: 'A transaction is committed only when a majority of the voters has it in its log.',
  check({ nodes, events }) {
    for (const { name, fields } of events) {
      if (name !== 'TransactionCommitted') continue;
      const voters = nodes.filter(isServer).filter(({ role }) => role === 'server');
      const count = voters.filter(({ state }) => has(state, fields.zxid)).length;
      if (2 * count > voters.length) continue;
      const have = `${count} of ${voters.length} have it`;
      return `${zxidText(fields.zxid)} is committed, but only ${have}.`;
    }
    return undefined;
  },
});

interface Epochs {
  readonly accepted: number;
  readonly current: number;
}

interface EpochsOfServers {
  /** In the memory of each server. */
  held: Record<NodeId, Epochs>;
  /** To which each server is bound by what it sent and another one has received. */
  shown: Record<NodeId, Epochs>;
}

/**
 * A running server keeps its epochs. A crash may take one that was not on disk yet, because the
 * message that relies on it was not sent either.
 */
const epochsGrow = invariant<EpochsOfServers>({
  doc: 'The epochs of a server never fall, not even in a crash; it is in none that it refuses.',
  remember: () => ({ held: {}, shown: {} }),
  check({ acted, message, memory: { held, shown } }) {
    if (!isServer(acted)) return undefined;
    if (message !== undefined) noteShown(shown, message, acted);
    const { id, up, state: { acceptedEpoch: accepted, currentEpoch: current } } = acted;
    const bound = shown[id] ?? noEpochs;
    const before = up ? later(held[id] ?? noEpochs, bound) : bound;
    held[id] = { accepted, current };
    if (accepted < before.accepted) {
      return `The accepted epoch of ${id} fell from ${before.accepted} to ${accepted}.`;
    }
    if (current < before.current) {
      return `The current epoch of ${id} fell from ${before.current} to ${current}.`;
    }
    if (current <= accepted) return undefined;
    return `${id} is in epoch ${current}, but has accepted only ${accepted}.`;
  },
});

const noEpochs: Epochs = { accepted: 0, current: 0 };

function later(one: Epochs, other: Epochs): Epochs {
  return {
    accepted: Math.max(one.accepted, other.accepted),
    current: Math.max(one.current, other.current),
  };
}

/** An epoch that a leader announces or a learner acknowledges was written to disk before. */
function noteShown(
  shown: Record<NodeId, Epochs>,
  { from, body }: ObservedMessage,
  { state: { leading } }: Server,
): void {
  const epochs = { accepted: 0, current: 0 };
  if (body.type === 'LEADERINFO') epochs.accepted = body.epoch;
  else if (body.type === 'FOLLOWERINFO') epochs.accepted = body.acceptedEpoch;
  else if (body.type === 'ACKEPOCH') epochs.accepted = leading?.epoch ?? 0;
  else if (body.type === 'ACK') epochs.current = epochOf(body.zxid);
  else return;
  shown[from] = later(shown[from] ?? noEpochs, epochs);
}

const keepsQuorum = invariant<Record<NodeId, { tick: number; heard: Record<NodeId, number> }>>({
  doc: 'A leader leads only while it hears a majority of the voters within the limit.',
  remember: () => ({}),
  check({ acted, nodes, message, memory }) {
    if (!isServer(acted)) return undefined;
    const { leading } = acted.state;
    if (leading === null || !isServing(acted)) {
      delete memory[acted.id];
      return undefined;
    }
    const known = (memory[acted.id] ??= { tick: leading.tick, heard: {} });
    const voters = nodes.filter(({ role }) => role === 'server');
    for (const { id } of voters) known.heard[id] ??= leading.tick;
    if (message !== undefined) known.heard[message.from] = leading.tick;
    if (known.tick === leading.tick) return undefined;
    known.tick = leading.tick;
    const heard = voters.filter(({ id }) => {
      return id === acted.id || leading.tick - known.heard[id] <= leading.syncLimit + 1;
    });
    if (2 * heard.length > voters.length) return undefined;
    const limit = `${leading.syncLimit} ticks`;
    return `${acted.id} leads, but has heard ${heard.length - 1} other servers within ${limit}.`;
  },
});

interface States {
  seen: Record<NodeId, number>;
  /** zxid → the znodes and sessions. */
  byZxid: Record<number, string>;
}

/** A transaction does the same everywhere: so a server that reads its log gets the same tree. */
const sameState = invariant<States>({
  doc: 'Servers that have executed the same transactions have the same znodes and sessions.',
  remember: () => ({ seen: {}, byZxid: {} }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { zxid, znodes, containers, sessions } = acted.state;
    if (!isServing(acted)) {
      delete memory.seen[acted.id];
      return undefined;
    }
    if (memory.seen[acted.id] === zxid) return undefined;
    memory.seen[acted.id] = zxid;
    const parts = [znodes, containers, sessions].map((one) => Object.entries(one).sort());
    const text = JSON.stringify(parts);
    const other = (memory.byZxid[zxid] ??= text);
    if (other === text) return undefined;
    return `${acted.id} has other znodes or sessions at ${zxidText(zxid)} than another server.`;
  },
});

/** Leader and epoch → where each session is, and what was proposed last. */
type Places = Record<string, { of: Record<string, NodeId>; proposed: number }>;

/**
 * A session moves with REVALIDATE, or by connecting to the leader. Each leader knows only what it
 * has handled: one that was deposed, and does not know it, may propose what the session sent before
 * it moved. That is never committed.
 */
const oneServerWrites = invariant<Places>({
  doc: 'A session writes through one server: what comes through one that it has left is refused.',
  remember: () => ({}),
  check({ acted, message, events, memory }) {
    if (!isServer(acted) || acted.state.leading === null) return undefined;
    const { id, state: { leading, log } } = acted;
    const { lastProposed } = leading;
    const places = (memory[`${id} ${leading.epoch}`] ??= { of: {}, proposed: lastProposed });
    const isProposed = lastProposed > places.proposed;
    places.proposed = lastProposed;
    for (const { node, name, fields } of events) {
      if (node === id && name === 'SessionResumed') places.of[fields.session] = id;
    }
    if (message?.body.type === 'REVALIDATE') places.of[message.body.session] = message.from;
    if (message === undefined || !isProposed) return undefined;
    const server = message.body.type === 'REQUEST' ? message.from : id;
    const { session, txn } = log.at(-1)!;
    if (txn.op === 'create-session') places.of[session] = server;
    const place = places.of[session];
    if (place === undefined || place === server) return undefined;
    if (txn.op === 'error' || txn.op === 'close-session') return undefined;
    return `${session} has moved to ${place}, but its write through ${server} is proposed.`;
  },
});

export const zabInvariants: Record<string, Invariant> = {
  'one leader in each epoch': oneLeader,
  'only what was proposed is delivered': integrity,
  'deliveries follow the order of the leaders': primaryOrder,
  'all deliver the same in the same order': totalOrder,
  'a new leader has all that was committed': nothingLost,
  'a majority has what is committed': onQuorum,
  'epochs never fall': epochsGrow,
  'a leader keeps a quorum': keepsQuorum,
  'the same transactions give the same state': sameState,
  'a session writes through one server': oneServerWrites,
  ...acknowledgementInvariants,
};
