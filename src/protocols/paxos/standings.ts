/** What proposers and learners are in the course of a ballot, and what changes that. */
import type { Standings } from '../../protocol/standings.ts';

const learns = 'learns the chosen value';
const leads = 'takes itself for the distinguished proposer (§2.4)';
const isGone = 'another proposer leads';

// Lamport, Paxos Made Simple (2001), §2.2: the two phases; §2.4: "a distinguished proposer".
export const proposerStandings: Standings = {
  idle: {
    doc: 'It conducts no ballot.',
    boots: true,
    to: {
      'phase 1': 'sends prepare requests (§2.2)', learned: learns, leader: leads,
    },
  },
  'phase 1': {
    doc: 'It has sent prepare requests, and waits for the promises of a majority (§2.2).',
    to: {
      'phase 1': 'times out: a higher ballot', 'phase 2': 'promises from a majority (§2.2)',
      idle: 'is preempted, or has nothing to propose', learned: learns, leader: leads,
    },
  },
  'phase 2': {
    doc: 'It has sent accept requests, and waits for the votes of a majority (§2.2).',
    to: {
      'phase 1': 'times out: a higher ballot', learned: 'votes from a majority: chosen (§2.2)',
      idle: 'is preempted by a higher ballot', leader: leads,
    },
  },
  learned: { doc: 'It knows which value was chosen.', to: { leader: leads } },
  leader: {
    doc: 'With `leader`: it is the distinguished proposer, which alone begins ballots (§2.4).',
    boots: true,
    to: { idle: isGone, 'phase 1': isGone, 'phase 2': isGone, learned: isGone },
  },
};

// §2.3: a learner must find out that a majority of acceptors has accepted a proposal.
export const learnerStandings: Standings = {
  waiting: {
    doc: 'It does not know yet that a value was chosen (§2.3).',
    to: { learned: 'a majority of acceptors voted in one ballot' },
  },
  learned: { doc: 'It knows the chosen value (§2.3).' },
};
