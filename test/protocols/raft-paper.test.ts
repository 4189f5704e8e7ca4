/** The rules of the Raft paper, section by section, as tables of what one server does. */
import { describe, expect, test } from 'vitest';
import { entryOf, figure7, logOf } from './paper.ts';
import { Server } from './server.ts';
import { Cluster, setupOf } from './cluster.ts';

const call = { leaderId: 'n2', prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
const put = { command: { op: 'put', key: 'x', value: 1 }, serial: 1, oldestPending: 1 };
const standings = ['follower', 'candidate', 'leader'] as const;

describe('§5.1 terms', () => {
  const messages = [
    ['RequestVote', { candidateId: 'n2', lastLogIndex: 0, lastLogTerm: 0 }],
    ['RequestVoteResult', { voteGranted: false }],
    ['AppendEntries', call],
    ['AppendEntriesResult', { success: false, prevLogIndex: 0, matchIndex: 0, conflictIndex: 1 }],
  ] as const;

  test.each(standings.flatMap((standing) => messages.map((one) => [standing, ...one] as const)))(
    'a %s that receives a later term in %s adopts it and becomes a follower',
    (standing, type, fields) => {
      const server = new Server(3, { currentTerm: 1, standing, votedFor: 'n1' });
      server.receive(type, { term: 2, ...fields });
      expect(server.state).toMatchObject({ currentTerm: 2, standing: 'follower' });
      expect(server.state.votedFor).toBe(type === 'RequestVote' ? 'n2' : null);
      expect(server.events).toContain('TermChanged');
      if (standing === 'leader') expect(server.events[0]).toBe('LeaderSteppedDown');
    },
  );

  test.each(standings)('a %s rejects calls of an earlier term, and returns its own', (standing) => {
    const server = new Server(3, { currentTerm: 2, standing });
    expect(server.receive('AppendEntries', { term: 1, ...call })).toMatchObject([
      { type: 'AppendEntriesResult', term: 2, success: false },
    ]);
    const vote = { term: 1, candidateId: 'n3', lastLogIndex: 9, lastLogTerm: 1 };
    expect(server.receive('RequestVote', vote)).toMatchObject([
      { type: 'RequestVoteResult', term: 2, voteGranted: false },
    ]);
    expect(server.state).toMatchObject({ currentTerm: 2, standing, leaderId: null });
  });

  test('results of an earlier term change nothing', () => {
    const leader = new Server(3, { currentTerm: 4 }).lead();
    const before = structuredClone(leader.state);
    const old = { term: 4, success: true, prevLogIndex: 0, matchIndex: 1, conflictIndex: 0 };
    leader.receive('AppendEntriesResult', old);
    leader.receive('RequestVoteResult', { term: 4, voteGranted: true });
    expect(leader.state).toEqual(before);
  });
});

describe('§5.2 leader election', () => {
  test('a server starts as a follower with its election timer running', () => {
    const server = Server.boot();
    expect(server.state).toMatchObject({ standing: 'follower', currentTerm: 0, votedFor: null });
    expect(server.timers).toEqual({ election: [150_000, 300_000] });
  });

  test.each(['follower', 'candidate'] as const)('a %s whose election timer fires starts an election', (standing) => {
    const server = new Server(3, { currentTerm: 1, standing });
    const call = { type: 'RequestVote', term: 2, candidateId: 'n1', lastLogIndex: 0, lastLogTerm: 0 };
    expect(server.fire('election')).toEqual([{ to: 'n2', ...call }, { to: 'n3', ...call }]);
    expect(server.state).toMatchObject({ standing: 'candidate', currentTerm: 2, votedFor: 'n1' });
    expect(server.timers).toEqual({ election: [150_000, 300_000] });
    expect(server.events).toEqual(['ElectionTimedOut', 'TermChanged', 'VoteGranted']);
  });

  test('the only server of a cluster becomes leader at once', () => {
    const server = new Server(1);
    server.fire('election');
    expect(server.state).toMatchObject({ standing: 'leader', commitIndex: 1, lastApplied: 1 });
  });

  test.each([
    // servers, granted votes of others, denied votes, standing afterwards
    [3, 0, 0, 'candidate'],
    [3, 1, 0, 'leader'],
    [3, 1, 1, 'leader'],
    [3, 0, 2, 'candidate'],
    [4, 1, 0, 'candidate'],
    [4, 2, 1, 'leader'],
    [5, 1, 3, 'candidate'],
    [5, 2, 0, 'leader'],
    [5, 4, 0, 'leader'],
    [7, 2, 0, 'candidate'],
    [7, 3, 3, 'leader'],
  ] as const)('of %i servers, with %i granted and %i denied votes: %s', (size, yes, no, standing) => {
    const server = new Server(size);
    server.fire('election');
    for (let i = 0; i < yes + no; i++) {
      server.receive('RequestVoteResult', { term: 1, voteGranted: i < yes }, `n${i + 2}`);
    }
    expect(server.state.standing).toBe(standing);
  });

  test('a duplicated vote counts once', () => {
    const server = new Server(5);
    server.fire('election');
    for (let i = 0; i < 3; i++) {
      server.receive('RequestVoteResult', { term: 1, voteGranted: true }, 'n2');
    }
    expect(server.state.standing).toBe('candidate');
  });

  test.each([
    [null, 'n2', true],
    [null, 'n3', true],
    ['n2', 'n2', true],
    ['n3', 'n3', true],
    ['n2', 'n3', false],
    ['n3', 'n2', false],
    ['n1', 'n2', false],
  ])('a server that voted for %s receives RequestVote from %s', (votedFor, candidateId, voteGranted) => {
    const server = new Server(3, { currentTerm: 1, votedFor });
    const fields = { term: 1, candidateId, lastLogIndex: 0, lastLogTerm: 0 };
    expect(server.receive('RequestVote', fields, candidateId)).toMatchObject([
      { to: candidateId, term: 1, voteGranted },
    ]);
    expect(server.state.votedFor).toBe(voteGranted ? candidateId : votedFor);
    // "… or granting vote to candidate": denying a vote does not reset the timer.
    expect('election' in server.timers).toBe(voteGranted);
  });

  test.each([1, 2])('a candidate of term 1 becomes a follower of a leader of term %i', (term) => {
    const server = new Server(3);
    server.fire('election');
    server.receive('AppendEntries', { term, ...call });
    expect(server.state).toMatchObject({ standing: 'follower', currentTerm: term, leaderId: 'n2' });
    expect(server.state.votedFor).toBe(term === 1 ? 'n1' : null);
  });

  test('a leader sends AppendEntries at once and at each heartbeat', () => {
    const leader = new Server(3).lead();
    expect(leader.timers).toEqual({ heartbeat: 50_000 });
    const sent = leader.fire('heartbeat');
    expect(sent.map(({ to, type }) => `${type} ${to}`)).toEqual(['AppendEntries n2', 'AppendEntries n3']);
    expect(leader.timers).toEqual({ heartbeat: 50_000 });
  });

  test('timeouts are spread over their range, so that few elections are contested', () => {
    let contested = 0;
    const moments = new Set<number>();
    for (let seed = 1; seed <= 300; seed++) {
      const cluster = new Cluster(setupOf({ seed, clients: 0 }));
      cluster.untilEvent('ElectionTimedOut');
      moments.add(Math.floor(cluster.world.time / 10_000));
      cluster.untilEvent('LeaderElected');
      if (cluster.lines.filter((one) => one.includes('ElectionTimedOut')).length > 1) contested++;
    }
    expect(contested / 300).toBeLessThan(0.3);
    expect(moments.size).toBeGreaterThan(8);
  });
});

describe('§5.3 log replication', () => {
  test('a leader appends a command and replicates it before it is committed', () => {
    const leader = new Server(3).lead();
    const sent = leader.receive('ClientRequest', put, 'c1');
    expect(leader.terms()).toEqual([1, 1]);
    expect(leader.state.commitIndex).toBe(0);
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({
      type: 'AppendEntries', term: 1, leaderId: 'n1', prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0,
    });
    expect(sent[0].entries).toEqual(leader.state.log);
  });

  test.each([
    // servers, how many others store the entry, whether it is committed
    [1, 0, true],
    [3, 0, false],
    [3, 1, true],
    [3, 2, true],
    [4, 1, false],
    [4, 2, true],
    [5, 1, false],
    [5, 2, true],
    [5, 4, true],
  ])('of %i servers, when %i others store an entry, committed: %s', (size, others, committed) => {
    const leader = new Server(size).lead();
    leader.receive('ClientRequest', put, 'c1');
    for (let i = 0; i < others; i++) leader.acknowledge(`n${i + 2}`, 2);
    expect(leader.state.commitIndex).toBe(committed ? 2 : 0);
    expect(leader.state.kv).toEqual(committed ? { x: 1 } : {});
  });

  test('a committed entry is applied and answered, and the next call informs the followers', () => {
    const leader = new Server(3).lead();
    leader.receive('ClientRequest', put, 'c1');
    const response = { to: 'c1', type: 'ClientResponse', serial: 1, status: 'OK', response: 'OK' };
    expect(leader.acknowledge('n2', 2)).toMatchObject([response]);
    expect(leader.fire('heartbeat')).toMatchObject([{ leaderCommit: 2 }, { leaderCommit: 2 }]);
  });

  test.each([
    [[]],
    [[1]],
    [[1, 1, 2]],
    [[2, 2]],
  ])('committing an entry commits all before it: %j', (terms) => {
    const leader = new Server(3, { currentTerm: 2, log: logOf(terms) }).lead();
    leader.acknowledge('n2', terms.length + 1);
    expect(leader.state.commitIndex).toBe(terms.length + 1);
    expect(leader.state.lastApplied).toBe(terms.length + 1);
  });

  test.each([
    // leaderCommit, commitIndex afterwards: never beyond the last new entry
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
  ])('a follower that receives leaderCommit %i commits %i of two new entries', (leaderCommit, commitIndex) => {
    const server = new Server(3, { currentTerm: 1 });
    server.receive('AppendEntries', { ...call, term: 1, entries: logOf([1, 1]), leaderCommit });
    expect(server.state).toMatchObject({ commitIndex, lastApplied: commitIndex });
  });

  test('a late call undoes nothing', () => {
    const server = new Server(3, { currentTerm: 1 });
    server.receive('AppendEntries', { ...call, term: 1, entries: logOf([1, 1, 1]), leaderCommit: 3 });
    const sent = server.receive('AppendEntries', { ...call, term: 1, entries: logOf([1]), leaderCommit: 3 });
    expect(server.state).toMatchObject({ commitIndex: 3, lastApplied: 3 });
    expect(server.terms()).toEqual([1, 1, 1]);
    expect(sent).toMatchObject([{ success: true, matchIndex: 1 }]);
  });

  test.each([
    // prevLogIndex, prevLogTerm, whether a log [1, 2] matches, and where to try next if not
    [0, 0, true, 0],
    [1, 1, true, 0],
    [2, 2, true, 0],
    [1, 2, false, 1],
    [2, 3, false, 2],
    [3, 3, false, 3],
    [9, 3, false, 3],
  ])('a follower with the log [1, 2] receives prevLogIndex %i of term %i: %s',
    (prevLogIndex, prevLogTerm, success, conflictIndex) => {
      const server = new Server(3, { currentTerm: 3, log: logOf([1, 2]) });
      const fields = { ...call, term: 3, prevLogIndex, prevLogTerm };
      expect(server.receive('AppendEntries', fields)).toMatchObject([
        { success, prevLogIndex, matchIndex: success ? prevLogIndex : 0, conflictIndex },
      ]);
      expect(server.terms()).toEqual([1, 2]);
    });

  test.each([
    // the log before, prevLogIndex, prevLogTerm, the terms sent, the log after, whether truncated
    [[], 0, 0, [1], [1], false],
    [[1], 1, 1, [1, 2], [1, 1, 2], false],
    [[1, 2], 2, 2, [3], [1, 2, 3], false],
    [[1, 2], 1, 1, [3, 4], [1, 3, 4], true],
    [[1, 2], 0, 0, [1], [1, 2], false],
    [[1, 2], 0, 0, [3], [3], true],
    [[1, 2, 2], 1, 1, [2], [1, 2, 2], false],
    [[1, 2, 2, 2], 1, 1, [2, 3], [1, 2, 3], true],
    [[1, 1], 0, 0, [], [1, 1], false],
  ])('a follower with the log %j receives, after index %i of term %i, %j: then it has %j',
    (before, prevLogIndex, prevLogTerm, sent, after, truncated) => {
      const server = new Server(3, { currentTerm: 4, log: logOf(before) });
      const entries = sent.map((term, i) => entryOf(term, prevLogIndex + 1 + i));
      const fields = { ...call, term: 4, prevLogIndex, prevLogTerm, entries };
      expect(server.receive('AppendEntries', fields)).toMatchObject([
        { success: true, matchIndex: prevLogIndex + sent.length },
      ]);
      expect(server.terms()).toEqual(after);
      expect(server.events.includes('LogTruncated')).toBe(truncated);
    });

  test('a rejected leader goes back by entries, or by terms with the hint, and never too far', () => {
    for (const [conflictHint, next] of [[false, 10], [true, 7]] as const) {
      const state = { currentTerm: 7, log: logOf(figure7.leader) };
      const leader = new Server(3, state, { conflictHint }).lead();
      const rejection = { term: 8, success: false, prevLogIndex: 10, matchIndex: 0, conflictIndex: 7 };
      const sent = leader.receive('AppendEntriesResult', rejection);
      expect(leader.state.nextIndex.n2).toBe(next);
      expect(sent).toMatchObject([{ to: 'n2', prevLogIndex: next - 1 }]);
      // A duplicate of the rejection is ignored.
      expect(leader.receive('AppendEntriesResult', rejection)).toEqual([]);
      leader.acknowledge('n2', 11);
      expect(leader.receive('AppendEntriesResult', { ...rejection, prevLogIndex: 11 })).toMatchObject([
        { to: 'n2', prevLogIndex: 11 },
      ]);
      expect(leader.state.nextIndex.n2).toBe(12);
    }
  });
});

describe('§5.4 safety', () => {
  test.each([
    [[], 0, 0],
    [[1], 1, 1],
    [[1, 1, 2], 3, 2],
  ])('a candidate with the log %j sends its last index %i and term %i', (log, lastLogIndex, lastLogTerm) => {
    const server = new Server(3, { currentTerm: 2, log: logOf(log) });
    expect(server.fire('election')).toMatchObject([
      { type: 'RequestVote', term: 3, lastLogIndex, lastLogTerm },
      { type: 'RequestVote', term: 3, lastLogIndex, lastLogTerm },
    ]);
  });

  test.each([
    // the voter's log, the candidate's last term and index, whether the vote is granted
    [[], 0, 0, true],
    [[1], 1, 1, true],
    [[1], 1, 2, true],
    [[1, 1], 1, 1, false],
    [[1], 2, 1, true],
    [[1], 2, 2, true],
    [[1, 1], 2, 1, true],
    [[2], 1, 1, false],
    [[2], 1, 2, false],
    [[1, 2], 1, 9, false],
  ])('a voter with the log %j, a candidate whose last term is %i at index %i: %s',
    (log, lastLogTerm, lastLogIndex, voteGranted) => {
      const server = new Server(3, { currentTerm: 2, log: logOf(log) });
      const fields = { term: 3, candidateId: 'n2', lastLogTerm, lastLogIndex };
      expect(server.receive('RequestVote', fields)).toMatchObject([{ voteGranted }]);
    });

  test.each([
    // up to which index a majority stores the log [1, 2, no-op of term 3], and commitIndex then
    [1, 0],
    [2, 0],
    [3, 3],
  ])('a leader commits only with an entry of its own term: stored up to %i, committed %i (§5.4.2)',
    (matchIndex, commitIndex) => {
      const leader = new Server(3, { currentTerm: 2, log: logOf([1, 2]) }).lead();
      leader.acknowledge('n2', matchIndex);
      expect(leader.state.commitIndex).toBe(commitIndex);
    });
});

describe('§8 clients', () => {
  test('a server that is not the leader says which server is', () => {
    const server = new Server(3);
    expect(server.receive('ClientRequest', put, 'c1')).toMatchObject([
      { to: 'c1', status: 'NOT_LEADER', leaderHint: null },
    ]);
    server.receive('AppendEntries', { term: 1, ...call });
    expect(server.receive('ClientRequest', put, 'c1')).toMatchObject([{ leaderHint: 'n2' }]);
  });

  test('a command that is sent twice is executed once, and gets the same response', () => {
    const leader = new Server(3).lead();
    const cas = { op: 'cas', key: 'x', expected: 1, value: 2 };
    leader.receive('ClientRequest', put, 'c1');
    leader.receive('ClientRequest', { command: cas, serial: 2, oldestPending: 2 }, 'c1');
    leader.receive('ClientRequest', { command: cas, serial: 2, oldestPending: 2 }, 'c1');
    const sent = leader.acknowledge('n2', 4);
    expect(sent.map(({ serial, response }) => [serial, response])).toEqual([
      [1, 'OK'],
      [2, true],
      [2, true],
    ]);
    // A late copy is not executed: the client already has the response.
    leader.receive('ClientRequest', put, 'c1');
    leader.acknowledge('n2', 5);
    expect(leader.state.kv).toEqual({ x: 2 });
  });

  test('a new leader begins with an entry of its own term', () => {
    const leader = new Server(3, { currentTerm: 1, log: logOf([1]) }).lead();
    expect(leader.state.log[1]).toMatchObject({ term: 2, command: { op: 'no-op' }, clientId: null });
  });
});
