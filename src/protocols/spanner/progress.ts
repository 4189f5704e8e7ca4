/** What follows from a message or a timer: records are chosen, waited for, applied and answered. */
import { abdicateWhenPast } from './leases.ts';
import { choose } from './paxos.ts';
import { keepOwnPromise, serveDemand, serveReads } from './reads.ts';
import type { Server } from './state.ts';
import { execute } from './store.ts';
import { advanceByPromise } from './timestamps.ts';
import { close, resume } from './transactions.ts';
import {
  announce, rebuildLocks, reportPrepared, tryCommit, wounded,
} from './two-phase-commit.ts';
import { after, untilAfter } from './true-time.ts';

/** Called at the end of each handler of a replica, in which something may have become possible. */
export function settle(node: Server): void {
  const { state } = node;
  let before: number;
  do {
    before = state.applied;
    chooseRecords(node);
    applyChosen(node);
    if (state.standing !== 'leader') continue;
    if (!state.isReady && state.applied >= state.recoveredUpTo) becomeReady(node);
    resume(node, wounded, tryCommit);
  } while (state.applied > before);
  if (state.standing === 'leader') keepOwnPromise(node);
  serveReads(node);
  serveDemand(node);
  abdicateWhenPast(node);
}

function chooseRecords(node: Server): void {
  const { state, options } = node;
  const before = state.chosen;
  choose(node);
  for (let slot = before + 1; slot <= state.chosen; slot++) {
    const { record } = state.log[slot - 1];
    const { kind, transaction } = record;
    if (kind === 'commit' && options.commitWait) {
      const { timestamp } = record;
      const remaining = after(node, timestamp) ? 0 : untilAfter(node, timestamp);
      node.event('CommitWaitStarted', { transaction, timestamp, remaining });
    }
    const active = state.transactions[transaction];
    if (kind === 'prepare') {
      const { timestamp, writes, reads } = record;
      node.event('Prepared', { transaction, timestamp, writes, reads });
      if (active !== undefined) reportPrepared(node, active);
    }
  }
}

/** On a leader: what is chosen, and past. On others: what their leader has applied. */
function applyChosen(node: Server): void {
  const { state } = node;
  while (state.applied < state.chosen && isPast(node)) applyNext(node);
}

/**
 * Commit wait (§4.2.1): "before allowing any coordinator replica to apply the commit record, the
 * coordinator leader waits until TT.after(s), so as to obey the commit-wait rule."
 */
function isPast(node: Server): boolean {
  const { state, options } = node;
  const { record } = state.log[state.applied];
  if (record.kind !== 'commit' || !options.commitWait) return true;
  const { transaction, timestamp } = record;
  if (!after(node, timestamp)) {
    node.setTimer('commitWait', untilAfter(node, timestamp));
    return false;
  }
  node.event('CommitWaitEnded', { transaction, timestamp });
  return true;
}

/** Executes the record of the next slot; the leader tells those that wait for it. */
export function applyNext(node: Server): void {
  const { state } = node;
  const slot = ++state.applied;
  const { record } = state.log[slot - 1];
  const { kind, transaction } = record;
  execute(state, record);
  advanceByPromise(node);
  node.event('RecordApplied', { slot, kind, transaction });
  if (state.standing !== 'leader') return;
  if (record.kind === 'commit') {
    const { timestamp, groups, writes, reads } = record;
    node.event('Committed', { transaction, timestamp, groups: [...groups], writes, reads });
    announce(node, transaction, timestamp, '');
  } else if (record.kind === 'abort') {
    node.event('Aborted', { transaction, reason: record.reason });
    announce(node, transaction, state.outcomes[transaction], record.reason);
  } else if (record.kind === 'outcome') {
    node.event('OutcomeLearned', { transaction, timestamp: record.timestamp });
    close(node, transaction, 'its outcome is applied');
  }
}

/** The new leader has applied all that earlier leaders may have got chosen. */
function becomeReady(node: Server): void {
  const { state } = node;
  state.isReady = true;
  node.event('LeaderReady', { ballot: state.promised, prepared: Object.keys(state.prepared) });
  rebuildLocks(node);
}
