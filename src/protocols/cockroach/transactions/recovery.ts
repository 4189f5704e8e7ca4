/** Status recovery (§3.1): was a staging transaction whose coordinator is silent committed? */
// "Implicitly committed" is a transaction whose record is staging and whose listed writes are all
// there, at or below the timestamp of the record. The client may have its answer then, so this is
// final: whichever transaction meets an intent first finds out, and makes it explicit. A write that
// is missing is prevented from landing, so that the answer cannot change after it was given.
import type { Frozen } from '../../../protocol/types.ts';
import type { Outcome } from '../api.ts';
import { dropCall, send } from '../calls.ts';
import type { Store } from '../node-types.ts';
import type { TransactionId, TransactionRecord } from '../data.ts';
import type { Recovery } from '../state.ts';

export function recover(store: Store, record: Frozen<TransactionRecord>): void {
  const { state } = store;
  const { id, inFlight, timestamp } = record;
  if (id in state.recoveries) return;
  store.event('RecoveryBegan', { transaction: id, writes: inFlight.length });
  const recovery: Recovery = { record: record as TransactionRecord, calls: [], decided: false };
  state.recoveries[id] = recovery;
  for (const { key, sequence } of inFlight) {
    recovery.calls.push(send(
      store,
      { op: 'query-intent', key, sequence, transaction: id, timestamp },
      { for: 'recovery', transaction: id },
    ));
  }
  if (inFlight.length === 0) decide(store, recovery, true);
}

/** The answer of one of its calls. Returns true once the recovery has ended. */
export function recoveryAnswered(
  store: Store,
  transaction: TransactionId,
  number: number,
  outcome: Frozen<Outcome>,
): boolean {
  const recovery = store.state.recoveries[transaction] as Recovery | undefined;
  if (recovery === undefined || !recovery.calls.includes(number)) return false;
  recovery.calls = recovery.calls.filter((call) => call !== number);
  if (outcome.result === 'found' && !recovery.decided) {
    if (!outcome.found) decide(store, recovery, false);
    else if (recovery.calls.length === 0) decide(store, recovery, true);
    return false;
  }
  if (outcome.result !== 'record') return false;
  delete store.state.recoveries[transaction];
  store.event('TransactionRecovered', { transaction, status: outcome.record.status });
  return true;
}

function decide(store: Store, recovery: Recovery, committed: boolean): void {
  for (const call of recovery.calls) dropCall(store, call);
  recovery.decided = true;
  const { id: transaction, anchor: key, timestamp } = recovery.record;
  const purpose = { for: 'recovery', transaction } as const;
  const request = { op: 'recover', key, transaction, timestamp, committed } as const;
  recovery.calls = [send(store, request, purpose)];
}
