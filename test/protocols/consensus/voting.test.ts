/** Paxos checks what a change may have made unsafe; here all votes are checked again beside it. */
import { expect, test } from 'vitest';
import {
  allVotes, isShownSafe, lose, note, unsafeVote, votesToCheck, type Voting, whyNotSafeAt,
} from '../../../src/protocols/paxos/voting.ts';
import { Dice } from '../dice.ts';

const acceptors = ['a1', 'a2', 'a3'];
const ballots = ['1.p1', '1.p2', '2.p1', '10.p1', '10.p2'];

interface Found {
  changes: number;
  unsafe: number;
  unstable: number;
}

/** One random history: promises and votes, some of them lost or below a promise, until one is unsafe. */
function follow(seed: number, found: Found): void {
  const dice = new Dice(seed);
  const voting: Voting = { votes: {}, maxBal: {} };
  for (let i = 0; i < 12; i++) {
    const id = dice.one(acceptors);
    const before = voting.maxBal[id] ?? null;
    const ballot = dice.one(ballots);
    const isLost = dice.chance(0.1) && lose(voting, id, ballot);
    const vote = dice.chance(0.5) ? { ballot, value: dice.chance(0.8) ? 'red' : 'blue' } : null;
    const maxBal = dice.chance(0.9) ? (ballots[Math.max(ballots.indexOf(ballot), ballots.indexOf(before ?? ''))]) : ballot;
    const change = note(voting, id, maxBal, vote, isLost);
    if (change === undefined) continue;
    found.changes++;
    if (!change.isStable) found.unstable++;
    const all = allVotes(voting);
    const isUnsafe = all.some((one) => whyNotSafeAt(voting, acceptors, one) !== undefined);
    expect(unsafeVote(voting, acceptors, change) !== undefined, `seed ${seed}`).toBe(isUnsafe);
    const isUnshown = all.some((one) => !isShownSafe(voting, acceptors, one));
    const toCheck = votesToCheck(voting, change);
    expect(toCheck.some((one) => !isShownSafe(voting, acceptors, one)), `seed ${seed}`).toBe(isUnshown);
    if (isUnsafe || isUnshown) {
      found.unsafe++;
      return;
    }
  }
}

test('the votes that a change makes unsafe are found without checking all votes again', () => {
  const found = { changes: 0, unsafe: 0, unstable: 0 };
  for (let seed = 1; seed <= 2_000; seed++) follow(seed, found);
  expect(found.changes).toBeGreaterThan(4_000);
  expect(found.unsafe).toBeGreaterThan(1_000);
  expect(found.unstable).toBeGreaterThan(100);
});

test('a lost promise and a vote below a promise make an earlier vote unsafe', () => {
  const voting: Voting = { votes: {}, maxBal: {} };
  for (const id of ['a1', 'a2']) note(voting, id, '2.p1', null, false);
  const vote = note(voting, 'a1', '2.p1', { ballot: '2.p1', value: 'red' }, false)!;
  expect(unsafeVote(voting, acceptors, vote)).toBeUndefined();
  const late = note(voting, 'a2', '2.p1', { ballot: '1.p2', value: 'blue' }, false)!;
  expect(late.isStable).toBe(false);
  expect(unsafeVote(voting, acceptors, late)).toEqual({
    vote: { ballot: '2.p1', value: 'red' }, lower: '1.p2',
  });
});
