/** The mutants of Multi-Paxos: each changes one line of a file in src/protocols/multi-paxos. */
import type { Mutant } from '../mutant.ts';

export const multiPaxosMutants: Record<string, Mutant> = {
  'multi-paxos-small-quorum': {
    doc: 'A quorum has one replica less than a majority.',
    in: 'leader.ts',
    line: "return node.options.quorum === 'majority' ? needed : Math.max(1, needed - 1);",
    broken: 'return Math.max(1, needed - 1);',
    violates: 'Agreement',
  },
  'multi-paxos-lowest-vote': {
    doc: 'A new leader proposes the last vote reported for a slot, not the highest.',
    in: 'leader.ts',
    line: 'if (one.slot === slot && isBelow(highest?.ballot ?? null, one.ballot)) highest = one;',
    broken: 'if (one.slot === slot) highest = one;',
    violates: 'ShowsSafeAt',
  },
  'multi-paxos-fills-all': {
    doc: 'A new leader fills every slot that it does not know with a no-op.',
    in: 'leader.ts',
    line: 'const vote = highestVote(reported, slot);',
    broken: 'const vote = highestVote([], slot);',
    violates: 'VotesSafe',
  },
  'multi-paxos-reused-slot': {
    doc: 'A new leader begins with the slot of the last vote, in which it proposes twice.',
    in: 'leader.ts',
    line: 'state.nextSlot = last + 1;',
    broken: 'state.nextSlot = Math.max(1, last);',
    violates: 'One Proposal Per Ballot',
  },
  'multi-paxos-reused-slot-votes': {
    doc: 'Two commands of a leader go into one slot.',
    in: 'leader.ts',
    line: 'propose(node, node.state.nextSlot++, frozen({ command, clientId, serial, oldestPending }));',
    broken:
      'propose(node, node.state.nextSlot, frozen({ command, clientId, serial, oldestPending }));',
    violates: 'OneValuePerBallot',
  },
  'multi-paxos-accepts-any': {
    doc: 'A replica votes below the ballot that it has promised (P1a).',
    in: 'replica.ts',
    line: 'state.votes[slot - 1] = Object.freeze({ ballot, entry });',
    broken:
      'state.votes[slot - 1] = Object.freeze({ ballot: state.votes[slot - 1]?.ballot ?? ballot, entry });',
    violates: 'Promises Kept',
  },
  'multi-paxos-forgotten-promise': {
    doc: 'maxBal is not durable (§2.2).',
    in: 'replica.ts',
    line: "durable: ['number', 'maxBal', 'votes', 'chosen'],",
    broken: "durable: ['number', 'votes', 'chosen'],",
    violates: 'Promises Kept',
  },
  'multi-paxos-reused-ballot': {
    doc: 'The number of the last ballot is not durable, and the promise is not looked at (§2.5).',
    in: 'leader.ts',
    line: 'state.number = Math.max(state.number, numberOf(state.maxBal)) + 1;',
    broken: 'state.number = Math.max(1, numberOf(state.maxBal));',
    violates: 'Ballots Are New',
  },
  'multi-paxos-silent-promise': {
    doc: 'A promise reports only the first vote.',
    in: 'replica.ts',
    line: "node.send(from, { type: 'Phase1b', ballot, votes });",
    broken: "node.send(from, { type: 'Phase1b', ballot, votes: votes.slice(0, 1) });",
    violates: 'Messages Are True',
  },
  'multi-paxos-heartbeat-learns-any': {
    doc: 'A replica takes a vote of an earlier ballot for the command that was chosen.',
    in: 'replica.ts',
    line: 'if (vote?.ballot === ballot) learn(node, slot, vote.entry);',
    broken: 'if (vote) learn(node, slot, vote.entry);',
    violates: 'Learned Is Chosen',
  },
  'multi-paxos-skips-gaps': {
    doc: 'A replica executes the last slot that it knows, although a slot before it is missing.',
    in: 'log.ts',
    line: 'state.applied++;',
    broken: 'state.applied = state.chosen.length;',
    violates: 'Applied Prefix',
  },
  'multi-paxos-executes-twice': {
    doc: 'A command that was chosen in two slots is executed in both.',
    in: 'log.ts',
    line: 'const response = applyCommand(state, entry);',
    broken: 'state.sessions = {}; const response = applyCommand(state, entry);',
    violates: 'Store Follows Slots',
  },
  'multi-paxos-answers-early': {
    doc: 'The leader answers a client when it receives the command, before it is chosen.',
    in: 'leader.ts',
    line: 'if (isProposed) return;',
    broken:
      "if (isProposed) return; node.send(clientId, { type: 'ClientResponse', serial, status: 'OK', response: 'OK', leaderHint: node.id });",
    violates: 'Answers Are Chosen',
  },
  'multi-paxos-local-read': {
    doc: 'The leader answers a read from its store, without a slot for it.',
    in: 'leader.ts',
    line: 'if (isProposed) return;',
    broken:
      "if (isProposed) return; if (command.op === 'get') return node.send(clientId, { type: 'ClientResponse', serial, status: 'OK', response: node.state.kv[command.key] ?? null, leaderHint: node.id });",
    violates: 'Answers Follow The Slots',
  },
  'multi-paxos-leaves-gaps': {
    doc: 'A new leader proposes nothing in a slot for which no vote was reported.',
    in: 'leader.ts',
    line: 'propose(node, slot, noOp);',
    broken: '',
    violates: 'No Gaps',
  },
};
