/** Majorities as etcd-io/raft counts them: its test data for votes and committed indexes. */
import { describe, expect, test } from 'vitest';
import { casesOf } from './conformance.ts';
import { logOf } from './paper.ts';
import { Server } from './server.ts';

describe('etcd-io/raft', () => {
  test('the index that a majority stores is committed', (context) => {
    let tried = 0;
    for (const { args, expected } of casesOf(context, 'etcd-raft/quorum/majority_commit.txt')) {
      // The data contains empty clusters, which do not exist here.
      const indexes = args.idx?.map((one) => (one === '_' ? 0 : Number(one)));
      if (!indexes) continue;
      // The server with the longest log is the leader; all its entries are of its own term.
      const [own, ...others] = indexes.sort((a, b) => b - a);
      const leader = new Server(indexes.length, {
        currentTerm: 1,
        standing: 'leader',
        log: logOf(new Array<number>(own).fill(1)),
        matchIndex: Object.fromEntries(others.map((_, i) => [`n${i + 2}`, 0])),
      });
      others.forEach((index, i) => leader.acknowledge(`n${i + 2}`, index));
      // The only server of a cluster commits without waiting for a result.
      if (others.length > 0) expect(leader.state.commitIndex).toBe(Number(expected.at(-1)));
      tried++;
    }
    expect(tried).toBeGreaterThan(10);
  });

  test('a majority of votes wins', (context) => {
    let tried = 0;
    for (const { args, expected } of casesOf(context, 'etcd-raft/quorum/majority_vote.txt')) {
      // A candidate votes for itself, so cases without a granted vote do not apply.
      const own = args.votes?.indexOf('y') ?? -1;
      if (own < 0 || args.cfg.length !== args.votes.length) continue;
      const server = new Server(args.votes.length);
      server.fire('election');
      args.votes.toSpliced(own, 1).forEach((vote, i) => {
        const fields = { term: 1, voteGranted: vote === 'y' };
        if (vote !== '_') server.receive('RequestVoteResult', fields, `n${i + 2}`);
      });
      const leads = server.state.standing === 'leader';
      expect(leads, JSON.stringify(args)).toBe(expected.at(-1) === 'VoteWon');
      tried++;
    }
    expect(tried).toBeGreaterThan(8);
  });
});
