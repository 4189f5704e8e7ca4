/** tryAcquireOrRenew of client-go's LeaderElector, in the order of its six steps. */
// Each step that calls the API ends the handler; the answer continues with the next step.
import type { Frozen, Node } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { linkTo } from '../shared/links.ts';
import type { Attempt, Candidate, CandidateState, Lease, LeaseSpec } from './state.ts';

export type CandidateNode = Node<Candidate>;

/** IsLeader: by the last observation, which may be old. */
export function isLeader({ observedRecord, identity }: CandidateState): boolean {
  return observedRecord?.holderIdentity === identity;
}

export function tryAcquireOrRenew(node: CandidateNode): void {
  const { state, options } = node;
  const now = node.now();
  const record: LeaseSpec = {
    holderIdentity: state.identity,
    leaseDurationSeconds: Math.floor(options.leaseDuration / seconds(1)),
    acquireTime: now,
    renewTime: now,
    leaseTransitions: 0,
  };
  state.round.tries++;
  // 1. It holds the lease by its last observation: update at once, without reading.
  if (isLeader(state) && state.isLeaseValid) {
    const { acquireTime, leaseTransitions } = state.observedRecord!;
    return update(node, 'fast update', { ...record, acquireTime, leaseTransitions });
  }
  get(node, 'get', record);
}

/** Continues an attempt with the answer to its request; returns whether it has succeeded. */
export function answered(
  node: CandidateNode, attempt: Attempt, lease: Frozen<Lease>,
): 'succeeded' | 'waiting' | { readonly failed: string } {
  const { state } = node;
  state.resourceVersion = lease.resourceVersion;
  if (attempt.step !== 'get') {
    setObservedRecord(node, lease.spec);
    return 'succeeded';
  }
  const { spec } = lease;
  // 3. Only a change counts, and from when it is seen, by the own clock.
  let isValid = attempt.wasValid;
  const raw = JSON.stringify(spec);
  if (raw !== state.observedRaw) {
    setObservedRecord(node, spec);
    state.observedRaw = raw;
    isValid = true;
  }
  // 4. The duration is that of the record, so of its holder.
  if (spec.holderIdentity !== '' && isValid && !isLeader(state)) {
    return { failed: `${spec.holderIdentity} holds the lease, which has not expired` };
  }
  // 5.
  const { record } = attempt;
  if (isLeader(state)) {
    const { acquireTime, leaseTransitions } = spec;
    update(node, 'update', { ...record, acquireTime, leaseTransitions });
  } else {
    const leaseTransitions = spec.leaseTransitions + 1;
    update(node, 'update', { ...record, leaseTransitions });
  }
  return 'waiting';
}

/** Continues an attempt whose request failed. */
export function refused(
  node: CandidateNode, attempt: Attempt, reason: string,
): 'waiting' | { readonly failed: string } {
  // 1. A failed fast update may mean that another has the lease, or that an update was stored.
  if (attempt.step === 'fast update') {
    node.event('TryFailed', { step: attempt.step, reason });
    get(node, 'get', attempt.record, attempt.wasValid);
    return 'waiting';
  }
  // 2. There is no lease: the first to create it has it.
  if (attempt.step === 'get' && reason === 'NotFound') {
    create(node, attempt.record);
    return 'waiting';
  }
  return { failed: reason };
}

/** A change of the record begins its time anew. It is timed, so setting the clock has no effect. */
function setObservedRecord(node: CandidateNode, spec: LeaseSpec): void {
  const { state } = node;
  state.observedRecord = spec;
  state.observedTime = node.now();
  state.isLeaseValid = true;
  const after = seconds(spec.leaseDurationSeconds);
  const { resourceVersion } = state;
  node.setTimer('validity', after, { holder: spec.holderIdentity, resourceVersion, after });
}

export function get(
  node: CandidateNode, step: Attempt['step'], record: LeaseSpec,
  wasValid = node.state.isLeaseValid,
): void {
  const { request, connection } = begin(node, step, record, wasValid);
  node.send(connection, { type: 'GetLease', request });
}

function create(node: CandidateNode, record: LeaseSpec): void {
  const { request, connection } = begin(node, 'create', record);
  node.send(connection, { type: 'CreateLease', request, spec: record });
}

export function update(node: CandidateNode, step: Attempt['step'], record: LeaseSpec): void {
  const { request, connection } = begin(node, step, record);
  const { resourceVersion } = node.state;
  node.send(connection, { type: 'UpdateLease', request, spec: record, resourceVersion });
}

/** Whatever becomes of it, a request ends after half the renew deadline, or after a second. */
function begin(
  node: CandidateNode, step: Attempt['step'], record: LeaseSpec,
  wasValid = node.state.isLeaseValid,
): Attempt {
  const { state, options } = node;
  const connection = linkTo(node, node.nodes('apiServer')[0]);
  const request = ++state.serial;
  state.attempt = { step, record, wasValid, request, connection };
  node.setTimer('timeout', Math.max(seconds(1), options.renewDeadline / 2), request);
  return state.attempt;
}
