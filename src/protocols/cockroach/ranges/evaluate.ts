/** What a leaseholder decides about a request: an answer, a command to propose, or to wait. */
// Paper: §3.2 to §3.4. Nothing is changed here but the timestamp cache; what a request changes in
// the range goes through its log, and until then its keys are latched.
import { frozen } from '../../../protocol/define.ts';
import type { Frozen } from '../../../protocol/types.ts';
import type { KvRequest, TransactionHeader } from '../api.ts';
import { answer, type Decision, isPresent, resolution } from './decision.ts';
import type { Group } from './group.ts';
import {
  earliest, isBefore, latest, next, readClock, type Timestamp,
} from '../../shared/hybrid-clock.ts';
import {
  evaluateDependents, evaluateEnd, evaluateHeartbeat, evaluatePush, evaluateRecover,
} from '../transactions/records.ts';
import { contains, type Intent, type Key } from '../data.ts';
import type { WaitingRequest } from '../state.ts';

type Request<Op extends KvRequest['op']> = Extract<Frozen<KvRequest>, { op: Op }>;

export function evaluate(group: Group, waiting: Readonly<WaitingRequest>): Decision {
  const { body } = waiting;
  switch (body.op) {
    case 'get':
      return get(group, body);
    case 'put':
      return put(group, body);
    case 'refresh':
      return refresh(group, body);
    case 'query-intent':
      return queryIntent(group, body);
    case 'resolve':
      return resolve(group, body);
    case 'end':
      return evaluateEnd(group, body);
    case 'heartbeat':
      return evaluateHeartbeat(group, body);
    case 'push':
      return evaluatePush(group, body, waiting.dependents);
    case 'recover':
      return evaluateRecover(group, body);
    case 'dependents':
      return evaluateDependents(group, body);
  }
}

/** What a request touches: keys, and the records of transactions. */
export function latchesOf({ state }: Group, body: Frozen<KvRequest>): readonly string[] {
  switch (body.op) {
    case 'end': {
      const here = body.keys.filter((key) => contains(state.descriptor, key));
      const all = body.split === null ? [] : ['everything'];
      return [recordLatch(body.transaction.id), ...here, ...all];
    }
    case 'heartbeat':
      return [recordLatch(body.transaction.id)];
    case 'push':
      return [recordLatch(body.pushee.id)];
    case 'recover':
      return [recordLatch(body.transaction)];
    case 'dependents':
      return [];
    default:
      return [body.key];
  }
}

function recordLatch(transaction: string): string {
  return `record of ${transaction}`;
}

/** The timestamp up to which a command that is applied later may still read or write. */
export function timestampOf(body: Frozen<KvRequest>): Timestamp | null {
  switch (body.op) {
    case 'get':
      return body.transaction.readTimestamp;
    case 'put':
    case 'end':
      return body.transaction.writeTimestamp;
    case 'refresh':
      return body.to;
    case 'query-intent':
      return body.timestamp;
    default:
      return null;
  }
}

// Reads

function get(group: Group, { key, transaction, sequence }: Request<'get'>): Decision {
  const { state } = group;
  if (transaction.id in state.abortSpan) return answer({ result: 'aborted' });
  const intent = state.intents[key] as Intent | undefined;
  if (intent?.transaction.id === transaction.id) {
    return answer({ result: 'value', value: intent.value, version: null, own: true });
  }
  if (sequence > 0) return answer({ result: 'stale', reason: `its write of ${key} is lost` });
  const local = localLimit(group, transaction);
  const { readTimestamp } = transaction;
  if (intent !== undefined && mayCount(intent, transaction, local)) {
    // Pushing it above the whole interval saves a restart when the read comes back.
    const above = next(latest(readTimestamp, earliest(transaction.limit, readClock(group.store))));
    return { then: 'conflict', intent, how: 'timestamp', timestamp: above };
  }
  for (const version of state.versions[key] ?? []) {
    if (!isBefore(readTimestamp, version.timestamp)) {
      markRead(group, key, readTimestamp, transaction.id);
      const { value, timestamp } = version;
      return answer({ result: 'value', value, version: timestamp, own: false });
    }
    if (mayCount(version, transaction, local)) {
      return uncertain(group, key, transaction, version.timestamp);
    }
  }
  markRead(group, key, readTimestamp, transaction.id);
  return answer({ result: 'value', value: null, version: null, own: false });
}

/**
 * The local limit: a value that this leaseholder wrote after the transaction first came here cannot
 * have been there before the transaction began. An earlier leaseholder had another clock, so what
 * it wrote counts as written before the lease began.
 */
function localLimit({ store, state }: Group, transaction: Frozen<TransactionHeader>): Timestamp {
  const observed = transaction.observed[store.id] as Timestamp | undefined;
  if (observed === undefined) return transaction.limit;
  return earliest(transaction.limit, latest(observed, state.lowWater));
}

/** Whether a value is visible, or may have been there when the transaction began (§4.2). */
function mayCount(
  { timestamp, writtenAt }: Readonly<{ timestamp: Timestamp; writtenAt: Timestamp }>,
  { readTimestamp, limit }: Frozen<TransactionHeader>,
  local: Timestamp,
): boolean {
  if (!isBefore(readTimestamp, timestamp)) return true;
  return !isBefore(limit, timestamp) && !isBefore(local, writtenAt);
}

function uncertain(
  group: Group,
  key: Key,
  { id, readTimestamp, limit }: Frozen<TransactionHeader>,
  value: Timestamp,
): Decision {
  group.store.event('UncertaintyRestart', { key, transaction: id, readTimestamp, value, limit });
  return answer({ result: 'uncertain', timestamp: value });
}

/** A read refresh (§3.4): was a value written between the two timestamps, or might it still be? */
function refresh(group: Group, { key, transaction, from, to }: Request<'refresh'>): Decision {
  const { state } = group;
  const intent = state.intents[key] as Intent | undefined;
  const other = intent !== undefined && intent.transaction.id !== transaction.id;
  if (other && !isBefore(to, intent.timestamp)) {
    return answer({ result: 'stale', reason: `${intent.transaction.id} is writing ${key}` });
  }
  const newer = (state.versions[key] ?? []).find(({ timestamp }) => !isBefore(to, timestamp));
  if (newer !== undefined && isBefore(from, newer.timestamp)) {
    return answer({ result: 'stale', reason: `${newer.transaction} wrote ${key} since` });
  }
  markRead(group, key, to, transaction.id);
  return answer({ result: 'done' });
}

// The timestamp cache (§3.3): "any write that would change a read's result goes above the read"

function markRead(group: Group, key: Key, timestamp: Timestamp, transaction: string | null): void {
  const { reads } = group.state;
  const mark = reads[key];
  if (mark === undefined || isBefore(mark.timestamp, timestamp)) {
    reads[key] = { timestamp, transaction };
  } else if (!isBefore(timestamp, mark.timestamp) && mark.transaction !== transaction) {
    reads[key] = { timestamp, transaction: null };
  }
}

/** The earliest timestamp at which a transaction can write a key. */
function aboveReads({ state }: Group, key: Key, transaction: Frozen<TransactionHeader>): Timestamp {
  const { writeTimestamp, id } = transaction;
  const above = latest(writeTimestamp, next(state.lowWater));
  const mark = state.reads[key];
  if (mark === undefined) return above;
  return latest(above, mark.transaction === id ? mark.timestamp : next(mark.timestamp));
}

// Writes

function put(group: Group, request: Request<'put'>): Decision {
  const { state, store } = group;
  const { key, transaction, value, sequence, pipelined } = request;
  if (transaction.id in state.abortSpan) return answer({ result: 'aborted' });
  const intent = state.intents[key] as Intent | undefined;
  const own = intent?.transaction.id === transaction.id;
  if (intent !== undefined && !own) {
    return { then: 'conflict', intent, how: 'abort', timestamp: transaction.writeTimestamp };
  }
  // A copy of a request that was evaluated before.
  if (own && intent.sequence >= sequence) {
    return answer({ result: 'written', timestamp: intent.timestamp });
  }
  let timestamp = aboveReads(group, key, transaction);
  const newest = state.versions[key]?.[0];
  if (newest !== undefined) timestamp = latest(timestamp, next(newest.timestamp));
  if (own) timestamp = latest(timestamp, intent.timestamp);
  if (isBefore(transaction.writeTimestamp, timestamp)) {
    store.event('WriteMovedUp', {
      key, transaction: transaction.id, from: transaction.writeTimestamp, to: timestamp,
    });
  }
  const { id, anchor, priority, began } = transaction;
  const written: Intent = {
    transaction: { id, anchor, priority, began }, timestamp, sequence, value,
    writtenAt: readClock(store),
  };
  return {
    then: 'propose', changes: [{ change: 'intent', key, intent: frozen(written) }],
    outcome: { result: 'written', timestamp }, pipelined,
  };
}

/**
 * Whether a write of a transaction has landed. If not, the key counts as read at the timestamp, so
 * that the write can only land above it, where it does not count for the commit.
 */
function queryIntent(group: Group, request: Request<'query-intent'>): Decision {
  const { key, transaction, sequence, timestamp } = request;
  if (isPresent(group, { key, sequence }, transaction, timestamp)) {
    return answer({ result: 'found', found: true });
  }
  markRead(group, key, timestamp, null);
  group.store.event('WritePrevented', { key, transaction, timestamp });
  return answer({ result: 'found', found: false });
}

function resolve(group: Group, request: Request<'resolve'>): Decision {
  const { key, transaction, status, timestamp } = request;
  const intent = group.state.intents[key] as Intent | undefined;
  if (intent?.transaction.id !== transaction) return answer({ result: 'done' });
  const changes = [resolution(intent, key, status, timestamp)];
  return { then: 'propose', changes, outcome: { result: 'done' }, pipelined: false };
}
