/** Raft's mutants: each is one line of src/protocols/raft.ts that somebody got wrong. */
import type { Mutant } from './mutant.ts';

export const raftMutants: Record<string, Mutant> = {
  'raft-small-quorum': {
    doc: 'Half of the servers pass for a majority, so that two candidates can both win a term.',
    line: 'return majorityOf(node.peers.length + 1);',
    broken: 'return Math.ceil((node.peers.length + 1) / 2);',
    violates: 'Election Safety',
  },
  'raft-overwriting-leader': {
    doc: 'A leader puts a new command in the place of one that is not committed yet.',
    line: 'appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));',
    broken:
      'state.log[state.commitIndex] = frozen({ term, command, clientId: from, serial, oldestPending });',
    violates: 'Leader Append-Only',
  },
  'raft-no-consistency-check': {
    doc: 'A follower takes entries without comparing the term of the entry before them (§5.3).',
    line: 'if (termAt(state.log, prevLogIndex) !== prevLogTerm) {',
    broken: 'if (prevLogIndex < 0) {',
    violates: 'Log Matching',
  },
  'raft-vote-for-anyone': {
    doc: 'A server votes for a candidate whose log lacks entries that it has itself (§5.4.1).',
    line: "if (!isUpToDate(state.log, call.lastLogIndex, call.lastLogTerm)) return 'its log is behind';",
    broken: '',
    violates: 'Leader Completeness',
  },
  'raft-commit-by-counting': {
    doc: 'A leader commits entries of earlier terms by counting replicas: Figure 8 (§5.4.2).',
    line: 'if (termAt(state.log, n) !== state.currentTerm) return;',
    broken: '',
    violates: 'Leader Completeness',
  },
  'raft-commit-beyond-match': {
    doc: 'A follower commits as far as its leader did, past the entries that it was just sent.',
    line: 'const committed = Math.min(message.leaderCommit, lastNew);',
    broken: 'const committed = Math.min(message.leaderCommit, state.log.length);',
    violates: 'State Machine Safety',
  },
  'raft-forgotten-vote': {
    doc: 'votedFor is not written to disk: a server that crashes can vote twice in a term.',
    line: "durable: ['currentTerm', 'votedFor', 'log'],",
    broken: "durable: ['currentTerm', 'log'],",
    violates: 'At Most One Vote a Term',
  },
  'raft-falling-commit': {
    doc: 'Figure 2 to the letter: a call that was overtaken takes commitIndex back.',
    line: 'if (committed > state.commitIndex) commit(node, committed);',
    broken: 'if (message.leaderCommit > state.commitIndex) commit(node, committed);',
    violates: 'commitIndex Never Falls',
  },
  'raft-forgotten-term': {
    doc: 'currentTerm is not written to disk: a server that crashes goes back to term 0.',
    line: "durable: ['currentTerm', 'votedFor', 'log'],",
    broken: "durable: ['votedFor', 'log'],",
    violates: 'currentTerm Never Falls',
  },
};
