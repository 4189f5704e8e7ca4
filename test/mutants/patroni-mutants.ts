/** The mutants of Patroni: each changes one line, and violates an invariant under random faults. */
import type { Mutant } from './mutant.ts';

export const patroniMutants: Record<string, Mutant & { in: string }> = {
  'patroni-same-timeline': {
    doc: 'A promotion goes on with the old timeline.',
    in: 'promotion.ts',
    line: 'if (ok) return promote(node, timeline, after);',
    broken: 'if (ok) return promote(node, Math.max(timeline - 1, 1), after);',
    violates: 'One Primary Per Timeline',
  },
  'patroni-no-watchdog': {
    doc: 'The watchdog is never armed.',
    in: 'watchdog.ts',
    line: "if (watchdog === 'off' || !watchdogDevice) return !lacksWatchdog(node);",
    broken: 'return true;',
    violates: 'One Primary Accepts Writes',
  },
  'patroni-any-may-promote': {
    doc: 'In synchronous mode, a replica that is not the standby may promote.',
    in: 'race.ts',
    line: 'return leader === null || leader === id || standby === id;',
    broken: 'return leader === null || standby !== undefined;',
    violates: 'Only An Eligible Replica',
  },
  'patroni-answers-early': {
    doc: 'A commit does not wait for the synchronous standby.',
    in: 'streaming.ts',
    line: 'if (syncStandby === null) return true;',
    broken: 'if (lsn > 0) return true;',
    violates: 'Synchronous Writes Survive',
  },
  'patroni-less-wal-promotes': {
    doc: 'A replica promotes though another one said that it has more WAL.',
    in: 'race.ts',
    line: 'if (lsn > own) return `${from} has more WAL: LSN ${lsn}, and not ${own}`;',
    broken: '',
    violates: 'Only An Eligible Replica',
  },
  'patroni-no-rewind': {
    doc: 'The old primary follows the new one without a rewind.',
    in: 'streaming.ts',
    line: "if (lsn > common) return node.send(connection, { type: 'RewindNeeded', to: common });",
    broken: '',
    violates: 'WAL Follows Its History',
  },
};
