/** Quorums: a read asks R of the N copies of a register, and a write stores at W of them. */
// Gifford, Weighted Voting for Replicated Data (1979), with one vote for each copy: if R + W > N,
// each read quorum has a copy of the last write, and its version number shows which copy that is.
// A write first asks a read quorum for that number, and stores with the next one.
// Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems (1995): a read that
// overlaps a write may find its value, and the next read may miss it again, because that quorum has
// no copy yet. So a read writes back what it found before it returns: `writeBack`.
// DeCandia et al., Dynamo (2007): R and W are chosen freely (§4.5), stale copies are repaired after
// the read was answered (§5, `readRepair`), and other servers stand in for those that do not answer
// (§4.6, `sloppy`).
import { majority } from '../../protocol/patterns.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import type { Copy, Query, Register, Store, Stored } from './data/messages.ts';
import { answer, type Replication, refuse } from './replication.ts';
import { storeCopy } from './copies.ts';
import { deliverHints, hintedCopy, keepHint } from './sloppy.ts';
import type { ClientRequest, Coordination, ServerNode } from './data/state.ts';
import { compareVersions, newest, versionOf, versionText } from './data/versions.ts';

/** N, R and W, with their defaults: all servers, and a majority of the copies. */
export function quorumsOf(
  { copies, readQuorum, writeQuorum }: ServerNode['options'], servers: number,
): { n: number; r: number; w: number } {
  const n = copies === 0 ? servers : copies;
  return { n, r: readQuorum || majority(n), w: writeQuorum || majority(n) };
}

const sizes = (node: ServerNode) => quorumsOf(node.options, node.nodes('server').length);

/** The servers that should have a copy: Dynamo's preference list, the same for each key here. */
export const homesOf = (node: ServerNode): readonly NodeId[] =>
  node.nodes('server').slice(0, sizes(node).n);

export const quorum: Replication = {
  start: (node) => deliverHints(node),
  read: (node, request) => coordinate(node, request),
  write: (node, request) => coordinate(node, request),
};

/** The server that a request reaches coordinates it, whether or not it has a copy itself. */
function coordinate(node: ServerNode, request: Frozen<ClientRequest>): void {
  const { n, r, w } = sizes(node);
  const servers = node.nodes('server').length;
  if (Math.max(n, r, w) > servers || Math.max(r, w) > n) {
    const why = `N is ${n}, R is ${r} and W is ${w}, and there are ${servers} servers`;
    return refuse(node, request, why);
  }
  const id = `${request.client}#${request.number}`;
  if (node.state.coordinating[id] !== undefined) return;
  const { coordinating } = node.state;
  coordinating[id] = {
    request, phase: 'asking', register: null, copies: {}, stored: [], standIns: {},
  };
  node.setTimer('giveUp', node.options.giveUpAfter, id);
  ask(node, id);
}

/** Asks for copies, or stores the register, at all servers that have not answered in this phase. */
function ask(node: ServerNode, id: string): void {
  const { coordinating } = node.state;
  const { phase } = coordinating[id];
  for (const [server, home] of silent(node, coordinating[id])) request(node, id, server, home);
  // A server that is its own coordinator may have been enough.
  advance(node, id);
  if (coordinating[id]?.phase !== phase) return;
  node.setTimer('ask', node.options.repeatEvery, id);
  if (node.options.sloppy) node.setTimer('standIn', node.options.standInAfter, id);
}

/** The servers without an answer in this phase, each with the home that it stands in for. */
function silent(node: ServerNode, one: Frozen<Coordination>): (readonly [NodeId, NodeId | null])[] {
  const homes = homesOf(node).map((home) => [home, null] as const);
  const standIns = Object.entries(one.standIns).map(([home, server]) => [server, home] as const);
  const has = (server: NodeId) =>
    (one.phase === 'asking' ? server in one.copies : one.stored.includes(server));
  return [...homes, ...standIns].filter(([server]) => !has(server));
}

/** The coordinator's own copy needs no message. */
function request(node: ServerNode, id: string, server: NodeId, home: NodeId | null): void {
  const one = node.state.coordinating[id];
  const { request: { key }, register } = one;
  if (one.phase === 'asking') {
    if (server === node.id) one.copies[server] = copyOf(node, key);
    else node.send(server, { type: 'Query', id, key });
  } else if (server === node.id) {
    store(node, key, register!, home);
    one.stored.push(server);
  } else {
    node.send(server, { type: 'Store', id, key, register: register!, hintFor: home });
  }
}

/** A copy, or what it keeps for a server that should have one. */
function copyOf(node: ServerNode, key: string): Register | null {
  return newest([node.state.registers[key], hintedCopy(node, key)]);
}

/** Goes on if this phase has its quorum. */
function advance(node: ServerNode, id: string): void {
  const one = node.state.coordinating[id];
  const { r, w } = sizes(node);
  if (one.phase === 'asking' && Object.keys(one.copies).length >= r) {
    one.register = newest(Object.values(one.copies));
    if (one.request.name === 'read') decideRead(node, id);
    else storeNext(node, id);
  } else if (one.phase === 'storing' && one.stored.length >= w) {
    answerClient(node, id);
  }
}

/** A write has the number after the highest one that a read quorum knows. */
function storeNext(node: ServerNode, id: string): void {
  const { coordinating, issued } = node.state;
  const one = coordinating[id];
  const { key, value } = one.request;
  // Two writes at one coordinator must not have one version, even if it crashes between them.
  issued[key] = Math.max(versionOf(one.register).counter, issued[key] ?? 0) + 1;
  one.register = { value, version: { counter: issued[key], node: node.id } };
  one.phase = 'storing';
  ask(node, id);
}

/** A read returns at once, or writes back what too few servers are known to have. */
function decideRead(node: ServerNode, id: string): void {
  const { state, options } = node;
  const one = state.coordinating[id];
  const { register } = one;
  if (!options.writeBack || register === null) return answerClient(node, id);
  const has = (server: NodeId) =>
    compareVersions(versionOf(one.copies[server]), register.version) >= 0;
  one.stored = Object.keys(one.copies).filter(has);
  // The quorum agrees: nothing that it found can be missed later.
  if (one.stored.length >= sizes(node).w) return answerClient(node, id);
  one.phase = 'storing';
  const servers = silent(node, one).map(([server]) => server);
  const version = versionText(register.version);
  node.event('WriteBackStarted', { key: one.request.key, version, servers });
  ask(node, id);
}

function answerClient(node: ServerNode, id: string): void {
  const { state, options } = node;
  const one = state.coordinating[id];
  const { request: asked, register, phase } = one;
  const { client, key, name } = asked;
  const version = versionOf(register);
  const servers = phase === 'storing' ? one.stored : Object.keys(one.copies);
  node.event('QuorumReached', { client, key, version: versionText(version), servers });
  if (name !== 'read') {
    node.event('WriteAnswered', { client, key, version, servers: sizes(node).w });
  }
  answer(node, asked, name === 'read' ? (register?.value ?? null) : 'OK', { version });
  node.cancelTimer('ask', id);
  if (name === 'read' && options.readRepair) {
    one.phase = 'repairing';
    repair(node, id);
  } else if (name === 'write' && options.sloppy) {
    one.phase = 'spreading';
    endSpread(node, id);
  } else {
    end(node, id);
  }
}

/** "Those nodes are updated with the latest version" (Dynamo, §5): also those that answer late. */
function repair(node: ServerNode, id: string): void {
  const { request: { key }, copies } = node.state.coordinating[id];
  const latest = newest(Object.values(copies));
  const homes = homesOf(node);
  for (const server of homes) {
    if (!(server in copies) || latest === null) continue;
    const has = versionOf(copies[server]);
    if (compareVersions(has, latest.version) >= 0) continue;
    const words = { has: versionText(has), newest: versionText(latest.version) };
    node.event('StaleCopyFound', { server, key, ...words });
    copies[server] = latest;
    if (server === node.id) store(node, key, latest, null);
    else node.send(server, { type: 'Store', id, key, register: latest, hintFor: null });
  }
  if (homes.every((server) => server in copies)) end(node, id);
}

/** With stand-ins, a write ends once each copy is stored, or kept for a server by another. */
function endSpread(node: ServerNode, id: string): void {
  const { stored, standIns } = node.state.coordinating[id];
  const isDone = (home: NodeId) => stored.includes(home) || stored.includes(standIns[home]);
  if (homesOf(node).every(isDone)) end(node, id);
}

function end(node: ServerNode, id: string): void {
  delete node.state.coordinating[id];
  node.cancelTimer('ask', id);
  node.cancelTimer('standIn', id);
  node.cancelTimer('giveUp', id);
}

/** A stand-in keeps a copy apart, for its home. */
function store(node: ServerNode, key: string, register: Register, hintFor: NodeId | null): void {
  if (hintFor === null) storeCopy(node, key, register);
  else keepHint(node, { home: hintFor, key, register });
}

export const quorumMessages = {
  Query(node: ServerNode, { id, key }: Frozen<Query>, from: NodeId): void {
    node.send(from, { type: 'Copy', id, register: copyOf(node, key) });
  },

  Copy(node: ServerNode, { id, register }: Frozen<Copy>, from: NodeId): void {
    const one = node.state.coordinating[id];
    // A repetition says nothing new; after a read was answered, a late copy may need repair.
    if (one === undefined || from in one.copies) return;
    if (one.phase !== 'asking' && one.phase !== 'repairing') return;
    one.copies[from] = register;
    if (one.phase === 'repairing') repair(node, id);
    else advance(node, id);
  },

  Store(node: ServerNode, { id, key, register, hintFor }: Frozen<Store>, from: NodeId): void {
    store(node, key, register, hintFor);
    node.send(from, { type: 'Stored', id });
  },

  Stored(node: ServerNode, { id }: Frozen<Stored>, from: NodeId): void {
    const one = node.state.coordinating[id];
    if (one === undefined || one.stored.includes(from)) return;
    if (one.phase !== 'storing' && one.phase !== 'spreading') return;
    one.stored.push(from);
    if (one.phase === 'storing') advance(node, id);
    else endSpread(node, id);
  },
};

export const quorumTimers = {
  /** Messages may have been lost. */
  ask,

  /** Servers that do not answer are replaced by the next ones that do not have a copy (§4.6). */
  standIn(node: ServerNode, id: string): void {
    const one = node.state.coordinating[id];
    if (one.phase === 'repairing') return;
    const homes = homesOf(node);
    const missing = silent(node, one).filter(([, home]) => home === null);
    const isFree = (server: NodeId) =>
      !homes.includes(server) && !Object.values(one.standIns).includes(server);
    for (const [home] of missing) {
      const server = node.nodes('server').find(isFree);
      if (server === undefined || home in one.standIns) continue;
      one.standIns[home] = server;
      node.event('StandInAsked', { server, home });
      request(node, id, server, home);
    }
    if (one.phase === 'spreading') endSpread(node, id);
    else advance(node, id);
  },

  /** A write that is being stored may still take effect: its client is not told that it failed. */
  giveUp(node: ServerNode, id: string): void {
    const one = node.state.coordinating[id];
    const { request: asked, phase } = one;
    const { r, w } = sizes(node);
    const isStoring = phase === 'storing';
    if (phase === 'asking' || isStoring) {
      const servers = isStoring ? [...one.stored] : Object.keys(one.copies);
      const { client, key } = asked;
      node.event('QuorumMissed', { client, key, servers, needed: isStoring ? w : r });
      const why = `${servers.length} of ${isStoring ? w : r} servers answered ${node.id}`;
      if (!isStoring || asked.name === 'read') refuse(node, asked, why);
    }
    end(node, id);
  },
};
