/** Each invariant of Multi-Paxos can fail: random schedules catch a mutant that violates it. */
import { expect, test } from 'vitest';
import { multiPaxos } from '../../../src/protocols/multi-paxos/multi-paxos.ts';
import { multiPaxosFamily } from '../../protocols/consensus/families.ts';
import { catches } from './catches.ts';
import { multiPaxosMutants } from './multi-paxos-mutants.ts';

const sentences = catches(multiPaxos, multiPaxosMutants, () => multiPaxosFamily);

test('a violation is explained in a sentence', () => {
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Agreement: In slot 22, a majority chose c2 11: cas y 2 2 in ballot 3.n2, and another c2 10: get x in ballot 4.n3.",
      "ShowsSafeAt: c1 2: put x 0 in ballot 4.n2 was proposed in slot 4, but no majority has promised that ballot with no other last vote.",
      "VotesSafe: n2 voted for no-op in ballot 2.n2 in slot 4, but another command can be chosen in ballot 1.n3.",
      "One Proposal Per Ballot: In ballot 2.n2, slot 5 has the proposals c1 3: put y 4 and c2 3: cas x 1 0.",
      "OneValuePerBallot: Slot 1 has votes for c1 1: put y 3 and for c2 2: cas x 0 3 in ballot 1.n3.",
      "Promises Kept: n2 voted in slot 3 and ballot 3.n2, after it had promised ballot 4.n1.",
      "Promises Kept: n2 promised ballot 2.n3, and has none.",
      "Ballots Are New: n1 began ballot 1.n1 after 1.n1.",
      "Messages Are True: n2 promised ballot 2.n2 without its vote in slot 5.",
      "Learned Is Chosen: n3 learned c1 2: put y 0 in slot 7, for which no majority voted.",
      "Applied Prefix: n3 executed slot 11, which it does not know.",
      "Store Follows Slots: n2 has the store [["x",1],["y",0]], but its 10 slots make [["x",1],["y",2]].",
      "Answers Are Chosen: n3 answered c1 for serial 1, which it has not learned.",
      "Answers Follow The Slots: c1 was answered get with 4, but no server has executed that.",
      "No Gaps: n4 leads with ballot 5.n4, but has proposed nothing in slot 7.",
    ]
  `);
});
