/** Each invariant of the locks can fail: a mutant violates it, and the lock does not. */
import { beforeAll, expect, test } from 'vitest';
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { bundled, play, type Violated } from './bundled.ts';
import { lockMutants } from './lock-mutants.ts';
import { lockSchedules } from './lock-schedules.ts';

const compiled: Record<string, Protocol> = {};

beforeAll(async () => {
  for (const [name, mutant] of Object.entries(lockMutants)) compiled[name] = await bundled(name, mutant);
});

const table = Object.entries(lockMutants).map(([name, mutant]) => ({ name, ...mutant }));

/** What a mutant violates: it is run once, for the test of its invariant and that of its words. */
const found: Record<string, Violated | undefined> = {};

function violatedBy(name: string): Violated | undefined {
  if (!Object.hasOwn(found, name)) found[name] = play(name, lockSchedules[name], [compiled[name]]);
  return found[name];
}

/** The schedules in which the protocols themselves violate nothing; several mutants share one. */
const clean = new Set<string>();

test.each(table)('$name: $doc', ({ name, violates }) => {
  expect(violatedBy(name)?.monitor).toBe(violates);
  const schedule = lockSchedules[name];
  if (clean.has(schedule)) return;
  expect(play(name, schedule, library)).toBeUndefined();
  clean.add(schedule);
});

test('every invariant of the locks has a mutant that violates it', () => {
  const locks = library.filter(({ name }) => table.some(({ protocol }) => protocol === name));
  const all = new Set(locks.flatMap(({ invariants }) => Object.keys(invariants)));
  // Those of Raft have mutants of their own.
  const own = [...all].filter((name) => !Object.hasOwn(raft.invariants, name));
  const violated = new Set(table.map((one) => one.violates));
  expect([...violated].sort()).toEqual(own.sort());
});

test('a violation is explained in a sentence', () => {
  const sentences = table.map(({ name }) => violatedBy(name)!.why);
  expect(sentences).toMatchInlineSnapshot(`
    [
      "The last token of server fell from 1 to 0.",
      "x went from token 1 to 2 in one step.",
      "The token of stock at db fell from 1 to 0.",
      "db let A write stock=2 with token 1, though B had written stock=1 with token 2: the lock had gone to B, and A did not know.",
      "A wrote stock=2 at db after B had written it, though B got the lock x later: A wrote under a lock that it had lost, and B's write is overwritten.",
      "db let B write stock=2 without a token, though A had written it with token 1: what does not ask for the lock is not stopped by it.",
      "A wrote stock at db under a lock that it had lost, after B, which got the lock x later, had read it: B decides by a value that is no longer there.",
      "The counter of fencing tokens at r1 fell from 0 to -1.",
      "r1 changed x, but did not pass it on.",
      "r1 had {"x":{"value":"A:a53c","expireAt":10008},"fencing-token":{"value":"1","expireAt":null},"y":{"value":"1","expireAt":null}} on disk, but has {} after a crash.",
      "A waits for q, though it is at redis.",
      "The lock x at redis has the holders A:1 1, B:1 1.",
      "The revision of n1 grew from 1 to 3 with 1 entries.",
      "x/694d01 of n1 exists, but its lease 694d01 does not.",
      "n3 deleted x/694d02 at revision 5, but C still waits for that.",
      "C took x with the key of revision 4, but x/694d01 is before it, created at revision 2.",
      "n1 and n2 have both applied 5 entries, but one has revision 4 with x/694d02 (3/3), leases 694d02 and the other revision 3 with x/694d01 (2/2), x/694d02 (3/3), leases 694d01, 694d02.",
      "The revision of n1 fell from 2 to 0.",
      "n1 is at revision 2, but its last change is of 1.",
      "n1 still renews leases as the leader of term 1, which it is not.",
      "n1 answered A a read of revision 1, though a client had been answered revision 2 before.",
      "x changed after index 2, but its ModifyIndex is 0.",
      "x changed, but A still waits for that.",
      "The holder of x was invalidated, but consul does not delay x.",
      "The holder of x was invalidated, but c3 does not delay x.",
      "Entry 7 gave it to s2, but the LockIndex of x went from 1 to 3.",
      "x is held by s1, a session that is over: it will never be released.",
      "c3 and c1 have both applied 6 entries, but one has x (free, 1/4), sessions s2 and the other x (s2, 2/6), sessions s2.",
      "consul lets s2 acquire x in its lock-delay: the last holder may still be at work.",
      "s2 acquired x 10.037806s after the holder's session was invalidated, but the lock-delay is 15s: the last holder may still be at work.",
      "s2 acquired x 21.373ms after the holder's session was invalidated, but the lock-delay is 15s: the last holder may still be at work.",
      "s1 of A expired 5s after its last renewal, but its TTL is 10s: A may rely on the session for that long.",
      "c1 still times sessions as the leader of term 1.",
      "c1 leads term 1, though c2 and c3 are silent.",
      "c1 answered ops with x as of 2, which had changed at 4.",
      "A believes that it holds x, but has no lock with s1.",
      "zk changed its nodes or sessions, but its zxid is still 0x100000000.",
      "The number of sessions so far fell from 2 to 1.",
      "A got a reply from z3 as of 0x100000002, but it had seen 0x200000001.",
      "C-zk:1 still watches /x/lock-0000000001, which has changed.",
      "D got a reply as of 0x100000007, but no event of its watch of /a, which changed at 0x100000007.",
      "D got a reply as of 0x100000004, but no event of its watch of /a, which changed at 0x100000004.",
      "D got a reply as of 0x100000004, but no event of its watch of /a, which changed at 0x100000004.",
      "A has no session, but believes that it holds x.",
      "C took x with the node /x/lock-0000000002, but /x/lock-0000000000 is before it.",
      "/x/lock-0000000000 exists, but its session 0x10000001 is over.",
      "/ counts 0 creations of children, but has 1.",
      "/a went from version 0 to 0, its data from zxid 0x100000006 to 0x100000007.",
      "0x10000001 expired 1.975315 s after its client was heard, within its timeout.",
      "A-zk:1 and A-zk:2 both carry 0x10000001.",
      "A gave up 0x10000001, but no server said that it is over.",
      "/x/_c_5dc671ad-lock-0000000001 and /x/_c_5dc671ad-lock-0000000002 were created for the same lock.",
      "z3 is established in epoch 1, in which z2 was before.",
      "z2 delivers 0x2, which no leader has proposed like that.",
      "z1 delivers 0x100000007, but not 0x100000006, which the same leader proposed before.",
      "z2 delivers 0x200000001 where another server has delivered 0x100000004.",
      "z2 acknowledged 0x100000002, and lost it in a crash.",
      "z2 leads epoch 2 without 0x100000002, which was committed.",
      "0x100000001 is committed, but only 1 of 3 have it.",
      "The accepted epoch of z2 fell from 1 to 0.",
      "z3 leads, but has heard 0 other servers within 2 ticks.",
      "z1 has other znodes or sessions at 0x100000006 than another server.",
      "0x10000001 has moved to z2, but its write through z1 is proposed.",
      "z1 acknowledged 0x100000003, and lost it in a crash.",
      "z1 follows z3 in epoch 0, but accepted 1.",
      "The sync of 0x20000001 returned to z2 at 0x100000003, but 0x100000004 was proposed before it.",
    ]
  `);
});
