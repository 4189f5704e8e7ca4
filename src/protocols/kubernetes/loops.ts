/** The loops of client-go's LeaderElector: acquire, renew, release; and the process around them. */
import type { Frozen } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { openLinks } from '../shared/links.ts';
import {
  answered, type CandidateNode, get, isLeader, refused, tryAcquireOrRenew, update,
} from './elector.ts';
import { type CandidateState, jitterFactor, type Lease } from './state.ts';

/** The volatile state of a process that has just started. */
export function newProcess(): Omit<CandidateState, 'processes' | 'serial'> {
  return {
    identity: '', phase: 'starting', resourceVersion: 0, observedRecord: null, observedRaw: '',
    observedTime: 0, isLeaseValid: false, attempt: null,
    round: { tries: 0, tryEvery: 0, giveUpAfter: 0 }, hasTicked: false, reportedLeader: '',
    term: null, hasLed: false, stopping: [], writes: {},
  };
}

/** A new process: it knows nothing of the lease, whatever the one before it knew. */
export function boot(node: CandidateNode): void {
  const { state, options } = node;
  state.processes++;
  const identity = options.uniqueIdentity ? `${node.id}_${state.processes}` : node.id;
  const { retryPeriod: tryEvery, renewDeadline: giveUpAfter } = options;
  const round = { tries: 0, tryEvery, giveUpAfter };
  Object.assign(state, { identity, phase: 'acquiring', round });
  openLinks(node, 'apiServer', 'storage');
  tryAcquireOrRenew(node);
}

export function receive(node: CandidateNode, request: number, lease: Frozen<Lease>): void {
  const { attempt } = node.state;
  if (attempt === null || attempt.request !== request) return;
  if (attempt.step === 'get to release') return releaseRead(node, lease);
  if (attempt.step === 'release') return released(node, lease);
  const result = answered(node, attempt, lease);
  if (result === 'waiting') return;
  endTry(node, result === 'succeeded' ? undefined : result.failed);
}

/** A request was refused, timed out, or its connection ended. */
export function fail(node: CandidateNode, request: number, reason: string): void {
  const { attempt, phase } = node.state;
  if (attempt === null || attempt.request !== request) return;
  if (phase === 'releasing') {
    node.event('TryFailed', { step: attempt.step, reason });
    return stopped(node, `the lease could not be released: ${reason}`);
  }
  const result = refused(node, attempt, reason);
  if (result !== 'waiting') endTry(node, result.failed);
}

/** An attempt has ended, successfully if there is no reason. */
function endTry(node: CandidateNode, reason: string | undefined): void {
  const { state, options } = node;
  if (reason !== undefined) node.event('TryFailed', { step: state.attempt!.step, reason });
  clearAttempt(node);
  if (state.phase === 'acquiring') {
    reportLeader(node);
    if (reason === undefined) return startLeading(node);
    const { retryPeriod } = options;
    node.setTimer('retry', [retryPeriod, retryPeriod * (1 + jitterFactor)]);
    return;
  }
  if (reason === undefined) {
    endRound(node);
    reportLeader(node);
    node.setTimer('retry', options.retryPeriod);
  } else if (state.hasTicked) {
    state.hasTicked = false;
    tryAcquireOrRenew(node);
  }
}

function clearAttempt(node: CandidateNode): void {
  node.cancelTimer('timeout');
  node.state.attempt = null;
}

function reportLeader(node: CandidateNode): void {
  const { state } = node;
  const identity = state.observedRecord?.holderIdentity ?? '';
  if (identity === state.reportedLeader) return;
  state.reportedLeader = identity;
  node.event('NewLeader', { identity });
}

// Leading

function startLeading(node: CandidateNode): void {
  const { state } = node;
  state.phase = 'renewing';
  state.term = {
    identity: state.identity, transitions: state.observedRecord!.leaseTransitions,
  };
  state.hasLed = true;
  node.event('StartedLeading', state.term);
  beginRound(node);
}

/** The pause between two tries has passed. */
export function retry(node: CandidateNode): void {
  if (node.state.phase === 'renewing') beginRound(node);
  else if (node.state.phase === 'acquiring') tryAcquireOrRenew(node);
}

/**
 * Whether the time of the observed lease is over by the clock, but its timer has not fired. Then
 * the process was paused, and its timers fire in the order in which they were due: the one of the
 * lease must come first. Or the clock was set, which changes nothing.
 */
export function isBehind(node: CandidateNode): boolean {
  const { observedRecord, observedTime, isLeaseValid } = node.state;
  if (observedRecord === null || !isLeaseValid) return false;
  return node.now() >= observedTime + seconds(observedRecord.leaseDurationSeconds);
}

/** Tries at once and then every retryPeriod, for at most renewDeadline. */
export function beginRound(node: CandidateNode): void {
  const { state, options } = node;
  state.round.tries = 0;
  state.hasTicked = false;
  node.setTimer('deadline', options.renewDeadline);
  node.setTimer('poll', options.retryPeriod);
  tryAcquireOrRenew(node);
}

function endRound(node: CandidateNode): void {
  node.state.round.tries = 0;
  node.cancelTimer('deadline');
  node.cancelTimer('poll');
}

/** A tick that comes during an attempt is kept, and begins the next one when that has failed. */
export function tick(node: CandidateNode): void {
  const { state, options } = node;
  node.setTimer('poll', options.retryPeriod);
  if (state.attempt !== null) state.hasTicked = true;
  else tryAcquireOrRenew(node);
}

export function deadline(node: CandidateNode): void {
  if (node.state.phase === 'releasing') return stopped(node, 'the release took too long');
  endTerm(node, 'it could not renew the lease until its deadline');
}

/** The context is cancelled: by the deadline, or by the operation `stop`. */
export function endTerm(node: CandidateNode, reason: string): void {
  const { state, options } = node;
  const isHolder = state.phase === 'renewing';
  endRound(node);
  clearAttempt(node);
  node.cancelTimer('retry');
  if (state.term !== null) {
    if (options.workEndsAfter === 0) endWork(node);
    else node.setTimer('workEnd', options.workEndsAfter);
  }
  if (!isHolder || !options.releaseOnCancel) return stopped(node, reason);
  state.phase = 'releasing';
  node.setTimer('deadline', options.renewDeadline);
  get(node, 'get to release', state.observedRecord!);
}

// Release, which neither waits for the work nor for OnStoppedLeading

function releaseRead(node: CandidateNode, lease: Frozen<Lease>): void {
  const { state, options } = node;
  state.resourceVersion = lease.resourceVersion;
  const { holderIdentity, leaseTransitions } = lease.spec;
  // As in client-go, this asks what was observed before, and not what was read just now.
  if (!isLeader(state)) return stopped(node, 'another candidate holds the lease');
  if (options.releaseChecksHolder && holderIdentity !== state.identity) {
    return stopped(node, 'another candidate holds the lease');
  }
  const now = node.now();
  update(node, 'release', {
    holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions,
  });
}

function released(node: CandidateNode, { spec }: Frozen<Lease>): void {
  const { state } = node;
  const holder = state.observedRecord!.holderIdentity;
  state.observedRecord = spec;
  node.event('LeaseReleased', { holder, transitions: spec.leaseTransitions });
  stopped(node, 'it released the lease');
}

// The end

function stopped(node: CandidateNode, reason: string): void {
  const { state } = node;
  clearAttempt(node);
  node.cancelTimer('deadline');
  state.phase = 'stopped';
  node.event('StoppedLeading', { reason, led: state.hasLed });
  if (state.term === null) exit(node);
}

export function endWork(node: CandidateNode): void {
  const { state } = node;
  const { term } = state;
  if (term === null) return;
  state.term = null;
  node.event('WorkEnded', term);
  if (state.phase === 'stopped') exit(node);
}

/** The process ends, and with it its connections; after a while the kubelet starts another one. */
function exit(node: CandidateNode): void {
  const { state, options } = node;
  node.cancelTimer('validity');
  for (const connection of node.connections()) node.disconnect(connection);
  for (const { operation } of Object.values(state.writes)) {
    node.fail(operation, 'the process ended; the write may have been executed');
  }
  for (const operation of state.stopping) node.reply(operation, 'OK');
  Object.assign(state, { ...newProcess(), phase: 'stopped' });
  if (options.restartAfter > 0) node.setTimer('boot', options.restartAfter);
}
