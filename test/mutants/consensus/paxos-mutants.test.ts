/** Each invariant of Paxos can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { paxos } from '../../../src/protocols/paxos/paxos.ts';
import { paxosFamily } from '../../protocols/consensus/families.ts';
import { catches } from './catches.ts';
import { paxosMutants } from './paxos-mutants.ts';

const sentences = catches(paxos, paxosMutants, () => paxosFamily);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Agreement: a2 and a3 chose false in ballot 1.p2, and a1 and a2 chose 0 in ballot 4.p3.",
      "ShowsSafeAt: p2 was proposed in ballot 4.p2, but no majority has promised that ballot with no vote below it, or with p2 as its last vote.",
      "VotesSafe: a3 voted for 0 in ballot 3.p1, but another value can still be chosen in ballot 2.p2.",
      "Promises Kept: a1 promised ballot 3.p3, and went back to 2.p3.",
      "Promises Kept: a3 promised ballot 2.p2, and has none.",
      "Promises Kept: a3 promised ballot 2.p2, and has none.",
      "Promises Kept: a3 voted in ballot 3.p1, and has none.",
      "Promises Report Votes: a2 promised ballot 3.p1 and reported no vote, but its last vote is in 2.p2.",
      "OneValuePerBallot: Ballot 4.p2 has votes for p2 and for 0.",
      "Votes Are Stored: a1 sent a vote for p3 in ballot 2.p3, and has not stored it.",
      "Ballots Are New: p2 began ballot 1.p2 after 20.p2.",
      "One Proposal Per Ballot: Ballot 1.p2 has the proposals p2-2 and false.",
      "Learned Is Chosen: l1 learned p1-2, for which only a1 voted in one ballot.",
      "Learned Is Chosen: p3 learned 0, for which only a2 voted in one ballot.",
      "ShowsSafeAt: false was proposed in ballot 43.p1, but no majority has promised that ballot with no vote below it, or with false as its last vote.",
      "Validity: a1 has made up, which no client proposed.",
      "Learned Stays: l1 learned p2, but p1 learned 0.",
      "Answers Are Chosen: p1 answered propose with 0, which is not chosen.",
    ]
  `);
});
