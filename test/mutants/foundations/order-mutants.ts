/** The mutants of Lamport's mutual exclusion and of the snapshot: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const mutexMutants: Record<string, Mutant> = {
  'mutex-no-tie-break': {
    doc: 'Each process puts its own request before others with the same timestamp.',
    in: 'participant.ts',
    line: 'if (state.queue[0].of !== node.id) return;',
    broken: 'if (state.queue[0].time < own.time) return;',
    violates: 'Mutual Exclusion',
  },
  'mutex-any-message': {
    doc: 'A process enters when it has heard anything from the others, not something later.',
    in: 'participant.ts',
    line: 'if (waitsForReplies && !peers.every((id) => (state.heard[id] ?? 0) > own.time)) return;',
    broken: 'if (waitsForReplies && !peers.every((id) => (state.heard[id] ?? 0) > 0)) return;',
    violates: 'Mutual Exclusion',
  },
  'mutex-own-time-first': {
    doc: 'A process does not queue its own request by its timestamp, and so not by the order.',
    in: 'participant.ts',
    line: 'return [...queue].sort((a, b) => a.time - b.time || (a.of < b.of ? -1 : 1));',
    broken: 'return [...queue].sort((a, b) => (a.of < b.of ? -1 : 1));',
    violates: 'Granted In Order',
  },
  'mutex-handles-early': {
    doc: 'A message is handled when it arrives, although an earlier one has not come.',
    in: 'shared/numbered-links.ts',
    line: 'const next = held.findIndex((one) => one.number === (links.handled[from] ?? 0) + 1);',
    broken: 'const next = held.length > 0 ? 0 : -1;',
    violates: 'Links Keep Order',
  },
  'mutex-forgets-releases': {
    doc: 'A release does not remove the request from the queues of the others (rule 4).',
    in: 'participant.ts',
    line: 'state.queue = state.queue.filter(({ of }) => of !== from);',
    broken: '',
    violates: 'One Request A Process',
  },
};

export const snapshotMutants: Record<string, Mutant> = {
  'snapshot-records-late': {
    doc: 'A branch counts its own balance wrongly by one.',
    in: 'branch.ts',
    line: 'state.recordings[snapshot] = { balance: state.balance, channels, open: [...peers] };',
    broken:
      'state.recordings[snapshot] = { balance: state.balance + 1, channels, open: [...peers] };',
    violates: 'Money Is Conserved',
  },
  'snapshot-handles-early': {
    doc: 'A message is handled when it arrives, although an earlier one has not come.',
    in: 'shared/numbered-links.ts',
    line: 'const next = held.findIndex((one) => one.number === (links.handled[from] ?? 0) + 1);',
    broken: 'const next = held.length > 0 ? 0 : -1;',
    violates: 'Consistent Cut',
  },
  'snapshot-no-channels': {
    doc: 'A branch does not record what arrives on a channel whose marker has not come.',
    in: 'branch.ts',
    line: 'if (open.includes(from)) channels[from].push(amount);',
    broken: 'if (open.includes(from) && amount < 0) channels[from].push(amount);',
    violates: 'Channels Are Complete',
  },
};
