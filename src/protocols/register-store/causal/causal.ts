/** Causal replication: a server applies a write after all that the writing session had seen. */
// Ahamad, Neiger, Burns, Kohli, Hutto: Causal Memory: Definitions, Implementation, and Programming
// (1995), §4: each process has a copy, writes go to all others with a vector, and wait there until
// what the vector names has been applied. Lloyd, Freedman, Kaminsky, Andersen: Don't Settle for
// Eventual (COPS, 2011), §3 and §4: the dependencies are those of the client's session, and
// concurrent writes are ordered by Lamport timestamps, so that copies converge (causal+).
// Which dependencies a session has is the choice of its client: with all four guarantees of Terry
// et al. (1994), the store is causal (Brzezinski, Sobaniec, Wawrzyniak: From Session Causality to
// Causal Consistency, 2004).
import { frozen } from '../../../protocol/define.ts';
import { broadcast, pick } from '../../../protocol/patterns.ts';
import type { Frozen, NodeId, Role } from '../../../protocol/types.ts';
import { type Dot, dotText, hasDot, isSameDot, nextDot, withDot } from '../data/dots.ts';
import { releaseHeld } from '../roles/held.ts';
import { answer, type Replication } from '../replication.ts';
import { dominates, type Versions } from '../data/sessions.ts';
import type { Server, ServerNode } from '../data/state.ts';
import { compareVersions, versionOf } from '../data/versions.ts';
import type { CausalMessages, CausalState, CausalWrite } from './causal-state.ts';

/** The messages and timers of causal replication at the server. */
export const causalMessages: Pick<Role<Server>['messages'], keyof CausalMessages> = {
  Propagate: (node, { writes }) => receiveWrites(node, writes),
  Applied: (node, { vector }, from) => sendMissing(node, vector, from),
};
export const causalTimers = { synchronize };

export const causal: Replication = {
  start: (node) => node.setTimer('synchronize', node.options.syncInterval),

  // Both are local, so a client next to its server waits for no other server.
  read(node, request) {
    const { registers, applied } = node.state;
    const register = registers[request.key];
    answer(node, request, register?.value ?? null, { applied, version: register?.version });
  },
  write(node, request) {
    const { state, id } = node;
    const { key, value, needs: after } = request;
    const { clock } = causalOf(node);
    const time = clock + 1;
    const write = frozen({ ...nextDot(state.applied, id), key, value, after, time });
    const { client, number } = request;
    node.event('WriteAccepted', { write: dotText(write), client, number, after });
    apply(node, write);
    broadcast(node, { type: 'Propagate', writes: [write] });
    // Only the write itself: what else is applied here, the session has neither written nor read.
    const version = { counter: time, node: id };
    answer(node, request, 'OK', { applied: { [id]: write.number }, version });
  },
};

/** Applies a write of another server, or holds it until its dependencies are applied. */
function receiveWrites(node: ServerNode, writes: readonly Frozen<CausalWrite>[]): void {
  const { waiting, log } = causalOf(node);
  for (const write of writes) {
    const isSame = (one: Dot) => isSameDot(one, write);
    if (hasDot(node.state.applied, write) || waiting.some(isSame) || log.some(isSame)) continue;
    waiting.push(write);
    if (!isReady(node, write)) {
      node.event('WriteHeld', { write: dotText(write), key: write.key, after: write.after });
    }
    applyReady(node);
  }
  releaseHeld(node, causal);
}

/** One write may be what others wait for. */
function applyReady(node: ServerNode): void {
  const { waiting } = causalOf(node);
  for (let i = 0; i < waiting.length; i++) {
    if (!isReady(node, waiting[i])) continue;
    apply(node, waiting.splice(i, 1)[0]);
    i = -1;
  }
}

/** The writes of one server stay in their order, so that a vector can count them. */
function isReady({ state: { applied }, options }: ServerNode, write: CausalWrite): boolean {
  if (!options.waitForDependencies) return true;
  return dominates(applied, write.after) && nextDot(applied, write.by).number === write.number;
}

function apply(node: ServerNode, write: CausalWrite): void {
  const { state } = node;
  const { key, value, by, time } = write;
  const own = causalOf(node);
  own.log.push(write);
  own.clock = Math.max(own.clock, time);
  countApplied(node, write.by);
  const version = { counter: time, node: by };
  const kept = state.registers[key];
  const name = { write: dotText(write), key, value };
  if (own.isConvergent && compareVersions(versionOf(kept), version) > 0) {
    return node.event('WriteDiscarded', { ...name, kept: kept!.value });
  }
  state.registers[key] = { value, version };
  node.event('WriteVisible', name);
}

/** The vector counts the writes of a server up to the first that is missing. */
function countApplied(node: ServerNode, by: NodeId): void {
  const { state } = node;
  const { log } = causalOf(node);
  for (;;) {
    const next = nextDot(state.applied, by);
    if (!log.some((one) => isSameDot(one, next))) return;
    state.applied = withDot(state.applied, next);
  }
}

/** A write that was lost on its way is found by comparing vectors, as Bayou's anti-entropy does. */
function synchronize(node: ServerNode): void {
  const { peers, state, options } = node;
  node.setTimer('synchronize', options.syncInterval);
  if (peers.length > 0) node.send(pick(node, peers), { type: 'Applied', vector: state.applied });
}

function sendMissing(node: ServerNode, vector: Versions, to: NodeId): void {
  const writes = causalOf(node).log.filter((write) => !hasDot(vector, write));
  if (writes.length > 0) node.send(to, { type: 'Propagate', writes });
}

function causalOf({ state }: ServerNode): CausalState {
  if (state.causal === null) {
    throw new Error('another server has `replication: causal`: give all servers the same one');
  }
  return state.causal;
}
