/** Transaction records: heartbeats, commits, pushes, and the decision after a recovery. */
// Paper: §3.1 (parallel commits), §3.2 (transaction records), §3.3 (pushes and deadlocks).
import { frozen } from '../../../protocol/define.ts';
import type { Frozen } from '../../../protocol/types.ts';
import type { KvRequest } from '../api.ts';
import { answer, type Decision, isPresent, resolution } from '../ranges/decision.ts';
import type { Group } from '../ranges/group.ts';
import { isBefore, latest, plus, readClock, type Timestamp } from '../../shared/hybrid-clock.ts';
import {
  type Change, contains, type Intent, type Status, type TransactionMeta, type TransactionRecord,
} from '../data.ts';

type Request<Op extends KvRequest['op']> = Extract<Frozen<KvRequest>, { op: Op }>;

function recordOf({ state }: Group, id: string): TransactionRecord | undefined {
  return state.records[id];
}

export function isFinal(status: Status): boolean {
  return status === 'COMMITTED' || status === 'ABORTED';
}

function putRecord(record: TransactionRecord, more: readonly Change[] = []): Decision {
  return {
    then: 'propose', changes: [{ change: 'record', record: frozen(record) }, ...more],
    outcome: { result: 'record', record }, pipelined: false,
  };
}

/** The record is written when it is needed first: by a heartbeat, a commit or a push. */
export function evaluateHeartbeat(group: Group, { transaction }: Request<'heartbeat'>): Decision {
  const record = recordOf(group, transaction.id);
  if (record !== undefined && isFinal(record.status)) return answer({ result: 'record', record });
  const now = readClock(group.store);
  if (record !== undefined) {
    return putRecord({ ...record, heartbeat: latest(record.heartbeat, now) });
  }
  return putRecord(pending(transaction, transaction.writeTimestamp, now));
}

function pending(
  { id, anchor, priority, began }: Frozen<TransactionMeta>,
  timestamp: Timestamp,
  heartbeat: Timestamp,
): TransactionRecord {
  return { id, anchor, priority, began, status: 'PENDING', timestamp, heartbeat, inFlight: [] };
}

export function evaluateEnd(group: Group, request: Request<'end'>): Decision {
  const { transaction, commit, staging, inFlight } = request;
  const now = readClock(group.store);
  const record = recordOf(group, transaction.id) ?? pending(transaction, transaction.began, now);
  if (isFinal(record.status)) return answer({ result: 'record', record });
  if (!commit) {
    const aborted: TransactionRecord = { ...record, status: 'ABORTED', inFlight: [] };
    return putRecord(aborted, resolved(group, request, 'ABORTED', record.timestamp));
  }
  const timestamp = transaction.writeTimestamp;
  // Another transaction pushed it: it must not commit where a reader has been meanwhile.
  if (isBefore(timestamp, record.timestamp)) {
    return answer({ result: 'pushed', timestamp: record.timestamp });
  }
  if (staging) {
    return putRecord({ ...record, status: 'STAGING', timestamp, heartbeat: now, inFlight });
  }
  if (request.split !== null && !canSplit(group, request.split)) {
    return answer({ result: 'stale', reason: `the range no longer has ${request.split}` });
  }
  const isElsewhere = (key: string) => !contains(group.state.descriptor, key);
  if (inFlight.some(({ key }) => isElsewhere(key))) return answer({ result: 'spans ranges' });
  for (const write of inFlight) {
    if (isPresent(group, write, transaction.id, timestamp)) continue;
    return answer({ result: 'stale', reason: `its write of ${write.key} is lost` });
  }
  return putRecord({ ...record, status: 'COMMITTED', timestamp, inFlight: [] }, [
    ...resolved(group, request, 'COMMITTED', timestamp), ...trigger(group, request),
  ]);
}

/** The intents in the range of the record are resolved in the same command as the record. */
function resolved(
  { state }: Group,
  { transaction, keys }: Request<'end'>,
  status: 'COMMITTED' | 'ABORTED',
  timestamp: Timestamp,
): Change[] {
  return keys.flatMap((key) => {
    const intent = state.intents[key] as Intent | undefined;
    if (!contains(state.descriptor, key) || intent?.transaction.id !== transaction.id) return [];
    return [resolution(intent, key, status, timestamp)];
  });
}

function canSplit({ state: { descriptor } }: Group, at: string): boolean {
  return contains(descriptor, at) && descriptor.start !== at;
}

/** The commit trigger of a split divides the range in the command that commits it. */
function trigger({ state, range }: Group, { split: at }: Request<'end'>): Change[] {
  if (at === null) return [];
  // CockroachDB draws the number of the new range from a counter of the whole cluster.
  return [{ change: 'split', at, right: `${range}.${state.splits + 1}` }];
}

/** A push (§3.3): the pusher wants the other transaction to finish, or to get out of its way. */
export function evaluatePush(
  group: Group,
  request: Request<'push'>,
  dependents: readonly string[],
): Decision {
  const { store } = group;
  const { pushee, pusher, how, timestamp } = request;
  const record = recordOf(group, pushee.id) ?? pending(pushee, pushee.began, pushee.began);
  if (isFinal(record.status)) return answer({ result: 'record', record });
  const last = latest(record.heartbeat, pushee.began);
  const expired = isBefore(plus(last, store.options.transactionExpiry), readClock(store));
  const isStaging = record.status === 'STAGING';
  if (how === 'timestamp' && !isStaging && !isBefore(record.timestamp, timestamp)) {
    return answer({ result: 'record', record });
  }
  const reason = whyPushed(request, expired, dependents);
  if (reason === '') return { then: 'queue' };
  // Its client may have the answer already: only its writes can tell.
  if (isStaging && store.options.recovery) return answer({ result: 'indeterminate', record });
  if (reason === 'a deadlock') {
    store.event('DeadlockFound', { transaction: pushee.id, by: pusher.id });
  }
  const aborts = how === 'abort' || expired || isStaging;
  const status = aborts ? 'ABORTED' : 'PENDING';
  store.event('TransactionPushed', { transaction: pushee.id, by: pusher.id, status, reason });
  if (aborts) return putRecord({ ...record, status, inFlight: [] });
  return putRecord({ ...record, timestamp });
}

/** Why a push succeeds; empty if the pusher must wait. Of a cycle, exactly one push succeeds. */
function whyPushed(
  { pushee, pusher }: Request<'push'>,
  expired: boolean,
  dependents: readonly string[],
): string {
  if (expired) return 'it is not heard of any more';
  if (pusher.priority > pushee.priority) return 'its priority is lower';
  if (!dependents.includes(pushee.id) || pusher.priority < pushee.priority) return '';
  return pusher.id > pushee.id ? 'a deadlock' : '';
}

/** The end of a recovery. If the record has changed meanwhile, what it says holds. */
export function evaluateRecover(group: Group, request: Request<'recover'>): Decision {
  const record = recordOf(group, request.transaction)!;
  const same = record.status === 'STAGING' && !isBefore(request.timestamp, record.timestamp);
  if (!same) return answer({ result: 'record', record });
  const status = request.committed ? 'COMMITTED' : 'ABORTED';
  return putRecord({ ...record, status, inFlight: [] });
}

/** The transactions that wait in the queue of this one, and those that wait for them. */
export function evaluateDependents(
  { state }: Group,
  { transaction }: Request<'dependents'>,
): Decision {
  const found = new Set<string>();
  for (const { body, dependents } of state.waiting) {
    if (body.op !== 'push' || body.pushee.id !== transaction) continue;
    found.add(body.pusher.id);
    for (const one of dependents) found.add(one);
  }
  return answer({ result: 'waiters', dependents: [...found].sort() });
}
