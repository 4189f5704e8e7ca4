/** What a leaseholder can decide about a request, and what becomes of the intents it meets. */
import type { Outcome } from '../api.ts';
import type { Group } from './group.ts';
import { isBefore, type Timestamp } from '../../shared/hybrid-clock.ts';
import type { Change, Intent, Key } from '../data.ts';

export type Decision =
  | { readonly then: 'answer'; readonly outcome: Outcome }
  | {
      readonly then: 'propose'; readonly changes: readonly Change[]; readonly outcome: Outcome;
      /** Whether the answer need not wait until the command is applied. */
      readonly pipelined: boolean;
    }
  /** A latch is held: it will be free when the command that holds it is applied. */
  | { readonly then: 'wait' }
  /** A push waits for the transaction that it pushes. */
  | { readonly then: 'queue' }
  /** The intent of another transaction is in the way: it is pushed first. */
  | {
      readonly then: 'conflict'; readonly intent: Intent; readonly how: 'abort' | 'timestamp';
      readonly timestamp: Timestamp;
    };

export function answer(outcome: Outcome): Decision {
  return { then: 'answer', outcome };
}

/** Whether a write is there, at or below the timestamp at which its transaction commits. */
export function isPresent(
  { state }: Group,
  { key, sequence }: { key: Key; sequence: number },
  transaction: string,
  timestamp: Timestamp,
): boolean {
  const intent = state.intents[key] as Intent | undefined;
  if (intent === undefined || intent.transaction.id !== transaction) return false;
  return intent.sequence >= sequence && !isBefore(timestamp, intent.timestamp);
}

/** What becomes of an intent. Above the commit it is a late copy of a write: it does not count. */
export function resolution(
  intent: Intent,
  key: Key,
  status: 'COMMITTED' | 'ABORTED' | 'PENDING',
  timestamp: Timestamp,
): Change {
  const transaction = intent.transaction.id;
  if (status === 'PENDING') return { change: 'push', key, transaction, timestamp };
  if (status === 'COMMITTED' && !isBefore(timestamp, intent.timestamp)) {
    return { change: 'commit', key, transaction, timestamp };
  }
  return { change: 'remove', key, transaction, aborted: status === 'ABORTED' };
}
