/** The leaseholder at work: requests wait for leases, latches and other transactions' intents. */
// Paper: §3.2 and §3.3. A request is evaluated again, from its beginning, whenever what it waited
// for may have changed.
import { frozen } from '../../../protocol/define.ts';
import type { Frozen, Json, NodeId } from '../../../protocol/types.ts';
import { type KvRequest, type Outcome, type Pusher, responseMessage } from '../api.ts';
import { dropCall, send } from '../calls.ts';
import type { Decision } from './decision.ts';
import { evaluate, latchesOf, timestampOf } from './evaluate.ts';
import { type Group, propose } from './group.ts';
import { readClock, zero } from '../../shared/hybrid-clock.ts';
import { considerLease, holdsLease, leaseHint } from './lease.ts';
import { contains } from '../data.ts';
import type { PendingCommand, WaitingRequest } from '../state.ts';

/** How often pushes in the queue are looked at again, and find out who waits for the pusher. */
export const pushInterval = 500_000;

export function takeRequest(
  group: Group,
  from: NodeId,
  request: number,
  body: Frozen<KvRequest>,
): void {
  const { state } = group;
  // A copy of a request that is being worked on.
  if (state.waiting.some((one) => one.from === from && one.request === request)) return;
  const isPending = Object.values(state.pending).some(
    ({ answer }) => answer?.to === from && answer.request === request,
  );
  if (isPending) return;
  state.waiting.push({ from, request, body, conflict: null, dependents: [], queued: false });
  settle(group);
}

/** Works on the requests in the order of their arrival, until none of them can go on. */
export function settle(group: Group): void {
  const { store, state, range } = group;
  let again = true;
  while (again) {
    again = false;
    for (const waiting of [...state.waiting]) {
      if (isBlocked(group, waiting)) continue;
      if (!attempt(group, waiting)) continue;
      remove(group, waiting);
      again = true;
    }
  }
  if (state.waiting.some(({ queued }) => queued)) store.setTimer('pushes', pushInterval, range);
  else store.cancelTimer('pushes', range);
}

function remove({ state, store }: Group, waiting: WaitingRequest): void {
  const call = waiting.conflict?.call;
  if (call !== undefined && call !== null) dropCall(store, call);
  state.waiting.splice(state.waiting.indexOf(waiting), 1);
}

/** Whether a request still waits for a push, because the intent that it met is still there. */
function isBlocked({ store, state }: Group, waiting: WaitingRequest): boolean {
  const { conflict } = waiting;
  if (conflict === null) return false;
  const there = state.intents[conflict.key]?.transaction.id === conflict.transaction;
  if (there && conflict.call !== null && conflict.call in store.state.calls) return true;
  if (there && conflict.transaction in store.state.recoveries) return true;
  if (conflict.call !== null) dropCall(store, conflict.call);
  waiting.conflict = null;
  return false;
}

/** Evaluates a request. Returns whether it is done with: answered, or on its way to the log. */
function attempt(group: Group, waiting: WaitingRequest): boolean {
  const { state } = group;
  const { from, request, body } = waiting;
  if (!contains(state.descriptor, body.key)) {
    return finish(group, waiting, { result: 'wrong range' });
  }
  if (!holdsLease(group, timestampOf(body) ?? zero)) {
    considerLease(group);
    if (state.leaseProposal !== 0) return false;
    return finish(group, waiting, { result: 'not leaseholder', hint: leaseHint(group) });
  }
  const latches = latchesOf(group, body);
  if (isLatched(group, latches)) return false;
  state.served = { count: state.served.count + 1, lease: state.usable };
  const decision = evaluate(group, waiting);
  switch (decision.then) {
    case 'answer':
      return finish(group, waiting, decision.outcome);
    case 'propose': {
      const { changes, outcome, pipelined } = decision;
      const answer = { to: from, request, op: body.op, outcome: outcome as unknown as Json };
      const command = frozen({
        op: 'write' as const, lease: state.usable, index: state.nextLeaseIndex++, changes,
      });
      propose(group, command, latches, pipelined ? null : answer);
      if (pipelined) finish(group, waiting, outcome);
      return true;
    }
    case 'wait':
      return false;
    case 'queue':
      enqueue(group, waiting);
      return false;
    case 'conflict':
      push(group, waiting, decision);
      return false;
  }
}

function finish(group: Group, { from, request, body }: WaitingRequest, outcome: Outcome): boolean {
  reply(group, from, { request, op: body.op }, outcome);
  return true;
}

/** Request 0 is one of the leaseholder itself, which waits for no answer. */
export function reply(
  { store }: Group,
  to: NodeId,
  { request, op }: { readonly request: number; readonly op: KvRequest['op'] },
  outcome: Outcome,
): void {
  if (request === 0) return;
  store.send(to, responseMessage(op, { request, outcome, clock: readClock(store) }));
}

/** A split latches everything: it waits for all commands before it, and all wait for it. */
function isLatched({ state }: Group, latches: readonly string[]): boolean {
  const pending = Object.values(state.pending).filter(({ command }) => command.op === 'write');
  if (latches.includes('everything')) return pending.length > 0;
  return pending.some(
    (one) => one.latches.includes('everything') || one.latches.some((key) => latches.includes(key)),
  );
}

function enqueue({ store }: Group, waiting: WaitingRequest): void {
  if (waiting.queued || waiting.body.op !== 'push') return;
  waiting.queued = true;
  const { pushee, pusher } = waiting.body;
  store.event('TransactionWaits', { transaction: pusher.id, by: pushee.id });
}

/** The request met an intent: the leaseholder pushes its transaction, wherever its record is. */
function push(
  { store, range }: Group,
  waiting: WaitingRequest,
  { intent, how, timestamp }: Extract<Decision, { then: 'conflict' }>,
): void {
  const { from, request, body } = waiting;
  if (!('transaction' in body) || typeof body.transaction === 'string') return;
  const pushee = intent.transaction;
  store.event('IntentMet', {
    range, key: body.key, transaction: pushee.id, by: body.transaction.id,
  });
  const { id, priority, anchor } = body.transaction;
  const pusher: Pusher = { id, priority, anchor: anchor === '' ? null : anchor };
  const call = send(
    store,
    { op: 'push', key: pushee.anchor, pushee, pusher, how, timestamp },
    { for: 'conflict', range, from, request },
  );
  waiting.conflict = { key: body.key, transaction: pushee.id, call };
}

/** The push has an answer: the intent follows its transaction, then the request is tried again. */
export function pushed(
  group: Group,
  from: NodeId,
  request: number,
  outcome: Frozen<Outcome>,
): void {
  const { state } = group;
  const index = state.waiting.findIndex((one) => one.from === from && one.request === request);
  if (index < 0 || outcome.result !== 'record') return settle(group);
  const { conflict } = state.waiting[index];
  if (conflict === null) return settle(group);
  const { id, status, timestamp } = outcome.record;
  conflict.call = null;
  if (status !== 'STAGING') {
    // Before the request, so that it finds the intent resolved.
    const body = { op: 'resolve', key: conflict.key, transaction: id, status, timestamp } as const;
    state.waiting.splice(index, 0, {
      from: group.store.id, request: 0, body, conflict: null, dependents: [], queued: false,
    });
  }
  settle(group);
}

/** Asks, for each push in the queue, which transactions wait for the pusher: a deadlock? */
export function lookAtPushes(group: Group): void {
  const { store, state } = group;
  for (const { queued, body, from, request } of state.waiting) {
    if (!queued || body.op !== 'push' || body.pusher.anchor === null) continue;
    if (isAsking(group, from, request)) continue;
    const { anchor: key, id: transaction } = body.pusher;
    send(store, { op: 'dependents', key, transaction }, { for: 'dependents', from, request });
  }
  settle(group);
}

function isAsking({ store }: Group, from: NodeId, request: number): boolean {
  return Object.values(store.state.calls).some(
    ({ purpose: one }) => one.for === 'dependents' && one.from === from && one.request === request,
  );
}

/** Another node serves the range now: requests go there, and so do commands without an answer. */
export function turnAway(group: Group): void {
  const { state } = group;
  const turnedAway: Outcome = { result: 'not leaseholder', hint: leaseHint(group) };
  for (const waiting of [...state.waiting]) {
    finish(group, waiting, turnedAway);
    remove(group, waiting);
  }
}

/** The answer that waited for a command. */
export function answerApplied(group: Group, { answer }: PendingCommand): void {
  if (answer === null) return;
  reply(group, answer.to, answer, answer.outcome as unknown as Outcome);
}
