/** Single-decree Paxos, in the words of "Paxos Made Simple": one value is chosen, once. */
import { defineProtocol } from '../../protocol/define.ts';
import { acceptor } from './acceptor.ts';
import { invariants } from './invariants.ts';
import { learner } from './learner.ts';
import { proposer } from './proposer.ts';
import { acceptorsOf, noteVoting, noVoting } from './refinement.ts';
import { consensusSpecification } from './specification.ts';
import { events } from './state.ts';
import { isChosenAt } from './voting.ts';

export const paxos = defineProtocol({
  name: 'paxos',
  doc: 'Single-decree Paxos: acceptors vote in ballots, and a majority of votes chooses a value.',
  source: 'Lamport: Paxos Made Simple, 2001, §2; its TLA+ modules Consensus, Voting and Paxos',
  events,
  roles: { proposer, acceptor, learner },
  defaultRole: 'acceptor',
  derivedEvents: {
    // A value is chosen before any node knows it.
    ValueChosen: {
      remember: () => ({ ...noVoting(), isChosen: false }),
      look(moment) {
        const { memory } = moment;
        const vote = noteVoting(memory, moment)?.vote ?? null;
        if (vote === null || memory.isChosen) return [];
        if (!isChosenAt(memory, acceptorsOf(moment), vote)) return [];
        memory.isChosen = true;
        return [{ ballot: vote.ballot, value: vote.value }];
      },
      summary: ({ ballot, value }) => `ballot ${String(ballot)}, value ${String(value)}`,
    },
  },
  invariants,
  specification: consensusSpecification,
  refuses: ({ type }) => type === 'Refusal' || type === 'Unchosen',
});
