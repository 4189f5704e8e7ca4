/** The mutants of Raft: each changes one line of a file in src/protocols/raft. */
import type { Mutant } from './mutant.ts';

export const raftMutants: Record<string, Mutant> = {
  'raft-small-quorum': {
    doc: 'Half of the servers count as a majority, so that two candidates can win the same term.',
    in: 'quorum.ts',
    line: 'return majorityOf(node.state.members?.length ?? node.peers.length + 1);',
    broken: 'return Math.ceil((node.peers.length + 1) / 2);',
    violates: 'Elected By A Majority',
  },
  'raft-late-votes': {
    doc: 'A candidate counts votes that it received in an earlier term (§5.2).',
    line: "if (state.standing !== 'candidate' || message.term !== state.currentTerm) return;",
    broken: "if (state.standing !== 'candidate') return;",
    violates: 'Election Safety',
  },
  'raft-overwriting-leader': {
    doc: 'A leader overwrites an entry that is not committed yet with a new command.',
    line: 'appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));',
    broken:
      'state.log[state.commitIndex] = frozen({ term, command, clientId: from, serial, oldestPending });',
    violates: 'Leader Append-Only',
  },
  'raft-no-consistency-check': {
    doc: 'A follower accepts entries without comparing the term of the entry before them (§5.3).',
    line: 'if (termAt(state.log, prevLogIndex) !== prevLogTerm) {',
    broken: 'if (prevLogIndex < 0) {',
    violates: 'Log Matching',
  },
  'raft-vote-for-anyone': {
    doc: 'A server votes for a candidate whose log lacks entries that its own log has (§5.4.1).',
    line: "if (!isUpToDate(state.log, call.lastLogIndex, call.lastLogTerm)) return 'its log is behind';",
    broken: '',
    violates: 'Votes For Up-To-Date Logs',
  },
  'raft-forgetful-leader': {
    doc: 'A new leader deletes the entries that it does not know to be committed (§5.4).',
    line: 'state.leaderId = node.id;',
    broken: 'state.leaderId = node.id; state.log.length = state.commitIndex;',
    violates: 'Leader Completeness',
  },
  'raft-commit-by-counting': {
    doc: 'A leader commits entries of earlier terms by counting replicas: Figure 8 (§5.4.2).',
    line: "if (!isOwn && options.commitRule !== 'any term') return;",
    broken: '',
    violates: 'Committed By A Majority',
  },
  'raft-match-whole-log': {
    doc: 'A follower confirms its whole log, although a call covers only a part of it (§5.3).',
    line: 'matchIndex: lastNew, conflictIndex: 0,',
    broken: 'matchIndex: state.log.length, conflictIndex: 0,',
    violates: 'matchIndex Holds',
  },
  'raft-appends-behind-later-terms': {
    doc: 'A leader gives a new entry the term before its own.',
    line: 'appendEntry(node, frozen({ term, command, clientId: from, serial, oldestPending }));',
    broken:
      'appendEntry(node, frozen({ term: term - 1, command, clientId: from, serial, oldestPending }));',
    violates: 'Terms In Order',
  },
  'raft-commit-beyond-match': {
    doc: 'A follower commits up to leaderCommit, beyond the entries that it has just received.',
    line: 'const committed = Math.min(message.leaderCommit, lastNew);',
    broken: 'const committed = Math.min(message.leaderCommit, state.log.length);',
    violates: 'State Machine Safety',
  },
  'raft-forgotten-vote': {
    doc: 'votedFor is not durable, so that a server which crashes can vote twice in a term.',
    line: "durable: ['currentTerm', 'votedFor', 'log'],",
    broken: "durable: ['currentTerm', 'log'],",
    violates: 'At Most One Vote a Term',
  },
  'raft-falling-commit': {
    doc: 'Figure 2 taken literally: a call that arrives late lowers commitIndex.',
    line: 'if (committed > state.commitIndex) commit(node, committed);',
    broken: 'if (message.leaderCommit > state.commitIndex) commit(node, committed);',
    violates: 'commitIndex Never Falls',
  },
  'raft-forgotten-term': {
    doc: 'currentTerm is not durable, so that a server which crashes goes back to term 0.',
    line: "durable: ['currentTerm', 'votedFor', 'log'],",
    broken: "durable: ['votedFor', 'log'],",
    violates: 'currentTerm Never Falls',
  },
  'raft-truncating-follower': {
    doc: 'A follower deletes entries that do not conflict with a call that arrives late (§5.3).',
    in: 'storage.ts',
    line: 'if (termAt(log, index) === entries[i].term) continue;',
    broken: '',
    violates: 'Committed Entries Stay',
  },
  'raft-eager-apply': {
    doc: 'A server applies the entries of its log before they are committed.',
    line: 'while (state.commitIndex > state.lastApplied) {',
    broken: 'while (state.log.length > state.lastApplied) {',
    violates: 'Indexes In Order',
  },
  'raft-applies-again': {
    doc: 'A server that becomes a follower applies its log again from the start.',
    line: 'if (state.votesGranted.length > 0) state.votesGranted = [];',
    broken: 'state.votesGranted = []; state.lastApplied = 0;',
    violates: 'lastApplied Never Falls',
  },
  'raft-applies-last': {
    doc: 'A server applies the last entry of its log instead of the next one.',
    line: 'const entry = state.log[index - 1];',
    broken: 'const entry = state.log[state.log.length - 1];',
    violates: 'Store Follows The Log',
  },
  'raft-counts-itself-twice': {
    doc: 'A leader that no other server answers takes itself for a quorum (thesis §6.2).',
    in: 'check-quorum.ts',
    line: 'if (answered < majority(node)) {',
    broken: 'if (answered + 1 < majority(node)) {',
    violates: 'A Leader Has Its Quorum',
  },
  'raft-votes-against-its-leader': {
    doc: 'A server forgets that it heard its leader within the minimum timeout (thesis §4.2.3).',
    in: 'check-quorum.ts',
    line: 'if (!hasLiveLeader(node)) return false;',
    broken: 'return false;',
    violates: 'No Vote Against A Live Leader',
  },
  'raft-pre-votes-of-one': {
    doc: 'A candidate begins its term after the first pre-vote that it receives (thesis §9.6).',
    in: 'pre-vote.ts',
    line: 'if (preVotes.length >= majority(node)) rules.becomeCandidate(node);',
    broken: 'rules.becomeCandidate(node);',
    violates: 'Pre-Vote First',
  },
  'raft-pre-vote-is-a-vote': {
    doc: 'A server moves to the term of a pre-vote, as it does for a vote (thesis §9.6).',
    in: 'pre-vote.ts',
    line: 'const reason = whyNoPreVote(node, message);',
    broken: 'const reason = whyNoPreVote(node, message); rules.followLaterTerm(node, term);',
    violates: 'Pre-Vote Changes Nothing',
  },
  'raft-two-servers-at-once': {
    doc: 'A leader removes another server together with the one that it should remove.',
    in: 'membership.ts',
    line: "const members = op === 'addServer' ? [...now, server] : now.filter((id) => id !== server);",
    broken: 'const members = now.filter((id) => id !== server).slice(0, -1);',
    violates: 'One Server At A Time',
  },
  'raft-change-before-own-term': {
    doc: 'A new leader begins a change before it has committed an entry of its term (2015).',
    in: 'membership.ts',
    line: 'if (termAt(state.log, state.commitIndex) !== state.currentTerm) return;',
    broken: '',
    violates: 'Change After Commit',
  },
};
