/** What each Raft server promises at every step, so that a fault shows before the next election. */
// Election Safety, Leader Completeness and State Machine Safety follow from these promises, but are
// violated only by a later election or commit. As in invariants.ts, each check looks only at the
// server that acted, and at what is new there.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { isUpToDate, termAt } from './log.ts';
import {
  describe, type Entry, isServer, membersAmong, sameEntry, type Server,
} from './observed-log.ts';

interface Votes {
  /** For each candidate, the servers that voted for it in the last term in which any did. */
  of: Record<NodeId, { term: number; voters: NodeId[] }>;
  /** The last vote of each server that was noted, such as `2 n1`, and the last term it led. */
  voted: Record<NodeId, string>;
  led: Record<NodeId, number>;
}

/** Counts the votes that servers gave, not those that the leader believes it received. */
const electedByMajority = invariant<Votes>({
  doc: 'A leader received the votes of a majority of the servers in its term (§5.2).',
  remember: () => ({ of: {}, voted: {}, led: {} }),
  check({ acted, nodes, memory }) {
    if (!isServer(acted)) return undefined;
    const { id, state: { currentTerm: term, votedFor, standing } } = acted;
    // A crash may take a vote that was not on disk yet: then the server votes again in its term.
    if (votedFor !== null && memory.voted[id] !== `${term} ${votedFor}`) {
      noteVote(memory, term, id, votedFor);
    }
    if (standing !== 'leader' || memory.led[id] === term) return undefined;
    memory.led[id] = term;
    const own = memory.of[id];
    const all = own?.term === term ? own.voters : [];
    const { count, among: voters } = membersAmong(acted, nodes, all);
    if (voters.length > count / 2) return undefined;
    const votes = voters.length === 0 ? 'no vote' : `the votes of ${voters.join(' and ')} only`;
    return `${id} leads term ${term} with ${votes}: a majority of ${count} servers is needed.`;
  },
});

function noteVote(memory: Votes, term: number, voter: NodeId, candidate: NodeId): void {
  const { of, voted } = memory;
  voted[voter] = `${term} ${candidate}`;
  const votes = of[candidate];
  // A candidate whose later terms were on no disk yet begins them again after a crash.
  const isNew = votes === undefined || votes.term < term;
  const isAgain = voter === candidate && votes?.term !== term;
  if (isNew || isAgain) of[candidate] = { term, voters: [voter] };
  else if (votes.term === term && !votes.voters.includes(voter)) votes.voters.push(voter);
}

/**
 * Checked in the step of each vote: a crash may take one that was not on disk yet, so that a server
 * votes again in the same term. A candidate that has already won has added entries of its own term,
 * which were not in the log that it requested votes with.
 */
const votesForUpToDateLogs = invariant<Record<NodeId, string>>({
  doc: 'A server votes for no candidate whose log is less up-to-date than its own (§5.4.1).',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isServer(acted)) return undefined;
    const { currentTerm: term, votedFor, log } = acted.state;
    const vote = votedFor === null ? '' : `${term} ${votedFor}`;
    if ((memory[acted.id] ?? '') === vote) return undefined;
    memory[acted.id] = vote;
    if (votedFor === null || votedFor === acted.id) return undefined;
    const candidate = nodes.find((node) => node.id === votedFor);
    if (!isServer(candidate) || candidate.state.currentTerm !== term) return undefined;
    if (candidate.state.standing === 'follower') return undefined;
    const theirs = candidate.state.log;
    let length = theirs.length;
    while (length > 0 && theirs[length - 1].term === term) length--;
    if (isUpToDate(log, length, termAt(theirs, length))) return undefined;
    const end = (index: number, last: number) => `entry ${index} of term ${last}`;
    const own = end(log.length, termAt(log, log.length));
    const other = length === 0 ? 'is empty' : `ends with ${end(length, termAt(theirs, length))}`;
    return `${acted.id}, whose log ends with ${own}, voted for ${votedFor}, whose log ${other}.`;
  },
});

interface Ending {
  length: number;
  last: Entry | undefined;
}

/** A log that only grew since the last check is checked from there on. */
const termsInOrder = invariant<Record<NodeId, Ending>>({
  doc: 'The terms along a log never decrease, and none is later than currentTerm (§5.3, §5.4.1).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { log, currentTerm } = acted.state;
    const { length } = log;
    const before = memory[acted.id];
    if (length > 0 && log[length - 1].term > currentTerm) {
      const last = describe(log[length - 1]);
      return `${acted.id} is in term ${currentTerm}, but its log ends with ${last}.`;
    }
    if (before?.length === length && before.last === log[length - 1]) return undefined;
    memory[acted.id] = { length, last: log[length - 1] };
    const grew = before?.last !== undefined && sameEntry(log[before.length - 1], before.last);
    for (let index = grew ? before.length : 1; index < length; index++) {
      if (log[index].term >= log[index - 1].term) continue;
      const [one, next] = [log[index - 1], log[index]].map(describe);
      return `${acted.id} has ${next} at index ${index + 1}, behind ${one}.`;
    }
    return undefined;
  },
});

interface Committed {
  /** The commitIndex of each server, and its configuration, when it was last checked. */
  upTo: Record<NodeId, number>;
  members: Record<NodeId, readonly NodeId[] | null>;
}

/**
 * Checked for the leader and for each server that learns from it. The logs are durable, so a server
 * that is crashed still stores its entries.
 */
const committedByMajority = invariant<Committed>({
  doc: 'A majority stores a committed entry; a leader counts only for its own term (§5.3, §5.4.2).',
  remember: () => ({ upTo: {}, members: {} }),
  check({ acted, nodes, memory: { upTo, members } }) {
    if (!isServer(acted)) return undefined;
    const { commitIndex, membersIndex } = acted.state;
    // A leader that begins a change may commit entries in the same step, before and after it.
    const known = Object.hasOwn(members, acted.id);
    const used = known ? members[acted.id] : acted.state.members;
    if (members[acted.id] !== acted.state.members) members[acted.id] = acted.state.members;
    const before = upTo[acted.id] ?? 0;
    if (commitIndex === before) return undefined;
    upTo[acted.id] = commitIndex;
    const { currentTerm, standing, log } = acted.state;
    const entry = log[commitIndex - 1];
    if (commitIndex < before || entry === undefined) return undefined;
    const what = () => `${acted.id} committed entry ${commitIndex}, ${describe(entry)},`;
    if (standing === 'leader' && entry.term !== currentTerm) {
      return `${what()} in term ${currentTerm}: entries of earlier terms can still be replaced.`;
    }
    // A follower may use a later configuration than the leader that committed the entry.
    if (membersIndex > 0 && standing !== 'leader') return undefined;
    if (acted.state.members === null && isOnMajority(nodes, commitIndex, entry)) return undefined;
    const all = nodes.filter((node) => stores(node, commitIndex, entry)).map(({ id }) => id);
    const { count, among: stored } = membersAmong(acted, nodes, all);
    if (stored.length > count / 2) return undefined;
    const old = membersAmong(acted, nodes, all, used);
    if (old.among.length > old.count / 2) return undefined;
    return `${what()} which only ${stored.join(' and ')} stored.`;
  },
});

function isOnMajority(nodes: readonly Observed[], index: number, entry: Entry): boolean {
  let servers = 0;
  let storing = 0;
  for (const node of nodes) {
    if (isServer(node)) servers++;
    if (stores(node, index, entry)) storing++;
  }
  return storing > servers / 2;
}

function stores(node: Observed, index: number, entry: Entry): boolean {
  return isServer(node) && sameEntry(node.state.log[index - 1], entry);
}

/**
 * Checked when the leader counts, and when the follower's log changes. Only a later leader may
 * replace such an entry, and a server that follows one is in its term.
 */
const matchIndexHolds = invariant<Record<NodeId, Ending>>({
  doc: 'A follower stores what its leader counts as replicated on it: matchIndex (§5.3).',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isServer(acted)) return undefined;
    const { standing, log } = acted.state;
    const isLeader = standing === 'leader';
    const before = memory[acted.id];
    const last = log[log.length - 1];
    const isChanged = before?.length !== log.length || before.last !== last;
    if (isChanged) memory[acted.id] = { length: log.length, last };
    if (!isLeader && !isChanged) return undefined;
    for (const other of nodes) {
      if (other === acted || !isServer(other)) continue;
      if (!isLeader && other.state.standing !== 'leader') continue;
      const why = isLeader ? whyNoMatch(acted, other) : whyNoMatch(other, acted);
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

function whyNoMatch(leader: Server, follower: Server): string | undefined {
  const { currentTerm, matchIndex, log } = leader.state;
  const index = matchIndex[follower.id] ?? 0;
  if (index === 0) return undefined;
  const own = log[index - 1];
  const theirs = follower.state.log[index - 1];
  if (own === theirs || own === undefined) return undefined;
  if (follower.state.currentTerm > currentTerm || sameEntry(theirs, own)) return undefined;
  const counted = `${leader.id} counts entry ${index}, ${describe(own)}, as stored by`;
  const instead = theirs === undefined ? 'does not have it' : `has ${describe(theirs)} there`;
  return `${counted} ${follower.id}, which ${instead}.`;
}

/** lastApplied is volatile, like the state machine: after a crash, the log is applied again. */
const lastAppliedNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'A running server applies each entry once: its lastApplied never decreases (Figure 2).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const now = acted.up ? acted.state.lastApplied : 0;
    if (now !== before) memory[acted.id] = now;
    if (now >= before || !acted.up) return undefined;
    return `The lastApplied of ${acted.id} fell from ${before} to ${now}.`;
  },
});

export const serverInvariants: Record<string, Invariant> = {
  'Elected By A Majority': electedByMajority,
  'Votes For Up-To-Date Logs': votesForUpToDateLogs,
  'Terms In Order': termsInOrder,
  'Committed By A Majority': committedByMajority,
  'matchIndex Holds': matchIndexHolds,
  'lastApplied Never Falls': lastAppliedNeverFalls,
};
